/* One writer, any number of readers, in slots that are overwritten in turn. Each slot carries the
 * index it holds, as a sequence lock: the writer marks the slot empty, fills it, then stores the
 * index; a reader looks at the index before (mcu_stream_read) and after (mcu_stream_still) use. The
 * history is seconds long, so in practice a reader meets the writer only if it slept for seconds. */
#include "mcu/util/stream.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#define EMPTY G_MAXUINT64

typedef struct {
  _Atomic guint64 index; /* EMPTY while being written */
  McuStreamPacket packet;
} Slot;

typedef struct {
  atomic_uint count;
  atomic_int eventfd;
} Subscriber;

struct McuStream {
  gatomicrefcount refs;
  McuMediaKind kind;
  McuCodec codec;
  guint mask;
  guint slot_size;
  Slot *slots;
  guint8 *bytes;

  _Atomic guint64 head;
  _Atomic guint64 keyframe; /* index, EMPTY: none yet */
  _Atomic gint64 keyframe_us;
  atomic_bool keyframe_wanted;
  Subscriber subscribers[MCU_NET_THREADS_MAX];
};

McuStream *
mcu_stream_new(McuMediaKind kind, McuCodec codec, guint n_slots, guint slot_size)
{
  g_assert(n_slots >= 2 && (n_slots & (n_slots - 1)) == 0);

  McuStream *stream = g_new0(McuStream, 1);
  g_atomic_ref_count_init(&stream->refs);
  stream->kind = kind;
  stream->codec = codec;
  stream->mask = n_slots - 1;
  stream->slot_size = slot_size ? slot_size : MCU_RTP_PAYLOAD_MAX;
  stream->slots = g_new0(Slot, n_slots);
  stream->bytes = g_malloc((gsize)n_slots * stream->slot_size);
  for (guint i = 0; i < n_slots; i++) {
    atomic_init(&stream->slots[i].index, EMPTY);
    stream->slots[i].packet.payload = stream->bytes + (gsize)i * stream->slot_size;
  }
  atomic_init(&stream->keyframe, EMPTY);
  for (guint i = 0; i < MCU_NET_THREADS_MAX; i++)
    atomic_init(&stream->subscribers[i].eventfd, -1);
  return stream;
}

McuStream *
mcu_stream_ref(McuStream *stream)
{
  g_atomic_ref_count_inc(&stream->refs);
  return stream;
}

void
mcu_stream_unref(McuStream *stream)
{
  if (stream == NULL || !g_atomic_ref_count_dec(&stream->refs))
    return;
  g_free(stream->slots);
  g_free(stream->bytes);
  g_free(stream);
}

McuMediaKind
mcu_stream_kind(const McuStream *stream)
{
  return stream->kind;
}

McuCodec
mcu_stream_codec(const McuStream *stream)
{
  return stream->codec;
}

void
mcu_stream_write(McuStream *stream, const McuStreamPacket *packet)
{
  g_assert(packet->size <= stream->slot_size);
  g_assert(packet->index >= atomic_load_explicit(&stream->head, memory_order_relaxed));

  Slot *slot = &stream->slots[packet->index & stream->mask];
  atomic_store_explicit(&slot->index, EMPTY, memory_order_relaxed);
  atomic_thread_fence(memory_order_release);
  guint8 *payload = (guint8 *)slot->packet.payload;
  slot->packet = *packet;
  slot->packet.payload = payload;
  memcpy(payload, packet->payload, packet->size);
  atomic_store_explicit(&slot->index, packet->index, memory_order_release);

  if (packet->keyframe) {
    atomic_store_explicit(&stream->keyframe_us, g_get_monotonic_time(), memory_order_relaxed);
    atomic_store_explicit(&stream->keyframe, packet->index, memory_order_release);
  }
  atomic_store_explicit(&stream->head, packet->index + 1, memory_order_release);
}

void
mcu_stream_flush(McuStream *stream)
{
  for (guint i = 0; i < MCU_NET_THREADS_MAX; i++) {
    Subscriber *subscriber = &stream->subscribers[i];
    if (atomic_load(&subscriber->count) == 0)
      continue;
    guint64 one = 1;
    if (write(atomic_load(&subscriber->eventfd), &one, sizeof one) < 0) {
      /* EAGAIN: the thread has not yet answered earlier wake-ups, so it is awake. */
    }
  }
}

gboolean
mcu_stream_take_keyframe_request(McuStream *stream)
{
  return atomic_load_explicit(&stream->keyframe_wanted, memory_order_relaxed) &&
         atomic_exchange(&stream->keyframe_wanted, FALSE);
}

guint64
mcu_stream_head(const McuStream *stream)
{
  return atomic_load_explicit(&((McuStream *)stream)->head, memory_order_acquire);
}

gboolean
mcu_stream_last_keyframe(const McuStream *stream, guint64 *out_index, gint64 *out_time_us)
{
  McuStream *s = (McuStream *)stream;
  guint64 index = atomic_load_explicit(&s->keyframe, memory_order_acquire);
  McuStreamPacket packet;
  if (index == EMPTY || !mcu_stream_read(stream, index, &packet))
    return FALSE;
  *out_index = index;
  *out_time_us = atomic_load_explicit(&s->keyframe_us, memory_order_relaxed);
  return TRUE;
}

gboolean
mcu_stream_read(const McuStream *stream, guint64 index, McuStreamPacket *out_packet)
{
  Slot *slot = &stream->slots[index & stream->mask];
  if (atomic_load_explicit(&slot->index, memory_order_acquire) != index)
    return FALSE;
  *out_packet = slot->packet;
  return mcu_stream_still(stream, index);
}

gboolean
mcu_stream_still(const McuStream *stream, guint64 index)
{
  Slot *slot = &stream->slots[index & stream->mask];
  atomic_thread_fence(memory_order_acquire);
  return atomic_load_explicit(&slot->index, memory_order_relaxed) == index;
}

void
mcu_stream_request_keyframe(McuStream *stream)
{
  atomic_store(&stream->keyframe_wanted, TRUE);
}

void
mcu_stream_subscribe(McuStream *stream, guint thread, int eventfd)
{
  g_assert(thread < MCU_NET_THREADS_MAX);
  Subscriber *subscriber = &stream->subscribers[thread];
  /* The descriptor is that of the thread, the same for all its legs, and outlives the count. */
  atomic_store(&subscriber->eventfd, eventfd);
  atomic_fetch_add(&subscriber->count, 1);
}

void
mcu_stream_unsubscribe(McuStream *stream, guint thread)
{
  guint before = atomic_fetch_sub(&stream->subscribers[thread].count, 1);
  g_assert(before > 0);
}

guint
mcu_stream_subscribers(const McuStream *stream)
{
  guint n = 0;
  for (guint i = 0; i < MCU_NET_THREADS_MAX; i++)
    n += atomic_load(&((McuStream *)stream)->subscribers[i].count);
  return n;
}
