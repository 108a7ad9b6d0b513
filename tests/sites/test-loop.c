/* From content to findings without a network: a site is encoded, its packets are given to a probe as
 * they would arrive, and the probe finds mark and tone in what it decodes. */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#include "content.h"
#include "mcu/util/ring.h"
#include "probe.h"
#include "tone.h"

#define SITE 5
#define START_US (100 * G_USEC_PER_SEC)
#define DELAY_US 80000

static char *cache;

static SimContent *
load(GPtrArray **out_contents)
{
  SimContentConfig config = {.cache_dir = cache, .h264 = TRUE, .vp8 = TRUE, .first_size = 1, .seconds = 2};
  g_autoptr(GError) error = NULL;
  *out_contents = sim_content_load(&config, SITE, 1, &error);
  g_assert_no_error(error);
  return (*out_contents)->pdata[0];
}

static void
test_content(void)
{
  g_autoptr(GPtrArray) made = NULL, cached = NULL;
  SimContent *a = load(&made), *b = load(&cached);
  for (guint codec = 0; codec < 2; codec++) {
    g_assert_null(a->video[codec][0]);
    for (guint size = 1; size < SIM_SIZES; size++) {
      SimClip *clip = a->video[codec][size];
      g_assert_nonnull(clip);
      g_assert_cmpuint(sim_clip_frames(clip), ==, 2 * sim_sizes[size].fps);
      g_assert_cmpuint(sim_clip_width(clip), ==, sim_sizes[size].width);
      /* A loop must begin with a key frame; one every second or two answers requests. */
      g_assert_cmpuint(sim_clip_keyframes(clip)[0], ==, 1);
      if (sim_clip_frames(clip) > 25)
        g_assert_nonnull(memchr(sim_clip_keyframes(clip) + 1, 1, sim_clip_frames(clip) - 1));
      g_assert_cmpuint(sim_clip_bytes(b->video[codec][size]), ==, sim_clip_bytes(clip));
    }
  }
  g_assert_cmpuint(sim_clip_frames(a->sound), ==, 50);
}

/* Which loop is sent when what is asked for. */
static void
test_choose(void)
{
  static const struct {
    McuPicture asked;
    int size; /* -1: none */
    guint fps;
  } cases[] = {
      {{0, 0, 0, 0}, -1, 0},        {{320, 180, 25, 244}, 1, 25}, {{1280, 720, 25, 0}, 1, 25},
      {{426, 240, 12, 150}, 1, 12}, {{319, 180, 25, 244}, 2, 25}, {{320, 180, 25, 219}, 2, 25},
      {{320, 180, 5, 60}, 1, 5},    {{128, 72, 5, 40}, 3, 5},     {{128, 72, 25, 400}, 3, 5},
      {{1280, 720, 25, 10}, 3, 5},  {{16, 16, 1, 1}, 3, 1},
  };
  g_autoptr(GPtrArray) contents = NULL;
  SimContent *content = load(&contents);
  for (guint codec = 0; codec < 2; codec++) {
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
      SimFilm film;
      sim_content_choose(content, codec ? MCU_CODEC_VP8 : MCU_CODEC_H264, &cases[i].asked, &film);
      g_assert_true(film.clip == (cases[i].size < 0 ? NULL : content->video[codec][cases[i].size]));
      g_assert_cmpuint(film.fps, ==, cases[i].fps);
      g_assert_cmpuint(film.number, ==, MAX(cases[i].size, 0) * SIM_LOOP_FRAMES);
    }
  }
}

static void
play_video(SimProbe *probe, const SimClip *clip, guint number, SimSent *sent)
{
  guint16 seq = 65000; /* goes over */
  for (guint frame = 0; frame < 2 * sim_clip_frames(clip); frame++) {
    guint first, count;
    sim_clip_frame(clip, frame % sim_clip_frames(clip), &first, &count);
    gint64 now_us = START_US + (gint64)frame * 40000;
    sim_sent_frame(sent, number + frame % sim_clip_frames(clip), now_us);
    for (guint i = 0; i < count; i++) {
      SimClipPacket from;
      sim_clip_packet(clip, first + i, &from);
      guint8 data[MCU_RTP_MAX] = {0x80, 0, (guint8)(seq >> 8), (guint8)seq};
      guint32 timestamp = 0xffff0000u + frame * 3600;
      for (guint k = 0; k < 4; k++)
        data[4 + k] = (guint8)(timestamp >> (24 - 8 * k));
      memcpy(data + MCU_RTP_HEADER, from.payload, from.size);
      McuPacket packet = {.arrival_us = now_us + DELAY_US,
                          .timestamp = timestamp,
                          .seq = seq++,
                          .size = (guint16)(MCU_RTP_HEADER + from.size),
                          .marker = i == count - 1,
                          .data = data};
      g_assert_true(sim_probe_video(probe, &packet));
    }
  }
}

