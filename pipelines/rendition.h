/* PlRendition: the composed picture encoded once in one codec, for any number of receivers: frames of
 * the mosaic in, RTP payloads into an McuStream out. Key frames come at the start, on request (merged,
 * at most one per second) and every 10 s.
 *
 * Time: a frame's PTS is the monotonic clock (engine.c lets the composing pipeline run so), thus
 * capture_us = PTS, and the RTP timestamp is the tick, PTS x fps, in 90 kHz units.
 *
 * A picture wakes no network thread: it leaves with the next 20 ms of sound, which is due some ms after it is encoded
 * (ticker.c); a thread without sound sends it at its own tick. Walking through all legs once less is worth it. */
#pragma once

#include <gst/gst.h>

#include "mcu/util/stream.h"

#define PL_RENDITION_SLOTS 2048
#define PL_KEYFRAME_PACE (1 * GST_SECOND)

typedef struct PlRendition PlRendition;

typedef struct {
  const char *name; /* for logs */
  McuCodec codec;
  guint width, height, fps;
  guint kbps;
} PlRenditionConfig;

/* [gst] An encoded frame, before it is cut into packets. Must not wait. `unit` is borrowed. */
typedef void (*PlRenditionTap)(GstBuffer *unit, gint64 capture_us, gboolean keyframe, gpointer user_data);

/* [main] Takes a reference to `stream`, of which it is the only producer until it is freed. */
PlRendition *pl_rendition_new(const PlRenditionConfig *config, McuStream *stream, GError **error);
void pl_rendition_free(PlRendition *rendition);
/* NULL: none. No call is under way when this returns. */
void pl_rendition_set_tap(PlRendition *rendition, PlRenditionTap tap, gpointer user_data);

/* [gst] The mosaic's thread. Keeps a reference, never waits; an encoder that does not keep up leaves
 * out the older frame. */
void pl_rendition_push(PlRendition *rendition, GstBuffer *frame);

/* When a key frame is to be made: pure, so that it can be tested without a clock. */
typedef struct {
  GstClockTime last; /* time of the last key frame asked for; GST_CLOCK_TIME_NONE: none yet */
  gboolean wanted;
} PlKeyframePace;

/* TRUE: make the frame of time `now` a key frame. `request`: somebody asked since the last call. */
gboolean pl_keyframe_pace(PlKeyframePace *pace, GstClockTime now, gboolean request);
