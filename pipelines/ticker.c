/* The clock of a mixer, see ticker.h. Deadlines are absolute, so an error in one sleep is not
 * carried on. */
#include "pipelines/ticker.h"

#include <errno.h>
#include <stdatomic.h>
#include <time.h>

#include "mcu/util/priority.h"

#define CATCH_UP 4 /* periods */

struct PlTicker {
  gint64 period_us;
  PlTickFunc tick;
  gpointer user_data;
  GThread *thread;
  atomic_bool stop;
};

static void
sleep_until(gint64 time_us)
{
  struct timespec at = {.tv_sec = time_us / G_USEC_PER_SEC, .tv_nsec = time_us % G_USEC_PER_SEC * 1000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR) {
  }
}

static gpointer
run(gpointer data)
{
  PlTicker *ticker = data;
  /* In the middle between the ticks of the picture (mosaic.h: multiples of 40 ms of the same clock): by then it is
   * encoded, and both leave together. */
  gint64 due = (g_get_monotonic_time() / ticker->period_us + 1) * ticker->period_us + ticker->period_us / 2;
  mcu_priority_raise_realtime();
  while (!atomic_load_explicit(&ticker->stop, memory_order_acquire)) {
    sleep_until(due);
    gint64 periods = (g_get_monotonic_time() - due) / ticker->period_us;
    if (periods > CATCH_UP)
      due += periods * ticker->period_us;
    ticker->tick(due, ticker->user_data);
    due += ticker->period_us;
  }
  return NULL;
}

PlTicker *
pl_ticker_new(const char *name, gint64 period_us, PlTickFunc tick, gpointer user_data)
{
  g_assert(period_us > 0);
  PlTicker *ticker = g_new0(PlTicker, 1);
  ticker->period_us = period_us;
  ticker->tick = tick;
  ticker->user_data = user_data;
  ticker->thread = g_thread_new(name, run, ticker);
  return ticker;
}

void
pl_ticker_free(PlTicker *ticker)
{
  if (ticker == NULL)
    return;
  atomic_store_explicit(&ticker->stop, TRUE, memory_order_release);
  g_thread_join(ticker->thread);
  g_free(ticker);
}
