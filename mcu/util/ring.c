/* Single producer, single consumer, in slots allocated once. `head` counts packets pushed, `tail`
 * packets taken; each side writes one of them. */
#include "mcu/util/ring.h"

#include <stdatomic.h>
#include <string.h>

struct McuRing {
  gatomicrefcount refs;
  guint mask;
  McuPacket *packets;
  guint8 *bytes;

  _Atomic guint head;        /* written by the producer */
  _Atomic guint tail;        /* written by the consumer */
  _Atomic(McuWaker *) waker; /* set once, then kept */
  atomic_bool wanted;
  atomic_bool keyframe_wanted;
};

McuRing *
mcu_ring_new(guint n_slots)
{
  g_assert(n_slots >= 2 && (n_slots & (n_slots - 1)) == 0);

  McuRing *ring = g_new0(McuRing, 1);
  g_atomic_ref_count_init(&ring->refs);
  ring->mask = n_slots - 1;
  atomic_init(&ring->wanted, TRUE);
  ring->packets = g_new0(McuPacket, n_slots);
  /* Untouched pages cost nothing: a site that is never decoded never fills its ring. */
  ring->bytes = g_malloc((gsize)n_slots * MCU_RTP_MAX);
  for (guint i = 0; i < n_slots; i++)
    ring->packets[i].data = ring->bytes + (gsize)i * MCU_RTP_MAX;
  return ring;
}

McuRing *
mcu_ring_ref(McuRing *ring)
{
  g_atomic_ref_count_inc(&ring->refs);
  return ring;
}

void
mcu_ring_unref(McuRing *ring)
{
  if (ring == NULL || !g_atomic_ref_count_dec(&ring->refs))
    return;
  mcu_waker_unref(atomic_load(&ring->waker));
  g_free(ring->packets);
  g_free(ring->bytes);
  g_free(ring);
}

gboolean
mcu_ring_push(McuRing *ring, const McuPacket *packet)
{
  guint head = atomic_load_explicit(&ring->head, memory_order_relaxed);
  guint tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
  if (head - tail > ring->mask)
    return FALSE;

  g_assert(packet->size >= MCU_RTP_HEADER && packet->size <= MCU_RTP_MAX);
  McuPacket *slot = &ring->packets[head & ring->mask];
  guint8 *data = slot->data;
  *slot = *packet;
  slot->data = data;
  memcpy(data, packet->data, packet->size);
  atomic_store_explicit(&ring->head, head + 1, memory_order_release);
  return TRUE;
}

void
mcu_ring_wake(McuRing *ring)
{
  McuWaker *waker = atomic_load_explicit(&ring->waker, memory_order_acquire);
  if (waker != NULL)
    mcu_waker_wake(waker);
}

gboolean
mcu_ring_is_wanted(const McuRing *ring)
{
  return atomic_load_explicit(&((McuRing *)ring)->wanted, memory_order_relaxed);
}

gboolean
mcu_ring_take_keyframe_request(McuRing *ring)
{
  return atomic_load_explicit(&ring->keyframe_wanted, memory_order_relaxed) &&
         atomic_exchange(&ring->keyframe_wanted, FALSE);
}

const McuPacket *
mcu_ring_peek(McuRing *ring)
{
  guint tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
  if (tail == atomic_load_explicit(&ring->head, memory_order_acquire))
    return NULL;
  return &ring->packets[tail & ring->mask];
}

void
mcu_ring_advance(McuRing *ring)
{
  guint tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
  g_assert(tail != atomic_load_explicit(&ring->head, memory_order_acquire));
  atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
}

void
mcu_ring_request_keyframe(McuRing *ring)
{
  atomic_store(&ring->keyframe_wanted, TRUE);
}

void
mcu_ring_set_wanted(McuRing *ring, gboolean wanted)
{
  atomic_store(&ring->wanted, wanted);
}

McuWaker *
mcu_ring_set_waker(McuRing *ring, McuWaker *waker)
{
  McuWaker *before = NULL;
  if (atomic_compare_exchange_strong(&ring->waker, &before, waker))
    return mcu_waker_ref(waker);
  return before;
}
