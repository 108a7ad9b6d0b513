/* Tones: making them, finding them, timing their onsets. A SimOnset belongs to the thread that
 * feeds it; everything else here is without state. */
#include "tone.h"

#include <math.h>

#include "mcu/types.h"

#define FIRST_HZ 300.0
#define SPACING_HZ 25.0
#define ONSET_STEP 2928        /* 61 ms */
#define AMPLITUDE_ON 0.1       /* -20 dBFS */
#define AMPLITUDE_OFF 0.017783 /* -35 dBFS */

double
sim_tone_frequency(guint site)
{
  return FIRST_HZ + SPACING_HZ * (site % SIM_TONES);
}

guint
sim_tone_onset(guint site)
{
  return site % SIM_TONES * ONSET_STEP % SIM_TONE_PERIOD;
}

void
sim_tone_fill(guint site, guint64 start, float *samples, guint n)
{
  guint frequency = (guint)sim_tone_frequency(site);
  guint onset = sim_tone_onset(site);

  for (guint i = 0; i < n; i++) {
    guint at = (guint)((start + i) % SIM_TONE_PERIOD);
    /* Whole Hertz: the phase is a whole number of 1/48000 turns, and the second closes on itself. */
    guint phase = (guint)((guint64)at * frequency % MCU_AUDIO_RATE);
    gboolean on = (at + SIM_TONE_PERIOD - onset) % SIM_TONE_PERIOD < SIM_TONE_ON;
    samples[i] = (float)((on ? AMPLITUDE_ON : AMPLITUDE_OFF) * sin(2 * G_PI * phase / MCU_AUDIO_RATE));
  }
}

/* Goertzel's recurrence on windowed samples. */
double
sim_tone_amplitude(const float *samples, guint n, double frequency)
{
  double k = 2 * cos(2 * G_PI * frequency / MCU_AUDIO_RATE), s1 = 0, s2 = 0;
  /* cos(2 pi i / n) by recurrence as well: a cosine per sample would cost more than all the rest. */
  double wk = 2 * cos(2 * G_PI / n), w1 = cos(2 * G_PI / n), w0 = 1;

  for (guint i = 0; i < n; i++) {
    double s0 = samples[i] * (0.5 - 0.5 * w0) + k * s1 - s2;
    s2 = s1;
    s1 = s0;
    double next = wk * w0 - w1;
    w1 = w0;
    w0 = next;
  }
  double power = s1 * s1 + s2 * s2 - k * s1 * s2;
  /* n/2 for the sine's two sides, and the window's mean of one half. */
  return sqrt(MAX(power, 0)) / (n / 4.0);
}

void
sim_tone_measure(guint site, const float *samples, guint n, SimTone *out_tone)
{
  static const double between[] = {-13, -11, -9, -7, 7, 9, 11, 13};
  double frequency = sim_tone_frequency(site), sum = 0;
  for (guint i = 0; i < G_N_ELEMENTS(between); i++)
    sum += sim_tone_amplitude(samples, n, frequency + between[i]);
  out_tone->amplitude = sim_tone_amplitude(samples, n, frequency);
  out_tone->floor = sum / G_N_ELEMENTS(between);
}

gboolean
sim_tone_found(const SimTone *tone, double loudest)
{
  return tone->amplitude > 0.004 /* -48 dBFS */ && tone->amplitude > 4 * tone->floor && tone->amplitude > loudest / 8;
}

/* The sound is shifted to 0 Hz and summed over 1 ms; 40 of those blocks are one turn of the
 * spacing, in which every other tone sums to nothing. Over such a window the amplitude rises in a
 * straight line while an onset passes through it: it is half-way when the onset is 20 ms old. */
#define BLOCK 48
#define WINDOW 40
#define HISTORY 160 /* blocks of amplitude: the rise in their middle */
#define STEADY 76   /* blocks before and after the rise in which nothing else may rise or fall */
/* The levels before and after are taken as close to the rise as its width allows: further away the
 * windows would reach the onsets of the neighbours in frequency, 61 ms off. */
#define LEVEL_BLOCKS 4

