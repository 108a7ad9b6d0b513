/* The verdict, the figures and the form of the report; what watch and listen make of made-up pictures
 * and sounds. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "listen.h"
#include "paint.h"
#include "pipelines/grid.h"
#include "report.h"
#include "tone.h"
#include "watch.h"

static void
add_site(SimReport *report, guint number, double ms, const char *failure)
{
  SimSiteReport site = {
      .number = number,
      .joined = failure == NULL,
      .failure = g_strdup(failure),
      .join_ms = failure ? -1 : ms,
      .first_frame_ms = failure ? -1 : 2 * ms,
      .rx_fps = failure ? -1 : 25,
      .audio_gap_ms = number,
  };
  g_array_append_val(report->site_reports, site);
}

static double
number_at(const json_t *root, const char *a, const char *b)
{
  return json_number_value(json_object_get(json_object_get(root, a), b));
}

static void
test_good(void)
{
  SimReport *report = sim_report_new();
  report->sites = 20;
  for (guint i = 0; i < 20; i++)
    add_site(report, i, 10 * (i + 1), NULL);
  g_autoptr(GPtrArray) faults = sim_report_faults(report);
  g_assert_cmpuint(faults->len, ==, 0);

  g_autofree char *text = sim_report_json(report);
  json_t *root = json_loads(text, 0, NULL);
  g_assert_nonnull(root);
  g_assert_true(json_is_true(json_object_get(root, "ok")));
  g_assert_cmpint(json_integer_value(json_object_get(root, "joined")), ==, 20);
  g_assert_cmpfloat(number_at(root, "join_ms", "p50"), ==, 100);
  g_assert_cmpfloat(number_at(root, "join_ms", "p95"), ==, 190);
  g_assert_cmpfloat(number_at(root, "join_ms", "max"), ==, 200);
  g_assert_cmpfloat(number_at(root, "first_frame_ms", "max"), ==, 400);
  g_assert_cmpfloat(number_at(root, "rx_fps", "mean"), ==, 25);
  g_assert_cmpfloat(json_number_value(json_object_get(root, "audio_gap_ms_max")), ==, 19);
  g_assert_true(json_is_null(json_object_get(json_object_get(root, "video_delay_ms"), "p95")));
  json_decref(root);
  sim_report_free(report);
}

static void
test_faults(void)
{
  SimReport *report = sim_report_new();
  report->sites = 3;
  add_site(report, 0, 10, NULL);
  add_site(report, 1, 10, "error full: no seat");
  add_site(report, 2, 10, NULL);
  SimProbeReport *probe = sim_report_add_probe(report, MCU_VIEW_PROGRAMME, 0);
  SimSeenSite seen[] = {
      {.number = 0, .tile_expected = TRUE, .tile_found = TRUE},
      {.number = 1},
      {.number = 2, .tile_expected = TRUE, .tone_expected = TRUE, .tone_windows = 5, .tone_heard = 1},
  };
  g_array_append_vals(probe->seen, seen, G_N_ELEMENTS(seen));
  probe->own_tone_checked = probe->own_tone_found = TRUE;
  g_ptr_array_add(report->errors, g_strdup("something"));

  g_autoptr(GPtrArray) faults = sim_report_faults(report);
  static const char *const expected[] = {
      "site 1: error full: no seat", "probe 0: no picture decoded",
      "probe 0: no tile of site 2",  "probe 0: no tone of site 2 (heard in 1 of 5 s)",
      "probe 0: hears itself",       "something",
  };
  g_assert_cmpuint(faults->len, ==, G_N_ELEMENTS(expected));
  for (guint i = 0; i < faults->len; i++)
    g_assert_cmpstr(faults->pdata[i], ==, expected[i]);

  g_autofree char *text = sim_report_json(report);
  json_t *root = json_loads(text, 0, NULL);
  g_assert_true(json_is_false(json_object_get(root, "ok")));
  g_assert_cmpint(json_integer_value(json_object_get(root, "joined")), ==, 2);
  g_assert_cmpuint(json_array_size(json_object_get(root, "failed")), ==, 1);
  json_decref(root);
  g_autofree char *summary = sim_report_summary(report);
  g_assert_nonnull(strstr(summary, "FAULT probe 0: hears itself"));
  sim_report_free(report);
}

static void
test_viewers(void)
{
  SimReport *report = sim_report_new();
  add_site(report, 0, 10, NULL);
  report->viewers = (SimViewersReport){.members = 9, .joined = 9, .rx_fps_min = 24.9, .rx_fps_mean = 25};
  g_autoptr(GPtrArray) none = sim_report_faults(report);
  g_assert_cmpuint(none->len, ==, 0);
  report->viewers.joined = 7;
  report->viewers.forged = 3;
  g_autoptr(GPtrArray) absent = sim_report_faults(report);
  g_assert_cmpuint(absent->len, ==, 2);
  g_assert_cmpstr(absent->pdata[0], ==, "2 of 9 observers did not join");
  report->viewers.failed = 2;
  report->viewers.failure = g_strdup("error full");
  g_autoptr(GPtrArray) failed = sim_report_faults(report);
  g_assert_cmpstr(failed->pdata[0], ==, "2 of 9 observers failed, one of them: error full");
  g_autofree char *text = sim_report_json(report);
  json_t *root = json_loads(text, 0, NULL);
  g_assert_cmpfloat(number_at(root, "observers", "joined"), ==, 7);
  g_assert_cmpfloat(number_at(root, "observers", "rx_fps_min"), ==, 24.9);
  json_decref(root);
  sim_report_free(report);
}

static void
test_percentiles(void)
{
  SimHistogram *histogram = g_new0(SimHistogram, 1);
  g_assert_cmpfloat(sim_histogram_percentile(histogram, 0.5), ==, -1);
  for (guint i = 1; i <= 100; i++)
    sim_histogram_add(histogram, i * 1000);
  g_assert_cmpfloat(sim_histogram_percentile(histogram, 0.5), ==, 50);
  g_assert_cmpfloat(sim_histogram_percentile(histogram, 0.95), ==, 95);
  g_assert_cmpfloat(sim_histogram_percentile(histogram, 1), ==, 100);
  sim_histogram_add(histogram, G_MAXINT64 / 2);
  sim_histogram_add(histogram, -5);
  g_assert_cmpfloat(sim_histogram_percentile(histogram, 1), ==, SIM_HISTOGRAM_MS);
  g_assert_cmpfloat(sim_histogram_percentile(histogram, 0), ==, 0);
  g_free(histogram);
}

/* A composed picture of `n` tiles, site i in tile i, at 1280x720; `without` is left black. */
static void
compose(SimPicture *canvas, guint n, guint first, guint frame, guint without)
{
  memset(canvas->y, 16, (gsize)canvas->width * canvas->height);
  for (guint i = 0; i < n; i++) {
    if (i == without)
      continue;
    PlRect rect;
    pl_grid_cell(canvas->width, canvas->height, n, i, &rect);
    g_autofree guint8 *data = g_malloc(sim_picture_size(rect.width, rect.height));
    SimPicture tile;
    sim_picture_init(&tile, rect.width, rect.height, data);
    sim_paint_scene(&tile, first + i, frame, 250);
    sim_paint_mark(&tile, first + i, frame);
    for (guint y = 0; y < rect.height; y++)
      memcpy(canvas->y + (gsize)(rect.y + y) * canvas->width + rect.x, tile.y + (gsize)y * rect.width, rect.width);
  }
}

