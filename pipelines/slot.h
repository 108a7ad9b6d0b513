/* PlSlot: the newest decoded frame of one site, for each view. The decoder puts, the views' mosaics
 * take; nobody ever waits for another, and a frame that was not taken is replaced by a newer one. One
 * producer, one consumer per view; reference counted because all ends may outlive each other. A view that nobody
 * receives gets no frames: nobody would take them, and they hold the decoder's memory. */
#pragma once

#include <gst/video/video.h>

#include "mcu/types.h"

/* The largest picture: one of 1080p, whose height codecs round up to 1088. */
#define PL_PICTURE_MAX_WIDTH 1920
#define PL_PICTURE_MAX_HEIGHT 1088

/* I420, from 2x2 up to the largest. Immutable, reference counted. */
typedef struct {
  gatomicrefcount refs;
  GstBuffer *buffer;
  GstVideoInfo info;
  gint64 arrival_us; /* monotonic time of its decoding */
} PlFrame;

/* Takes over `buffer`. */
PlFrame *pl_frame_new(GstBuffer *buffer, const GstVideoInfo *info, gint64 arrival_us);
PlFrame *pl_frame_ref(PlFrame *frame);
void pl_frame_unref(PlFrame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlFrame, pl_frame_unref)

typedef struct PlSlot PlSlot;

PlSlot *pl_slot_new(void); /* all views get frames */
PlSlot *pl_slot_ref(PlSlot *slot);
void pl_slot_unref(PlSlot *slot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlSlot, pl_slot_unref)

/* [main] Which views get frames from now on: bit 1 << McuView each. Those of the others are let go. */
void pl_slot_set_views(PlSlot *slot, guint views);

/* [gst] Takes over `frame`. */
void pl_slot_put(PlSlot *slot, PlFrame *frame);
/* [gst] The frame put since this view's last take, whose reference is the caller's; NULL: none. */
PlFrame *pl_slot_take(PlSlot *slot, McuView view);
/* [any] Forgets what nobody has taken. */
void pl_slot_empty(PlSlot *slot);
