/* Renditions in virtual time: frames are given one by one with the times they would have. */
#include <gst/check/gstharness.h>

#include "media.h"
#include "pipelines/codec-elements.h"
#include "pipelines/rendition.h"

#define WIDTH 640
#define HEIGHT 360
#define FPS 25
#define FIRST_TICK 1000000 /* a machine that has run for eleven hours */

typedef struct {
  McuCodec codec;
  McuStream *stream;
  PlRendition *rendition;
  guint64 tick;
  guint64 cursor;
} Fixture;

static void
set_up(Fixture *f, gconstpointer codec)
{
  g_autoptr(GError) error = NULL;
  f->codec = (McuCodec)GPOINTER_TO_INT(codec);
  f->stream = mcu_stream_new(MCU_MEDIA_VIDEO, f->codec, PL_RENDITION_SLOTS, 0);
  PlRenditionConfig config = {
      .name = "test", .codec = f->codec, .width = WIDTH, .height = HEIGHT, .fps = FPS, .kbps = 800};
  f->rendition = pl_rendition_new(&config, f->stream, &error);
  g_assert_no_error(error);
  f->tick = FIRST_TICK;
}

static void
tear_down(Fixture *f, gconstpointer codec G_GNUC_UNUSED)
{
  pl_rendition_free(f->rendition);
  mcu_stream_unref(f->stream);
}

/* Encodes one frame and returns when its packets are there. */
static void
encode(Fixture *f)
{
  guint64 before = mcu_stream_head(f->stream);
  guint8 y = (guint8)(40 + f->tick % 160);
  PlFrame *frame = media_frame(WIDTH, HEIGHT, y, 110, 140, 0);
  GST_BUFFER_PTS(frame->buffer) = f->tick * GST_SECOND / FPS;
  GST_BUFFER_DURATION(frame->buffer) = GST_SECOND / FPS;
  pl_rendition_push(f->rendition, frame->buffer);
  pl_frame_unref(frame);
  f->tick++;

  media_wait_for_picture(f->stream, before);
}

/* Reads the packets of one frame and checks what every frame has; TRUE for a key frame. */
static gboolean
read_frame(Fixture *f, guint64 tick)
{
  McuStreamPacket packet;
  gboolean keyframe = FALSE, first = TRUE;
  do {
    g_assert_true(mcu_stream_read(f->stream, f->cursor, &packet));
    g_assert_cmpuint(packet.size, <=, MCU_RTP_PAYLOAD_MAX);
    g_assert_cmpuint(packet.size, >, 0);
    g_assert_cmpuint(packet.timestamp, ==, (guint32)(tick * 3600));
    g_assert_cmpint(packet.capture_us, ==, (gint64)tick * 40000);
    if (first)
      keyframe = packet.keyframe;
    else
      g_assert_false(packet.keyframe); /* its first packet only */
    first = FALSE;
    f->cursor++;
  } while (!packet.marker);
  return keyframe;
}

static GstHarness *
decoder_harness(McuCodec codec)
{
  GstHarness *h = gst_harness_new_parse(codec == MCU_CODEC_H264 ? "rtph264depay ! avdec_h264 max-threads=1"
                                                                : "rtpvp8depay ! vp8dec");
  gst_harness_set_src_caps(h, pl_codec_rtp_caps(codec));
  return h;
}

static void
decode_packet(GstHarness *h, const McuStreamPacket *packet)
{
  GstBuffer *buffer = gst_buffer_new_allocate(NULL, MCU_RTP_HEADER + packet->size, NULL);
  guint8 header[MCU_RTP_HEADER] = {0x80, (guint8)(96 | packet->marker << 7)};
  GST_WRITE_UINT16_BE(header + 2, (guint16)packet->index);
  GST_WRITE_UINT32_BE(header + 4, packet->timestamp);
  gst_buffer_fill(buffer, 0, header, sizeof header);
  gst_buffer_fill(buffer, sizeof header, packet->payload, packet->size);
  g_assert_cmpint(gst_harness_push(h, buffer), ==, GST_FLOW_OK);
}

/* Everything written can be decoded, one picture for one frame, and shows what was encoded. */
static void
test_decodable(Fixture *f, gconstpointer codec G_GNUC_UNUSED)
{
  GstHarness *h = decoder_harness(f->codec);
  for (guint i = 0; i < 50; i++)
    encode(f);
  McuStreamPacket packet;
  for (guint64 i = 0; i < mcu_stream_head(f->stream); i++) {
    g_assert_true(mcu_stream_read(f->stream, i, &packet));
    decode_packet(h, &packet);
  }
  g_assert_cmpuint(gst_harness_buffers_received(h), ==, 50);
  for (guint i = 0; i < 50; i++) {
    GstBuffer *picture = gst_harness_pull(h);
    guint8 y;
    gst_buffer_extract(picture, 100 * WIDTH + 100, &y, 1);
    g_assert_cmpint(ABS((int)y - (int)(40 + (FIRST_TICK + i) % 160)), <=, 12);
    gst_buffer_unref(picture);
  }
  g_autoptr(GstCaps) caps = gst_pad_get_current_caps(h->sinkpad);
  int width, height;
  gst_structure_get(gst_caps_get_structure(caps, 0), "width", G_TYPE_INT, &width, "height", G_TYPE_INT, &height, NULL);
  g_assert_cmpint(width, ==, WIDTH);
  g_assert_cmpint(height, ==, HEIGHT);
  gst_harness_teardown(h);
}