static void
test_watch(void)
{
  enum { SITES = 7, FIRST = 40, MISSING = 3 };
  SimWorld *world = sim_world_new(FIRST, SITES);
  SimWatch *watch = sim_watch_new(world, MCU_VIEW_PROGRAMME);
  g_autofree guint8 *data = g_malloc(sim_picture_size(1280, 720));
  SimPicture canvas;
  sim_picture_init(&canvas, 1280, 720, data);
  SimLuma luma = {canvas.y, 1280, 1280, 720};
  static const McuPicture asked = {320, 180, 25, 220};
  for (guint i = 0; i < SITES; i++) {
    sim_world_set_active(world, i, 1);
    sim_world_set_asked(world, i, &asked, 1);
  }

  /* The number of seats is not told: it is found out. One tile stays away, one freezes for a while. */
  for (guint frame = 0; frame < 30; frame++) {
    gint64 sent_us = 10 * G_USEC_PER_SEC + frame * 40000;
    for (guint i = 0; i < SITES; i++)
      sim_sent_frame(sim_world_sent(world, i), frame, sent_us);
    compose(&canvas, SITES, FIRST, frame, MISSING);
    sim_watch_picture(watch, &luma, sent_us + 70000 + (frame == 29 ? 400000 : 0));
  }

  SimReport *report = sim_report_new();
  SimProbeReport *probe = sim_report_add_probe(report, MCU_VIEW_PROGRAMME, FIRST);
  sim_watch_report(watch, probe);
  g_assert_cmpuint(probe->pictures, ==, 30);
  g_assert_cmpuint(probe->seen->len, ==, SITES);
  g_assert_cmpuint(probe->others->len, ==, 0);
  for (guint i = 0; i < SITES; i++) {
    const SimSeenSite *seen = &g_array_index(probe->seen, SimSeenSite, i);
    g_assert_cmpuint(seen->number, ==, FIRST + i);
    g_assert_true(seen->tile_expected);
    g_assert_cmpint(seen->tile_found, ==, i != MISSING);
    g_assert_cmpfloat(seen->age_ms, ==, i == MISSING ? -1 : 70);
    g_assert_cmpfloat(seen->frozen_ms, ==, i == MISSING ? -1 : 440);
  }
  g_assert_cmpfloat(sim_histogram_percentile(&probe->video_delay, 0.5), ==, 70);
  g_assert_cmpfloat(sim_histogram_percentile(&probe->video_delay, 1), ==, 470);
  sim_report_free(report);
  sim_watch_free(watch);
  sim_world_free(world);
}

