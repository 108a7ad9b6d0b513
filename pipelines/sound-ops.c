/* Sample loops of the sound mixer. The sums run in eight lanes, because without leave to reorder
 * additions the compiler must not make vectors of a single running sum. */
#include "pipelines/sound-ops.h"

#include <math.h>

#define LANES 8

void
pl_sound_add(float *restrict sum, const float *restrict x, guint n)
{
  for (guint i = 0; i < n; i++)
    sum[i] += x[i];
}

void
pl_sound_minus(float *restrict out, const float *restrict sum, const float *restrict x, guint n)
{
  for (guint i = 0; i < n; i++)
    out[i] = sum[i] - x[i];
}

void
pl_sound_ramp(float *x, guint n, float from, float to)
{
  if (n == 0 || (from == 1.0f && to == 1.0f))
    return;
  float step = (to - from) / (float)n;
  for (guint i = 0; i < n; i++)
    x[i] *= from + step * (float)(gint)i;
}

float
pl_sound_peak(const float *x, guint n)
{
  float lanes[LANES] = {0};
  guint i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (guint j = 0; j < LANES; j++) {
      float a = fabsf(x[i + j]);
      lanes[j] = a > lanes[j] ? a : lanes[j];
    }
  }
  for (; i < n; i++)
    lanes[0] = MAX(lanes[0], fabsf(x[i]));
  float peak = 0;
  for (guint j = 0; j < LANES; j++)
    peak = MAX(peak, lanes[j]);
  return peak;
}

float
pl_sound_power(const float *x, guint n)
{
  float lanes[LANES] = {0};
  guint i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (guint j = 0; j < LANES; j++)
      lanes[j] += x[i + j] * x[i + j];
  }
  for (; i < n; i++)
    lanes[0] += x[i] * x[i];
  float sum = 0;
  for (guint j = 0; j < LANES; j++)
    sum += lanes[j];
  return n > 0 ? sum / (float)n : 0;
}

guint8
pl_sound_level(const float *x, guint n)
{
  float power = pl_sound_power(x, n);
  if (power < 1e-12f)
    return PL_SILENCE_LEVEL;
  float level = -10.0f * log10f(power);
  return (guint8)CLAMP(lrintf(level), 0, PL_SILENCE_LEVEL);
}
