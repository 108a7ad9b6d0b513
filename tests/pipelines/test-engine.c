/* The whole engine through its contract: sites come, are seen, recorded, lost and go. Real clocks: only
 * what is shown and counted is asserted, never how fast. */
#include <glib/gstdio.h>
#include <gst/gst.h>

#include "mcu/util/error.h"
#include "media.h"
#include "pipelines/engine.h"

static const McuRendition h264_720 = {MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264};
static const McuRendition vp8_720 = {MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_VP8};
static const McuRendition opus = {MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_OPUS};

typedef struct {
  const McuMediaEngineOps *ops;
  McuMix *mix;
  McuStream *stream; /* waited for */
  guint64 head;
  McuMixStats wanted;

  gboolean done;
  char *path;
  gint64 duration_us;
  gboolean failed;

  guint wishes; /* events */
  McuMixSeat *wished;
  McuPicture wish; /* of the last one */
} Fixture;

static void
on_record_done(McuMix *mix, const char *path, gint64 duration_us, const GError *error, gpointer user_data)
{
  Fixture *f = user_data;
  g_assert_true(mix == f->mix);
  f->done = TRUE;
  f->path = g_strdup(path);
  f->duration_us = duration_us;
  f->failed = error != NULL;
}

static void
on_picture_wanted(McuMix *mix, McuMixSeat *seat, const McuPicture *picture, gpointer user_data)
{
  Fixture *f = user_data;
  McuPicture same;
  g_assert_true(mix == f->mix);
  f->wishes++;
  f->wished = seat;
  f->wish = *picture;
  f->ops->seat_wanted(seat, &same);
  g_assert_cmpmem(&same, sizeof same, picture, sizeof *picture);
}

static const McuMixEvents events = {.record_done = on_record_done, .picture_wanted = on_picture_wanted};

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  f->ops = pl_media_engine();
  g_assert_true(f->ops->init(&error));
  g_assert_no_error(error);
  McuMixConfig config = {
      .name = "họp", .fps = MCU_VIDEO_FPS, .video_kbps = 1500, .site_kbps = 700, .audio_kbps = 32, .max_heard = 8};
  f->mix = f->ops->mix_new(&config, &events, f, &error);
  g_assert_no_error(error);
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  f->ops->mix_free(f->mix);
  g_free(f->path);
}

static gboolean
has_written(gpointer data)
{
  Fixture *f = data;
  return mcu_stream_head(f->stream) >= f->head;
}

static void
wait_packets(Fixture *f, McuStream *stream, guint64 n)
{
  f->stream = stream;
  f->head = mcu_stream_head(stream) + n;
  media_wait(has_written, f);
}

static gboolean
has_composed(gpointer data)
{
  Fixture *f = data;
  McuMixStats stats;
  f->ops->get_stats(f->mix, &stats);
  return stats.frames_composed >= f->wanted.frames_composed;
}

static gboolean
is_recorded(gpointer data)
{
  return ((Fixture *)data)->done;
}

static gboolean
keyframe_wanted(gpointer data)
{
  return mcu_ring_take_keyframe_request(data);
}

