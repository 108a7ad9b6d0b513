/* What a site puts into its streams when it is asked for a picture, for another, and for none. Real time, for
 * the player is a clock. */
#include <glib/gstdio.h>
#include <gst/gst.h>

#include "player.h"

#define SITE 3
#define TIMEOUT_US (10 * G_USEC_PER_SEC)

static char *cache;

typedef struct {
  GPtrArray *contents;
  SimContent *content;
  SimClip *silence;
  SimPlayer *player;
  SimSource *source;
  SimSent *sent;
  McuStream *video;
} Setup;

static void
set_up(Setup *setup)
{
  SimContentConfig config = {.cache_dir = cache, .h264 = TRUE, .first_size = 1, .seconds = 2};
  g_autoptr(GError) error = NULL;
  setup->contents = sim_content_load(&config, SITE, 1, &error);
  g_assert_no_error(error);
  setup->content = setup->contents->pdata[0];
  setup->silence = sim_content_silence(&error);
  setup->player = sim_player_new(1, 0, setup->silence);
  setup->sent = sim_sent_new(SIM_FRAME_NUMBERS);
  setup->source = sim_player_add(setup->player, 0, SITE, MCU_CODEC_H264, setup->content->sound, setup->sent);
  setup->video = sim_source_video(setup->source);
}

static void
tear_down(Setup *setup)
{
  sim_player_remove(setup->player, setup->source);
  sim_player_free(setup->player);
  sim_sent_free(setup->sent);
  sim_clip_unref(setup->silence);
  g_ptr_array_unref(setup->contents);
}

static void
show(Setup *setup, guint width, guint height, guint fps)
{
  SimFilm film;
  sim_content_choose(setup->content, MCU_CODEC_H264, &(McuPicture){width, height, fps, 0}, &film);
  sim_source_show(setup->player, setup->source, &film);
}

/* Packet `index`, when it is there. */
static McuStreamPacket
wait_packet(McuStream *stream, guint64 index)
{
  McuStreamPacket packet;
  gint64 until_us = g_get_monotonic_time() + TIMEOUT_US;
  while (!mcu_stream_read(stream, index, &packet)) {
    g_assert_cmpint(g_get_monotonic_time(), <, until_us);
    g_usleep(2000);
  }
  return packet;
}

/* The picture that begins at packet `index`: a key frame; returns the step to the next timestamp. */
static guint32
check_picture(McuStream *stream, guint64 index)
{
  McuStreamPacket first = wait_packet(stream, index), next;
  g_assert_true(first.keyframe);
  do
    next = wait_packet(stream, ++index);
  while (next.timestamp == first.timestamp);
  g_assert_false(next.keyframe);
  return next.timestamp - first.timestamp;
}

static void
test_pictures(void)
{
  Setup setup;
  set_up(&setup);
  wait_packet(sim_source_audio(setup.source), 10); /* sound goes from the beginning */
  g_assert_cmpuint(mcu_stream_head(setup.video), ==, 0);

  show(&setup, 320, 180, 25);
  g_assert_cmpuint(check_picture(setup.video, 0), ==, MCU_VIDEO_RATE / 25);

  show(&setup, 128, 72, 5);
  guint64 index = mcu_stream_head(setup.video);
  g_assert_cmpuint(check_picture(setup.video, index), ==, MCU_VIDEO_RATE / 5);
  gint64 age_us; /* the small loop has numbers of its own */
  g_assert_true(sim_sent_frame_age(setup.sent, (SIM_SIZES - 1) * SIM_LOOP_FRAMES, g_get_monotonic_time(), &age_us));

  show(&setup, 320, 180, 12); /* the lively loop, slower */
  index = mcu_stream_head(setup.video);
  g_assert_cmpuint(check_picture(setup.video, index), ==, MCU_VIDEO_RATE / 12);

  show(&setup, 0, 0, 0);
  index = mcu_stream_head(setup.video);
  guint64 sound = mcu_stream_head(sim_source_audio(setup.source));
  wait_packet(sim_source_audio(setup.source), sound + 15);
  g_assert_cmpuint(mcu_stream_head(setup.video), ==, index);
  tear_down(&setup);
}

/* The chair at the wall: silence, and never a picture. */
static void
test_silent(void)
{
  Setup setup;
  set_up(&setup);
  SimSource *silent = sim_player_add(setup.player, 0, 0, MCU_CODEC_NONE, NULL, NULL);
  g_assert_null(sim_source_video(silent));
  for (guint64 i = 0; i < 20; i++)
    g_assert_cmpuint(wait_packet(sim_source_audio(silent), i).level, ==, 127);
  sim_player_remove(setup.player, silent);
  tear_down(&setup);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  gst_init(&argc, &argv);
  cache = g_dir_make_tmp("sites-XXXXXX", NULL);
  g_test_add_func("/sites/player/pictures", test_pictures);
  g_test_add_func("/sites/player/silent", test_silent);
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
