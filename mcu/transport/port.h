/* McuPort: the UDP sockets that all ICE-lite agents of one network thread share, one per media address: a
 * datagram finds its agent by the address it comes from, a STUN request by its username. Hundreds of legs are
 * read by one system call, and an operator opens a handful of ports.
 *
 * An address counts for an agent once a request with that agent's password has come from it (RFC 8445 7.3). */
#pragma once

#include <glib.h>
#include <sys/socket.h>

#include "mcu/transport/udp.h"

typedef struct McuPort McuPort;
typedef struct McuIceLite McuIceLite;

#define MCU_PORT_SOCKETS_MAX 16
#define MCU_PORT_BATCH 64
#define MCU_PORT_ADDRESSES_MAX 8 /* of one agent; the one heard longest ago gives way */

typedef struct {
  guint8 *data;
  gsize size; /* 0: was larger than the buffer, cut off */
  gpointer owner;
} McuPortDatagram;

/* [main] Binds a socket on each of `addresses`, NULL-terminated, to a port from `min` to `max` (0, 0: any). */
McuPort *mcu_port_new(const char *const *addresses, guint16 min, guint16 max, GError **error);
void mcu_port_free(McuPort *port); /* no agents are left */
/* [any] Constant. Values of candidate attributes; descriptors to poll. */
const char *const *mcu_port_candidates(const McuPort *port);
guint mcu_port_sockets(const McuPort *port, int *out_fds);

/* [net] `owner` is given with each datagram for the agent. */
void mcu_port_add(McuPort *port, McuIceLite *agent, gpointer owner);
void mcu_port_remove(McuPort *port, McuIceLite *agent);
/* [net] One batch from socket number `socket`. STUN is answered into `batch`; data of checked addresses comes out,
 * valid until the next call, how many is returned. Anything else is counted in `drops`, of MCU_N_DROPS. *out_more:
 * there may be more to read. */
guint mcu_port_receive(McuPort *port, guint socket, McuPortDatagram *out, McuUdpBatch *batch, guint64 *drops,
                       gboolean *out_more);
