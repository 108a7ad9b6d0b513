/* The set of network threads; made and freed by the server. */
#include "mcu/transport/net-thread.h"

#include "mcu/transport/net-priv.h"

/* A thread more only where it pays: each has caches to fill and wakes by itself, and one does for hundreds. */
#define LEGS_PER_THREAD 400

struct McuNet {
  guint n_threads;
  McuNetThread *threads[MCU_NET_THREADS_MAX];
};

static McuNet *
make(guint n_threads, gboolean start, GError **error)
{
  McuNet *net = g_new0(McuNet, 1);
  guint n = n_threads != 0 ? n_threads : g_get_num_processors();
  /* The last slot of a stream's subscribers is for readers within the engine (the recorder). */
  n = CLAMP(n, 1, MCU_NET_THREADS_MAX - 1);
  while (net->n_threads < n) {
    McuNetThread *thread = mcu_net_thread_new(net->n_threads, error);
    if (thread == NULL || (start && !mcu_net_thread_start(thread, error))) {
      mcu_net_thread_free(thread);
      mcu_net_free(net);
      return NULL;
    }
    net->threads[net->n_threads++] = thread;
  }
  return net;
}

McuNet *
mcu_net_new(guint n_threads, GError **error)
{
  return make(n_threads, TRUE, error);
}

McuNet *
mcu_net_new_manual(GError **error)
{
  return make(1, FALSE, error);
}

void
mcu_net_free(McuNet *net)
{
  if (net == NULL)
    return;
  for (guint i = 0; i < net->n_threads; i++)
    mcu_net_thread_free(net->threads[i]);
  g_free(net);
}

McuNetThread *
mcu_net_next_thread(McuNet *net)
{
  guint legs = 0, least = 0;
  for (guint i = 0; i < net->n_threads; i++)
    legs += mcu_net_thread_n_legs(net->threads[i]);
  guint n = MIN(net->n_threads, 1 + legs / LEGS_PER_THREAD);
  for (guint i = 1; i < n; i++)
    if (mcu_net_thread_n_legs(net->threads[i]) < mcu_net_thread_n_legs(net->threads[least]))
      least = i;
  return net->threads[least];
}

void
mcu_net_turn(McuNet *net, gint64 now_us)
{
  for (guint i = 0; i < net->n_threads; i++)
    mcu_net_thread_turn(net->threads[i], now_us);
}

void
mcu_net_get_stats(McuNet *net, McuNetStats *out_stats)
{
  *out_stats = (McuNetStats){.threads = net->n_threads};
  for (guint i = 0; i < net->n_threads; i++)
    mcu_net_thread_add_stats(net->threads[i], out_stats);
}
