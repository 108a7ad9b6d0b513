/* A pointer per view, swapped atomically: whoever swaps a frame out owns its reference. A view is taken away by main
 * while the decoder puts: main first clears the bit and then takes the frame, the decoder first puts the frame and then
 * looks at the bit again, so that one of them finds what was put too late. */
#include "pipelines/slot.h"

#include <stdatomic.h>

struct PlSlot {
  gatomicrefcount refs;
  atomic_uint views; /* bits */
  _Atomic(PlFrame *) newest[MCU_N_VIEWS];
};

PlFrame *
pl_frame_new(GstBuffer *buffer, const GstVideoInfo *info, gint64 arrival_us)
{
  PlFrame *frame = g_new(PlFrame, 1);
  g_atomic_ref_count_init(&frame->refs);
  frame->buffer = buffer;
  frame->info = *info;
  frame->arrival_us = arrival_us;
  return frame;
}

PlFrame *
pl_frame_ref(PlFrame *frame)
{
  g_atomic_ref_count_inc(&frame->refs);
  return frame;
}

void
pl_frame_unref(PlFrame *frame)
{
  if (frame == NULL || !g_atomic_ref_count_dec(&frame->refs))
    return;
  gst_buffer_unref(frame->buffer);
  g_free(frame);
}

PlSlot *
pl_slot_new(void)
{
  PlSlot *slot = g_new0(PlSlot, 1);
  g_atomic_ref_count_init(&slot->refs);
  atomic_init(&slot->views, (1u << MCU_N_VIEWS) - 1);
  return slot;
}

PlSlot *
pl_slot_ref(PlSlot *slot)
{
  g_atomic_ref_count_inc(&slot->refs);
  return slot;
}

void
pl_slot_unref(PlSlot *slot)
{
  if (slot == NULL || !g_atomic_ref_count_dec(&slot->refs))
    return;
  pl_slot_empty(slot);
  g_free(slot);
}

static gboolean
is_watched(PlSlot *slot, guint view)
{
  return (atomic_load(&slot->views) >> view & 1) != 0;
}

void
pl_slot_set_views(PlSlot *slot, guint views)
{
  atomic_store(&slot->views, views);
  for (guint view = 0; view < MCU_N_VIEWS; view++)
    if ((views >> view & 1) == 0)
      pl_frame_unref(pl_slot_take(slot, (McuView)view));
}

void
pl_slot_put(PlSlot *slot, PlFrame *frame)
{
  for (guint view = 0; view < MCU_N_VIEWS; view++) {
    if (!is_watched(slot, view))
      continue;
    pl_frame_unref(atomic_exchange(&slot->newest[view], pl_frame_ref(frame)));
    if (!is_watched(slot, view))
      pl_frame_unref(pl_slot_take(slot, (McuView)view));
  }
  pl_frame_unref(frame);
}

PlFrame *
pl_slot_take(PlSlot *slot, McuView view)
{
  return atomic_exchange(&slot->newest[view], NULL);
}

void
pl_slot_empty(PlSlot *slot)
{
  for (guint view = 0; view < MCU_N_VIEWS; view++)
    pl_frame_unref(pl_slot_take(slot, (McuView)view));
}
