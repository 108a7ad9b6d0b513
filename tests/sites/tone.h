/* The simulated sites' sound: every site has a tone of its own, keyed once per second so that its
 * onset can be timed. Pure; samples are mono at MCU_AUDIO_RATE, full scale 1.0.
 *
 *   frequency  300 + 25 n Hz (n = site mod 256): any two are orthogonal over 40 ms
 *   keying     600 ms at -20 dBFS, 400 ms at -35 dBFS; the onset is 61 ms x n into each second, so
 *              that neighbours in frequency never start within the same 40 ms
 *
 * sim_tone_found() says whether a tone is there, from whole seconds. SimOnset finds the instants at
 * which it starts, to a few milliseconds, among other tones. */
#pragma once

#include <glib.h>

#define SIM_TONES 256
#define SIM_TONE_PERIOD 48000 /* samples between onsets */
#define SIM_TONE_ON 28800     /* loud samples from each: 600 ms */

double sim_tone_frequency(guint site);
/* [any] Position of the onset in each period, in samples. */
guint sim_tone_onset(guint site);
/* [any] `n` samples of the site's sound from sample `start` on. The sound repeats every second. */
void sim_tone_fill(guint site, guint64 start, float *samples, guint n);

/* [any] Amplitude at `frequency` under a Hann window: a sine of amplitude a gives a. */
double sim_tone_amplitude(const float *samples, guint n, double frequency);

typedef struct {
  double amplitude;
  double floor; /* amplitude between the tones around it */
} SimTone;

/* [any] The site's tone in one second of sound (n = MCU_AUDIO_RATE). */
void sim_tone_measure(guint site, const float *samples, guint n, SimTone *out_tone);
/* [any] Is it there? `loudest`: amplitude of the loudest of all tones looked for: what is 18 dB
 * below it is a trace left by codecs and limiters, not a site. */
gboolean sim_tone_found(const SimTone *tone, double loudest);

/* Onset finder of one tone in a continuous sound. */
typedef struct SimOnset SimOnset;

SimOnset *sim_onset_new(guint site);
void sim_onset_free(SimOnset *onset);
/* [owner] Takes the next samples. Returns TRUE when an onset was found; `out_sample` is its
 * position, counted from the first sample ever taken. At most one per call of up to 20 ms. */
gboolean sim_onset_take(SimOnset *onset, const float *samples, guint n, double *out_sample);
