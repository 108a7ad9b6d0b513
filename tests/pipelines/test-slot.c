/* Who gets a frame, and that none is kept for a view that nobody receives. */
#include "pipelines/slot.h"

#include "media.h"

#define PROGRAMME (1u << MCU_VIEW_PROGRAMME)
#define WALL (1u << MCU_VIEW_WALL)

static gint alive; /* frames' buffers; atomic */

static void
on_freed(gpointer data G_GNUC_UNUSED, GstMiniObject *gone G_GNUC_UNUSED)
{
  g_atomic_int_add(&alive, -1);
}

static PlFrame *
make_frame(void)
{
  PlFrame *frame = media_frame(2, 2, 1, 2, 3, 0);
  g_atomic_int_inc(&alive);
  gst_mini_object_weak_ref(GST_MINI_OBJECT_CAST(frame->buffer), on_freed, NULL);
  return frame;
}

static gboolean
takes(PlSlot *slot, McuView view)
{
  g_autoptr(PlFrame) frame = pl_slot_take(slot, view);
  return frame != NULL;
}

static void
test_views(void)
{
  g_autoptr(PlSlot) slot = pl_slot_new();
  pl_slot_put(slot, make_frame());
  for (guint view = 0; view < MCU_N_VIEWS; view++) {
    g_assert_true(takes(slot, (McuView)view));
    g_assert_false(takes(slot, (McuView)view));
  }
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 0);

  pl_slot_set_views(slot, PROGRAMME);
  pl_slot_put(slot, make_frame());
  g_assert_false(takes(slot, MCU_VIEW_WALL));
  g_assert_false(takes(slot, MCU_VIEW_PREVIEW));
  g_assert_true(takes(slot, MCU_VIEW_PROGRAMME));
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 0);

  pl_slot_set_views(slot, PROGRAMME | WALL);
  pl_slot_put(slot, make_frame());
  pl_slot_set_views(slot, WALL); /* what nobody took goes at once */
  g_assert_false(takes(slot, MCU_VIEW_PROGRAMME));
  g_assert_true(takes(slot, MCU_VIEW_WALL));
  pl_slot_put(slot, make_frame());
  pl_slot_set_views(slot, 0);
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 0);
  pl_slot_put(slot, make_frame());
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 0);
}

typedef struct {
  PlSlot *slot;
  PlFrame *frame;  /* put again and again: so the decoder is nearly always putting */
  gint puts, stop; /* atomic */
} Decoder;

static gpointer
put_on(gpointer data)
{
  Decoder *decoder = data;
  while (!g_atomic_int_get(&decoder->stop)) {
    pl_slot_put(decoder->slot, pl_frame_ref(decoder->frame));
    g_atomic_int_inc(&decoder->puts);
  }
  return NULL;
}

/* Until the put under way is over, and `more` others. */
static void
wait_puts(Decoder *decoder, gint more)
{
  gint from = g_atomic_int_get(&decoder->puts);
  while (g_atomic_int_get(&decoder->puts) - from <= more)
    g_thread_yield();
}

/* All views are taken away while the decoder puts: whatever it was doing, nothing is left behind. */
static void
test_taken_away_meanwhile(void)
{
  g_autoptr(PlSlot) slot = pl_slot_new();
  Decoder decoder = {.slot = slot, .frame = make_frame()};
  GThread *thread = g_thread_new("decoder", put_on, &decoder);
  for (guint i = 0; i < 3000; i++) {
    pl_slot_set_views(slot, (1u << MCU_N_VIEWS) - 1);
    wait_puts(&decoder, (gint)(i % 3));
    pl_slot_set_views(slot, 0);
    wait_puts(&decoder, 0);
    for (guint view = 0; view < MCU_N_VIEWS; view++)
      g_assert_false(takes(slot, (McuView)view));
  }
  g_atomic_int_set(&decoder.stop, 1);
  g_thread_join(thread);
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 1);
  pl_frame_unref(decoder.frame);
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 0);
}

int
main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/slot/views", test_views);
  g_test_add_func("/slot/taken-away-meanwhile", test_taken_away_meanwhile);
  return g_test_run();
}