static void
test_renditions(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  McuMixStats stats;
  f->ops->get_stats(f->mix, &stats);
  g_assert_cmpuint(stats.renditions, ==, 0);
  g_assert_cmpuint(stats.frames_composed, ==, 0); /* nobody looks: nothing is composed */

  McuStream *h264 = f->ops->video_acquire(f->mix, &h264_720, &error);
  g_assert_no_error(error);
  g_assert_cmpint(mcu_stream_codec(h264), ==, MCU_CODEC_H264);
  wait_packets(f, h264, 5);
  McuStream *vp8 = f->ops->video_acquire(f->mix, &vp8_720, &error);
  g_assert_no_error(error);
  wait_packets(f, vp8, 5);
  g_assert_true(f->ops->video_acquire(f->mix, &h264_720, &error) == h264);
  f->ops->get_stats(f->mix, &stats);
  g_assert_cmpuint(stats.renditions, ==, 2);
  g_assert_cmpuint(stats.frames_composed, >, 0);

  f->ops->video_release(f->mix, &vp8_720);
  f->ops->video_release(f->mix, &h264_720);
  wait_packets(f, h264, 5); /* once is still acquired */
  f->ops->video_release(f->mix, &h264_720);
  f->ops->get_stats(f->mix, &stats);
  g_assert_cmpuint(stats.renditions, ==, 0);

  g_assert_true(f->ops->video_acquire(f->mix, &h264_720, &error) == h264);
  wait_packets(f, h264, 5);
  f->ops->video_release(f->mix, &h264_720);

  g_assert_null(f->ops->video_acquire(f->mix, &opus, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_NO_COMMON_CODEC);
}

static guint
kbps_of(Fixture *f, McuRung rung)
{
  const McuRendition rendition = {MCU_VIEW_PROGRAMME, rung, MCU_CODEC_H264};
  return f->ops->video_kbps(f->mix, &rendition);
}

/* Several sizes and both views at once, each its own stream, each only while it is acquired. */
static void
test_rungs(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuRendition all[] = {
      {MCU_VIEW_PROGRAMME, MCU_RUNG_180, MCU_CODEC_H264},  {MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264},
      {MCU_VIEW_PROGRAMME, MCU_RUNG_360, MCU_CODEC_VP8},   {MCU_VIEW_PROGRAMME, MCU_RUNG_360, MCU_CODEC_H264},
      {MCU_VIEW_PROGRAMME, MCU_RUNG_1080, MCU_CODEC_H264}, {MCU_VIEW_WALL, MCU_RUNG_1080, MCU_CODEC_H264}};
  g_autoptr(GError) error = NULL;
  McuStream *streams[G_N_ELEMENTS(all)];
  McuMixStats stats;
  for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
    streams[i] = f->ops->video_acquire(f->mix, &all[i], &error);
    g_assert_no_error(error);
    for (guint j = 0; j < i; j++)
      g_assert_true(streams[i] != streams[j]);
    for (guint j = 0; j <= i; j++)
      wait_packets(f, streams[j], 3);
  }
  f->ops->get_stats(f->mix, &stats);
  g_assert_cmpuint(stats.renditions, ==, G_N_ELEMENTS(all));
  for (guint i = G_N_ELEMENTS(all); i-- > 0;) { /* the largest goes: the others go on */
    f->ops->video_release(f->mix, &all[i]);
    for (guint j = 0; j < i; j++)
      wait_packets(f, streams[j], 3);
  }
  g_assert_cmpuint(kbps_of(f, MCU_RUNG_1080), >, kbps_of(f, MCU_RUNG_720));
  g_assert_cmpuint(kbps_of(f, MCU_RUNG_720), ==, 1500);
  g_assert_cmpuint(kbps_of(f, MCU_RUNG_360), >, kbps_of(f, MCU_RUNG_180));
}

static void
show_equal(Fixture *f, McuView view, McuMixSeat *const *seats, guint n)
{
  McuPane panes[MCU_VIEW_SEATS_MAX];
  for (guint i = 0; i < n; i++)
    panes[i] = (McuPane){.seat = seats[i]};
  f->ops->view_show(f->mix, view, &(McuViewLook){.panes = panes, .n_panes = n, .equal = TRUE});
}

