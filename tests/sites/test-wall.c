/* The marks of a whole province at once: small loops as sites send them, decoded, put into a wall of 209 tiles
 * in 1080 lines, encoded as the bridge encodes it, decoded, and read. */
#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <string.h>

#include "content.h"
#include "mark.h"
#include "mcu/util/ring.h"
#include "paint.h"
#include "pipelines/codec-elements.h"
#include "pipelines/grid.h"

#define SITES 6
#define TILES 209
#define WIDTH 1920
#define HEIGHT 1080
#define FPS 10
#define KBPS 2500
#define SECONDS 5
#define SMALLEST (SIM_SIZES - 1)

static char *cache;

static GstElement *
start(const char *text, GstElement **out_src, GstElement **out_sink)
{
  g_autoptr(GError) error = NULL;
  GstElement *pipeline = gst_parse_launch(text, &error);
  g_assert_no_error(error);
  *out_src = gst_bin_get_by_name(GST_BIN(pipeline), "src");
  *out_sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
  return pipeline;
}

static void
finish(GstElement *pipeline, GstElement *src, GstElement *sink)
{
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(src);
  gst_object_unref(sink);
  gst_object_unref(pipeline);
}

static void
push_clip(GstElement *src, const SimClip *clip)
{
  guint16 seq = 0;
  for (guint frame = 0; frame < sim_clip_frames(clip); frame++) {
    guint first, count;
    sim_clip_frame(clip, frame, &first, &count);
    for (guint i = 0; i < count; i++, seq++) {
      SimClipPacket packet;
      sim_clip_packet(clip, first + i, &packet);
      guint8 data[MCU_RTP_MAX] = {0x80, i == count - 1 ? 0xe0 : 0x60, (guint8)(seq >> 8), (guint8)seq};
      memcpy(data + MCU_RTP_HEADER, packet.payload, packet.size);
      data[5] = (guint8)frame; /* any timestamps that differ */
      GstBuffer *buffer = gst_buffer_new_memdup(data, MCU_RTP_HEADER + packet.size);
      GST_BUFFER_PTS(buffer) = frame * GST_SECOND / 5;
      g_assert_cmpint(gst_app_src_push_buffer(GST_APP_SRC(src), buffer), ==, GST_FLOW_OK);
    }
  }
  gst_app_src_end_of_stream(GST_APP_SRC(src));
}

/* The frames as a bridge has them: with what encoding has done to them. */
static GPtrArray *
decode_clip(const SimClip *clip)
{
  GstElement *src, *sink;
  GstElement *pipeline =
      start("appsrc name=src format=time max-bytes=0 caps=application/x-rtp,media=video,payload=96,clock-rate=90000,"
            "encoding-name=H264 ! rtph264depay ! h264parse ! avdec_h264 max-threads=1 ! videoconvert ! "
            "video/x-raw,format=I420 ! appsink name=sink sync=false",
            &src, &sink);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  push_clip(src, clip);
  GPtrArray *frames = g_ptr_array_new_with_free_func(g_free);
  gsize size = sim_picture_size(sim_sizes[SMALLEST].width, sim_sizes[SMALLEST].height);
  GstSample *sample;
  while ((sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 10 * GST_SECOND)) != NULL) {
    guint8 *frame = g_malloc(size);
    g_assert_cmpuint(gst_buffer_extract(gst_sample_get_buffer(sample), 0, frame, size), ==, size);
    g_ptr_array_add(frames, frame);
    gst_sample_unref(sample);
  }
  finish(pipeline, src, sink);
  g_assert_cmpuint(frames->len, ==, sim_clip_frames(clip));
  return frames;
}

static void
copy_plane(const guint8 *from, guint from_stride, guint8 *to, guint to_stride, guint width, guint height)
{
  for (guint y = 0; y < height; y++)
    memcpy(to + (gsize)y * to_stride, from + (gsize)y * from_stride, width);
}

/* Which frame of its loop a tile shows: not all change at once. */
static guint
frame_at(guint tile, guint tick, guint n_frames)
{
  return (tick / 2 + tile) % n_frames;
}