static void
test_keyframes(Fixture *f, gconstpointer codec G_GNUC_UNUSED)
{
  /* Requests before the frame of that number. Merged, and not before a second has passed. */
  const guint requests[] = {0, 3, 4, 9, 24, 40, 90, 91};
  const guint expected[] = {0, 25, 50, 90, 115};
  guint request = 0, key = 0;
  guint64 index;
  gint64 when;

  g_assert_false(mcu_stream_last_keyframe(f->stream, &index, &when));
  for (guint i = 0; i < 150; i++) {
    while (request < G_N_ELEMENTS(requests) && requests[request] == i) {
      mcu_stream_request_keyframe(f->stream);
      request++;
    }
    encode(f);
    guint64 start = f->cursor;
    gboolean keyframe = read_frame(f, FIRST_TICK + i);
    gboolean wanted = key < G_N_ELEMENTS(expected) && expected[key] == i;
    g_assert_cmpint(keyframe, ==, wanted);
    if (keyframe) {
      key++;
      g_assert_true(mcu_stream_last_keyframe(f->stream, &index, &when));
      g_assert_cmpuint(index, ==, start);
    }
  }
  g_assert_cmpuint(key, ==, G_N_ELEMENTS(expected));
}

/* A receiver that comes late starts at the key frame it asked for. */
static void
test_joining_late(Fixture *f, gconstpointer codec G_GNUC_UNUSED)
{
  for (guint i = 0; i < 60; i++)
    encode(f);
  mcu_stream_request_keyframe(f->stream);
  for (guint i = 0; i < 5; i++)
    encode(f);

  guint64 index;
  gint64 when;
  McuStreamPacket packet;
  g_assert_true(mcu_stream_last_keyframe(f->stream, &index, &when));
  GstHarness *h = decoder_harness(f->codec);
  for (; index < mcu_stream_head(f->stream); index++) {
    g_assert_true(mcu_stream_read(f->stream, index, &packet));
    decode_packet(h, &packet);
  }
  g_assert_cmpuint(gst_harness_buffers_received(h), ==, 5);
  gst_harness_teardown(h);
}

/* Released and acquired again: the same stream goes on, with a key frame. */
static void
test_restart(Fixture *f, gconstpointer codec G_GNUC_UNUSED)
{
  for (guint round = 0; round < 4; round++) {
    for (guint i = 0; i < 5; i++) {
      encode(f);
      g_assert_cmpint(read_frame(f, f->tick - 1), ==, i == 0);
    }
    g_autoptr(GError) error = NULL;
    pl_rendition_free(f->rendition);
    PlRenditionConfig config = {
        .name = "test", .codec = f->codec, .width = WIDTH, .height = HEIGHT, .fps = FPS, .kbps = 800};
    f->rendition = pl_rendition_new(&config, f->stream, &error);
    g_assert_no_error(error);
    f->tick += 10;
  }
}

typedef struct {
  guint units, keyframes;
  gint64 last_us;
} Tap;

static void
on_unit(GstBuffer *unit, gint64 capture_us, gboolean keyframe, gpointer user_data)
{
  Tap *tap = user_data;
  g_assert_cmpuint(gst_buffer_get_size(unit), >, 0);
  tap->units++;
  tap->keyframes += keyframe;
  tap->last_us = capture_us;
}

static void
test_tap(Fixture *f, gconstpointer codec G_GNUC_UNUSED)
{
  Tap tap = {0};
  pl_rendition_set_tap(f->rendition, on_unit, &tap);
  for (guint i = 0; i < 10; i++)
    encode(f);
  pl_rendition_set_tap(f->rendition, NULL, NULL);
  g_assert_cmpuint(tap.units, ==, 10);
  g_assert_cmpuint(tap.keyframes, ==, 1);
  g_assert_cmpint(tap.last_us, ==, (gint64)(FIRST_TICK + 9) * 40000);
  encode(f);
  g_assert_cmpuint(tap.units, ==, 10);
}

static void
test_pace(void)
{
  PlKeyframePace pace = {.last = GST_CLOCK_TIME_NONE};
  g_assert_true(pl_keyframe_pace(&pace, 5 * GST_SECOND, FALSE)); /* the first, unasked */
  g_assert_false(pl_keyframe_pace(&pace, 5 * GST_SECOND + 1, TRUE));
  g_assert_false(pl_keyframe_pace(&pace, 6 * GST_SECOND - 1, FALSE));
  g_assert_true(pl_keyframe_pace(&pace, 6 * GST_SECOND, FALSE)); /* the one asked for before */
  g_assert_false(pl_keyframe_pace(&pace, 9 * GST_SECOND, FALSE));
  g_assert_true(pl_keyframe_pace(&pace, 9 * GST_SECOND + 1, TRUE));
}

int
main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  g_test_init(&argc, &argv, NULL);
  const struct {
    const char *name;
    void (*test)(Fixture *, gconstpointer);
  } tests[] = {
      {"decodable", test_decodable},
      {"keyframes", test_keyframes},
      {"joining-late", test_joining_late},
      {"restart", test_restart},
      {"tap", test_tap},
  };
  const McuCodec codecs[] = {MCU_CODEC_H264, MCU_CODEC_VP8};
  for (guint c = 0; c < G_N_ELEMENTS(codecs); c++)
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
      g_autofree char *path =
          g_strdup_printf("/rendition/%s/%s", codecs[c] == MCU_CODEC_H264 ? "h264" : "vp8", tests[i].name);
      g_test_add(path, Fixture, GINT_TO_POINTER(codecs[c]), set_up, tests[i].test, tear_down);
    }
  g_test_add_func("/rendition/pace", test_pace);
  return g_test_run();
}
