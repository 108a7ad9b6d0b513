/* PlDecode: one site's picture on its way from packets to a PlSlot: a small pipeline that a thread of the
 * pool drives. What the site sends can stop neither the thread nor the process: gaps and errors
 * ask for a key frame, and a pipeline that failed is torn down and built again after a while. */
#pragma once

#include "pipelines/slot.h"

#include "mcu/util/ring.h"

typedef struct PlDecode PlDecode;

typedef struct {
  guint64 frames;
  guint64 errors; /* frames and access units that could not be used */
  guint64 rebuilt;
} PlDecodeStats;

/* [main] Takes references; is the ring's only consumer until it is freed, or another is made for it. What it can not
 * build it tries again. */
PlDecode *pl_decode_new(const char *name, McuCodec codec, McuRing *ring, PlSlot *slot, GError **error);
/* [main] Waits for nothing: a last frame may come to the slot after it. */
void pl_decode_free(PlDecode *decode);
void pl_decode_get_stats(PlDecode *decode, PlDecodeStats *out_stats);
