/* The decoding threads: every packet is read, by one thread per ring, and none after a job has ended. */
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
  atomic_uint ended;
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

/* On the same thread, and not amid a call. */
static void
end(gpointer data)
{
  Reader *reader = data;
  GThread *before = atomic_load(&reader->thread);
  g_assert_true(before == NULL || before == g_thread_self());
  atomic_fetch_add(&reader->ended, 1);
}

static gboolean
has_ended(gpointer data)
{
  return atomic_load(&((Reader *)data)->ended) > 0;
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
    readers[i].job = pl_decode_pool_add(pool, readers[i].ring, work, end, &readers[i]);
  }
  for (guint n = 0; n < PACKETS; n++)
    for (guint i = 0; i < RINGS; i++) {
      g_assert_true(push(readers[i].ring));
      mcu_ring_wake(readers[i].ring);
    }
  for (guint i = 0; i < RINGS; i++) {
    media_wait(has_read, &readers[i]);
    pl_decode_pool_remove(pool, readers[i].job);
    media_wait(has_ended, &readers[i]);
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
  reader.job = pl_decode_pool_add(pool, reader.ring, work, end, &reader);
  media_wait(was_called_often, &reader);
  pl_decode_pool_remove(pool, reader.job);
  media_wait(has_ended, &reader);
  mcu_ring_unref(reader.ring);
  pl_decode_pool_unref(pool);
}

/* Jobs come and go for the same ring: always the same thread, and each ends, the last with the pool. */
static void
test_same_thread(void)
{
  PlDecodePool *pool = pl_decode_pool_ref();
  Reader reader = {.ring = mcu_ring_new(256)};
  for (guint n = 0; n < PACKETS; n++) {
    reader.job = pl_decode_pool_add(pool, reader.ring, work, end, &reader);
    g_assert_true(push(reader.ring));
    mcu_ring_wake(reader.ring);
    pl_decode_pool_remove(pool, reader.job);
  }
  reader.job = pl_decode_pool_add(pool, reader.ring, work, end, &reader);
  media_wait(has_read, &reader);
  pl_decode_pool_remove(pool, reader.job);
  pl_decode_pool_unref(pool);
  g_assert_cmpuint(atomic_load(&reader.ended), ==, PACKETS + 1);
  mcu_ring_unref(reader.ring);
}

/* Removing does not wait for a call under way, nor is its end before it comes back. */
typedef struct {
  McuRing *ring;
  atomic_bool entered, leave, left, ended;
} Slow;

static gboolean
work_slowly(gpointer data)
{
  Slow *slow = data;
  atomic_store(&slow->entered, TRUE);
  while (!atomic_load(&slow->leave))
    g_thread_yield();
  atomic_store(&slow->left, TRUE);
  return FALSE;
}

static void
end_slow(gpointer data)
{
  Slow *slow = data;
  g_assert_true(atomic_load(&slow->left));
  atomic_store(&slow->ended, TRUE);
}

static gboolean
has_entered(gpointer data)
{
  return atomic_load(&((Slow *)data)->entered);
}

static void
test_removal_does_not_wait(void)
{
  PlDecodePool *pool = pl_decode_pool_ref();
  Slow slow = {.ring = mcu_ring_new(16)};
  PlDecodeJob *job = pl_decode_pool_add(pool, slow.ring, work_slowly, end_slow, &slow);
  media_wait(has_entered, &slow);
  pl_decode_pool_remove(pool, job);
  g_assert_false(atomic_load(&slow.ended)); /* it is still in there */
  atomic_store(&slow.leave, TRUE);
  pl_decode_pool_unref(pool);
  g_assert_true(atomic_load(&slow.ended));
  mcu_ring_unref(slow.ring);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/decode-pool/all-is-read", test_all_is_read);
  g_test_add_func("/decode-pool/again", test_again);
  g_test_add_func("/decode-pool/same-thread", test_same_thread);
  g_test_add_func("/decode-pool/removal-does-not-wait", test_removal_does_not_wait);
  return g_test_run();
}
