#include "mcu/transport/net-priv.h"

static void
test_threads(void)
{
  static const struct {
    guint asked, got;
  } cases[] = {{1, 1}, {3, 3}, {1000, MCU_NET_THREADS_MAX - 1}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    McuNet *net = mcu_net_new(cases[i].asked, &error);
    g_assert_no_error(error);
    McuNetStats stats;
    mcu_net_get_stats(net, &stats);
    g_assert_cmpuint(stats.threads, ==, cases[i].got);
    g_assert_cmpuint(stats.legs, ==, 0);
    mcu_net_free(net);
  }
}

/* Hundreds of legs are one thread's; how it goes on is in ./bench audience. */
static void
test_one_thread_first(void)
{
  g_autoptr(GError) error = NULL;
  McuNet *net = mcu_net_new(3, &error);
  McuNetThread *first = mcu_net_next_thread(net);
  for (guint i = 0; i < 10; i++)
    g_assert_true(mcu_net_next_thread(net) == first);
  mcu_net_free(net);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/net/threads", test_threads);
  g_test_add_func("/net/one-thread-first", test_one_thread_first);
  return g_test_run();
}
