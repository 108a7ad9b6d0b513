/* One pointer, swapped atomically: whoever swaps a frame out owns it. */
#include "pipelines/slot.h"

#include <stdatomic.h>

struct PlSlot {
  gatomicrefcount refs;
  _Atomic(PlFrame *) newest;
};

PlFrame *
pl_frame_new(GstBuffer *buffer, const GstVideoInfo *info, gint64 arrival_us)
{
  PlFrame *frame = g_new(PlFrame, 1);
  frame->buffer = buffer;
  frame->info = *info;
  frame->arrival_us = arrival_us;
  return frame;
}

void
pl_frame_free(PlFrame *frame)
{
  if (frame == NULL)
    return;
  gst_buffer_unref(frame->buffer);
  g_free(frame);
}

PlSlot *
pl_slot_new(void)
{
  PlSlot *slot = g_new0(PlSlot, 1);
  g_atomic_ref_count_init(&slot->refs);
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
  pl_frame_free(atomic_load(&slot->newest));
  g_free(slot);
}

void
pl_slot_put(PlSlot *slot, PlFrame *frame)
{
  pl_frame_free(atomic_exchange(&slot->newest, frame));
}

PlFrame *
pl_slot_take(PlSlot *slot)
{
  return atomic_exchange(&slot->newest, NULL);
}
