/* What is wrong, what is to be said of all sites together, and a few lines of it for people. Main thread, once, at
 * the end of a run. */
#include "report-priv.h"

static void
clear_site(gpointer data)
{
  g_free(((SimSiteReport *)data)->failure);
}

static void
probe_free(gpointer data)
{
  SimProbeReport *probe = data;
  g_array_unref(probe->seen);
  g_array_unref(probe->others);
  g_free(probe);
}

SimReport *
sim_report_new(void)
{
  SimReport *report = g_new0(SimReport, 1);
  report->site_reports = g_array_new(FALSE, TRUE, sizeof(SimSiteReport));
  g_array_set_clear_func(report->site_reports, clear_site);
  report->probes = g_ptr_array_new_with_free_func(probe_free);
  report->errors = g_ptr_array_new_with_free_func(g_free);
  return report;
}

void
sim_report_free(SimReport *report)
{
  if (report == NULL)
    return;
  g_array_unref(report->site_reports);
  g_ptr_array_unref(report->probes);
  g_ptr_array_unref(report->errors);
  g_free(report->viewers.failure);
  g_free(report);
}

SimProbeReport *
sim_report_add_probe(SimReport *report, McuView view, guint number)
{
  SimProbeReport *probe = g_new0(SimProbeReport, 1);
  probe->view = view;
  probe->number = number;
  probe->seen = g_array_new(FALSE, TRUE, sizeof(SimSeenSite));
  probe->others = g_array_new(FALSE, FALSE, sizeof(guint));
  g_ptr_array_add(report->probes, probe);
  return probe;
}

guint
sim_report_joined(const SimReport *report)
{
  guint joined = 0;
  for (guint i = 0; i < report->site_reports->len; i++)
    joined += g_array_index(report->site_reports, SimSiteReport, i).joined;
  return joined;
}

static void
add_fault(GPtrArray *faults, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_ptr_array_add(faults, g_strdup_vprintf(format, args));
  va_end(args);
}

static void
probe_faults(const SimProbeReport *probe, GPtrArray *faults)
{
  const char *who = probe->view == MCU_VIEW_WALL ? "wall" : "probe";
  if (probe->pictures == 0)
    add_fault(faults, "%s %u: no picture decoded", who, probe->number);
  for (guint i = 0; i < probe->seen->len; i++) {
    const SimSeenSite *seen = &g_array_index(probe->seen, SimSeenSite, i);
    if (seen->tile_expected && !seen->tile_found)
      add_fault(faults, "%s %u: no tile of site %u", who, probe->number, seen->number);
    if (seen->tone_expected && !seen->tone_found)
      add_fault(faults, "%s %u: no tone of site %u (heard in %u of %u s)", who, probe->number, seen->number,
                seen->tone_heard, seen->tone_windows);
  }
  if (probe->own_tone_found)
    add_fault(faults, "%s %u: hears itself", who, probe->number);
}

static void
viewers_faults(const SimViewersReport *viewers, GPtrArray *faults)
{
  if (viewers->failed > 0)
    add_fault(faults, "%u of %u observers failed, one of them: %s", viewers->failed, viewers->members,
              viewers->failure ? viewers->failure : "?");
  else if (viewers->joined < viewers->members)
    add_fault(faults, "%u of %u observers did not join", viewers->members - viewers->joined, viewers->members);
  if (viewers->forged > 0)
    add_fault(faults, "observers received %" G_GUINT64_FORMAT " packets that are not authentic", viewers->forged);
}

GPtrArray *
sim_report_faults(const SimReport *report)
{
  GPtrArray *faults = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < report->site_reports->len; i++) {
    const SimSiteReport *site = &g_array_index(report->site_reports, SimSiteReport, i);
    if (site->failure != NULL)
      add_fault(faults, "site %u: %s", site->number, site->failure);
    else if (!site->joined)
      add_fault(faults, "site %u: not joined", site->number);
  }
  for (guint i = 0; i < report->probes->len; i++)
    probe_faults(report->probes->pdata[i], faults);
  viewers_faults(&report->viewers, faults);
  for (guint i = 0; i < report->errors->len; i++)
    add_fault(faults, "%s", (const char *)report->errors->pdata[i]);
  return faults;
}

