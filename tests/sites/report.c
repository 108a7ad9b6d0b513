/* From figures to words. Main thread, once, at the end of a run. */
#include "report.h"

#include <jansson.h>
#include <stdlib.h>

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

static guint
count_joined(const SimReport *report)
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

/* The field at `offset` of all sites where it is not negative; `out_values` is as long as the list. */
static guint
collect(const SimReport *report, gsize offset, double *out_values)
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

/* Of no values there is no percentile: null in JSON. */
static json_t *
number_or_null(double value)
{
  return value < 0 ? json_null() : json_real((double)(gint64)(value * 10 + 0.5) / 10);
}

static json_t *
json_spread(const SimReport *report, gsize offset)
{
  g_autofree double *values = g_new0(double, report->site_reports->len + 1);
  guint n = collect(report, offset, values);
  return json_pack("{s:o, s:o, s:o}", "p50", number_or_null(sim_percentile(values, n, 0.5)), "p95",
                   number_or_null(sim_percentile(values, n, 0.95)), "max",
                   number_or_null(sim_percentile(values, n, 1)));
}

static void
fps_of(const SimReport *report, double *out_min, double *out_mean)
{
  g_autofree double *values = g_new0(double, report->site_reports->len + 1);
  guint n = collect(report, G_STRUCT_OFFSET(SimSiteReport, rx_fps), values);
  *out_min = sim_percentile(values, n, 0);
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += values[i];
  *out_mean = n ? sum / n : -1;
}

static json_t *
json_delay(const SimHistogram *delay)
{
  return json_pack("{s:o, s:o, s:I}", "p50", number_or_null(sim_histogram_percentile(delay, 0.5)), "p95",
                   number_or_null(sim_histogram_percentile(delay, 0.95)), "samples", (json_int_t)delay->n);
}

static json_t *
json_probe(const SimProbeReport *probe)
{
  json_t *tiles = json_object(), *tones = json_object(), *others = json_array();
  for (guint i = 0; i < probe->seen->len; i++) {
    const SimSeenSite *seen = &g_array_index(probe->seen, SimSeenSite, i);
    char key[16];
    g_snprintf(key, sizeof key, "%u", seen->number);
    if (seen->tile_expected)
      json_object_set_new(tiles, key,
                          json_pack("{s:b, s:o, s:o}", "found", seen->tile_found, "age_ms",
                                    number_or_null(seen->age_ms), "frozen_ms", number_or_null(seen->frozen_ms)));
    if (seen->tone_expected)
      json_object_set_new(tones, key,
                          json_pack("{s:b, s:i, s:i}", "found", seen->tone_found, "heard_s", (int)seen->tone_heard,
                                    "of_s", (int)seen->tone_windows));
  }
  for (guint i = 0; i < probe->others->len; i++)
    json_array_append_new(others, json_integer(g_array_index(probe->others, guint, i)));
  return json_pack("{s:s, s:i, s:I, s:o, s:o, s:o, s:b, s:b, s:o, s:o, s:o}", "view",
                   probe->view == MCU_VIEW_WALL ? "wall" : "programme", "site", (int)probe->number, "pictures",
                   (json_int_t)probe->pictures, "tiles", tiles, "other_marks", others, "tones", tones,
                   "own_tone_checked", probe->own_tone_checked, "own_tone_found", probe->own_tone_found,
                   "silence_ms_max", number_or_null(probe->silence_ms), "video_delay_ms",
                   json_delay(&probe->video_delay), "audio_delay_ms", json_delay(&probe->audio_delay));
}

static json_t *
json_failed(const SimReport *report)
{
  json_t *failed = json_array();
  for (guint i = 0; i < report->site_reports->len; i++) {
    const SimSiteReport *site = &g_array_index(report->site_reports, SimSiteReport, i);
    if (site->failure != NULL || !site->joined)
      json_array_append_new(failed, json_pack("{s:i, s:s}", "site", (int)site->number, "reason",
                                              site->failure ? site->failure : "not joined"));
  }
  return failed;
}

typedef struct {
  double gap_ms;
  guint64 gaps, lost, video_gaps;
} Losses;

