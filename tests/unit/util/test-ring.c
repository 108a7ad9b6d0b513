#include "mcu/util/ring.h"

#include <string.h>

#define SECOND G_USEC_PER_SEC

/* A packet whose every byte says its number. */
static gboolean
push(McuRing *ring, guint number)
{
  guint8 data[MCU_RTP_MAX];
  guint16 size = (guint16)(MCU_RTP_HEADER + number % 1000);
  memset(data, (int)(number % 251), size);
  return mcu_ring_push(ring, &(McuPacket){.arrival_us = number,
                                          .timestamp = number * 960,
                                          .seq = (guint16)number,
                                          .size = size,
                                          .level = number % 128,
                                          .marker = number % 2,
                                          .discont = number % 3 == 0,
                                          .data = data});
}

static void
assert_packet(const McuPacket *packet, guint number)
{
  g_assert_nonnull(packet);
  g_assert_cmpint(packet->arrival_us, ==, number);
  g_assert_cmpuint(packet->timestamp, ==, number * 960);
  g_assert_cmpuint(packet->seq, ==, (guint16)number);
  g_assert_cmpuint(packet->size, ==, MCU_RTP_HEADER + number % 1000);
  g_assert_cmpuint(packet->level, ==, number % 128);
  g_assert_cmpuint(packet->marker, ==, number % 2);
  g_assert_cmpuint(packet->discont, ==, number % 3 == 0);
  for (guint i = 0; i < packet->size; i++)
    if (packet->data[i] != number % 251)
      g_error("packet %u, byte %u is of another packet", number, i);
}

static void
test_order(void)
{
  g_autoptr(McuRing) ring = mcu_ring_new(8);
  g_assert_null(mcu_ring_peek(ring));
  guint pushed = 0, taken = 0;
  /* Many times around, at every fill level. */
  for (guint round = 0; round < 200; round++) {
    for (guint i = 0; i <= round % 8; i++)
      if (push(ring, pushed))
        pushed++;
    g_assert_cmpuint(pushed - taken, <=, 8);
    for (guint i = 0; i < round % 5 && taken < pushed; i++) {
      assert_packet(mcu_ring_peek(ring), taken++);
      mcu_ring_advance(ring);
    }
  }
}

static void
test_full(void)
{
  g_autoptr(McuRing) ring = mcu_ring_new(4);
  for (guint i = 0; i < 4; i++)
    g_assert_true(push(ring, i));
  g_assert_false(push(ring, 4));
  assert_packet(mcu_ring_peek(ring), 0); /* untouched by the one refused */
  mcu_ring_advance(ring);
  g_assert_true(push(ring, 5));
  g_assert_false(push(ring, 6));
}

static void
test_largest(void)
{
  g_autoptr(McuRing) ring = mcu_ring_new(2);
  guint8 data[MCU_RTP_MAX];
  memset(data, 7, sizeof data);
  g_assert_true(mcu_ring_push(ring, &(McuPacket){.size = MCU_RTP_MAX, .data = data}));
  g_assert_true(mcu_ring_push(ring, &(McuPacket){.size = MCU_RTP_HEADER, .data = data}));
  g_assert_cmpmem(mcu_ring_peek(ring)->data, MCU_RTP_MAX, data, MCU_RTP_MAX);
}

static void
test_requests(void)
{
  g_autoptr(McuRing) ring = mcu_ring_new(2);
  g_assert_false(mcu_ring_take_keyframe_request(ring));
  mcu_ring_request_keyframe(ring);
  mcu_ring_request_keyframe(ring);
  g_assert_true(mcu_ring_take_keyframe_request(ring));
  g_assert_false(mcu_ring_take_keyframe_request(ring));
}

static void
test_wanted(void)
{
  g_autoptr(McuRing) ring = mcu_ring_new(4);
  g_assert_true(mcu_ring_is_wanted(ring));
  mcu_ring_set_wanted(ring, FALSE);
  g_assert_false(mcu_ring_is_wanted(ring));
  g_assert_true(push(ring, 1)); /* advice to the producer, no lock */
}

static void
test_waker(void)
{
  g_autoptr(McuRing) ring = mcu_ring_new(4);
  g_autoptr(McuWaker) first = mcu_waker_new();
  g_autoptr(McuWaker) second = mcu_waker_new();
  mcu_ring_wake(ring); /* nobody to wake */
  g_assert_true(mcu_ring_set_waker(ring, first) == first);
  g_assert_true(mcu_ring_set_waker(ring, second) == first);
  mcu_ring_wake(ring);
}

static void
test_references(void)
{
  McuRing *ring = mcu_ring_new(2);
  g_assert_true(mcu_ring_ref(ring) == ring);
  mcu_ring_unref(ring);
  g_assert_true(push(ring, 1));
  mcu_ring_unref(ring);
  mcu_ring_unref(NULL);
}

/* --- two threads -------------------------------------------------------------------------- */

enum { PACKETS = 50000 };

typedef struct {
  McuRing *ring;
  guint keyframe_requests;
} Producer;

static gpointer
produce(gpointer user_data)
{
  Producer *producer = user_data;
  for (guint i = 0; i < PACKETS;) {
    if (push(producer->ring, i))
      i++;
    else
      g_thread_yield();
    if (i % 7 == 0)
      mcu_ring_wake(producer->ring);
    producer->keyframe_requests += mcu_ring_take_keyframe_request(producer->ring);
  }
  mcu_ring_wake(producer->ring);
  return NULL;
}

static gboolean
has_packet(gpointer ring)
{
  return mcu_ring_peek(ring) != NULL;
}

static void
test_threads(void)
{
  g_autoptr(McuRing) ring = mcu_ring_new(64);
  g_autoptr(McuWaker) waker = mcu_waker_new();
  Producer producer = {.ring = ring};
  mcu_ring_set_waker(ring, waker);
  mcu_ring_request_keyframe(ring);
  GThread *thread = g_thread_new("produce", produce, &producer);
  for (guint i = 0; i < PACKETS; i++) {
    while (!has_packet(ring))
      mcu_waker_wait(waker, 10 * SECOND, has_packet, ring); /* the producer wakes at the end for certain */
    assert_packet(mcu_ring_peek(ring), i);
    mcu_ring_advance(ring);
    if (i % 1000 == 0)
      mcu_ring_request_keyframe(ring);
  }
  g_thread_join(thread);
  g_assert_null(mcu_ring_peek(ring));
  g_assert_cmpuint(producer.keyframe_requests, >=, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ring/order", test_order);
  g_test_add_func("/ring/full", test_full);
  g_test_add_func("/ring/largest", test_largest);
  g_test_add_func("/ring/requests", test_requests);
  g_test_add_func("/ring/wanted", test_wanted);
  g_test_add_func("/ring/waker", test_waker);
  g_test_add_func("/ring/references", test_references);
  g_test_add_func("/ring/threads", test_threads);
  return g_test_run();
}
