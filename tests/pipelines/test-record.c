/* Recordings, written in virtual time by a real rendition and checked by ffprobe and ffmpeg. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <math.h>
#include <opus/opus.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mcu/util/error.h"
#include "media.h"
#include "pipelines/record.h"
#include "pipelines/rendition.h"

#define WIDTH 640
#define HEIGHT 360
#define FPS 25
#define FIRST_TICK 1000000
#define FIRST_US (FIRST_TICK * G_GINT64_CONSTANT(40000))

static const char *program;

typedef struct {
  char *dir, *path, *part;
  McuStream *video, *audio;
  PlRendition *rendition;
  PlRecord *record;
  OpusEncoder *encoder;
  guint64 tick;

  gboolean done;
  char *done_path;
  gint64 duration_us;
  GError *error;
} Fixture;

static void
on_done(PlRecord *record, const char *path, gint64 duration_us, const GError *error, gpointer user_data)
{
  Fixture *f = user_data;
  g_assert_true(record == f->record || f->record == NULL);
  g_assert_false(f->done);
  f->done = TRUE;
  f->done_path = g_strdup(path);
  f->duration_us = duration_us;
  f->error = error ? g_error_copy(error) : NULL;
}

static void
start(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  f->record = pl_record_new(f->path, f->audio, FPS, on_done, f, &error);
  g_assert_no_error(error);
  pl_rendition_set_tap(f->rendition, pl_record_unit, f->record);
}

static void
set_up(Fixture *f, gconstpointer path)
{
  g_autoptr(GError) error = NULL;
  if (path == NULL)
    f->dir = g_dir_make_tmp("record-XXXXXX", &error);
  g_assert_no_error(error);
  f->path = path != NULL ? g_strdup(path) : g_build_filename(f->dir, "họp.mp4", NULL);
  f->part = g_strconcat(f->path, ".part", NULL);
  f->video = mcu_stream_new(MCU_MEDIA_VIDEO, MCU_CODEC_H264, PL_RENDITION_SLOTS, 0);
  f->audio = mcu_stream_new(MCU_MEDIA_AUDIO, MCU_CODEC_OPUS, 256, 0);
  int opus_error;
  f->encoder = opus_encoder_create(48000, 1, OPUS_APPLICATION_RESTRICTED_LOWDELAY, &opus_error);
  g_assert_cmpint(opus_error, ==, OPUS_OK);
  PlRenditionConfig config = {
      .name = "test", .codec = MCU_CODEC_H264, .width = WIDTH, .height = HEIGHT, .fps = FPS, .kbps = 800};
  f->rendition = pl_rendition_new(&config, f->video, &error);
  g_assert_no_error(error);
  f->tick = FIRST_TICK;
}

static void
tear_down(Fixture *f, gconstpointer path G_GNUC_UNUSED)
{
  pl_rendition_free(f->rendition);
  pl_record_free(f->record);
  mcu_stream_unref(f->video);
  mcu_stream_unref(f->audio);
  opus_encoder_destroy(f->encoder);
  g_unlink(f->path);
  g_unlink(f->part);
  if (f->dir != NULL)
    g_assert_cmpint(g_rmdir(f->dir), ==, 0); /* nothing else was left there */
  g_free(f->dir);
  g_free(f->path);
  g_free(f->part);
  g_free(f->done_path);
  g_clear_error(&f->error);
}

static void
write_sound(Fixture *f, gint64 until_us, gboolean tone)
{
  for (;;) {
    guint64 index = mcu_stream_head(f->audio);
    gint64 capture_us = FIRST_US - 200000 + (gint64)index * 20000;
    if (capture_us >= until_us)
      break;
    gint16 samples[960];
    guint8 payload[400];
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) /* 1 kHz, or nothing */
      samples[i] = tone ? (gint16)(20000 * sin(2 * G_PI * i / 48)) : 0;
    int size = opus_encode(f->encoder, samples, G_N_ELEMENTS(samples), payload, sizeof payload);
    g_assert_cmpint(size, >, 0);
    McuStreamPacket packet = {.index = index,
                              .timestamp = (guint32)index * 960,
                              .capture_us = capture_us,
                              .size = (guint16)size,
                              .payload = payload};
    mcu_stream_write(f->audio, &packet);
  }
  mcu_stream_flush(f->audio);
}

