/* plringsrc: a live source that hands out the packets of an McuRing as application/x-rtp buffers.
 * Asks the ring for a key frame when it starts and whenever somebody downstream does
 * (GstForceKeyUnit), at most once per PL_KEYFRAME_REQUEST_US. */
#pragma once

#include <gst/gst.h>

#include "mcu/util/ring.h"

#define PL_KEYFRAME_REQUEST_US (G_USEC_PER_SEC / 2)
/* A sender that never ends its frame must not fill the memory: after so many bytes without a marker
 * the depayloader is told to start anew. The largest real key frames are a quarter of it. */
#define PL_FRAME_MAX_BYTES (1024 * 1024)

#define PL_TYPE_RING_SRC (pl_ring_src_get_type())
GType pl_ring_src_get_type(void);

/* [main] Floating reference; takes a reference to `ring`. The element is the ring's consumer from its
 * start to its stop. */
GstElement *pl_ring_src_new(McuRing *ring, McuCodec codec);
/* [any] A key frame is wanted, as soon as the pace allows. */
void pl_ring_src_request_keyframe(GstElement *element);
