/* The decoding threads: every packet is read, by one thread per ring, and none after the removal. */
#include <stdatomic.h>

#include "media.h"
#include "pipelines/decode-pool.h"

#define RINGS 50
#define PACKETS 200

typedef struct {
  McuRing *ring;
  PlDecodeJob *job;
  atomic_uint read, calls;
  _Atomic(GThread *) thread;
  gboolean again;
} Reader;

static gboolean
work(gpointer data)
{
  Reader *reader = data;
  GThread *before = atomic_exchange(&reader->thread, g_thread_self());
  g_assert_true(before == NULL || before == g_thread_self());
  atomic_fetch_add(&reader->calls, 1);
  while (mcu_ring_peek(reader->ring) != NULL) {
    mcu_ring_advance(reader->ring);
    atomic_fetch_add(&reader->read, 1);
  }
  return reader->again;
}

static gboolean
push(McuRing *ring)
{
  guint8 data[MCU_RTP_HEADER] = {0x80};
  return mcu_ring_push(ring, &(McuPacket){.size = sizeof data, .data = data});
}

static gboolean
has_read(gpointer data)
{
  return atomic_load(&((Reader *)data)->read) == PACKETS;
}

static void
test_all_is_read(void)
{
  g_autofree Reader *readers = g_new0(Reader, RINGS);
  PlDecodePool *pool = pl_decode_pool_ref();
  for (guint i = 0; i < RINGS; i++) {
    readers[i].ring = mcu_ring_new(PACKETS < 256 ? 256 : PACKETS);
    readers[i].job = pl_decode_pool_add(pool, readers[i].ring, work, &readers[i]);
  }
  for (guint n = 0; n < PACKETS; n++)
    for (guint i = 0; i < RINGS; i++) {
      g_assert_true(push(readers[i].ring));
      mcu_ring_wake(readers[i].ring);
    }
  for (guint i = 0; i < RINGS; i++) {
    media_wait(has_read, &readers[i]);
    pl_decode_pool_remove(pool, readers[i].job);
    guint calls = atomic_load(&readers[i].calls);
    g_assert_true(push(readers[i].ring));
    mcu_ring_wake(readers[i].ring);
    g_assert_cmpuint(atomic_load(&readers[i].calls), ==, calls);
  }
  for (guint i = 0; i < RINGS; i++) {
    g_assert_nonnull(mcu_ring_peek(readers[i].ring)); /* nobody read it */
    mcu_ring_unref(readers[i].ring);
  }
  pl_decode_pool_unref(pool);
}

static gboolean
was_called_often(gpointer data)
{
  return atomic_load(&((Reader *)data)->calls) >= 4;
}

/* Who wants to be called again is, though nothing comes. */
static void
test_again(void)
{
  PlDecodePool *pool = pl_decode_pool_ref();
  g_assert_true(pl_decode_pool_ref() == pool);
  pl_decode_pool_unref(pool);
  Reader reader = {.ring = mcu_ring_new(16), .again = TRUE};
  reader.job = pl_decode_pool_add(pool, reader.ring, work, &reader);
  media_wait(was_called_often, &reader);
  pl_decode_pool_remove(pool, reader.job);
  mcu_ring_unref(reader.ring);
  pl_decode_pool_unref(pool);
}

/* Jobs come and go for the same ring: always the same thread. */
static void
test_same_thread(void)
{
  PlDecodePool *pool = pl_decode_pool_ref();
  Reader reader = {.ring = mcu_ring_new(256)};
  for (guint n = 0; n < PACKETS; n++) {
    reader.job = pl_decode_pool_add(pool, reader.ring, work, &reader);
    g_assert_true(push(reader.ring));
    mcu_ring_wake(reader.ring);
    pl_decode_pool_remove(pool, reader.job);
  }
  reader.job = pl_decode_pool_add(pool, reader.ring, work, &reader);
  media_wait(has_read, &reader);
  pl_decode_pool_remove(pool, reader.job);
  mcu_ring_unref(reader.ring);
  pl_decode_pool_unref(pool);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/decode-pool/all-is-read", test_all_is_read);
  g_test_add_func("/decode-pool/again", test_again);
  g_test_add_func("/decode-pool/same-thread", test_same_thread);
  return g_test_run();
}
