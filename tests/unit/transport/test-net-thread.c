#include "mcu/transport/net-thread.h"

#define N 10000

typedef struct {
  McuNetThread *thread;
  GMutex lock;
  GCond changed;
  guint done;
  gboolean in_order, on_thread;
} Run;

typedef struct {
  Run *run;
  guint number;
} Step;

static void
do_step(gpointer data)
{
  Step *step = data;
  Run *run = step->run;
  g_mutex_lock(&run->lock);
  run->in_order = run->in_order && step->number == run->done;
  run->on_thread = run->on_thread && mcu_net_thread_is_current(run->thread);
  run->done++;
  g_cond_signal(&run->changed);
  g_mutex_unlock(&run->lock);
  g_free(step);
}

static void
test_commands(void)
{
  g_autoptr(GError) error = NULL;
  Run run = {.thread = mcu_net_thread_new(0, &error), .in_order = TRUE, .on_thread = TRUE};
  g_assert_no_error(error);
  g_mutex_init(&run.lock);
  g_cond_init(&run.changed);
  g_assert_true(mcu_net_thread_start(run.thread, &error));
  g_assert_false(mcu_net_thread_is_current(run.thread));
  for (guint i = 0; i < N; i++) {
    Step *step = g_new(Step, 1);
    *step = (Step){.run = &run, .number = i};
    mcu_net_thread_invoke(run.thread, do_step, step);
  }
  g_mutex_lock(&run.lock);
  while (run.done < N)
    g_cond_wait(&run.changed, &run.lock);
  g_mutex_unlock(&run.lock);
  g_assert_true(run.in_order);
  g_assert_true(run.on_thread);
  mcu_net_thread_free(run.thread);
  g_mutex_clear(&run.lock);
  g_cond_clear(&run.changed);
}

static gboolean
let_go(gpointer data)
{
  mcu_net_thread_hold(data, -1);
  return G_SOURCE_REMOVE;
}

static void
do_hold(gpointer data)
{
  McuNetThread *thread = data;
  mcu_net_thread_hold(thread, 1);
  GSource *source = g_timeout_source_new(50);
  g_source_set_callback(source, let_go, thread, NULL);
  g_source_attach(source, mcu_net_thread_context(thread));
  g_source_unref(source);
}

/* What libnice still has to end is ended before the thread is: freeing waits for it, and does not hang. */
static void
test_free_waits_for_holds(void)
{
  g_autoptr(GError) error = NULL;
  McuNetThread *thread = mcu_net_thread_new(0, &error);
  g_assert_true(mcu_net_thread_start(thread, &error));
  mcu_net_thread_invoke(thread, do_hold, thread);
  mcu_net_thread_free(thread);
  mcu_net_thread_free(NULL);
}

static void
test_counters_are_published(void)
{
  g_autoptr(GError) error = NULL;
  McuNetThread *thread = mcu_net_thread_new(0, &error);
  mcu_net_thread_counters(thread)->drops[MCU_DROP_AUTH] = 3;
  mcu_net_thread_counters(thread)->rx_packets = 5;
  mcu_net_thread_turn(thread, G_USEC_PER_SEC);
  McuNetStats stats = {0};
  mcu_net_thread_add_stats(thread, &stats);
  g_assert_cmpuint(stats.drops[MCU_DROP_AUTH], ==, 3);
  g_assert_cmpuint(stats.rx_packets, ==, 5);
  mcu_net_thread_free(thread);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/net-thread/commands", test_commands);
  g_test_add_func("/net-thread/free-waits-for-holds", test_free_waits_for_holds);
  g_test_add_func("/net-thread/counters-are-published", test_counters_are_published);
  return g_test_run();
}