/* The programme shows four of nine, lively; the wall all. Ages of what the wall shows grow while it stands. */
static void
test_watch_views(void)
{
  enum { SITES = 9, SHOWN = 4, STANDS = 5 };
  static const McuPicture lively = {640, 360, 25, 600}, small = {128, 72, 5, 40};
  SimWorld *world = sim_world_new(1, SITES);
  SimWatch *programme = sim_watch_new(world, MCU_VIEW_PROGRAMME), *wall = sim_watch_new(world, MCU_VIEW_WALL);
  g_autofree guint8 *data = g_malloc(sim_picture_size(1280, 720));
  SimPicture canvas;
  sim_picture_init(&canvas, 1280, 720, data);
  SimLuma luma = {canvas.y, 1280, 1280, 720};
  sim_world_set_seats(world, SITES);
  for (guint i = 0; i < SITES; i++) {
    sim_world_set_active(world, i, 1);
    sim_world_set_asked(world, i, i < SHOWN ? &lively : &small, 1);
  }
  for (guint frame = 0; frame < 30; frame++) {
    gint64 sent_us = 10 * G_USEC_PER_SEC + frame * 40000;
    if (frame == 20) { /* what was before is not measured */
      sim_watch_restart(programme);
      sim_watch_restart(wall);
    }
    for (guint i = 0; i < SITES; i++)
      sim_sent_frame(sim_world_sent(world, i), frame, sent_us);
    compose(&canvas, SHOWN, 1, frame, G_MAXUINT);
    sim_watch_picture(programme, &luma, sent_us + 50000);
    compose(&canvas, SITES, 1, frame < 30 - STANDS ? frame : 30 - STANDS - 1, G_MAXUINT);
    sim_watch_picture(wall, &luma, sent_us + 50000);
  }
  SimReport *report = sim_report_new();
  SimProbeReport *few = sim_report_add_probe(report, MCU_VIEW_PROGRAMME, 1);
  SimProbeReport *all = sim_report_add_probe(report, MCU_VIEW_WALL, 1);
  sim_watch_report(programme, few);
  sim_watch_report(wall, all);
  for (guint i = 0; i < SITES; i++) {
    g_assert_cmpint(g_array_index(few->seen, SimSeenSite, i).tile_expected, ==, i < SHOWN);
    g_assert_cmpint(g_array_index(few->seen, SimSeenSite, i).tile_found, ==, i < SHOWN);
    g_assert_true(g_array_index(all->seen, SimSeenSite, i).tile_found);
  }
  g_assert_cmpuint(few->pictures, ==, 10);
  g_assert_cmpuint(all->tile_age.n, ==, 10 * SITES);
  g_assert_cmpfloat(sim_histogram_percentile(&all->tile_age, 0.1), ==, 50);
  g_assert_cmpfloat(sim_histogram_percentile(&all->tile_age, 1), ==, 50 + STANDS * 40);

  g_autofree char *text = sim_report_json(report);
  json_t *root = json_loads(text, 0, NULL);
  g_assert_cmpfloat(number_at(root, "wall", "tiles"), ==, SITES);
  g_assert_cmpfloat(number_at(root, "wall", "seen"), ==, SITES);
  g_assert_cmpfloat(number_at(root, "wall", "tile_age_ms_max"), ==, 250);
  g_assert_true(json_is_null(json_object_get(root, "observers")));
  json_decref(root);
  sim_report_free(report);
  sim_watch_free(programme);
  sim_watch_free(wall);
  sim_world_free(world);
}

