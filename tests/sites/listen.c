/* Every second the tones are looked for; all the time their onsets are timed. A tone is expected in a
 * second when its site talked in all of it and half a second before, whatever the delay. */
#include "listen.h"

#include <math.h>
#include <string.h>

#include "tone.h"

#define WINDOW_FRAMES 50
#define SETTLE_US (2 * G_USEC_PER_SEC)
#define DELAY_MAX_US (G_USEC_PER_SEC / 2)
#define ONSETS_MAX 32     /* sites whose onsets are timed: a sample of many */
#define ARRIVALS 512      /* frames whose arrival is known: ten seconds */
#define SILENCE_RMS 0.001 /* -60 dBFS; the weak part of one tone is at -38 */
#define HEARD_PART 0.8    /* of the seconds in which it is expected; all but one are enough */
#define OWN_PART 0.2      /* a lone false alarm is not an echo */

typedef struct {
  guint windows, heard;
  SimOnset *onset; /* NULL: not timed */
} Voice;

struct SimListen {
  SimWorld *world;
  guint n, own;
  Voice *voices;
  SimTone *tones; /* scratch */
  float window[WINDOW_FRAMES * MCU_AUDIO_FRAME_SAMPLES];
  guint filled; /* frames */
  gint64 window_start_us;
  guint64 frames;
  gint64 arrivals[ARRIVALS];
  guint64 silent_run, silent_max; /* frames */
  SimHistogram *delay;
};

SimListen *
sim_listen_new(SimWorld *world, guint own)
{
  SimListen *listen = g_new0(SimListen, 1);
  listen->world = world;
  listen->n = sim_world_sites(world);
  listen->own = own;
  listen->voices = g_new0(Voice, listen->n);
  listen->tones = g_new0(SimTone, listen->n);
  listen->delay = g_new0(SimHistogram, 1);
  for (guint i = 0; i < MIN(listen->n, ONSETS_MAX); i++)
    if (i != own)
      listen->voices[i].onset = sim_onset_new(sim_world_number(world, i));
  return listen;
}

void
sim_listen_free(SimListen *listen)
{
  if (listen == NULL)
    return;
  for (guint i = 0; i < listen->n; i++)
    sim_onset_free(listen->voices[i].onset);
  g_free(listen->voices);
  g_free(listen->tones);
  g_free(listen->delay);
  g_free(listen);
}

void
sim_listen_restart(SimListen *listen)
{
  for (guint i = 0; i < listen->n; i++)
    listen->voices[i].windows = listen->voices[i].heard = 0;
  listen->silent_max = 0;
  *listen->delay = (SimHistogram){0};
}

static gboolean
talked(const SimListen *listen, guint index, gint64 from_us, gint64 to_us)
{
  return sim_world_is_active(listen->world, index, from_us, SETTLE_US) &&
         sim_sent_talked(sim_world_sent(listen->world, index), from_us - DELAY_MAX_US, to_us);
}

/* Numbers that are 256 apart share a tone: it may be anybody's. */
static gboolean
shares_tone(const SimListen *listen, guint index, gint64 to_us)
{
  for (guint i = index % SIM_TONES; i < listen->n; i += SIM_TONES)
    if (i != index && sim_world_is_active(listen->world, i, to_us, 0))
      return TRUE;
  return FALSE;
}

static void
check_window(SimListen *listen, gint64 now_us)
{
  guint n_samples = G_N_ELEMENTS(listen->window);
  gint64 from_us = listen->window_start_us;
  double loudest = 0;
  for (guint i = 0; i < listen->n; i++) {
    if (!talked(listen, i, from_us, now_us))
      continue;
    sim_tone_measure(sim_world_number(listen->world, i), listen->window, n_samples, &listen->tones[i]);
    loudest = MAX(loudest, listen->tones[i].amplitude);
  }
  for (guint i = 0; i < listen->n; i++) {
    if (!talked(listen, i, from_us, now_us) || (i == listen->own && shares_tone(listen, i, now_us)))
      continue;
    listen->voices[i].windows++;
    listen->voices[i].heard += sim_tone_found(&listen->tones[i], loudest);
  }
}

static void
take_onsets(SimListen *listen, const float *samples)
{
  for (guint i = 0; i < MIN(listen->n, ONSETS_MAX); i++) {
    double at;
    if (listen->voices[i].onset == NULL ||
        !sim_onset_take(listen->voices[i].onset, samples, MCU_AUDIO_FRAME_SAMPLES, &at) || at < 0)
      continue;
    guint64 frame = (guint64)at / MCU_AUDIO_FRAME_SAMPLES;
    double into = at - (double)frame * MCU_AUDIO_FRAME_SAMPLES;
    gint64 heard_us = listen->arrivals[frame % ARRIVALS] + (gint64)(into * G_USEC_PER_SEC / MCU_AUDIO_RATE);
    gint64 age_us;
    if (sim_sent_onset_age(sim_world_sent(listen->world, i), heard_us, &age_us) &&
        talked(listen, i, heard_us - age_us + DELAY_MAX_US, heard_us))
      sim_histogram_add(listen->delay, age_us);
  }
}

static gboolean
somebody_talked(const SimListen *listen, gint64 now_us)
{
  for (guint i = 0; i < listen->n; i++)
    if (i != listen->own && talked(listen, i, now_us - MCU_AUDIO_FRAME_US, now_us))
      return TRUE;
  return FALSE;
}

static void
watch_silence(SimListen *listen, const float *samples, gint64 now_us)
{
  double sum = 0;
  for (guint i = 0; i < MCU_AUDIO_FRAME_SAMPLES; i++)
    sum += samples[i] * samples[i];
  if (sqrt(sum / MCU_AUDIO_FRAME_SAMPLES) > SILENCE_RMS || !somebody_talked(listen, now_us))
    listen->silent_run = 0;
  else
    listen->silent_max = MAX(listen->silent_max, ++listen->silent_run);
}

void
sim_listen_frame(SimListen *listen, const float *samples, gint64 arrival_us)
{
  listen->arrivals[listen->frames % ARRIVALS] = arrival_us;
  listen->frames++;
  take_onsets(listen, samples);
  watch_silence(listen, samples, arrival_us);

  if (listen->filled == 0)
    listen->window_start_us = arrival_us;
  memcpy(listen->window + (gsize)listen->filled * MCU_AUDIO_FRAME_SAMPLES, samples,
         MCU_AUDIO_FRAME_SAMPLES * sizeof *samples);
  if (++listen->filled == WINDOW_FRAMES) {
    check_window(listen, arrival_us);
    listen->filled = 0;
  }
}

void
sim_listen_report(const SimListen *listen, SimProbeReport *report)
{
  for (guint i = 0; i < listen->n; i++) {
    const Voice *voice = &listen->voices[i];
    SimSeenSite *seen = &g_array_index(report->seen, SimSeenSite, i);
    if (i == listen->own) {
      report->own_tone_checked = voice->windows > 0;
      report->own_tone_found = voice->windows > 0 && voice->heard > OWN_PART * voice->windows;
      continue;
    }
    seen->tone_expected = voice->windows > 0;
    seen->tone_windows = voice->windows;
    seen->tone_heard = voice->heard;
    seen->tone_found =
        voice->heard > 0 && (voice->heard + 1 >= voice->windows || voice->heard >= HEARD_PART * voice->windows);
  }
  report->silence_ms = (double)listen->silent_max * MCU_AUDIO_FRAME_US / 1000;
  sim_histogram_merge(&report->audio_delay, listen->delay);
}
