/* Taking a piece out of a sound, or putting one in, where it is heard least: the splice is a
 * cross-fade between two places that look alike, so that a pitch goes on in phase. Pure. [any] */
#pragma once

#include <glib.h>

#define PL_STRETCH_FADE 240     /* 5 ms: length of the cross-fade */
#define PL_STRETCH_PAST 1440    /* samples that must stand before x for pl_stretch_grow() */
#define PL_STRETCH_LAG_MAX 1920 /* longest piece */

/* Takes `lo` .. `hi` samples out of x[0 .. n): n >= hi + PL_STRETCH_FADE. Returns how many. */
guint pl_stretch_shrink(float *x, guint n, guint lo, guint hi);
/* Puts `lo` .. `hi` samples (PL_STRETCH_FADE .. PL_STRETCH_PAST) made of x[-PL_STRETCH_PAST .. 0) in
 * before x[0]; the array has room for them. n >= PL_STRETCH_FADE. Returns how many. */
guint pl_stretch_grow(float *x, guint n, guint lo, guint hi);
