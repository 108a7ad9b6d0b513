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

static gpointer
put_many(gpointer slot)
{
  for (guint i = 0; i < 20000; i++)
    pl_slot_put(slot, make_frame());
  return NULL;
}

/* A view is taken away while the decoder puts. */
static void
test_taken_away_meanwhile(void)
{
  g_autoptr(PlSlot) slot = pl_slot_new();
  GThread *decoder = g_thread_new("decoder", put_many, slot);
  for (guint i = 0; i < 20000; i++)
    pl_slot_set_views(slot, i % 2 == 0 ? PROGRAMME : WALL);
  pl_slot_set_views(slot, 0);
  g_thread_join(decoder);
  for (guint view = 0; view < MCU_N_VIEWS; view++)
    g_assert_false(takes(slot, (McuView)view));
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
