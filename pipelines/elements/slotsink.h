/* plslotsink: a sink that keeps only the newest frame, in a PlSlot. Never waits, never fails:
 * pictures that the mosaic cannot use (not I420, too large) are counted and forgotten. */
#pragma once

#include <gst/gst.h>

#include "pipelines/slot.h"

#define PL_TYPE_SLOT_SINK (pl_slot_sink_get_type())
GType pl_slot_sink_get_type(void);

/* [main] Floating reference. */
GstElement *pl_slot_sink_new(PlSlot *slot);
/* [any] Frames put into the slot; frames refused. */
guint64 pl_slot_sink_frames(GstElement *element);
guint64 pl_slot_sink_refused(GstElement *element);
