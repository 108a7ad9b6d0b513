/* McuNetThread: one epoll loop that owns the sockets and packets of its legs.
 *
 * A turn of the loop: datagrams in, commands of main, streams out, every 20 ms the timers, and what all that
 * wants sent goes in one flush. In a simulation no thread is started and the test makes the turns, at the time it
 * likes. */
#pragma once

#include <glib.h>

#include "mcu/transport/ice.h"
#include "mcu/transport/net.h"
#include "mcu/transport/port.h"
#include "mcu/transport/udp.h"

#define MCU_NET_TICK_US 20000
#define MCU_NET_RX_BATCH 64

/* Work space of a thread's hot path, one for all its legs. */
typedef struct {
  McuIceDatagram datagrams[MCU_NET_RX_BATCH];
  McuPortDatagram port_datagrams[MCU_PORT_BATCH];
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
/* [main] The shared port for legs with these addresses and port range, made for the first of them. Borrowed. */
McuPort *mcu_net_thread_port(McuNetThread *thread, const McuLegConfig *config, GError **error);

/* [net] */
void mcu_net_thread_add(McuNetThread *thread, McuLeg *leg);
void mcu_net_thread_remove(McuNetThread *thread, McuLeg *leg);
/* [net] A leg whose agent libnice has not let go of yet keeps the thread alive. */
void mcu_net_thread_hold(McuNetThread *thread, gint change);
guint mcu_net_thread_index(const McuNetThread *thread);
int mcu_net_thread_wake_fd(const McuNetThread *thread);
McuNetSpace *mcu_net_thread_space(McuNetThread *thread);
/* [net] What is sent: written to the room (which is always there; a full batch is flushed for it) and queued
 * (mcu_ice_queue). Goes out at the end of the turn. */
McuUdpBatch *mcu_net_thread_batch(McuNetThread *thread);
guint8 *mcu_net_thread_room(McuNetThread *thread, gsize size);
void mcu_net_thread_flush(McuNetThread *thread);
McuNetCounters *mcu_net_thread_counters(McuNetThread *thread);
gboolean mcu_net_thread_is_current(const McuNetThread *thread); /* [any] */
guint mcu_net_thread_n_legs(const McuNetThread *thread);        /* [any] that have been started */

/* [any] Adds this thread's counters, at most 100 ms old. */
void mcu_net_thread_add_stats(McuNetThread *thread, McuNetStats *stats);

/* [test] One turn at `now_us`, on a thread that was not started. */
void mcu_net_thread_turn(McuNetThread *thread, gint64 now_us);

#define MCU_ASSERT_NET(thread) g_assert(mcu_net_thread_is_current(thread))
