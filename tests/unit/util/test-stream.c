#include "mcu/util/stream.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void
write_packet(McuStream *stream, guint64 index, gboolean keyframe)
{
  guint8 payload[MCU_RTP_PAYLOAD_MAX];
  guint16 size = (guint16)(1 + index % MCU_RTP_PAYLOAD_MAX);
  memset(payload, (int)(index % 251), size);
  mcu_stream_write(stream, &(McuStreamPacket){.index = index,
                                              .timestamp = (guint32)index * 960,
                                              .capture_us = (gint64)index * 20000,
                                              .size = size,
                                              .level = index % 128,
                                              .marker = index % 2,
                                              .keyframe = keyframe,
                                              .payload = payload});
}

static void
assert_packet(const McuStreamPacket *packet, guint64 index)
{
  g_assert_cmpuint(packet->index, ==, index);
  g_assert_cmpuint(packet->timestamp, ==, (guint32)index * 960);
  g_assert_cmpint(packet->capture_us, ==, (gint64)index * 20000);
  g_assert_cmpuint(packet->size, ==, 1 + index % MCU_RTP_PAYLOAD_MAX);
  g_assert_cmpuint(packet->level, ==, index % 128);
  g_assert_cmpuint(packet->marker, ==, index % 2);
  for (guint i = 0; i < packet->size; i++)
    if (packet->payload[i] != index % 251)
      g_error("packet %" G_GUINT64_FORMAT ", byte %u is of another packet", index, i);
}

static void
test_history(void)
{
  g_autoptr(McuStream) stream = mcu_stream_new(MCU_MEDIA_VIDEO, MCU_CODEC_H264, 8, 0);
  g_assert_cmpint(mcu_stream_kind(stream), ==, MCU_MEDIA_VIDEO);
  g_assert_cmpint(mcu_stream_codec(stream), ==, MCU_CODEC_H264);
  McuStreamPacket packet;
  g_assert_cmpuint(mcu_stream_head(stream), ==, 0);
  g_assert_false(mcu_stream_read(stream, 0, &packet));

  for (guint64 i = 0; i < 100; i++) {
    write_packet(stream, i, FALSE);
    g_assert_cmpuint(mcu_stream_head(stream), ==, i + 1);
    /* The last eight are there, no older and no later one. */
    for (guint64 j = 0; j <= i + 10; j++) {
      gboolean there = j <= i && j + 8 > i;
      g_assert_true(mcu_stream_read(stream, j, &packet) == there);
      if (there)
        assert_packet(&packet, j);
    }
  }
}

/* Own streams of sound: only some ticks, far apart. */
static void
test_gaps(void)
{
  static const guint64 ticks[] = {3, 4, 11, 12, 1000, 1001, 1009, 50000};
  g_autoptr(McuStream) stream = mcu_stream_new(MCU_MEDIA_AUDIO, MCU_CODEC_OPUS, 8, 0);
  McuStreamPacket packet;
  for (guint i = 0; i < G_N_ELEMENTS(ticks); i++) {
    write_packet(stream, ticks[i], FALSE);
    g_assert_true(mcu_stream_read(stream, ticks[i], &packet));
    assert_packet(&packet, ticks[i]);
    g_assert_false(mcu_stream_read(stream, ticks[i] + 1, &packet));
  }
  g_assert_true(mcu_stream_read(stream, 50000, &packet));
  g_assert_false(mcu_stream_read(stream, 1000, &packet)); /* 50000 stands in its slot */
}

static void
test_still(void)
{
  g_autoptr(McuStream) stream = mcu_stream_new(MCU_MEDIA_AUDIO, MCU_CODEC_OPUS, 4, 0);
  McuStreamPacket packet;
  write_packet(stream, 0, FALSE);
  g_assert_true(mcu_stream_read(stream, 0, &packet));
  g_assert_true(mcu_stream_still(stream, 0));
  write_packet(stream, 3, FALSE);
  g_assert_true(mcu_stream_still(stream, 0));
  write_packet(stream, 4, FALSE);
  g_assert_false(mcu_stream_still(stream, 0));
}