static Losses
losses_of(const SimReport *report)
{
  Losses losses = {0};
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
static void
merge_delays(const SimReport *report, SimHistogram *video, SimHistogram *audio)
{
  for (guint i = 0; i < report->probes->len; i++) {
    const SimProbeReport *probe = report->probes->pdata[i];
    if (probe->view == MCU_VIEW_PROGRAMME)
      sim_histogram_merge(video, &probe->video_delay);
    sim_histogram_merge(audio, &probe->audio_delay);
  }
}

/* NULL when nobody watches the wall. Tiles: the fewest that any of them should and did see. */
static json_t *
json_wall(const SimReport *report)
{
  g_autofree SimHistogram *age = g_new0(SimHistogram, 1);
  guint walls = 0, expected = G_MAXUINT, found = G_MAXUINT;
  for (guint i = 0; i < report->probes->len; i++) {
    const SimProbeReport *probe = report->probes->pdata[i];
    if (probe->view != MCU_VIEW_WALL)
      continue;
    guint tiles = 0, seen = 0;
    for (guint k = 0; k < probe->seen->len; k++) {
      tiles += g_array_index(probe->seen, SimSeenSite, k).tile_expected;
      seen += g_array_index(probe->seen, SimSeenSite, k).tile_found;
    }
    walls++;
    expected = MIN(expected, tiles);
    found = MIN(found, seen);
    sim_histogram_merge(age, &probe->tile_age);
  }
  if (walls == 0)
    return json_null();
  return json_pack("{s:i, s:i, s:i, s:o, s:o, s:o}", "walls", (int)walls, "tiles", (int)expected, "seen", (int)found,
                   "tile_age_ms_p50", number_or_null(sim_histogram_percentile(age, 0.5)), "tile_age_ms_p95",
                   number_or_null(sim_histogram_percentile(age, 0.95)), "tile_age_ms_max",
                   number_or_null(sim_histogram_percentile(age, 1)));
}

static json_t *
json_viewers(const SimViewersReport *viewers)
{
  if (viewers->members == 0)
    return json_null();
  return json_pack("{s:i, s:i, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:I, s:I}", "members", (int)viewers->members,
                   "joined", (int)viewers->joined, "failed", (int)viewers->failed, "watched", (int)viewers->watched,
                   "join_ms_p95", number_or_null(viewers->join_ms_p95), "first_frame_ms_max",
                   number_or_null(viewers->first_frame_ms_max), "rx_fps_min", number_or_null(viewers->rx_fps_min),
                   "rx_fps_mean", number_or_null(viewers->rx_fps_mean), "audio_gap_ms_max",
                   number_or_null(viewers->audio_gap_ms_max), "lost", (json_int_t)viewers->lost, "forged",
                   (json_int_t)viewers->forged);
}

/* From the first who began to join to the last who got a picture; < 0: somebody got none. */
static double
last_first_frame_ms(const SimReport *report)
{
  gint64 first_us = G_MAXINT64;
  double last_us = -1;
  for (guint i = 0; i < report->site_reports->len; i++) {
    const SimSiteReport *site = &g_array_index(report->site_reports, SimSiteReport, i);
    if (site->first_frame_ms < 0)
      return -1;
    first_us = MIN(first_us, site->began_us);
    last_us = MAX(last_us, (double)site->began_us + site->first_frame_ms * 1000);
  }
  return last_us < 0 ? -1 : (last_us - (double)first_us) / 1000;
}

char *
sim_report_json(const SimReport *report)
{
  g_autofree SimHistogram *video = g_new0(SimHistogram, 1), *audio = g_new0(SimHistogram, 1);
  merge_delays(report, video, audio);
  double fps_min, fps_mean;
  fps_of(report, &fps_min, &fps_mean);
  Losses losses = losses_of(report);

  json_t *probes = json_array(), *errors = json_array();
  for (guint i = 0; i < report->probes->len; i++)
    json_array_append_new(probes, json_probe(report->probes->pdata[i]));
  g_autoptr(GPtrArray) faults = sim_report_faults(report);
  for (guint i = 0; i < faults->len; i++)
    json_array_append_new(errors, json_string(faults->pdata[i]));

  json_t *root =
      json_pack("{s:b, s:i, s:i, s:o, s:o, s:o, s:{s:o, s:o}, s:o, s:I, s:I, s:I, s:o, s:o, s:o}", /* */
                "ok", faults->len == 0, "sites", (int)report->sites, "joined", (int)count_joined(report), "failed",
                json_failed(report), "join_ms", json_spread(report, G_STRUCT_OFFSET(SimSiteReport, join_ms)),
                "first_frame_ms", json_spread(report, G_STRUCT_OFFSET(SimSiteReport, first_frame_ms)), "rx_fps", "min",
                number_or_null(fps_min), "mean", number_or_null(fps_mean), "audio_gap_ms_max",
                number_or_null(losses.gap_ms), "audio_gaps_over_60ms", (json_int_t)losses.gaps, "audio_packets_lost",
                (json_int_t)losses.lost, "video_gaps", (json_int_t)losses.video_gaps, "video_delay_ms",
                json_delay(video), "audio_delay_ms", json_delay(audio), "probes", probes);
  json_object_set_new(
      root, "packets",
      json_pack("{s:I, s:I}", "received", (json_int_t)report->rx_packets, "sent", (json_int_t)report->tx_packets));
  json_object_set_new(root, "last_first_frame_ms", number_or_null(last_first_frame_ms(report)));
  json_object_set_new(root, "wall", json_wall(report));
  json_object_set_new(root, "observers", json_viewers(&report->viewers));
  json_object_set_new(root, "seconds", number_or_null(report->seconds));
  json_object_set_new(root, "generator_cores", json_real(report->generator_cores));
  json_object_set_new(root, "generator_latest_tick_ms", number_or_null(report->latest_tick_ms));
  json_object_set_new(root, "generator_ticks_skipped", json_integer((json_int_t)report->late_ticks));
  json_object_set_new(root, "errors", errors);

  char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
  json_decref(root);
  char *copy = g_strdup(text); /* jansson has an allocator of its own */
  free(text);
  return copy;
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
  merge_delays(report, video, audio);
  double fps_min, fps_mean;
  fps_of(report, &fps_min, &fps_mean);
  g_autofree double *values = g_new0(double, report->site_reports->len + 1);
  guint n = collect(report, G_STRUCT_OFFSET(SimSiteReport, first_frame_ms), values);
  Losses losses = losses_of(report);

  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "%u of %u sites joined, %.0f s\n", count_joined(report), report->sites, report->seconds);
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
