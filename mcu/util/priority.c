/* See priority.h. Without state, but for whether it has been said. */
#include "mcu/util/priority.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/resource.h>

#define RR_PRIORITY 5

static void
say_once(int reason)
{
  static atomic_bool said;
  if (!atomic_exchange(&said, TRUE))
    g_info("no higher priority for threads of packets and sound: %s; see LimitNICE in docs/operations.md",
           g_strerror(reason));
}

gboolean
mcu_priority_raise(void)
{
  /* 0 is this thread, on Linux. Whoever started us may have given us more already. */
  if (getpriority(PRIO_PROCESS, 0) <= MCU_PRIORITY_NICE || setpriority(PRIO_PROCESS, 0, MCU_PRIORITY_NICE) == 0)
    return TRUE;
  say_once(errno);
  return FALSE;
}

gboolean
mcu_priority_raise_realtime(void)
{
  struct sched_param param = {.sched_priority = RR_PRIORITY};
  return pthread_setschedparam(pthread_self(), SCHED_RR | SCHED_RESET_ON_FORK, &param) == 0 || mcu_priority_raise();
}
