/* Decoders on real encoded pictures: what comes out, what gaps and bad input do. */
#include <gst/gst.h>
#include <string.h>

#include "media.h"
#include "pipelines/decode-pool.h"
#include "pipelines/decode.h"
#include "pipelines/feed.h"

typedef struct {
  McuRing *ring;
  PlSlot *slot;
  PlDecode *decode;
  guint64 frames_wanted;
  guint64 errors_wanted;
} Fixture;

static gboolean
asks_for_keyframe(gpointer data)
{
  return mcu_ring_take_keyframe_request(((Fixture *)data)->ring);
}

static void
set_up(Fixture *f, gconstpointer codec)
{
  g_autoptr(GError) error = NULL;
  f->ring = mcu_ring_new(512);
  f->slot = pl_slot_new();
  f->decode = pl_decode_new("test", (McuCodec)GPOINTER_TO_INT(codec), f->ring, f->slot, &error);
  g_assert_no_error(error);
}

static void
start(Fixture *f, gconstpointer codec)
{
  set_up(f, codec);
  media_wait(asks_for_keyframe, f); /* at its start; what came before is of no use */
}

static void
tear_down(Fixture *f, gconstpointer codec G_GNUC_UNUSED)
{
  pl_decode_free(f->decode);
  pl_slot_unref(f->slot);
  mcu_ring_unref(f->ring);
}

static gboolean
has_frames(gpointer data)
{
  Fixture *f = data;
  PlDecodeStats stats;
  pl_decode_get_stats(f->decode, &stats);
  return stats.frames >= f->frames_wanted;
}

static gboolean
has_errors(gpointer data)
{
  Fixture *f = data;
  PlDecodeStats stats;
  pl_decode_get_stats(f->decode, &stats);
  return stats.errors >= f->errors_wanted;
}

static gboolean
is_read(gpointer data)
{
  return mcu_ring_peek(((Fixture *)data)->ring) == NULL;
}

static void
wait_frames(Fixture *f, guint64 n)
{
  f->frames_wanted = n;
  media_wait(has_frames, f);
}

static void
push_all(Fixture *f, GPtrArray *packets, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    media_push(f->ring, g_ptr_array_index(packets, i), FALSE);
}

static void
test_frames(Fixture *f, gconstpointer codec)
{
  g_autoptr(GPtrArray) packets = media_rtp((McuCodec)GPOINTER_TO_INT(codec), 640, 360, 30, 100);
  push_all(f, packets, 0, packets->len);
  wait_frames(f, 30);

  g_autoptr(PlFrame) frame = pl_slot_take(f->slot, MCU_VIEW_PROGRAMME);
  g_assert_nonnull(frame);
  g_assert_cmpint(GST_VIDEO_INFO_WIDTH(&frame->info), ==, 640);
  g_assert_cmpint(GST_VIDEO_INFO_HEIGHT(&frame->info), ==, 360);
  g_assert_cmpint(frame->arrival_us, <=, g_get_monotonic_time());
  g_assert_null(pl_slot_take(f->slot, MCU_VIEW_PROGRAMME));
  PlDecodeStats stats;
  pl_decode_get_stats(f->decode, &stats);
  g_assert_cmpuint(stats.frames, ==, 30);
  g_assert_cmpuint(stats.errors, ==, 0);
  g_assert_cmpuint(stats.rebuilt, ==, 0);
}

static guint
first_of_frame(GPtrArray *packets, guint frame)
{
  guint i = 0;
  for (; frame > 0; i++)
    frame -= media_is_marker(g_ptr_array_index(packets, i));
  return i;
}

/* A lost packet: a key frame is asked for, nothing broken is shown until it comes. */
static void
test_gap(Fixture *f, gconstpointer codec)
{
  g_autoptr(GPtrArray) packets = media_rtp((McuCodec)GPOINTER_TO_INT(codec), 640, 360, 40, 30);
  guint tenth = first_of_frame(packets, 10), key = first_of_frame(packets, 30);
  push_all(f, packets, 0, tenth);
  wait_frames(f, 10);

  /* The leg tells that something before this packet is gone for good. */
  guint after = first_of_frame(packets, 11);
  media_push(f->ring, g_ptr_array_index(packets, after), TRUE);
  push_all(f, packets, after + 1, key);
  media_wait(asks_for_keyframe, f);
  media_wait(is_read, f);
  push_all(f, packets, key, packets->len);
  wait_frames(f, 20);

  PlDecodeStats stats;
  pl_decode_get_stats(f->decode, &stats);
  g_assert_cmpuint(stats.frames, ==, 20);
  g_assert_cmpuint(stats.rebuilt, ==, 0);
}

/* Payloads of random bytes, whole streams with bits flipped: it goes on, and a good stream after it is
 * decoded. */
