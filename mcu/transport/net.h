/* McuNet: the network threads. Each is one epoll loop that owns the sockets, ICE agents, DTLS and
 * SRTP sessions of its legs. Legs are spread over the threads in turn. */
#pragma once

#include <glib.h>

#include "mcu/transport/leg.h"
#include "mcu/util/drop.h"

typedef struct {
  guint threads;
  guint legs;
  guint64 rx_packets, tx_packets, rx_bytes, tx_bytes;
  guint64 send_calls;
  guint64 drops[MCU_N_DROPS];
} McuNetStats;

/* [main] `n_threads` 0: one per core. Events of legs come on the thread-default GMainContext of the
 * caller. */
McuNet *mcu_net_new(guint n_threads, GError **error);
void mcu_net_free(McuNet *net); /* all legs freed before; joins the threads */
void mcu_net_get_stats(McuNet *net, McuNetStats *out_stats);
