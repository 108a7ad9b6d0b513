/* An eventfd, and a flag that says whether anybody has to write to it. */
#include "mcu/util/waker.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct McuWaker {
  gatomicrefcount refs;
  int fd;
  atomic_bool sleeping;
};

McuWaker *
mcu_waker_new(void)
{
  McuWaker *waker = g_new0(McuWaker, 1);
  g_atomic_ref_count_init(&waker->refs);
  waker->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (waker->fd < 0)
    g_error("eventfd: %s", g_strerror(errno)); /* a few per process, at its start */
  return waker;
}

McuWaker *
mcu_waker_ref(McuWaker *waker)
{
  g_atomic_ref_count_inc(&waker->refs);
  return waker;
}

void
mcu_waker_unref(McuWaker *waker)
{
  if (waker == NULL || !g_atomic_ref_count_dec(&waker->refs))
    return;
  close(waker->fd);
  g_free(waker);
}

void
mcu_waker_wake(McuWaker *waker)
{
  /* Sequentially consistent with "asleep, then look again" in mcu_waker_wait(). */
  atomic_thread_fence(memory_order_seq_cst);
  if (!atomic_load_explicit(&waker->sleeping, memory_order_relaxed) || !atomic_exchange(&waker->sleeping, FALSE))
    return;
  guint64 one = 1;
  if (write(waker->fd, &one, sizeof one) < 0) {
    /* EAGAIN: the counter is full, so the consumer is woken anyway. */
  }
}

void
mcu_waker_wait(McuWaker *waker, gint64 timeout_us, gboolean (*has_work)(gpointer), gpointer user_data)
{
  atomic_store(&waker->sleeping, TRUE);
  atomic_thread_fence(memory_order_seq_cst);
  if (!has_work(user_data)) {
    struct pollfd pfd = {.fd = waker->fd, .events = POLLIN};
    if (poll(&pfd, 1, timeout_us < 0 ? -1 : (int)MIN((timeout_us + 999) / 1000, G_MAXINT)) > 0) {
      guint64 count;
      if (read(waker->fd, &count, sizeof count) < 0) {
        /* EAGAIN: there is one reader, so this is a wake-up read before. */
      }
    }
  }
  atomic_store(&waker->sleeping, FALSE);
}
