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
test_wait(void)
{
  g_autoptr(McuRing) ring = mcu_ring_new(4);
  g_assert_false(mcu_ring_wait(ring, 0)); /* nothing, no time */
  g_assert_false(mcu_ring_wait(ring, 1000));
  g_assert_true(push(ring, 1));
  g_assert_true(mcu_ring_wait(ring, 0));
  g_assert_true(mcu_ring_wait(ring, -1));
  mcu_ring_advance(ring);

  /* An interruption before the wait ends it; a second wait is a wait again. */
  mcu_ring_interrupt(ring);
  g_assert_false(mcu_ring_wait(ring, -1));
  g_assert_false(mcu_ring_wait(ring, 1000));

  mcu_ring_close(ring);
  g_assert_true(mcu_ring_is_closed(ring));
  g_assert_false(mcu_ring_wait(ring, -1));
  g_assert_false(mcu_ring_wait(ring, -1));
  g_assert_false(push(ring, 2));
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

static void
test_threads(void)
{
  g_autoptr(McuRing) ring = mcu_ring_new(64);
  Producer producer = {.ring = ring};
  mcu_ring_request_keyframe(ring);
  GThread *thread = g_thread_new("produce", produce, &producer);
  for (guint i = 0; i < PACKETS; i++) {
    while (!mcu_ring_wait(ring, 10 * SECOND))
      ; /* the producer wakes at the end for certain */
    assert_packet(mcu_ring_peek(ring), i);
    mcu_ring_advance(ring);
    if (i % 1000 == 0)
      mcu_ring_request_keyframe(ring);
  }
  g_thread_join(thread);
  g_assert_null(mcu_ring_peek(ring));
  g_assert_cmpuint(producer.keyframe_requests, >=, 1);
}

static gpointer
consume_until_closed(gpointer user_data)
{
  McuRing *ring = user_data;
  guint taken = 0;
  while (!mcu_ring_is_closed(ring))
    while (mcu_ring_wait(ring, -1)) {
      assert_packet(mcu_ring_peek(ring), taken++);
      mcu_ring_advance(ring);
    }
  return GUINT_TO_POINTER(taken);
}

/* Closing and interrupting from a third side while the consumer sleeps: it always ends. */
static void
test_stop(void)
{
  for (guint round = 0; round < 100; round++) {
    g_autoptr(McuRing) ring = mcu_ring_new(16);
    GThread *thread = g_thread_new("consume", consume_until_closed, ring);
    guint pushed = 0;
    while (pushed < round % 10)
      pushed += push(ring, pushed);
    mcu_ring_wake(ring);
    mcu_ring_interrupt(ring);
    mcu_ring_close(ring);
    g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(thread)), <=, pushed);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ring/order", test_order);
  g_test_add_func("/ring/full", test_full);
  g_test_add_func("/ring/largest", test_largest);
  g_test_add_func("/ring/requests", test_requests);
  g_test_add_func("/ring/wait", test_wait);
  g_test_add_func("/ring/references", test_references);
  g_test_add_func("/ring/threads", test_threads);
  g_test_add_func("/ring/stop", test_stop);
  return g_test_run();
}