/* A camera is asked for what is shown of it, and for nothing when nobody sees it. */
static void
test_wishes(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  McuMixSeat *seats[5];
  for (guint i = 0; i < G_N_ELEMENTS(seats); i++)
    seats[i] = f->ops->seat_new(f->mix, "x", &error);
  show_equal(f, MCU_VIEW_PROGRAMME, seats, 1);
  g_assert_cmpuint(f->wishes, ==, 0); /* shown in a picture that nobody receives */
  f->ops->video_acquire(f->mix, &h264_720, &error);
  g_assert_cmpuint(f->wishes, ==, 1);
  g_assert_true(f->wished == seats[0]);
  g_assert_cmpuint(f->wish.height, ==, 720);
  g_assert_cmpuint(f->wish.kbps, ==, 700); /* the limit */
  g_assert_cmpuint(f->wish.fps, ==, MCU_VIDEO_FPS);

  show_equal(f, MCU_VIEW_PROGRAMME, seats, 4);
  g_assert_cmpuint(f->wishes, ==, 1 + 4);
  McuPicture wanted;
  f->ops->seat_wanted(seats[3], &wanted);
  g_assert_cmpuint(wanted.width, ==, 640);
  g_assert_cmpuint(wanted.height, ==, 360);
  f->ops->seat_set_camera(seats[3], FALSE);
  g_assert_true(f->wished == seats[3]);
  g_assert_cmpuint(f->wish.height, ==, 0);
  f->ops->seat_set_camera(seats[3], TRUE);
  g_assert_cmpuint(f->wish.height, ==, 360);

  /* Not shown yet, and ready: a small picture. */
  f->ops->seat_set_warm(seats[4], TRUE);
  f->ops->seat_wanted(seats[4], &wanted);
  g_assert_cmpuint(wanted.height, ==, 180);
  f->ops->seat_set_warm(seats[4], FALSE);
  f->ops->seat_wanted(seats[4], &wanted);
  g_assert_cmpuint(wanted.height, ==, 0);

  /* The wall is watched: who is in it alone sends the small picture. */
  const McuRendition wall = {MCU_VIEW_WALL, MCU_RUNG_1080, MCU_CODEC_H264};
  McuMixSeat *many[100];
  for (guint i = 0; i < G_N_ELEMENTS(many); i++)
    many[i] = i < 5 ? seats[i] : f->ops->seat_new(f->mix, "y", &error);
  f->wishes = 0;
  show_equal(f, MCU_VIEW_WALL, many, G_N_ELEMENTS(many));
  g_assert_cmpuint(f->wishes, ==, 0);
  f->ops->video_acquire(f->mix, &wall, &error);
  g_assert_cmpuint(f->wishes, ==, 96);
  f->ops->seat_wanted(many[50], &wanted);
  g_assert_cmpuint(wanted.height, <=, 144);
  g_assert_cmpuint(wanted.fps, <, MCU_VIDEO_FPS);
  f->ops->seat_wanted(seats[0], &wanted);
  g_assert_cmpuint(wanted.height, ==, 360);
  f->ops->video_release(f->mix, &wall);
  g_assert_cmpuint(f->wishes, ==, 2 * 96);
  f->ops->seat_wanted(many[50], &wanted);
  g_assert_cmpuint(wanted.height, ==, 0);

  for (guint i = 1; i < G_N_ELEMENTS(many); i++)
    f->ops->seat_free(many[i]);
  f->ops->seat_wanted(seats[0], &wanted);
  g_assert_cmpuint(wanted.height, ==, 720); /* alone again */
  f->ops->video_release(f->mix, &h264_720);
  f->ops->seat_wanted(seats[0], &wanted);
  g_assert_cmpuint(wanted.height, ==, 0);
  f->ops->seat_free(seats[0]);
}

static guint
lines_of(Fixture *f, McuMixSeat *seat)
{
  McuPicture wanted;
  f->ops->seat_wanted(seat, &wanted);
  return wanted.height;
}

/* A camera is asked for what its pane shows, in each view that is received: nothing for a pane under another picture.
 */
