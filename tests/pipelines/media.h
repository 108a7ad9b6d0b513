/* What the pipeline tests share: encoded test pictures as RTP packets, frames of one colour, and
 * waiting for what another thread does. */
#pragma once

#include <gst/video/video.h>

#include "mcu/util/ring.h"
#include "mcu/util/stream.h"
#include "pipelines/slot.h"

/* RTP packets (GBytes) of `n_frames` moving test pictures, a key frame every `key_distance`. */
GPtrArray *media_rtp(McuCodec codec, guint width, guint height, guint n_frames, guint key_distance);
/* TRUE for the last packet of a frame. */
gboolean media_is_marker(GBytes *packet);
/* Pushes packet and, at its frame's end, wakes. Waits for room. */
void media_push(McuRing *ring, GBytes *packet, gboolean discont);
void media_push_at(McuRing *ring, GBytes *packet, gboolean discont, gint64 arrival_us);

/* One colour; arrival_us as given. */
PlFrame *media_frame(guint width, guint height, guint8 y, guint8 u, guint8 v, gint64 arrival_us);

/* Runs the main context until `condition` holds; the test fails after 20 s. */
typedef gboolean (*MediaCondition)(gpointer data);
void media_wait(MediaCondition condition, gpointer data);
/* Until the stream's packets behind `head` end with the last one of a picture. */
void media_wait_for_picture(const McuStream *stream, guint64 head);
