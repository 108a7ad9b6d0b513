/* Times of sending in atomics. A reader comes some hundred milliseconds after the writer, so a
 * frame's entry is overwritten only seconds later; of onsets, one a second, the last few are kept. */
#include "sent.h"

#include <stdatomic.h>

#define N_ONSETS 8

struct SimSent {
  guint n_frames;
  _Atomic gint64 *frames; /* 0: never */
  _Atomic gint64 onsets[N_ONSETS];
  guint next_onset;                           /* [player] */
  _Atomic gint64 talking_since, silent_since; /* the later one says which it is; 0: never */
};

SimSent *
sim_sent_new(guint n_frames)
{
  SimSent *sent = g_new0(SimSent, 1);
  sent->n_frames = n_frames;
  sent->frames = g_malloc0_n(n_frames, sizeof *sent->frames);
  return sent;
}

void
sim_sent_free(SimSent *sent)
{
  if (sent == NULL)
    return;
  g_free((void *)sent->frames);
  g_free(sent);
}

void
sim_sent_frame(SimSent *sent, guint frame, gint64 now_us)
{
  if (frame < sent->n_frames)
    atomic_store_explicit(&sent->frames[frame], now_us, memory_order_relaxed);
}

void
sim_sent_onset(SimSent *sent, gint64 at_us)
{
  atomic_store_explicit(&sent->onsets[sent->next_onset++ % N_ONSETS], at_us, memory_order_relaxed);
}

void
sim_sent_talking(SimSent *sent, gboolean on, gint64 now_us)
{
  atomic_store(on ? &sent->talking_since : &sent->silent_since, now_us);
}

gboolean
sim_sent_frame_age(SimSent *sent, guint frame, gint64 at_us, gint64 *out_age_us)
{
  if (frame >= sent->n_frames)
    return FALSE;
  gint64 time = atomic_load_explicit(&sent->frames[frame], memory_order_relaxed);
  if (time == 0 || time > at_us)
    return FALSE;
  *out_age_us = at_us - time;
  return TRUE;
}

gboolean
sim_sent_onset_age(SimSent *sent, gint64 at_us, gint64 *out_age_us)
{
  gint64 best = G_MAXINT64;
  for (guint i = 0; i < N_ONSETS; i++) {
    gint64 time = atomic_load_explicit(&sent->onsets[i], memory_order_relaxed);
    if (time != 0 && time <= at_us)
      best = MIN(best, at_us - time);
  }
  if (best > G_USEC_PER_SEC)
    return FALSE;
  *out_age_us = best;
  return TRUE;
}

gboolean
sim_sent_talked(SimSent *sent, gint64 from_us, gint64 to_us)
{
  gint64 on = atomic_load(&sent->talking_since), off = atomic_load(&sent->silent_since);
  if (on == 0 || on > from_us)
    return FALSE;
  return off < on || off >= to_us;
}