static void
test_wishes_of_panes(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  const guint16 all = MCU_PANE_UNITS, quarter = MCU_PANE_UNITS / 4;
  McuMixSeat *large = f->ops->seat_new(f->mix, "x", &error), *small = f->ops->seat_new(f->mix, "y", &error);
  McuPane panes[2] = {{.seat = large, .place = {0, 0, all, all}}, {.seat = small, .place = {0, 0, quarter, quarter}}};
  const McuViewLook look = {.panes = panes, .n_panes = 2};
  f->ops->video_acquire(f->mix, &h264_720, &error);
  f->ops->view_show(f->mix, MCU_VIEW_PROGRAMME, &look);
  g_assert_cmpuint(lines_of(f, large), ==, 720);
  g_assert_cmpuint(lines_of(f, small), ==, 180);

  panes[1].place.width = panes[1].place.height = all; /* now it hides the other */
  f->ops->view_show(f->mix, MCU_VIEW_PROGRAMME, &look);
  g_assert_cmpuint(lines_of(f, large), ==, 0);
  g_assert_cmpuint(lines_of(f, small), ==, 720);
  panes[1].seat = NULL; /* an empty pane hides nothing */
  f->ops->view_show(f->mix, MCU_VIEW_PROGRAMME, &look);
  g_assert_cmpuint(lines_of(f, large), ==, 720);
  g_assert_cmpuint(lines_of(f, small), ==, 0);

  /* The speaker's picture runs like the programme, the preview slower; neither counts while nobody receives it. */
  const McuRendition speaker = {MCU_VIEW_SPEAKER, MCU_RUNG_360, MCU_CODEC_H264};
  const McuRendition preview = {MCU_VIEW_PREVIEW, MCU_RUNG_360, MCU_CODEC_H264};
  McuMixSeat *one[] = {small};
  McuPicture wanted;
  show_equal(f, MCU_VIEW_SPEAKER, one, 1);
  show_equal(f, MCU_VIEW_PREVIEW, one, 1);
  g_assert_cmpuint(lines_of(f, small), ==, 0);
  f->ops->video_acquire(f->mix, &preview, &error);
  f->ops->seat_wanted(small, &wanted);
  g_assert_cmpuint(wanted.height, ==, 360);
  g_assert_cmpuint(wanted.fps, ==, 15);
  f->ops->video_acquire(f->mix, &speaker, &error);
  f->ops->seat_wanted(small, &wanted);
  g_assert_cmpuint(wanted.fps, ==, MCU_VIDEO_FPS);
  g_assert_no_error(error);

  f->ops->video_release(f->mix, &speaker);
  f->ops->video_release(f->mix, &preview);
  g_assert_cmpuint(lines_of(f, small), ==, 0);
  f->ops->video_release(f->mix, &h264_720);
  f->ops->seat_free(small);
  f->ops->seat_free(large);
}

/* RTP time and capture time of sound and picture stand on one clock. */
static void
test_one_clock(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  gint64 before = g_get_monotonic_time();
  McuStream *video = f->ops->video_acquire(f->mix, &h264_720, &error);
  wait_packets(f, video, 10);
  wait_packets(f, f->ops->mix_audio(f->mix), 10);
  gint64 after = g_get_monotonic_time();

  McuStream *streams[] = {video, f->ops->mix_audio(f->mix)};
  for (guint i = 0; i < G_N_ELEMENTS(streams); i++) {
    McuStreamPacket packet;
    g_assert_true(mcu_stream_read(streams[i], mcu_stream_head(streams[i]) - 1, &packet));
    g_assert_cmpint(packet.capture_us, >=, before);
    g_assert_cmpint(packet.capture_us, <=, after + MCU_AUDIO_FRAME_US);
  }
  f->ops->video_release(f->mix, &h264_720);
}

static void
test_seats(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) packets = media_rtp(MCU_CODEC_VP8, 320, 180, 10, 100);
  McuMixSeat *seats[5];
  McuRing *rings[5];
  McuMixStats stats;
  McuStream *video = f->ops->video_acquire(f->mix, &vp8_720, &error);

  for (guint i = 0; i < G_N_ELEMENTS(seats); i++) {
    seats[i] = f->ops->seat_new(f->mix, "Xã Đồng Văn", &error);
    g_assert_no_error(error);
    g_assert_nonnull(f->ops->seat_audio(seats[i]));
    rings[i] = mcu_ring_new(256);
    f->ops->seat_set_input(seats[i], NULL, rings[i], MCU_CODEC_VP8);
    g_assert_false(mcu_ring_is_wanted(rings[i])); /* nobody sees it yet */
    show_equal(f, MCU_VIEW_PROGRAMME, seats, i + 1);
    g_assert_true(mcu_ring_is_wanted(rings[i]));
    media_wait(keyframe_wanted, rings[i]);
    for (guint k = 0; k < packets->len; k++)
      media_push(rings[i], g_ptr_array_index(packets, k), FALSE);
    wait_packets(f, video, 3);
  }
  f->ops->get_stats(f->mix, &stats);
  g_assert_cmpuint(stats.seats, ==, 5);
  g_assert_cmpuint(stats.pictures, ==, 5);
  g_assert_cmpuint(stats.decode_errors, ==, 0);

  /* Everything that happens to seats, while the programme goes on. */
  f->ops->seat_set_name(seats[0], "<b>\xff</b>");
  f->ops->seat_set_lost(seats[1], TRUE);
  f->ops->seat_set_camera(seats[2], FALSE);
  f->ops->seat_set_muted(seats[3], TRUE);
  f->ops->seat_set_input(seats[4], NULL, NULL, MCU_CODEC_NONE);
  f->ops->seat_set_input(seats[3], NULL, rings[4], MCU_CODEC_H264); /* another connection, another codec */
  wait_packets(f, video, 3);
  f->ops->get_stats(f->mix, &stats);
  g_assert_cmpuint(stats.pictures, ==, 3); /* without the one whose camera is off, and the one without a ring */

  for (guint i = 0; i < G_N_ELEMENTS(seats); i++) {
    f->ops->seat_free(seats[i]);
    mcu_ring_unref(rings[i]);
    wait_packets(f, video, 3);
  }
  f->ops->get_stats(f->mix, &stats);
  g_assert_cmpuint(stats.seats, ==, 0);
  f->ops->video_release(f->mix, &vp8_720);
}