struct SimOnset {
  double step; /* phase per sample */
  double cos_step, sin_step;
  double re, im;         /* the oscillator */
  double sum_re, sum_im; /* of the block being filled */
  guint filled;          /* samples in it */
  double block_re[WINDOW], block_im[WINDOW];
  double window_re, window_im;
  double amplitude[HISTORY]; /* at the end of each block, a ring */
  guint64 blocks;            /* finished */
  guint64 not_before;        /* block: one onset per half second */
};

SimOnset *
sim_onset_new(guint site)
{
  SimOnset *onset = g_new0(SimOnset, 1);
  onset->step = 2 * G_PI * sim_tone_frequency(site) / MCU_AUDIO_RATE;
  onset->cos_step = cos(onset->step);
  onset->sin_step = sin(onset->step);
  onset->re = 1;
  return onset;
}

void
sim_onset_free(SimOnset *onset)
{
  g_free(onset);
}

static double
amplitude_at(const SimOnset *onset, guint64 block)
{
  return onset->amplitude[block % HISTORY];
}

static double
mean_amplitude(const SimOnset *onset, guint64 first, guint n)
{
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += amplitude_at(onset, first + i);
  return sum / n;
}

/* Looks whether the block HISTORY / 2 ago is where the amplitude passes half-way. */
static gboolean
is_onset(SimOnset *onset, double *out_sample)
{
  if (onset->blocks < HISTORY || onset->blocks < onset->not_before)
    return FALSE;
  guint64 oldest = onset->blocks - HISTORY, middle = oldest + HISTORY / 2;

  double before = mean_amplitude(onset, middle - WINDOW / 2 - LEVEL_BLOCKS, LEVEL_BLOCKS);
  double after = mean_amplitude(onset, middle + WINDOW / 2 + 2, LEVEL_BLOCKS);
  double half = (before + after) / 2;
  if (after < 0.003 || after < 3 * before)
    return FALSE;
  double a = amplitude_at(onset, middle), b = amplitude_at(onset, middle + 1);
  /* One step of slack: the levels are measured anew for each block, so half-way itself moves a little
   * and could slip between two blocks. */
  if (b <= half || a > half + (b - a))
    return FALSE;
  /* The edge of another tone makes a bump as wide as the window, of up to a third of its height: an
   * onset is what was well below before and stays up after. */
  for (guint i = WINDOW / 2; i < STEADY; i++)
    if (amplitude_at(onset, middle - i) > 0.6 * after || amplitude_at(onset, middle + i) < 0.6 * after)
      return FALSE;

  double crossing = (double)middle + 1 + (half - a) / (b - a); /* in blocks; amplitude is that of the block's end */
  *out_sample = (crossing - WINDOW / 2.0) * BLOCK;
  onset->not_before = onset->blocks + 500;
  return TRUE;
}

static void
finish_block(SimOnset *onset)
{
  guint at = (guint)(onset->blocks % WINDOW);
  onset->window_re += onset->sum_re - onset->block_re[at];
  onset->window_im += onset->sum_im - onset->block_im[at];
  onset->block_re[at] = onset->sum_re;
  onset->block_im[at] = onset->sum_im;
  onset->amplitude[onset->blocks % HISTORY] = 2 * hypot(onset->window_re, onset->window_im) / (BLOCK * WINDOW);
  onset->blocks++;
  onset->sum_re = onset->sum_im = 0;
  onset->filled = 0;

  /* Rounding would let the oscillator grow or die over hours. */
  double size = hypot(onset->re, onset->im);
  onset->re /= size;
  onset->im /= size;
}

gboolean
sim_onset_take(SimOnset *onset, const float *samples, guint n, double *out_sample)
{
  gboolean found = FALSE;
  for (guint i = 0; i < n; i++) {
    onset->sum_re += samples[i] * onset->re;
    onset->sum_im -= samples[i] * onset->im;
    double re = onset->re * onset->cos_step - onset->im * onset->sin_step;
    onset->im = onset->im * onset->cos_step + onset->re * onset->sin_step;
    onset->re = re;
    if (++onset->filled == BLOCK) {
      finish_block(onset);
      found = is_onset(onset, out_sample) || found;
    }
  }
  return found;
}
