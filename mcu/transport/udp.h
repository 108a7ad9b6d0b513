/* McuUdpBatch: datagrams gathered and sent with few system calls, whatever socket and address each has.
 * Datagrams of one size to one address go as one buffer that the kernel cuts (UDP_SEGMENT), and what leaves
 * by one socket goes in one sendmmsg(). [net] */
#pragma once

#include <glib.h>
#include <sys/socket.h>

typedef struct McuUdpBatch McuUdpBatch;

/* How many datagrams one batch may have, and how many bytes in all. */
#define MCU_BATCH_DATAGRAMS 1024
#define MCU_BATCH_BYTES (512 * 1024)

typedef struct {
  guint64 calls;         /* system calls made */
  guint64 taken, failed; /* datagrams: by the kernel; not */
  guint64 bytes;         /* of those taken */
} McuUdpResult;

McuUdpBatch *mcu_udp_batch_new(void);
void mcu_udp_batch_free(McuUdpBatch *batch);

/* Where the next datagram is to be written, at most `size` bytes; NULL: the batch is full, flush it. */
guint8 *mcu_udp_batch_room(McuUdpBatch *batch, gsize size);
/* The `size` bytes written there are a datagram. `to` is copied. */
void mcu_udp_batch_add(McuUdpBatch *batch, int fd, const struct sockaddr *to, socklen_t to_size, guint16 size);
/* Sends all in order and empties the batch; waits some ms at most for a socket whose buffer is full. Adds to
 * `*result`. */
void mcu_udp_batch_flush(McuUdpBatch *batch, McuUdpResult *result);
