/* The report as JSON. Main thread, once, at the end of a run. */
#include <jansson.h>
#include <stdlib.h>

#include "report-priv.h"

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
  guint n = sim_report_collect(report, offset, values);
  return json_pack("{s:o, s:o, s:o}", "p50", number_or_null(sim_percentile(values, n, 0.5)), "p95",
                   number_or_null(sim_percentile(values, n, 0.95)), "max",
                   number_or_null(sim_percentile(values, n, 1)));
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
  sim_report_delays(report, video, audio);
  double fps_min, fps_mean;
  sim_report_fps(report, &fps_min, &fps_mean);
  SimLosses losses = sim_report_losses(report);

  json_t *probes = json_array(), *errors = json_array();
  for (guint i = 0; i < report->probes->len; i++)
    json_array_append_new(probes, json_probe(report->probes->pdata[i]));
  g_autoptr(GPtrArray) faults = sim_report_faults(report);
  for (guint i = 0; i < faults->len; i++)
    json_array_append_new(errors, json_string(faults->pdata[i]));

  json_t *root =
      json_pack("{s:b, s:i, s:i, s:o, s:o, s:o, s:{s:o, s:o}, s:o, s:I, s:I, s:I, s:o, s:o, s:o}", /* */
                "ok", faults->len == 0, "sites", (int)report->sites, "joined", (int)sim_report_joined(report), "failed",
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