static GstBuffer *
compose(GPtrArray *const *films, guint tick)
{
  guint8 *data = g_malloc(sim_picture_size(WIDTH, HEIGHT));
  memset(data, 16, (gsize)WIDTH * HEIGHT);
  memset(data + (gsize)WIDTH * HEIGHT, 128, (gsize)WIDTH * HEIGHT / 2);
  SimPicture canvas;
  sim_picture_init(&canvas, WIDTH, HEIGHT, data);
  for (guint tile = 0; tile < TILES; tile++) {
    GPtrArray *film = films[tile % SITES];
    SimPicture picture;
    sim_picture_init(&picture, sim_sizes[SMALLEST].width, sim_sizes[SMALLEST].height,
                     film->pdata[frame_at(tile, tick, film->len)]);
    PlRect cell;
    pl_grid_cell(WIDTH, HEIGHT, TILES, tile, &cell);
    guint width = MIN(picture.width, cell.width), height = MIN(picture.height, cell.height);
    gsize at = (gsize)cell.y * WIDTH + cell.x, chroma = (gsize)cell.y / 2 * (WIDTH / 2) + cell.x / 2;
    copy_plane(picture.y, picture.width, canvas.y + at, WIDTH, width, height);
    copy_plane(picture.u, picture.width / 2, canvas.u + chroma, WIDTH / 2, width / 2, height / 2);
    copy_plane(picture.v, picture.width / 2, canvas.v + chroma, WIDTH / 2, width / 2, height / 2);
  }
  GstBuffer *buffer = gst_buffer_new_wrapped(data, sim_picture_size(WIDTH, HEIGHT));
  GST_BUFFER_PTS(buffer) = tick * GST_SECOND / FPS;
  GST_BUFFER_DURATION(buffer) = GST_SECOND / FPS;
  return buffer;
}

/* How many of the picture's marks are read, each as it must be. */
static guint
read_marks(const guint8 *luma, guint tick)
{
  guint found = 0;
  for (guint tile = 0; tile < TILES; tile++) {
    PlRect cell;
    pl_grid_cell(WIDTH, HEIGHT, TILES, tile, &cell);
    SimLuma at = {(guint8 *)luma + (gsize)cell.y * WIDTH + cell.x, WIDTH, cell.width, cell.height};
    SimMark mark;
    if (!sim_mark_read(&at, &mark))
      continue;
    g_assert_cmpuint(mark.site, ==, tile % SITES + 1);
    g_assert_cmpuint(mark.frame, ==, SMALLEST * SIM_LOOP_FRAMES + frame_at(tile, tick, 2 * sim_sizes[SMALLEST].fps));
    found++;
  }
  return found;
}

static void
add_encoder(GstElement *pipeline, GstElement *src, GstElement *sink)
{
  GstElement *encoder = pl_codec_make_encoder(MCU_CODEC_H264, KBPS, FPS, NULL);
  GstElement *decoder = pl_codec_make_decoder(MCU_CODEC_H264, NULL);
  GstElement *convert = gst_element_factory_make("videoconvert", NULL);
  g_autoptr(GstCaps) i420 = gst_caps_from_string("video/x-raw,format=I420");
  gst_bin_add_many(GST_BIN(pipeline), encoder, decoder, convert, NULL);
  g_assert_true(gst_element_link_many(src, encoder, decoder, convert, NULL));
  g_assert_true(gst_element_link_filtered(convert, sink, i420));
}

static void
test_wall(void)
{
  SimContentConfig config = {.cache_dir = cache, .h264 = TRUE, .first_size = SMALLEST, .seconds = 2};
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) contents = sim_content_load(&config, 1, SITES, &error);
  g_assert_no_error(error);
  GPtrArray *films[SITES];
  for (guint i = 0; i < SITES; i++)
    films[i] = decode_clip(((SimContent *)contents->pdata[i])->video[0][SMALLEST]);

  GstElement *pipeline = gst_pipeline_new(NULL);
  GstElement *src = gst_element_factory_make("appsrc", NULL), *sink = gst_element_factory_make("appsink", NULL);
  g_autofree char *text =
      g_strdup_printf("video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1", WIDTH, HEIGHT, FPS);
  g_autoptr(GstCaps) caps = gst_caps_from_string(text);
  g_object_set(src, "caps", caps, "format", GST_FORMAT_TIME, "block", TRUE, NULL);
  g_object_set(sink, "sync", FALSE, NULL);
  gst_bin_add_many(GST_BIN(pipeline), gst_object_ref(src), gst_object_ref(sink), NULL);
  add_encoder(pipeline, src, sink);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  guint expected = 0, found = 0;
  for (guint tick = 0; tick < SECONDS * FPS; tick++) {
    g_assert_cmpint(gst_app_src_push_buffer(GST_APP_SRC(src), compose(films, tick)), ==, GST_FLOW_OK);
    g_autoptr(GstSample) sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 20 * GST_SECOND);
    g_assert_nonnull(sample);
    GstMapInfo map;
    g_assert_true(gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ));
    guint marks = read_marks(map.data, tick);
    gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
    if (tick >= FPS) { /* the first picture costs the encoder a second's bits */
      expected += TILES;
      found += marks;
    }
  }
  g_test_message("%u of %u marks read", found, expected);
  g_assert_cmpuint(found, >=, expected * 99 / 100);
  finish(pipeline, src, sink);
  for (guint i = 0; i < SITES; i++)
    g_ptr_array_unref(films[i]);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  gst_init(&argc, &argv);
  cache = g_dir_make_tmp("sites-XXXXXX", NULL);
  g_test_add_func("/sites/wall/marks", test_wall);
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
