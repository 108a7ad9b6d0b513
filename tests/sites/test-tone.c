/* Tones among tones: there, not there, and when. */
#include <math.h>
#include <string.h>

#include "mcu/types.h"
#include "tone.h"

#define SECOND MCU_AUDIO_RATE

static void
add_tone(float *samples, guint n, guint site, guint64 start, float gain)
{
  g_autofree float *tone = g_new(float, n);
  sim_tone_fill(site, start, tone, n);
  for (guint i = 0; i < n; i++)
    samples[i] += gain * tone[i];
}

static void
add_noise(float *samples, guint n, guint32 seed, double strength)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
  for (guint i = 0; i < n; i++)
    samples[i] += (float)g_rand_double_range(rand, -strength, strength);
}

static void
test_repeats(void)
{
  for (guint site = 0; site < SIM_TONES; site += 17) {
    float a[480], b[480];
    sim_tone_fill(site, 12345, a, 480);
    sim_tone_fill(site, 12345 + 7 * SIM_TONE_PERIOD, b, 480);
    g_assert_cmpmem(a, sizeof a, b, sizeof b);
  }
}

static void
test_found(void)
{
  /* 16 sites but one speak, at any instant, with noise and with one voice louder than the rest. */
  for (guint missing = 0; missing < 16; missing++) {
    g_autofree float *samples = g_new0(float, SECOND);
    for (guint site = 0; site < 16; site++)
      if (site != missing)
        add_tone(samples, SECOND, site, 1000 * missing, site == 3 ? 1.0f : 0.5f);
    add_noise(samples, SECOND, missing, 0.01);

    SimTone tones[16];
    double loudest = 0;
    for (guint site = 0; site < 16; site++) {
      sim_tone_measure(site, samples, SECOND, &tones[site]);
      loudest = MAX(loudest, tones[site].amplitude);
    }
    for (guint site = 0; site < 16; site++)
      g_assert_cmpint(sim_tone_found(&tones[site], loudest), ==, site != missing);
  }
}

static void
test_nothing(void)
{
  g_autofree float *samples = g_new0(float, SECOND);
  SimTone tone;
  sim_tone_measure(4, samples, SECOND, &tone);
  g_assert_false(sim_tone_found(&tone, tone.amplitude));
  add_noise(samples, SECOND, 5, 0.3);
  for (guint site = 0; site < SIM_TONES; site += 5) {
    sim_tone_measure(site, samples, SECOND, &tone);
    g_assert_false(sim_tone_found(&tone, tone.amplitude));
  }
}

static void
test_amplitude(void)
{
  g_autofree float *samples = g_new(float, SECOND);
  for (guint i = 0; i < SECOND; i++)
    samples[i] = (float)(0.25 * sin(2 * G_PI * 1000 * i / SECOND + 1));
  g_assert_cmpfloat_with_epsilon(sim_tone_amplitude(samples, SECOND, 1000), 0.25, 0.001);
  g_assert_cmpfloat(sim_tone_amplitude(samples, SECOND, 1025), <, 0.0005);
}

/* Every onset of every site in a mix of 16 is found within 2 ms, and no other one. */
static void
test_onset(void)
{
  enum { SITES = 16, SECONDS = 5, STEP = 960 };
  g_autofree float *samples = g_new0(float, SECONDS *SECOND);
  for (guint site = 0; site < SITES; site++)
    add_tone(samples, SECONDS * SECOND, site, 0, 1);
  add_noise(samples, SECONDS * SECOND, 7, 0.01);

  for (guint site = 0; site < SITES; site++) {
    SimOnset *onset = sim_onset_new(site);
    guint found = 0;
    for (guint at = 0; at < SECONDS * SECOND; at += STEP) {
      double sample;
      if (!sim_onset_take(onset, samples + at, STEP, &sample))
        continue;
      double off = remainder(sample - sim_tone_onset(site), SIM_TONE_PERIOD);
      g_assert_cmpfloat(fabs(off), <, 2 * 48);
      found++;
    }
    g_assert_cmpuint(found, >=, SECONDS - 1);
    g_assert_cmpuint(found, <=, SECONDS + 1);
    sim_onset_free(onset);
  }
}

static void
test_no_onset(void)
{
  enum { SECONDS = 3, STEP = 960 };
  g_autofree float *samples = g_new0(float, SECONDS *SECOND);
  for (guint site = 0; site < 8; site++)
    add_tone(samples, SECONDS * SECOND, site, 0, 1);
  add_noise(samples, SECONDS * SECOND, 8, 0.02);
  for (guint site = 8; site < 40; site++) {
    SimOnset *onset = sim_onset_new(site);
    double sample;
    for (guint at = 0; at < SECONDS * SECOND; at += STEP)
      g_assert_false(sim_onset_take(onset, samples + at, STEP, &sample));
    sim_onset_free(onset);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sites/tone/repeats", test_repeats);
  g_test_add_func("/sites/tone/amplitude", test_amplitude);
  g_test_add_func("/sites/tone/found", test_found);
  g_test_add_func("/sites/tone/nothing", test_nothing);
  g_test_add_func("/sites/tone/onset", test_onset);
  g_test_add_func("/sites/tone/no-onset", test_no_onset);
  return g_test_run();
}