guint
sim_report_collect(const SimReport *report, gsize offset, double *out_values)
{
  guint n = 0;
  for (guint i = 0; i < report->site_reports->len; i++) {
    const SimSiteReport *site = &g_array_index(report->site_reports, SimSiteReport, i);
    double value = *(const double *)(const void *)((const char *)site + offset);
    if (value >= 0)
      out_values[n++] = value;
  }
  return n;
}

void
sim_report_fps(const SimReport *report, double *out_min, double *out_mean)
{
  g_autofree double *values = g_new0(double, report->site_reports->len + 1);
  guint n = sim_report_collect(report, G_STRUCT_OFFSET(SimSiteReport, rx_fps), values);
  *out_min = sim_percentile(values, n, 0);
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += values[i];
  *out_mean = n ? sum / n : -1;
}

SimLosses
sim_report_losses(const SimReport *report)
{
  SimLosses losses = {0};
  for (guint i = 0; i < report->site_reports->len; i++) {
    const SimSiteReport *site = &g_array_index(report->site_reports, SimSiteReport, i);
    losses.gap_ms = MAX(losses.gap_ms, site->audio_gap_ms);
    losses.gaps += site->audio_gaps;
    losses.lost += site->audio_lost;
    losses.video_gaps += site->video_gaps;
  }
  return losses;
}

/* The wall has its own, slower pace: its pictures do not count among the programme's. */
void
sim_report_delays(const SimReport *report, SimHistogram *video, SimHistogram *audio)
{
  for (guint i = 0; i < report->probes->len; i++) {
    const SimProbeReport *probe = report->probes->pdata[i];
    if (probe->view == MCU_VIEW_PROGRAMME)
      sim_histogram_merge(video, &probe->video_delay);
    sim_histogram_merge(audio, &probe->audio_delay);
  }
}

/* "first picture after 120 ms (p50), 300 ms (p95)\n", or nothing when there is nothing to say. */
static void
append_spread(GString *text, const char *what, double p50, double p95)
{
  if (p50 >= 0)
    g_string_append_printf(text, "%s %.0f ms (p50), %.0f ms (p95)\n", what, p50, p95);
}

char *
sim_report_summary(const SimReport *report)
{
  g_autofree SimHistogram *video = g_new0(SimHistogram, 1), *audio = g_new0(SimHistogram, 1);
  sim_report_delays(report, video, audio);
  double fps_min, fps_mean;
  sim_report_fps(report, &fps_min, &fps_mean);
  g_autofree double *values = g_new0(double, report->site_reports->len + 1);
  guint n = sim_report_collect(report, G_STRUCT_OFFSET(SimSiteReport, first_frame_ms), values);
  SimLosses losses = sim_report_losses(report);

  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "%u of %u sites joined, %.0f s\n", sim_report_joined(report), report->sites,
                         report->seconds);
  append_spread(text, "first picture after", sim_percentile(values, n, 0.5), sim_percentile(values, n, 0.95));
  if (fps_mean >= 0)
    g_string_append_printf(text, "received %.1f frames/s (least %.1f)\n", fps_mean, fps_min);
  g_string_append_printf(text, "longest gap in sound %.0f ms, %" G_GUINT64_FORMAT " packets lost\n", losses.gap_ms,
                         losses.lost);
  append_spread(text, "delay of picture", sim_histogram_percentile(video, 0.5), sim_histogram_percentile(video, 0.95));
  append_spread(text, "delay of sound", sim_histogram_percentile(audio, 0.5), sim_histogram_percentile(audio, 0.95));
  g_string_append_printf(text, "generator: %.2f cores, latest tick %.0f ms\n", report->generator_cores,
                         report->latest_tick_ms);
  if (report->viewers.members > 0)
    g_string_append_printf(text, "%u of %u observers joined, least %.1f frames/s\n", report->viewers.joined,
                           report->viewers.members, report->viewers.rx_fps_min);
  g_autoptr(GPtrArray) faults = sim_report_faults(report);
  for (guint i = 0; i < faults->len; i++)
    g_string_append_printf(text, "FAULT %s\n", (const char *)faults->pdata[i]);
  g_string_append(text, faults->len == 0 ? "all checks hold\n" : "");
  return g_string_free(text, FALSE);
}
