/* PlFeed: the packets of an McuRing pushed into a pipeline as application/x-rtp buffers, by whatever thread
 * calls pl_feed_run(): the pipeline has no streaming thread of its own. Asks the ring for a key frame when
 * it starts and whenever somebody downstream does (GstForceKeyUnit), at most once per
 * PL_KEYFRAME_REQUEST_US. */
#pragma once

#include <gst/gst.h>

#include "mcu/util/ring.h"

#define PL_KEYFRAME_REQUEST_US (G_USEC_PER_SEC / 2)
/* What it finds when it begins is read if it is not older. */
#define PL_FEED_FRESH_US (G_USEC_PER_SEC / 2)
/* A sender that never ends its frame must not fill the memory: after so many bytes without a marker
 * the depayloader is told to start anew. The largest real key frames are a quarter of it. */
#define PL_FRAME_MAX_BYTES (1024 * 1024)

typedef struct PlFeed PlFeed;

/* [decode] Links to `sink`, a pad that has no peer. Takes references. NULL when memory for packets cannot be had. */
PlFeed *pl_feed_new(McuRing *ring, McuCodec codec, GstPad *sink);
/* [decode] After the pipeline has stopped. */
void pl_feed_free(PlFeed *feed);
/* [decode] Pushes what the ring has. TRUE: a request for a key frame is put off, call again soon. After a
 * failure of the pipeline, which its bus tells, packets are read and forgotten. */
gboolean pl_feed_run(PlFeed *feed);
/* [any] A key frame is wanted, as soon as the pace allows. */
void pl_feed_request_keyframe(PlFeed *feed);
