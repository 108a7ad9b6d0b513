/* The loops over samples that every tick runs: plain C that the compiler turns into vector code.
 * Samples are floats, full scale +-1. Pure. [any] */
#pragma once

#include <glib.h>

#include "mcu/types.h"

#define PL_SILENCE_LEVEL 127 /* RFC 6464: -127 dBov */

void pl_sound_add(float *sum, const float *x, guint n);
/* out = sum - x */
void pl_sound_minus(float *out, const float *sum, const float *x, guint n);
/* Multiplies by a gain going in a straight line from `from` to `to`, reached after the last sample. */
void pl_sound_ramp(float *x, guint n, float from, float to);
float pl_sound_peak(const float *x, guint n);
float pl_sound_power(const float *x, guint n); /* mean square */
/* -dBov of the mean square, 0 .. 127, as RFC 6464 has it. */
guint8 pl_sound_level(const float *x, guint n);
