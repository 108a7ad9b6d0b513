/* PlSlot: the newest decoded frame of one site. The decoder puts, the mosaic takes; neither ever
 * waits for the other, and a frame that was not taken is replaced by a newer one. One producer, one
 * consumer at a time; reference counted because both ends may outlive each other. */
#pragma once

#include <gst/video/video.h>

/* The largest picture: one of 1080p, whose height codecs round up to 1088. */
#define PL_PICTURE_MAX_WIDTH 1920
#define PL_PICTURE_MAX_HEIGHT 1088

/* I420, from 2x2 up to the largest. */
typedef struct {
  GstBuffer *buffer;
  GstVideoInfo info;
  gint64 arrival_us; /* monotonic time of its decoding */
} PlFrame;

/* Takes over `buffer`. */
PlFrame *pl_frame_new(GstBuffer *buffer, const GstVideoInfo *info, gint64 arrival_us);
void pl_frame_free(PlFrame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlFrame, pl_frame_free)

typedef struct PlSlot PlSlot;

PlSlot *pl_slot_new(void);
PlSlot *pl_slot_ref(PlSlot *slot);
void pl_slot_unref(PlSlot *slot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlSlot, pl_slot_unref)

/* [gst] Takes over `frame`. */
void pl_slot_put(PlSlot *slot, PlFrame *frame);
/* [gst] The frame put since the last take, to be freed by the caller; NULL when there is none. */
PlFrame *pl_slot_take(PlSlot *slot);