/* One tick of the programme: dark and silent, or bright with a tone. */
static void
programme(Fixture *f, gboolean bright)
{
  guint64 before = mcu_stream_head(f->video);
  PlFrame *frame = media_frame(WIDTH, HEIGHT, bright ? 220 : 40, 128, 128, 0);
  GST_BUFFER_PTS(frame->buffer) = f->tick * GST_SECOND / FPS;
  GST_BUFFER_DURATION(frame->buffer) = GST_SECOND / FPS;
  pl_rendition_push(f->rendition, frame->buffer);
  pl_frame_unref(frame);
  f->tick++;
  write_sound(f, (gint64)f->tick * 40000, bright);
  media_wait_for_picture(f->video, before);
}

static gboolean
is_done(gpointer data)
{
  return ((Fixture *)data)->done;
}

static void
stop(Fixture *f)
{
  pl_rendition_set_tap(f->rendition, NULL, NULL);
  pl_record_stop(f->record);
  media_wait(is_done, f);
}

static char *
run(const char *const *argv, gsize *out_size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error(error);
  g_autoptr(GBytes) out = NULL;
  g_subprocess_communicate(process, NULL, NULL, &out, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(g_subprocess_get_successful(process));
  gsize size;
  const char *data = g_bytes_get_data(out, &size);
  if (out_size != NULL)
    *out_size = size;
  char *copy = g_malloc(size + 1);
  if (size > 0)
    memcpy(copy, data, size);
  copy[size] = '\0';
  return copy;
}

typedef struct {
  char codec[16];
  double start, duration;
  guint frames;
} Probed;

/* What ffprobe counts by decoding the whole file; -v error: nothing to complain of either. */
static void
probe(const char *path, const char *stream, Probed *out)
{
  const char *argv[] = {"ffprobe",
                        "-v",
                        "error",
                        "-count_frames",
                        "-select_streams",
                        stream,
                        "-show_entries",
                        "stream=codec_name,start_time,duration,nb_read_frames",
                        "-of",
                        "default=nw=1",
                        path,
                        NULL};
  g_autofree char *text = run(argv, NULL);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  *out = (Probed){0};
  for (guint i = 0; lines[i] != NULL; i++) {
    if (g_str_has_prefix(lines[i], "codec_name="))
      g_strlcpy(out->codec, lines[i] + 11, sizeof out->codec);
    else if (g_str_has_prefix(lines[i], "start_time="))
      out->start = g_ascii_strtod(lines[i] + 11, NULL);
    else if (g_str_has_prefix(lines[i], "duration="))
      out->duration = g_ascii_strtod(lines[i] + 9, NULL);
    else if (g_str_has_prefix(lines[i], "nb_read_frames="))
      out->frames = (guint)g_ascii_strtoull(lines[i] + 15, NULL, 10);
  }
}

static void
assert_near(double value, double expected, double tolerance)
{
  g_assert_cmpfloat(fabs(value - expected), <=, tolerance);
}

static guint64
read_be(const char *data, guint n)
{
  guint64 value = 0;
  for (guint i = 0; i < n; i++)
    value = value << 8 | (guint8)data[i];
  return value;
}

static guint
count_boxes(const char *path, const char *type)
{
  g_autofree char *data = NULL;
  gsize size;
  guint n = 0;
  if (!g_file_get_contents(path, &data, &size, NULL))
    return 0;
  for (gsize at = 0; at + 8 <= size;) {
    guint64 length = read_be(data + at, 4);
    n += memcmp(data + at + 4, type, 4) == 0;
    if (length == 1 && at + 16 <= size)
      length = read_be(data + at + 8, 8);
    if (length < 8 || length > size - at)
      break;
    at += length;
  }
  return n;
}

static void
check_file(const char *path, guint frames)
{
  Probed video, audio;
  probe(path, "v", &video);
  probe(path, "a", &audio);
  g_assert_cmpstr(video.codec, ==, "h264");
  g_assert_cmpstr(audio.codec, ==, "opus");
  g_assert_cmpuint(video.frames, ==, frames);
  assert_near(video.start, 0, 0.001);
  assert_near(audio.start, 0, 0.021);
  assert_near(audio.frames * 0.02, frames / (double)FPS, 0.05);
  assert_near(video.duration, frames / (double)FPS, 0.05);
  assert_near(audio.duration, frames / (double)FPS, 0.06);
}

static void
test_file(Fixture *f, gconstpointer path G_GNUC_UNUSED)
{
  start(f);
  for (guint i = 0; i < 160; i++)
    programme(f, FALSE);
  g_assert_true(g_file_test(f->part, G_FILE_TEST_EXISTS));
  g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
  stop(f);
  g_assert_no_error(f->error);
  g_assert_cmpstr(f->done_path, ==, f->path);
  g_assert_cmpint(f->duration_us, ==, 160 * 40000);
  check_file(f->path, 160);
  /* A plain file, with its index in front of the media: seekable while it is being fetched. */
  g_assert_cmpuint(count_boxes(f->path, "moof"), ==, 0);
  g_assert_cmpuint(count_boxes(f->path, "moov"), ==, 1);
  g_assert_false(g_file_test(f->part, G_FILE_TEST_EXISTS));
}

/* Begins in the middle of a meeting: nothing before the first key frame, sound from there too. */
static void
test_starts_at_keyframe(Fixture *f, gconstpointer path G_GNUC_UNUSED)
{
  for (guint i = 0; i < 40; i++)
    programme(f, FALSE);
  start(f);
  for (guint i = 0; i < 30; i++) {
    if (i == 10)
      mcu_stream_request_keyframe(f->video);
    programme(f, FALSE);
  }
  for (guint i = 0; i < 50; i++)
    programme(f, FALSE);
  stop(f);
  check_file(f->path, 70);
}

/* The tone begins with the bright picture, on both tracks at the same time. */
static void
test_sync(Fixture *f, gconstpointer path G_GNUC_UNUSED)
{
  start(f);
  for (guint i = 0; i < 150; i++)
    programme(f, i >= 75);
  stop(f);

  gsize size;
  const char *video_argv[] = {"ffmpeg",   "-v",   "error", "-i",       f->path, "-vf", "scale=2:2",
                              "-pix_fmt", "gray", "-f",    "rawvideo", "-",     NULL};
  g_autofree char *pictures = run(video_argv, &size);
  guint bright = 0;
  while (bright * 4 < size && (guint8)pictures[bright * 4] < 128)
    bright++;
  g_assert_cmpuint(bright, ==, 75);

  const char *audio_argv[] = {"ffmpeg", "-v",    "error", "-i",    f->path, "-ac", "1",
                              "-ar",    "48000", "-f",    "s16le", "-",     NULL};
  g_autofree char *sound = run(audio_argv, &size);
  const gint16 *samples = (const gint16 *)(gpointer)sound;
  guint loud = 0;
  while (loud * 2 < size && ABS(samples[loud]) < 3000)
    loud++;
  assert_near(loud / 48000.0, bright / (double)FPS, 0.02);
}

static void
test_stop_before_keyframe(Fixture *f, gconstpointer path G_GNUC_UNUSED)
{
  for (guint i = 0; i < 3; i++)
    programme(f, FALSE);
  start(f);
  for (guint i = 0; i < 3; i++)
    programme(f, FALSE);
  stop(f);
  g_assert_no_error(f->error);
  g_assert_null(f->done_path);
  g_assert_cmpint(f->duration_us, ==, 0);
  g_assert_false(g_file_test(f->part, G_FILE_TEST_EXISTS));
}

/* The mix goes away: the file is ended at once, in its fragmented form. */
static void
test_free_while_recording(Fixture *f, gconstpointer path G_GNUC_UNUSED)
{
  start(f);
  for (guint i = 0; i < 60; i++)
    programme(f, FALSE);
  pl_rendition_set_tap(f->rendition, NULL, NULL);
  pl_record_free(g_steal_pointer(&f->record));
  g_assert_true(f->done);
  g_assert_no_error(f->error);
  g_assert_cmpstr(f->done_path, ==, f->path);
  Probed video;
  probe(f->path, "v", &video);
  g_assert_cmpuint(video.frames, ==, 60);
}

static void
test_no_such_folder(Fixture *f, gconstpointer path G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *nowhere = g_build_filename(f->dir, "no", "such", "a.mp4", NULL);
  g_assert_null(pl_record_new(nowhere, f->audio, FPS, on_done, f, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_RECORDING);
}

/* The disk is full: an error, and what was written until then plays. The programme goes on. */
static void
test_disk_full(Fixture *f, gconstpointer path G_GNUC_UNUSED)
{
  struct rlimit before, small;
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 60 * 1000;
  signal(SIGXFSZ, SIG_IGN);
  start(f);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
  for (guint i = 0; i < 1000 && !f->done; i++) {
    programme(f, i % 50 < 25);
    while (g_main_context_iteration(NULL, FALSE)) {
    }
  }
  media_wait(is_done, f);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
  g_assert_error(f->error, MCU_ERROR, MCU_ERROR_RECORDING);
  g_assert_cmpstr(f->done_path, ==, f->path);
  for (guint i = 0; i < 5; i++)
    programme(f, FALSE); /* units for a recording that is over do no harm */

  const char *argv[] = {"ffprobe",
                        "-v",
                        "fatal",
                        "-count_frames",
                        "-select_streams",
                        "v",
                        "-show_entries",
                        "stream=nb_read_frames",
                        "-of",
                        "csv=p=0",
                        f->path,
                        NULL};
  g_autofree char *text = run(argv, NULL);
  g_assert_cmpuint(g_ascii_strtoull(text, NULL, 10), >=, FPS);
}

/* ---- killed in the middle ---- */

static gboolean
has_six_fragments(gpointer data)
{
  return count_boxes(((Fixture *)data)->part, "moof") >= 6;
}

/* The process that is killed: 7 s of programme, six of which are on disk when it says so. */
G_NORETURN static void
record_and_wait(const char *path)
{
  Fixture f = {0};
  set_up(&f, path);
  start(&f);
  for (guint i = 0; i < 180; i++)
    programme(&f, FALSE);
  media_wait(has_six_fragments, &f);
  g_print("ready\n");
  for (;;)
    pause();
}

static void
test_killed(void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp("record-XXXXXX", &error);
  g_autofree char *path = g_build_filename(dir, "a.mp4", NULL);
  g_autofree char *part = g_strconcat(path, ".part", NULL);
  g_autoptr(GSubprocess) process =
      g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--record-and-wait", path, NULL);
  g_assert_no_error(error);
  g_autoptr(GDataInputStream) out = g_data_input_stream_new(g_subprocess_get_stdout_pipe(process));
  g_autofree char *line = g_data_input_stream_read_line(out, NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(line, ==, "ready");
  g_subprocess_send_signal(process, SIGKILL);
  g_assert_true(g_subprocess_wait(process, NULL, &error));

  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  Probed video, audio;
  probe(part, "v", &video);
  probe(part, "a", &audio);
  g_assert_cmpuint(video.frames, >=, 5 * FPS);
  g_assert_cmpuint(audio.frames, >=, 5 * 50);
  g_unlink(part);
  g_rmdir(dir);
}

int
main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  program = argv[0];
  if (argc == 3 && g_str_equal(argv[1], "--record-and-wait"))
    record_and_wait(argv[2]);
  g_test_init(&argc, &argv, NULL);
  const struct {
    const char *path;
    void (*test)(Fixture *, gconstpointer);
  } tests[] = {
      {"/record/file", test_file},
      {"/record/starts-at-keyframe", test_starts_at_keyframe},
      {"/record/sync", test_sync},
      {"/record/stop-before-keyframe", test_stop_before_keyframe},
      {"/record/free-while-recording", test_free_while_recording},
      {"/record/no-such-folder", test_no_such_folder},
      {"/record/disk-full", test_disk_full},
  };
  for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
    g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  g_test_add_func("/record/killed", test_killed);
  return g_test_run();
}