static void
test_recording(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp("engine-XXXXXX", &error);
  g_autofree char *path = g_build_filename(dir, "a.mp4", NULL);
  McuMixStats stats;

  g_assert_true(f->ops->record_start(f->mix, path, &error));
  g_assert_no_error(error);
  g_assert_false(f->ops->record_start(f->mix, path, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_RECORDING);
  f->ops->get_stats(f->mix, &stats);
  g_assert_true(stats.recording);
  g_assert_cmpuint(stats.renditions, ==, 1); /* it needs no receiver */

  f->wanted.frames_composed = 60;
  media_wait(has_composed, f);
  f->ops->record_stop(f->mix);
  f->ops->get_stats(f->mix, &stats);
  g_assert_false(stats.recording);
  media_wait(is_recorded, f);
  g_assert_false(f->failed);
  g_assert_cmpstr(f->path, ==, path);
  g_assert_cmpint(f->duration_us, >, 0);
  g_assert_cmpint(g_unlink(path), ==, 0);
  g_assert_cmpint(g_rmdir(dir), ==, 0);

  g_clear_error(&error);
  g_assert_false(f->ops->record_start(f->mix, path, &error)); /* the folder is gone */
  g_assert_error(error, MCU_ERROR, MCU_ERROR_RECORDING);
  f->ops->get_stats(f->mix, &stats);
  g_assert_cmpuint(stats.renditions, ==, 0);
}

/* The mix ends in the middle of a recording: the file is there, and the event has come. */
static void
test_freed_while_recording(void)
{
  Fixture f = {0};
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp("engine-XXXXXX", &error);
  g_autofree char *path = g_build_filename(dir, "a.mp4", NULL);
  set_up(&f, NULL);
  g_assert_true(f.ops->record_start(f.mix, path, &error));
  f.wanted.frames_composed = 30;
  media_wait(has_composed, &f);
  tear_down(&f, NULL);
  g_assert_true(f.done);
  g_assert_cmpint(f.duration_us, >, 0);
  g_assert_cmpint(g_unlink(path), ==, 0);
  g_assert_cmpint(g_rmdir(dir), ==, 0);
}

int
main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  g_test_init(&argc, &argv, NULL);
  g_test_add("/engine/renditions", Fixture, NULL, set_up, test_renditions, tear_down);
  g_test_add("/engine/rungs", Fixture, NULL, set_up, test_rungs, tear_down);
  g_test_add("/engine/wishes", Fixture, NULL, set_up, test_wishes, tear_down);
  g_test_add("/engine/wishes-of-panes", Fixture, NULL, set_up, test_wishes_of_panes, tear_down);
  g_test_add("/engine/one-clock", Fixture, NULL, set_up, test_one_clock, tear_down);
  g_test_add("/engine/seats", Fixture, NULL, set_up, test_seats, tear_down);
  g_test_add("/engine/recording", Fixture, NULL, set_up, test_recording, tear_down);
  g_test_add_func("/engine/freed-while-recording", test_freed_while_recording);
  return g_test_run();
}
