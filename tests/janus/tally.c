#include "tally.h"

#include "tests/sites/stats.h"

void
tally(const TallyCount *before, const TallyCount *after, guint n, double seconds, Tally *out_tally)
{
  *out_tally = (Tally){.listeners = n, .seconds = seconds};
  if (n == 0 || seconds <= 0)
    return;
  g_autofree double *rates = g_new(double, n), *fps = g_new(double, n);
  guint64 bytes = 0;
  for (guint i = 0; i < n; i++) {
    guint64 packets = after[i].packets - before[i].packets;
    rates[i] = (double)packets / seconds;
    fps[i] = (double)(after[i].frames - before[i].frames) / seconds;
    bytes += after[i].bytes - before[i].bytes;
    out_tally->packets += packets;
    out_tally->video_gaps += after[i].video_gaps - before[i].video_gaps;
    out_tally->sound_lost += after[i].sound_lost - before[i].sound_lost;
  }
  out_tally->packet_bytes = out_tally->packets > 0 ? (double)bytes / (double)out_tally->packets : 0;
  out_tally->least = sim_percentile(rates, n, 0);
  out_tally->median = sim_percentile(rates, n, 0.5);
  out_tally->most = sim_percentile(rates, n, 1);
  out_tally->fps_least = sim_percentile(fps, n, 0);
  out_tally->fps_median = sim_percentile(fps, n, 0.5);
}
