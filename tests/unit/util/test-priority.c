/* What is allowed depends on who runs the tests: with and without must be right. */
#include "mcu/util/priority.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

static int
own_nice(void)
{
  return getpriority(PRIO_PROCESS, 0);
}

static gpointer
run_raise(gpointer data)
{
  int before = GPOINTER_TO_INT(data);
  g_assert_cmpint(own_nice(), ==, before);
  for (guint i = 0; i < 2; i++) { /* a second time changes nothing */
    if (mcu_priority_raise())
      g_assert_cmpint(own_nice(), ==, MIN(before, MCU_PRIORITY_NICE));
    else
      g_assert_cmpint(own_nice(), ==, before);
  }
  return NULL;
}

static void
test_raise(void)
{
  int before = own_nice();
  g_thread_join(g_thread_new("raised", run_raise, GINT_TO_POINTER(before)));
  g_assert_cmpint(own_nice(), ==, before); /* of the one thread only */
}

static gpointer
run_realtime(gpointer data G_GNUC_UNUSED)
{
  int policy;
  struct sched_param param;
  gboolean raised = mcu_priority_raise_realtime();
  g_assert_cmpint(pthread_getschedparam(pthread_self(), &policy, &param), ==, 0);
  if (raised)
    g_assert_true((policy & ~SCHED_RESET_ON_FORK) == SCHED_RR || own_nice() <= MCU_PRIORITY_NICE);
  return NULL;
}

static void
test_realtime(void)
{
  g_thread_join(g_thread_new("realtime", run_realtime, NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/priority/raise", test_raise);
  g_test_add_func("/priority/realtime", test_realtime);
  return g_test_run();
}
