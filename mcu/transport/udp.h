/* Sending bursts of datagrams with few system calls. [net] */
#pragma once

#include <glib.h>
#include <sys/socket.h>

/* How many datagrams one burst may have, and how many bytes in all. */
#define MCU_BURST_MAX 128
#define MCU_BURST_BYTES (192 * 1024)

/* [net] Sends `n` datagrams that lie one behind the other in `bytes`. Runs of equal size (the last of a
 * run may be shorter) go as one buffer with UDP_SEGMENT, all runs in one sendmmsg(). Returns how many
 * datagrams the kernel took; adds the system calls made to `*calls`. */
guint mcu_udp_send(int fd, const struct sockaddr *to, socklen_t to_size, const guint8 *bytes, const guint16 *sizes,
                   guint n, guint64 *calls);
