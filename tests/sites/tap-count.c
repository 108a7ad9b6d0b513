/* Called for each packet by the taps' thread. Packets that come late or twice change nothing: their place has
 * been counted as lost. */
#include "tap-count.h"

void
sim_tap_count(SimTapCount *count, guint16 seq, gboolean marker, gint64 arrival_us)
{
  gint16 step = count->started ? (gint16)(guint16)(seq - count->seq) : 1;
  if (step <= 0)
    return;
  if (count->started) {
    count->lost += (guint64)step - 1;
    count->gap_max_us = MAX(count->gap_max_us, arrival_us - count->last_us);
  }
  count->started = TRUE;
  count->seq = seq;
  count->packets++;
  count->last_us = arrival_us;
  if (!marker)
    return;
  count->last_frame_us = arrival_us;
  if (count->from_us == 0)
    count->from_us = arrival_us;
  else
    count->frames++;
}

void
sim_tap_count_restart(SimTapCount *count)
{
  *count = (SimTapCount){.started = count->started, .seq = count->seq, .last_us = count->last_us};
}
