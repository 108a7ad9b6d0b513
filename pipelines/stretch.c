/* Splices by overlap and add at the lag of best correlation, used by playout.c a few times a minute
 * at most. Runs on the mix thread. */
#include "pipelines/stretch.h"

#include <math.h>
#include <string.h>

#define COARSE 4 /* lags and samples left out in the first search */

/* How alike a[0..FADE) and b[0..FADE) are: correlation by the size of b. */
static float
likeness(const float *a, const float *b, guint stride)
{
  float ab = 0, bb = 1e-9f;
  for (guint i = 0; i < PL_STRETCH_FADE; i += stride) {
    ab += a[i] * b[i];
    bb += b[i] * b[i];
  }
  return ab / sqrtf(bb);
}

/* The lag in lo .. hi for which x shifted by it (forward or back) is most like x here. */
static guint
best_lag(const float *x, gint direction, guint lo, guint hi)
{
  guint best = lo;
  float most = -G_MAXFLOAT;
  for (guint lag = lo; lag <= hi; lag += COARSE) {
    float like = likeness(x, x + direction * (gint)lag, COARSE);
    if (like > most) {
      most = like;
      best = lag;
    }
  }
  guint from = MAX(lo, best - MIN(best, COARSE - 1)), to = MIN(hi, best + COARSE - 1);
  most = -G_MAXFLOAT;
  for (guint lag = from; lag <= to; lag++) {
    float like = likeness(x, x + direction * (gint)lag, 1);
    if (like > most) {
      most = like;
      best = lag;
    }
  }
  return best;
}

static void
cross_fade(float *out, const float *from, const float *to)
{
  for (guint i = 0; i < PL_STRETCH_FADE; i++) {
    float w = ((float)i + 0.5f) / PL_STRETCH_FADE;
    out[i] = from[i] + (to[i] - from[i]) * w;
  }
}

guint
pl_stretch_shrink(float *x, guint n, guint lo, guint hi)
{
  g_assert(lo <= hi && n >= hi + PL_STRETCH_FADE);
  guint lag = best_lag(x, 1, lo, hi);
  float joint[PL_STRETCH_FADE];
  cross_fade(joint, x, x + lag);
  memmove(x, x + lag, (n - lag) * sizeof *x);
  memcpy(x, joint, sizeof joint);
  return lag;
}

guint
pl_stretch_grow(float *x, guint n, guint lo, guint hi)
{
  g_assert(lo <= hi && lo >= PL_STRETCH_FADE && hi <= PL_STRETCH_PAST && n >= PL_STRETCH_FADE);
  guint lag = best_lag(x, -1, lo, hi);
  float piece[PL_STRETCH_PAST];
  memcpy(piece, x - lag, lag * sizeof *x);
  cross_fade(piece, x, x - lag);
  memmove(x + lag, x, n * sizeof *x);
  memcpy(x, piece, lag * sizeof *x);
  return lag;
}
