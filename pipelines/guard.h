/* PlGuard: looks at the size of a picture before a decoder does, so that a picture of 16,000 x 16,000
 * costs a few bytes of parsing and not its memory, and a source that changes its size with every
 * frame does not keep a decoder busy with making pools. Pure towards time. [gst] of one decoder. */
#pragma once

#include <glib.h>

#include "mcu/types.h"

#define PL_GUARD_MAX_WIDTH 1920
#define PL_GUARD_MAX_HEIGHT 1088
/* Changes of size: so many at once, then one per second. */
#define PL_GUARD_CHANGES 4

typedef enum {
  PL_GUARD_PASS,
  PL_GUARD_DROP, /* not decodable without what was refused before */
  PL_GUARD_TOO_LARGE,
  PL_GUARD_TOO_OFTEN,
  PL_GUARD_MALFORMED,
} PlGuardResult;

typedef struct PlGuard PlGuard;

PlGuard *pl_guard_new(McuCodec codec);
void pl_guard_free(PlGuard *guard);

/* One access unit (H.264: byte-stream) or frame (VP8). After a refusal everything is dropped up to
 * the next acceptable key frame. */
PlGuardResult pl_guard_check(PlGuard *guard, const guint8 *data, gsize size, gint64 now_us);
