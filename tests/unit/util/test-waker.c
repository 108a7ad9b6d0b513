#include "mcu/util/waker.h"

#include <stdatomic.h>

#define SECOND G_USEC_PER_SEC

static gboolean
nothing(gpointer data G_GNUC_UNUSED)
{
  return FALSE;
}

static gboolean
something(gpointer data)
{
  ++*(guint *)data;
  return TRUE;
}

/* Asked when the sleep has been announced; work found then is not slept over. */
static void
test_asks_again(void)
{
  g_autoptr(McuWaker) waker = mcu_waker_new();
  guint asked = 0;
  mcu_waker_wait(waker, -1, something, &asked);
  g_assert_cmpuint(asked, ==, 1);
}

static void
test_timeout(void)
{
  g_autoptr(McuWaker) waker = mcu_waker_new();
  mcu_waker_wake(waker); /* nobody sleeps: nothing is left behind */
  gint64 start = g_get_monotonic_time();
  mcu_waker_wait(waker, 3000, nothing, NULL);
  g_assert_cmpint(g_get_monotonic_time() - start, >=, 2900);
  mcu_waker_wait(waker, 0, nothing, NULL);
}

typedef struct {
  McuWaker *waker;
  atomic_uint work;
} Shared;

static gboolean
has_work(gpointer data)
{
  return atomic_load(&((Shared *)data)->work) > 0;
}

static gpointer
produce(gpointer data)
{
  Shared *shared = data;
  for (guint i = 0; i < 20000; i++) {
    while (atomic_load(&shared->work) > 0)
      g_thread_yield();
    atomic_fetch_add(&shared->work, 1);
    mcu_waker_wake(shared->waker);
  }
  return NULL;
}

/* One piece of work at a time, each announced once: a wake-up lost would be waited for for ever. */
static void
test_no_wake_lost(void)
{
  g_autoptr(McuWaker) waker = mcu_waker_new();
  Shared shared = {.waker = waker};
  GThread *thread = g_thread_new("produce", produce, &shared);
  for (guint done = 0; done < 20000;) {
    if (atomic_load(&shared.work) > 0) {
      atomic_fetch_sub(&shared.work, 1);
      done++;
    } else {
      mcu_waker_wait(waker, -1, has_work, &shared);
    }
  }
  g_thread_join(thread);
}

static void
test_references(void)
{
  McuWaker *waker = mcu_waker_new();
  g_assert_true(mcu_waker_ref(waker) == waker);
  mcu_waker_unref(waker);
  mcu_waker_wait(waker, 0, nothing, NULL);
  mcu_waker_unref(waker);
  mcu_waker_unref(NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/waker/asks-again", test_asks_again);
  g_test_add_func("/waker/timeout", test_timeout);
  g_test_add_func("/waker/no-wake-lost", test_no_wake_lost);
  g_test_add_func("/waker/references", test_references);
  return g_test_run();
}
