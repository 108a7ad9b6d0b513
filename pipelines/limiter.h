/* PlLimiter: keeps a mix within full scale without hard clipping and without delay. The gain is a
 * line that bends each millisecond: it goes down ahead of a peak inside the 20 ms frame at hand,
 * comes back slowly, and is never above what the millisecond's peak allows; only where a peak
 * stands in the very first millisecond does a soft knee round it off. Pure; one per output. */
#pragma once

#include <glib.h>

typedef struct {
  float gain; /* at the end of the last frame */
} PlLimiter;

void pl_limiter_init(PlLimiter *limiter);
/* [mix thread] `n` is a multiple of 48 up to 960. Afterwards every |sample| is below 1. */
void pl_limiter_run(PlLimiter *limiter, float *x, guint n);
