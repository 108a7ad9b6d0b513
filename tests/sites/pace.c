/* Pacing, loops, turns. Used by the player's thread; no state of its own. */
#include "pace.h"

void
sim_pace_init(SimPace *pace, gint64 first_us, gint64 period_us)
{
  *pace = (SimPace){.next_us = first_us, .period_us = period_us};
}

guint
sim_pace_due(SimPace *pace, gint64 now_us)
{
  if (now_us < pace->next_us)
    return 0;
  guint64 due = (guint64)((now_us - pace->next_us) / pace->period_us) + 1;
  pace->next_us += (gint64)due * pace->period_us;
  if (due > SIM_PACE_BURST) {
    pace->skipped += due - SIM_PACE_BURST;
    due = SIM_PACE_BURST;
  }
  return (guint)due;
}

guint
sim_loop_step(SimLoop *loop)
{
  guint frame = loop->next;
  loop->next = (frame + 1) % loop->n_frames;
  return frame;
}

void
sim_loop_jump(SimLoop *loop, const guint8 *is_key)
{
  for (guint i = 0; i < loop->n_frames; i++) {
    guint frame = (loop->next + i) % loop->n_frames;
    if (is_key[frame]) {
      loop->next = frame;
      return;
    }
  }
}

gboolean
sim_talks(guint index, guint n, guint k, guint64 turn)
{
  if (k == 0 || k >= n)
    return TRUE;
  guint first = (guint)(turn % n * k % n);
  return (index + n - first) % n < k;
}

gint64
sim_phase_us(guint index, gint64 period_us)
{
  guint64 slots = (guint64)(period_us / SIM_SLOT_US);
  /* Picture and sound of a site in different slots as well: 3 and 8 (and 40) have no common factor. */
  return (gint64)(((guint64)index * 3 + (period_us > 20000 ? 1 : 0)) % slots) * SIM_SLOT_US;
}
