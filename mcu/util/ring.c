/* Single producer, single consumer, in slots allocated once. `head` counts packets pushed, `tail`
 * packets taken; each side writes one of them. A consumer that found the ring empty sleeps on an
 * eventfd, and only then does the producer pay a system call to wake it. */
#include "mcu/util/ring.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct McuRing {
  gatomicrefcount refs;
  guint mask;
  int wake_fd;
  McuPacket *packets;
  guint8 *bytes;

  _Atomic guint head; /* written by the producer */
  _Atomic guint tail; /* written by the consumer */
  atomic_bool sleeping;
  atomic_bool closed;
  atomic_bool interrupted;
  atomic_bool keyframe_wanted;
};

McuRing *
mcu_ring_new(guint n_slots)
{
  g_assert(n_slots >= 2 && (n_slots & (n_slots - 1)) == 0);

  McuRing *ring = g_new0(McuRing, 1);
  g_atomic_ref_count_init(&ring->refs);
  ring->mask = n_slots - 1;
  ring->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (ring->wake_fd < 0)
    g_error("eventfd: %s", g_strerror(errno)); /* out of descriptors: the leg limit is set too high */
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
  close(ring->wake_fd);
  g_free(ring->packets);
  g_free(ring->bytes);
  g_free(ring);
}

gboolean
mcu_ring_push(McuRing *ring, const McuPacket *packet)
{
  guint head = atomic_load_explicit(&ring->head, memory_order_relaxed);
  guint tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
  if (head - tail > ring->mask || atomic_load_explicit(&ring->closed, memory_order_relaxed))
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

static void
signal_consumer(McuRing *ring)
{
  guint64 one = 1;
  if (write(ring->wake_fd, &one, sizeof one) < 0) {
    /* EAGAIN: the counter is full, so the consumer is woken anyway. */
  }
}

void
mcu_ring_wake(McuRing *ring)
{
  /* Sequentially consistent with the consumer's "sleeping, then look again" in mcu_ring_wait(). */
  atomic_thread_fence(memory_order_seq_cst);
  if (atomic_exchange(&ring->sleeping, FALSE))
    signal_consumer(ring);
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

gboolean
mcu_ring_wait(McuRing *ring, gint64 timeout_us)
{
  gint64 deadline = timeout_us < 0 ? G_MAXINT64 : g_get_monotonic_time() + timeout_us;

  while (mcu_ring_peek(ring) == NULL) {
    if (atomic_load(&ring->closed))
      return FALSE;
    atomic_store(&ring->sleeping, TRUE);
    atomic_thread_fence(memory_order_seq_cst);
    if (mcu_ring_peek(ring) != NULL || atomic_load(&ring->closed) || atomic_exchange(&ring->interrupted, FALSE))
      break;

    int timeout_ms = -1;
    if (timeout_us >= 0) {
      gint64 left = deadline - g_get_monotonic_time();
      if (left <= 0)
        break;
      timeout_ms = (int)MIN((left + 999) / 1000, G_MAXINT);
    }
    struct pollfd pfd = {.fd = ring->wake_fd, .events = POLLIN};
    if (poll(&pfd, 1, timeout_ms) > 0) {
      guint64 count;
      if (read(ring->wake_fd, &count, sizeof count) < 0) {
        /* EAGAIN: somebody else's wake-up, look again. */
      }
    }
  }
  atomic_store(&ring->sleeping, FALSE);
  return mcu_ring_peek(ring) != NULL;
}

void
mcu_ring_request_keyframe(McuRing *ring)
{
  atomic_store(&ring->keyframe_wanted, TRUE);
}

void
mcu_ring_interrupt(McuRing *ring)
{
  atomic_store(&ring->interrupted, TRUE);
  signal_consumer(ring);
}

void
mcu_ring_close(McuRing *ring)
{
  atomic_store(&ring->closed, TRUE);
  signal_consumer(ring);
}

gboolean
mcu_ring_is_closed(McuRing *ring)
{
  return atomic_load(&ring->closed);
}