/* Somebody else's sites are noticed, by an observer too, which knows of no site of its own. */
static void
test_watch_others(void)
{
  SimWorld *world = sim_world_new(500, 2);
  SimWatch *watch = sim_watch_new(world, MCU_VIEW_PROGRAMME);
  g_autofree guint8 *data = g_malloc(sim_picture_size(1280, 720));
  SimPicture canvas;
  sim_picture_init(&canvas, 1280, 720, data);
  SimLuma luma = {canvas.y, 1280, 1280, 720};
  for (guint frame = 0; frame < 30; frame++) {
    compose(&canvas, 5, 10, frame, G_MAXUINT);
    sim_watch_picture(watch, &luma, 1000 + frame);
  }
  SimReport *report = sim_report_new();
  SimProbeReport *probe = sim_report_add_probe(report, MCU_VIEW_PROGRAMME, 500);
  sim_watch_report(watch, probe);
  g_assert_cmpuint(probe->others->len, ==, 5);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint(g_array_index(probe->others, guint, i), ==, 10 + i);
  for (guint i = 0; i < 2; i++)
    g_assert_false(g_array_index(probe->seen, SimSeenSite, i).tile_expected);
  g_autofree char *text = sim_report_json(report);
  g_assert_nonnull(strstr(text, "other_marks"));
  sim_report_free(report);
  sim_watch_free(watch);
  sim_world_free(world);
}

/* Six sites talk; the probe (site 0) hears all but `missing`, and itself if `echo`. The sound comes 50 ms
 * after it was sent. */
static SimProbeReport *
listen_to(SimReport *report, guint missing, gboolean echo)
{
  enum { SITES = 6, SECONDS = 8, DELAY_US = 50000 };
  const gint64 start_us = 100 * G_USEC_PER_SEC;
  SimWorld *world = sim_world_new(0, SITES);
  SimListen *listen = sim_listen_new(world, 0);
  for (guint i = 0; i < SITES; i++) {
    sim_world_set_active(world, i, 1);
    sim_sent_talking(sim_world_sent(world, i), TRUE, 1);
  }
  for (guint frame = 0; frame < SECONDS * 50; frame++) {
    float samples[MCU_AUDIO_FRAME_SAMPLES] = {0};
    gint64 sent_us = start_us + (gint64)frame * MCU_AUDIO_FRAME_US;
    for (guint i = 0; i < SITES; i++) {
      float tone[MCU_AUDIO_FRAME_SAMPLES];
      sim_tone_fill(i, (guint64)frame * MCU_AUDIO_FRAME_SAMPLES, tone, MCU_AUDIO_FRAME_SAMPLES);
      guint at = frame * MCU_AUDIO_FRAME_SAMPLES % SIM_TONE_PERIOD;
      guint until = (sim_tone_onset(i) + SIM_TONE_PERIOD - at) % SIM_TONE_PERIOD;
      if (until < MCU_AUDIO_FRAME_SAMPLES)
        sim_sent_onset(sim_world_sent(world, i), sent_us + (gint64)until * G_USEC_PER_SEC / MCU_AUDIO_RATE);
      for (guint k = 0; k < MCU_AUDIO_FRAME_SAMPLES && i != missing && (i != 0 || echo); k++)
        samples[k] += tone[k];
    }
    sim_listen_frame(listen, samples, sent_us + DELAY_US);
  }
  SimProbeReport *probe = sim_report_add_probe(report, MCU_VIEW_PROGRAMME, 0);
  SimWatch *watch = sim_watch_new(world, MCU_VIEW_PROGRAMME);
  sim_watch_report(watch, probe);
  sim_listen_report(listen, probe);
  sim_watch_free(watch);
  sim_listen_free(listen);
  sim_world_free(world);
  return probe;
}

static void
test_listen(void)
{
  for (guint missing = 1; missing <= 6; missing++) {
    gboolean echo = missing % 2;
    SimReport *report = sim_report_new();
    SimProbeReport *probe = listen_to(report, missing, echo);
    g_assert_true(probe->own_tone_checked);
    g_assert_cmpint(probe->own_tone_found, ==, echo);
    for (guint i = 1; i < 6; i++) {
      const SimSeenSite *seen = &g_array_index(probe->seen, SimSeenSite, i);
      g_assert_true(seen->tone_expected);
      g_assert_cmpint(seen->tone_found, ==, i != missing);
    }
    g_assert_cmpuint(probe->audio_delay.n, >=, 20);
    double p5 = sim_histogram_percentile(&probe->audio_delay, 0.05);
    double p95 = sim_histogram_percentile(&probe->audio_delay, 0.95);
    g_assert_cmpfloat(p5, >=, 47);
    g_assert_cmpfloat(p95, <=, 53);
    g_assert_cmpfloat(probe->silence_ms, ==, 0);
    sim_report_free(report);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sites/report/good", test_good);
  g_test_add_func("/sites/report/faults", test_faults);
  g_test_add_func("/sites/report/percentiles", test_percentiles);
  g_test_add_func("/sites/report/watch", test_watch);
  g_test_add_func("/sites/report/watch-views", test_watch_views);
  g_test_add_func("/sites/report/viewers", test_viewers);
  g_test_add_func("/sites/report/watch-others", test_watch_others);
  g_test_add_func("/sites/report/listen", test_listen);
  return g_test_run();
}