static void
play_sound(SimProbe *probe, const SimClip *clip, SimSent *sent)
{
  guint8 data[MCU_RTP_MAX] = {0};
  for (guint frame = 0; frame < 250; frame++) {
    guint first, count;
    SimClipPacket from;
    sim_clip_frame(clip, frame % sim_clip_frames(clip), &first, &count);
    sim_clip_packet(clip, first, &from);
    memcpy(data + MCU_RTP_HEADER, from.payload, from.size);
    gint64 now_us = START_US + (gint64)frame * MCU_AUDIO_FRAME_US;
    guint at = frame * MCU_AUDIO_FRAME_SAMPLES % SIM_TONE_PERIOD;
    guint until = (sim_tone_onset(SITE) + SIM_TONE_PERIOD - at) % SIM_TONE_PERIOD;
    if (until < MCU_AUDIO_FRAME_SAMPLES)
      sim_sent_onset(sent, now_us + (gint64)until * G_USEC_PER_SEC / MCU_AUDIO_RATE);
    McuPacket packet = {.arrival_us = now_us + DELAY_US,
                        .seq = (guint16)frame,
                        .size = (guint16)(MCU_RTP_HEADER + from.size),
                        .data = data};
    if (frame != 60) /* one is lost: concealed */
      sim_probe_audio(probe, &packet);
  }
}

static void
test_probe(gconstpointer data)
{
  guint codec = GPOINTER_TO_UINT(data);
  g_autoptr(GPtrArray) contents = NULL;
  SimContent *content = load(&contents);
  SimWorld *world = sim_world_new(SITE, 1);
  sim_world_set_active(world, 0, 1);
  sim_world_set_asked(world, 0, &(McuPicture){320, 180, 25, 220}, 1);
  sim_world_set_seats(world, 1);
  sim_sent_talking(sim_world_sent(world, 0), TRUE, 1);

  g_autoptr(GError) error = NULL;
  SimProbe *probe = sim_probe_new(world, G_MAXUINT, MCU_VIEW_PROGRAMME, codec ? MCU_CODEC_VP8 : MCU_CODEC_H264, &error);
  g_assert_no_error(error);
  play_video(probe, content->video[codec][1], SIM_LOOP_FRAMES, sim_world_sent(world, 0));
  play_sound(probe, content->sound, sim_world_sent(world, 0));
  sim_probe_drain(probe);

  SimReport *report = sim_report_new();
  SimProbeReport *found = sim_report_add_probe(report, MCU_VIEW_PROGRAMME, 0);
  sim_probe_report(probe, found);
  const SimSeenSite *seen = &g_array_index(found->seen, SimSeenSite, 0);
  g_assert_cmpuint(found->pictures, ==, 100);
  g_assert_true(seen->tile_found);
  g_assert_cmpfloat(seen->frozen_ms, ==, 40);
  g_assert_true(seen->tone_found);
  g_assert_cmpuint(seen->tone_windows, >=, 4);
  g_assert_cmpfloat(found->silence_ms, ==, 0);
  /* Our own encoder's look-ahead (6.5 ms) is part of the way from capture to receipt. */
  g_assert_cmpuint(found->audio_delay.n, >=, 2);
  g_assert_cmpfloat(sim_histogram_percentile(&found->audio_delay, 0.5), >=, 78);
  g_assert_cmpfloat(sim_histogram_percentile(&found->audio_delay, 0.5), <=, 92);

  sim_report_free(report);
  sim_probe_free(probe);
  sim_world_free(world);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  gst_init(&argc, &argv);
  cache = g_dir_make_tmp("sites-XXXXXX", NULL);
  g_test_add_func("/sites/loop/content", test_content);
  g_test_add_func("/sites/loop/choose", test_choose);
  g_test_add_data_func("/sites/loop/h264", GUINT_TO_POINTER(0), test_probe);
  g_test_add_data_func("/sites/loop/vp8", GUINT_TO_POINTER(1), test_probe);
  int result = g_test_run();

  g_autoptr(GDir) dir = g_dir_open(cache, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(cache, name, NULL);
    g_unlink(path);
  }
  g_rmdir(cache);
  g_free(cache);
  return result;
}