static void
test_keyframes(void)
{
  g_autoptr(McuStream) stream = mcu_stream_new(MCU_MEDIA_VIDEO, MCU_CODEC_VP8, 8, 0);
  guint64 index = 99;
  gint64 time_us = 0;
  g_assert_false(mcu_stream_last_keyframe(stream, &index, &time_us));
  for (guint64 i = 0; i < 5; i++)
    write_packet(stream, i, i == 2);
  gint64 before = g_get_monotonic_time();
  g_assert_true(mcu_stream_last_keyframe(stream, &index, &time_us));
  g_assert_cmpuint(index, ==, 2);
  g_assert_cmpint(time_us, >, 0);
  g_assert_cmpint(time_us, <=, before);
  for (guint64 i = 5; i < 11; i++)
    write_packet(stream, i, FALSE);
  g_assert_false(mcu_stream_last_keyframe(stream, &index, &time_us)); /* overwritten */

  g_assert_false(mcu_stream_take_keyframe_request(stream));
  mcu_stream_request_keyframe(stream);
  mcu_stream_request_keyframe(stream);
  g_assert_true(mcu_stream_take_keyframe_request(stream));
  g_assert_false(mcu_stream_take_keyframe_request(stream));
}

static guint64
take_wakeups(int fd)
{
  guint64 count = 0;
  return read(fd, &count, sizeof count) == sizeof count ? count : 0;
}

static void
test_subscribers(void)
{
  g_autoptr(McuStream) stream = mcu_stream_new(MCU_MEDIA_VIDEO, MCU_CODEC_VP8, 8, 0);
  int first = eventfd(0, EFD_NONBLOCK), last = eventfd(0, EFD_NONBLOCK);
  mcu_stream_flush(stream); /* nobody: nothing to wake */
  mcu_stream_subscribe(stream, 0, first);
  mcu_stream_subscribe(stream, 0, first);
  mcu_stream_subscribe(stream, MCU_NET_THREADS_MAX - 1, last);
  g_assert_cmpuint(mcu_stream_subscribers(stream), ==, 3);
  mcu_stream_flush(stream);
  g_assert_cmpuint(take_wakeups(first), ==, 1); /* one per thread, not per leg */
  g_assert_cmpuint(take_wakeups(last), ==, 1);

  mcu_stream_unsubscribe(stream, MCU_NET_THREADS_MAX - 1);
  mcu_stream_unsubscribe(stream, 0);
  mcu_stream_flush(stream);
  g_assert_cmpuint(take_wakeups(first), ==, 1);
  g_assert_cmpuint(take_wakeups(last), ==, 0);
  mcu_stream_unsubscribe(stream, 0);
  mcu_stream_flush(stream);
  g_assert_cmpuint(take_wakeups(first), ==, 0);
  g_assert_cmpuint(mcu_stream_subscribers(stream), ==, 0);
  close(first);
  close(last);
}

/* --- threads ------------------------------------------------------------------------------ */

enum { PACKETS = 30000, SLOTS = 64, READERS = 2 };

typedef struct {
  McuStream *stream;
  _Atomic guint64 *progress;
} Reader;

static gpointer
follow(gpointer user_data)
{
  Reader *reader = user_data;
  for (guint64 next = 0; next < PACKETS;) {
    guint64 head = mcu_stream_head(reader->stream);
    if (next == head)
      g_thread_yield();
    for (; next < head; next++) {
      McuStreamPacket packet;
      g_assert_true(mcu_stream_read(reader->stream, next, &packet));
      assert_packet(&packet, next);
      g_assert_true(mcu_stream_still(reader->stream, next));
      atomic_store(reader->progress, next + 1);
    }
    if (next % 100 == 0)
      mcu_stream_request_keyframe(reader->stream);
  }
  return NULL;
}

/* Two readers see every packet whole and in order, as long as they stay within the history. */
static void
test_threads(void)
{
  g_autoptr(McuStream) stream = mcu_stream_new(MCU_MEDIA_VIDEO, MCU_CODEC_H264, SLOTS, 0);
  _Atomic guint64 progress[READERS] = {0};
  Reader readers[READERS];
  GThread *threads[READERS];
  for (guint i = 0; i < READERS; i++) {
    readers[i] = (Reader){.stream = stream, .progress = &progress[i]};
    threads[i] = g_thread_new("follow", follow, &readers[i]);
  }
  for (guint64 i = 0; i < PACKETS; i++) {
    for (guint r = 0; r < READERS; r++)
      while (atomic_load(&progress[r]) + SLOTS <= i)
        g_thread_yield();
    write_packet(stream, i, mcu_stream_take_keyframe_request(stream));
  }
  for (guint i = 0; i < READERS; i++)
    g_thread_join(threads[i]);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stream/history", test_history);
  g_test_add_func("/stream/gaps", test_gaps);
  g_test_add_func("/stream/still", test_still);
  g_test_add_func("/stream/keyframes", test_keyframes);
  g_test_add_func("/stream/subscribers", test_subscribers);
  g_test_add_func("/stream/threads", test_threads);
  return g_test_run();
}
