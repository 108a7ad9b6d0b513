/* Gain and knee of the mixer's limiter; see limiter.h. Runs on the mix thread. */
#include "pipelines/limiter.h"

#include <math.h>

#include "pipelines/sound-ops.h"

#define STEP 48 /* 1 ms */
#define STEPS_MAX (MCU_AUDIO_FRAME_SAMPLES / STEP)
#define CEILING 0.85f   /* the gain aims here; the knee has the rest */
#define ATTACK 0.90f    /* the most a gain falls in one step, where the frame leaves room */
#define RELEASE 1.0058f /* 10 dB back in 200 ms */

void
pl_limiter_init(PlLimiter *limiter)
{
  limiter->gain = 1.0f;
}

/* Straight up to the ceiling, then bending towards 1 without reaching it. */
static void
knee(float *x, guint n)
{
  for (guint i = 0; i < n; i++) {
    float a = fabsf(x[i]);
    if (a > CEILING) {
      float over = (a - CEILING) / (1.0f - CEILING);
      x[i] = copysignf(CEILING + (1.0f - CEILING) * (over / (1.0f + over)) * 0.9999f, x[i]);
    }
  }
}

/* Gains at the bounds of the steps: node i begins step i. */
static void
plan(const PlLimiter *limiter, const float *x, guint n_steps, float *nodes)
{
  float allowed[STEPS_MAX];
  for (guint i = 0; i < n_steps; i++) {
    float peak = pl_sound_peak(x + i * STEP, STEP);
    allowed[i] = peak > CEILING ? CEILING / peak : 1.0f;
  }
  nodes[0] = limiter->gain;
  for (guint i = 1; i <= n_steps; i++) {
    float bound = i < n_steps ? MIN(allowed[i - 1], allowed[i]) : allowed[i - 1];
    nodes[i] = MIN(MIN(nodes[i - 1] * RELEASE, bound), 1.0f);
  }
  for (guint i = n_steps; i > 1; i--)
    nodes[i - 1] = MIN(nodes[i - 1], nodes[i] / ATTACK);
}

void
pl_limiter_run(PlLimiter *limiter, float *x, guint n)
{
  g_assert(n % STEP == 0 && n <= STEPS_MAX * STEP);
  if (limiter->gain >= 1.0f && pl_sound_peak(x, n) <= CEILING)
    return;

  float nodes[STEPS_MAX + 1];
  guint n_steps = n / STEP;
  plan(limiter, x, n_steps, nodes);
  for (guint i = 0; i < n_steps; i++)
    pl_sound_ramp(x + i * STEP, STEP, nodes[i], nodes[i + 1]);
  limiter->gain = nodes[n_steps];
  if (pl_sound_peak(x, n) > CEILING)
    knee(x, n);
}