static void
test_garbage(Fixture *f, gconstpointer codec)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  g_autoptr(GPtrArray) good = media_rtp((McuCodec)GPOINTER_TO_INT(codec), 320, 180, 20, 5);

  for (guint i = 0; i < 3000; i++) {
    guint8 data[MCU_RTP_MAX];
    gsize size = (gsize)g_rand_int_range(rand, MCU_RTP_HEADER, i % 2 ? 64 : MCU_RTP_MAX + 1);
    for (gsize k = 0; k < size; k++)
      data[k] = (guint8)g_rand_int(rand);
    data[0] = 0x80;
    data[1] = (guint8)(96 | (i % 4 == 0 ? 0x80 : 0));
    GST_WRITE_UINT16_BE(data + 2, (guint16)i);
    GST_WRITE_UINT32_BE(data + 4, i / 4 * 3600);
    GST_WRITE_UINT32_BE(data + 8, 1);
    g_autoptr(GBytes) packet = g_bytes_new(data, size);
    media_push(f->ring, packet, i % 97 == 0);
  }
  for (guint round = 0; round < 20; round++) {
    for (guint i = 0; i < good->len; i++) {
      gsize size;
      const guint8 *data = g_bytes_get_data(g_ptr_array_index(good, i), &size);
      g_autofree guint8 *bad = g_memdup2(data, size);
      for (guint k = 0; k < 3; k++)
        bad[g_rand_int_range(rand, MCU_RTP_HEADER, (gint32)size)] ^= (guint8)(1 << g_rand_int_range(rand, 0, 8));
      g_autoptr(GBytes) packet = g_bytes_new(bad, size);
      media_push(f->ring, packet, FALSE);
    }
  }
  media_wait(is_read, f);

  PlDecodeStats before;
  pl_decode_get_stats(f->decode, &before);
  f->frames_wanted = before.frames + 3; /* the last frames at the least, after its key frame */
  media_push(f->ring, g_ptr_array_index(good, 0), TRUE);
  push_all(f, good, 1, good->len);
  /* A pipeline that gave up is being built again: the site goes on sending. */
  for (guint round = 0; round < 400 && !has_frames(f); round++) {
    push_all(f, good, 0, good->len);
    g_main_context_iteration(NULL, FALSE);
  }
  media_wait(has_frames, f);
}

static void
test_too_large(Fixture *f, gconstpointer codec)
{
  g_autoptr(GPtrArray) large = media_rtp((McuCodec)GPOINTER_TO_INT(codec), 2048, 1152, 3, 1);
  g_autoptr(GPtrArray) good = media_rtp((McuCodec)GPOINTER_TO_INT(codec), 320, 180, 5, 100);
  push_all(f, large, 0, large->len);
  f->errors_wanted = 3;
  media_wait(has_errors, f);
  g_assert_null(pl_slot_take(f->slot, MCU_VIEW_PROGRAMME));

  push_all(f, good, 0, good->len);
  wait_frames(f, 5);
  g_autoptr(PlFrame) frame = pl_slot_take(f->slot, MCU_VIEW_PROGRAMME);
  g_assert_cmpint(GST_VIDEO_INFO_WIDTH(&frame->info), ==, 320);
}

/* A frame that never ends: the packets in the pipeline stay bounded and the stream goes on. */
static void
test_endless_frame(Fixture *f, gconstpointer codec)
{
  g_autoptr(GPtrArray) good = media_rtp((McuCodec)GPOINTER_TO_INT(codec), 320, 180, 5, 100);
  guint n = 3 * PL_FRAME_MAX_BYTES / 1000;
  for (guint i = 0; i < n; i++) {
    guint8 data[1000] = {0x80, 96};
    GST_WRITE_UINT16_BE(data + 2, (guint16)i);
    if (GPOINTER_TO_INT(codec) == MCU_CODEC_H264) { /* FU-A of an IDR, RFC 6184 5.8 */
      data[12] = 0x7c;
      data[13] = i == 0 ? 0x85 : 0x05;
    } else { /* first partition goes on, RFC 7741 4.2 */
      data[12] = i == 0 ? 0x10 : 0x00;
    }
    g_autoptr(GBytes) packet = g_bytes_new(data, sizeof data);
    media_push(f->ring, packet, FALSE);
    if (i % 64 == 0)
      mcu_ring_wake(f->ring);
  }
  media_push(f->ring, g_ptr_array_index(good, 0), TRUE);
  push_all(f, good, 1, good->len);
  wait_frames(f, 5);
}

/* The size changes in the middle of the stream. */
static void
test_new_size(Fixture *f, gconstpointer codec)
{
  g_autoptr(GPtrArray) small = media_rtp((McuCodec)GPOINTER_TO_INT(codec), 320, 180, 5, 100);
  g_autoptr(GPtrArray) large = media_rtp((McuCodec)GPOINTER_TO_INT(codec), 1280, 720, 5, 100);
  push_all(f, small, 0, small->len);
  wait_frames(f, 5);
  media_push(f->ring, g_ptr_array_index(large, 0), TRUE);
  push_all(f, large, 1, large->len);
  wait_frames(f, 10);
  g_autoptr(PlFrame) frame = pl_slot_take(f->slot, MCU_VIEW_PROGRAMME);
  g_assert_cmpint(GST_VIDEO_INFO_HEIGHT(&frame->info), ==, 720);
}

