/* McuNetThread: one epoll loop that owns the sockets and packets of its legs.
 *
 * A turn of the loop: datagrams in, commands of main, streams out, and every 20 ms the timers. In a
 * simulation no thread is started and the test makes the turns, at the time it likes. */
#pragma once

#include <glib.h>

#include "mcu/transport/ice.h"
#include "mcu/transport/net.h"
#include "mcu/transport/udp.h"

typedef struct McuNetThread McuNetThread;

#define MCU_NET_TICK_US 20000
#define MCU_NET_RX_BATCH 32

/* Work space of a thread's hot path, one for all its legs. */
typedef struct {
  McuIceDatagram datagrams[MCU_NET_RX_BATCH];
  guint8 burst[MCU_BURST_BYTES];
  guint16 burst_sizes[MCU_BURST_MAX];
} McuNetSpace;

typedef struct {
  guint64 rx_packets, rx_bytes, tx_packets, tx_bytes, send_calls;
  guint64 drops[MCU_N_DROPS];
} McuNetCounters;

typedef void (*McuNetFunc)(gpointer data);

McuNetThread *mcu_net_thread_new(guint index, GError **error);
gboolean mcu_net_thread_start(McuNetThread *thread, GError **error); /* [main] */
/* [main] Ends when its last leg has been let go by libnice; joins. */
void mcu_net_thread_free(McuNetThread *thread);

/* [any] Runs `func` on the thread, in order. Control only: it allocates. */
void mcu_net_thread_invoke(McuNetThread *thread, McuNetFunc func, gpointer data);
GMainContext *mcu_net_thread_context(McuNetThread *thread); /* [any] borrowed */

/* [net] */
void mcu_net_thread_add(McuNetThread *thread, McuLeg *leg);
void mcu_net_thread_remove(McuNetThread *thread, McuLeg *leg);
/* [net] A leg whose agent libnice has not let go of yet keeps the thread alive. */
void mcu_net_thread_hold(McuNetThread *thread, gint change);
guint mcu_net_thread_index(const McuNetThread *thread);
int mcu_net_thread_wake_fd(const McuNetThread *thread);
McuNetSpace *mcu_net_thread_space(McuNetThread *thread);
McuNetCounters *mcu_net_thread_counters(McuNetThread *thread);
gboolean mcu_net_thread_is_current(const McuNetThread *thread); /* [any] */

/* [any] Adds this thread's counters, at most 100 ms old. */
void mcu_net_thread_add_stats(McuNetThread *thread, McuNetStats *stats);

/* [test] One turn at `now_us`, on a thread that was not started. */
void mcu_net_thread_turn(McuNetThread *thread, gint64 now_us);

#define MCU_ASSERT_NET(thread) g_assert(mcu_net_thread_is_current(thread))
