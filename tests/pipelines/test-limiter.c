/* The limiter, and the sample loops against a plain reference in double precision. */
#include <math.h>
#include <string.h>

#include "pipelines/limiter.h"
#include "pipelines/sound-ops.h"
#include "sound-site.h"

#define FRAME MCU_AUDIO_FRAME_SAMPLES

static void
fill_tone(float *x, guint n, guint64 from, double hz, double strength)
{
  for (guint i = 0; i < n; i++)
    x[i] += (float)(strength * sin(2 * G_PI * hz * (double)(from + i) / MCU_AUDIO_RATE));
}

static void
test_soft_sound_is_untouched(void)
{
  PlLimiter limiter;
  float x[FRAME] = {0}, y[FRAME];
  pl_limiter_init(&limiter);
  fill_tone(x, FRAME, 0, 997, 0.8);
  memcpy(y, x, sizeof y);
  pl_limiter_run(&limiter, y, FRAME);
  g_assert_cmpmem(x, sizeof x, y, sizeof y);
}

/* Whatever comes, and however suddenly: below full scale. */
static void
test_ceiling(void)
{
  static const double strengths[] = {0.9, 1, 1.5, 4, 16, 128, 1e6};
  for (guint i = 0; i < G_N_ELEMENTS(strengths); i++) {
    for (guint onset = 0; onset < 2 * FRAME; onset += 37) {
      PlLimiter limiter;
      float x[3 * FRAME] = {0};
      pl_limiter_init(&limiter);
      for (guint k = onset; k < 3 * FRAME; k++)
        x[k] = (float)(k / 50 % 2 ? strengths[i] : -strengths[i]);
      for (guint k = 0; k < 3; k++)
        pl_limiter_run(&limiter, x + k * FRAME, FRAME);
      g_assert_cmpfloat(pl_sound_peak(x, 3 * FRAME), <, 1);
      g_assert_cmpfloat(pl_sound_peak(x, 3 * FRAME), >, 0.5);
    }
  }
}

/* A steady sum far too loud keeps its shape: what is not the tone is small. */
static void
test_steady_is_clean(void)
{
  static float x[FRAME * 100];
  PlLimiter limiter;
  memset(x, 0, sizeof x);
  pl_limiter_init(&limiter);
  for (guint k = 0; k < 100; k++) {
    fill_tone(x + k * FRAME, FRAME, k * FRAME, 300, 16);
    pl_limiter_run(&limiter, x + k * FRAME, FRAME);
  }
  const float *tail = x + 52 * FRAME;
  double tone = sound_tone(tail, 48 * FRAME, 300);
  g_assert_cmpfloat(tone, >, 0.75);
  for (guint harmonic = 2; harmonic < 20; harmonic++)
    g_assert_cmpfloat(sound_tone(tail, 48 * FRAME, 300 * harmonic), <, tone / 1000);
}

/* Loud, then soft: the gain comes back, within a second and without steps. */
static void
test_release(void)
{
  static float x[FRAME * 100];
  PlLimiter limiter;
  memset(x, 0, sizeof x);
  pl_limiter_init(&limiter);
  for (guint k = 0; k < 100; k++) {
    fill_tone(x + k * FRAME, FRAME, k * FRAME, 300, k < 50 ? 4 : 0.5);
    pl_limiter_run(&limiter, x + k * FRAME, FRAME);
  }
  g_assert_cmpfloat(limiter.gain, ==, 1);
  g_assert_cmpfloat(fabs(sound_tone(x + 98 * FRAME, 2 * FRAME, 300) - 0.5), <, 0.01);
  g_assert_cmpfloat(sound_click(x + 50 * FRAME + 1, 50 * FRAME - 1, 300), <, 0.002);
}

static void
test_loops(void)
{
  GRand *rand = g_rand_new_with_seed(7);
  for (guint n = 0; n <= 70; n++) {
    float a[70], b[70], sum[70], minus[70], ramp[70];
    double power = 0, peak = 0;
    for (guint i = 0; i < n; i++) {
      a[i] = (float)g_rand_double_range(rand, -2, 2);
      b[i] = (float)g_rand_double_range(rand, -2, 2);
      power += (double)a[i] * a[i] / n;
      peak = MAX(peak, fabs(a[i]));
    }
    memcpy(sum, a, sizeof sum);
    memcpy(ramp, a, sizeof ramp);
    pl_sound_add(sum, b, n);
    pl_sound_minus(minus, sum, b, n);
    pl_sound_ramp(ramp, n, 0.25f, 0.75f);
    for (guint i = 0; i < n; i++) {
      g_assert_cmpfloat(fabs(sum[i] - ((double)a[i] + b[i])), <, 1e-6);
      g_assert_cmpfloat(fabs(minus[i] - (double)a[i]), <, 1e-6);
      g_assert_cmpfloat(fabs(ramp[i] - a[i] * (0.25 + 0.5 * i / n)), <, 1e-6);
    }
    g_assert_cmpfloat(fabs(pl_sound_power(a, n) - power), <, 1e-5);
    g_assert_cmpfloat(fabs(pl_sound_peak(a, n) - peak), <, 1e-6);
  }
  g_rand_free(rand);
}

static void
test_level(void)
{
  static const struct {
    double strength;
    guint level;
  } cases[] = {{0, 127}, {1e-9, 127}, {G_SQRT2, 0}, {1, 3}, {0.1, 23}, {0.0316, 33}, {0.001, 63}, {100, 0}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    float x[FRAME] = {0};
    fill_tone(x, FRAME, 0, 1000, cases[i].strength);
    g_assert_cmpuint(pl_sound_level(x, FRAME), ==, cases[i].level);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/limiter/soft-sound-is-untouched", test_soft_sound_is_untouched);
  g_test_add_func("/limiter/ceiling", test_ceiling);
  g_test_add_func("/limiter/steady-is-clean", test_steady_is_clean);
  g_test_add_func("/limiter/release", test_release);
  g_test_add_func("/sound-ops/loops", test_loops);
  g_test_add_func("/sound-ops/level", test_level);
  return g_test_run();
}