/* Another decoder takes over the same ring. */
static void
test_replaced(Fixture *f, gconstpointer codec)
{
  g_autoptr(GPtrArray) packets = media_rtp((McuCodec)GPOINTER_TO_INT(codec), 320, 180, 5, 100);
  push_all(f, packets, 0, packets->len);
  wait_frames(f, 5);
  for (guint i = 0; i < 5; i++) {
    g_autoptr(GError) error = NULL;
    pl_decode_free(f->decode);
    f->decode = pl_decode_new("test", (McuCodec)GPOINTER_TO_INT(codec), f->ring, f->slot, &error);
    g_assert_no_error(error);
    media_wait(asks_for_keyframe, f);
    push_all(f, packets, 0, packets->len);
    wait_frames(f, 5);
  }
}

/* What came while a decoder was made is not lost; what lay there from long ago is. */
static void
test_begins_with_what_is_fresh(Fixture *f, gconstpointer codec)
{
  g_autoptr(GPtrArray) packets = media_rtp((McuCodec)GPOINTER_TO_INT(codec), 320, 180, 5, 100);
  pl_decode_free(f->decode);
  for (guint i = 0; i < 2; i++) {
    f->decode = NULL;
    g_autoptr(McuRing) ring = mcu_ring_new(512);
    mcu_ring_unref(f->ring);
    f->ring = g_steal_pointer(&ring);
    gint64 age_us = i == 0 ? 0 : 2 * PL_FEED_FRESH_US;
    for (guint k = 0; k < packets->len; k++)
      media_push_at(f->ring, g_ptr_array_index(packets, k), FALSE, g_get_monotonic_time() - age_us);
    f->decode = pl_decode_new("test", (McuCodec)GPOINTER_TO_INT(codec), f->ring, f->slot, NULL);
    if (i == 0) {
      wait_frames(f, 5);
      pl_decode_free(f->decode);
      continue;
    }
    media_wait(asks_for_keyframe, f);
    media_wait(is_read, f);
    push_all(f, packets, 0, packets->len);
    wait_frames(f, 5);
    PlDecodeStats stats;
    pl_decode_get_stats(f->decode, &stats);
    g_assert_cmpuint(stats.frames, ==, 5);
  }
}

static guint
count_threads(void)
{
  guint n = 0;
  g_autoptr(GDir) dir = g_dir_open("/proc/self/task", 0, NULL);
  g_assert_nonnull(dir);
  while (g_dir_read_name(dir) != NULL)
    n++;
  return n;
}

/* Hundreds of sites may be seen at once: no thread for any of them, whatever the decoder would like. */
static void
test_threads(Fixture *f, gconstpointer codec)
{
  g_autoptr(GPtrArray) packets = media_rtp((McuCodec)GPOINTER_TO_INT(codec), 320, 180, 5, 100);
  Fixture more[8];
  push_all(f, packets, 0, packets->len);
  wait_frames(f, 5);
  guint before = count_threads();
  for (guint i = 0; i < G_N_ELEMENTS(more); i++) {
    start(&more[i], codec);
    push_all(&more[i], packets, 0, packets->len);
    wait_frames(&more[i], 5);
  }
  g_assert_cmpuint(count_threads(), <=, before); /* a worker of GLib may have gone */
  for (guint i = 0; i < G_N_ELEMENTS(more); i++)
    tear_down(&more[i], codec);
}

static void
test_not_a_video_codec(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(McuRing) ring = mcu_ring_new(16);
  g_autoptr(PlSlot) slot = pl_slot_new();
  g_assert_null(pl_decode_new("test", MCU_CODEC_OPUS, ring, slot, &error));
  g_assert_nonnull(error);
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
      {"frames", test_frames},       {"gap", test_gap},           {"garbage", test_garbage},
      {"too-large", test_too_large}, {"new-size", test_new_size}, {"endless-frame", test_endless_frame},
      {"replaced", test_replaced},   {"threads", test_threads},   {"fresh", test_begins_with_what_is_fresh},
  };
  const McuCodec codecs[] = {MCU_CODEC_H264, MCU_CODEC_VP8};
  for (guint c = 0; c < G_N_ELEMENTS(codecs); c++)
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
      g_autofree char *path =
          g_strdup_printf("/decode/%s/%s", codecs[c] == MCU_CODEC_H264 ? "h264" : "vp8", tests[i].name);
      g_test_add(path, Fixture, GINT_TO_POINTER(codecs[c]), start, tests[i].test, tear_down);
    }
  g_test_add_func("/decode/not-a-video-codec", test_not_a_video_codec);
  PlDecodePool *pool = pl_decode_pool_ref(); /* as a mix does: rings keep their thread from decoder to decoder */
  int status = g_test_run();
  pl_decode_pool_unref(pool);
  return status;
}
