/* A message is a run of datagrams to one address; a flush sends the messages of one socket after another. */
#include "mcu/transport/udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103 /* linux/udp.h, since 4.18 */
#endif

#define MESSAGES_MAX 512
#define CALL_MESSAGES 64
#define SEGMENTS_MAX 40     /* the kernel allows 64 */
#define RUN_BYTES_MAX 60000 /* one UDP length field */
#define FULL_WAIT_MS 2      /* for a full socket buffer, a few times */
#define FULL_WAITS 4

typedef union {
  char bytes[CMSG_SPACE(sizeof(guint16))];
  struct cmsghdr align;
} Control;

typedef struct {
  int fd;
  socklen_t to_size;
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } to;
  guint8 *bytes;
  gsize size;
  guint16 first, last; /* sizes of its datagrams */
  guint n;
} Message;

struct McuUdpBatch {
  guint8 *bytes;
  gsize used;
  guint n_messages, n_datagrams;
  Message messages[MESSAGES_MAX];

  /* of one call */
  struct mmsghdr headers[CALL_MESSAGES];
  struct iovec vectors[CALL_MESSAGES];
  Control controls[CALL_MESSAGES];
};

/* Learned once per process: a kernel or device that refuses it refuses it always. */
static atomic_bool no_segmentation;

McuUdpBatch *
mcu_udp_batch_new(void)
{
  McuUdpBatch *batch = g_new0(McuUdpBatch, 1);
  batch->bytes = g_malloc(MCU_BATCH_BYTES);
  return batch;
}

void
mcu_udp_batch_free(McuUdpBatch *batch)
{
  if (batch == NULL)
    return;
  g_free(batch->bytes);
  g_free(batch);
}

guint8 *
mcu_udp_batch_room(McuUdpBatch *batch, gsize size)
{
  if (batch->n_messages == MESSAGES_MAX || batch->n_datagrams == MCU_BATCH_DATAGRAMS ||
      batch->used + size > MCU_BATCH_BYTES)
    return NULL;
  return batch->bytes + batch->used;
}

static gboolean
goes_on(const Message *message, int fd, const struct sockaddr *to, socklen_t to_size, guint16 size)
{
  return message->fd == fd && message->to_size == to_size && memcmp(&message->to, to, to_size) == 0 &&
         !atomic_load_explicit(&no_segmentation, memory_order_relaxed) && size <= message->first &&
         message->last == message->first && /* only the last may be shorter */
         message->n < SEGMENTS_MAX && message->size + size <= RUN_BYTES_MAX;
}

void
mcu_udp_batch_add(McuUdpBatch *batch, int fd, const struct sockaddr *to, socklen_t to_size, guint16 size)
{
  g_assert(batch->used + size <= MCU_BATCH_BYTES && to_size <= sizeof batch->messages[0].to);
  Message *message = batch->n_messages > 0 ? &batch->messages[batch->n_messages - 1] : NULL;
  if (message == NULL || !goes_on(message, fd, to, to_size, size)) {
    g_assert(batch->n_messages < MESSAGES_MAX);
    message = &batch->messages[batch->n_messages++];
    *message = (Message){.fd = fd, .to_size = to_size, .bytes = batch->bytes + batch->used, .first = size};
    memcpy(&message->to, to, to_size);
  }
  message->size += size;
  message->last = size;
  message->n++;
  batch->used += size;
  batch->n_datagrams++;
}

static void
set_segment_size(struct msghdr *header, Control *control, guint16 size)
{
  memset(control, 0, sizeof *control);
  header->msg_control = control;
  header->msg_controllen = sizeof control->bytes;
  struct cmsghdr *cmsg = CMSG_FIRSTHDR(header);
  cmsg->cmsg_level = SOL_UDP;
  cmsg->cmsg_type = UDP_SEGMENT;
  cmsg->cmsg_len = CMSG_LEN(sizeof size);
  memcpy(CMSG_DATA(cmsg), &size, sizeof size);
}

/* Messages from `first` on that leave by the same socket, into the headers of a call. */
static guint
fill_call(McuUdpBatch *batch, guint first)
{
  guint n = 0;
  while (n < CALL_MESSAGES && first + n < batch->n_messages &&
         batch->messages[first + n].fd == batch->messages[first].fd) {
    Message *message = &batch->messages[first + n];
    struct msghdr *header = &batch->headers[n].msg_hdr;
    batch->vectors[n] = (struct iovec){.iov_base = message->bytes, .iov_len = message->size};
    *header = (struct msghdr){
        .msg_name = &message->to.any, .msg_namelen = message->to_size, .msg_iov = &batch->vectors[n], .msg_iovlen = 1};
    if (message->n > 1)
      set_segment_size(header, &batch->controls[n], message->first);
    n++;
  }
  return n;
}

/* A run whose segmentation was refused, datagram by datagram. */
static void
send_singly(const Message *message, McuUdpResult *result)
{
  guint8 *bytes = message->bytes;
  for (guint i = 0; i < message->n; i++) {
    guint16 size = i == message->n - 1 ? message->last : message->first;
    gssize sent = sendto(message->fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL, &message->to.any, message->to_size);
    result->calls++;
    result->taken += sent >= 0;
    result->bytes += sent >= 0 ? size : 0;
    result->failed += sent < 0;
    bytes += size;
  }
}

/* The first message of a call was refused. Returns whether it is dealt with; FALSE: to be tried again. */
static gboolean
deal_with_refusal(const Message *message, int why, guint *waits, McuUdpResult *result)
{
  if ((why == EAGAIN || why == ENOBUFS) && (*waits)++ < FULL_WAITS) {
    struct pollfd pfd = {.fd = message->fd, .events = POLLOUT};
    poll(&pfd, 1, FULL_WAIT_MS); /* the line takes what it can: no use in throwing away what it will take next */
    return FALSE;
  }
  if (message->n > 1 && (why == EIO || why == EINVAL || why == ENOPROTOOPT || why == EOPNOTSUPP)) {
    atomic_store(&no_segmentation, TRUE);
    send_singly(message, result);
  } else {
    result->failed += message->n;
  }
  return TRUE;
}

void
mcu_udp_batch_flush(McuUdpBatch *batch, McuUdpResult *result)
{
  guint waits = 0;
  for (guint i = 0; i < batch->n_messages;) {
    guint n = fill_call(batch, i);
    int sent = sendmmsg(batch->messages[i].fd, batch->headers, n, MSG_DONTWAIT | MSG_NOSIGNAL);
    result->calls++;
    for (int k = 0; k < sent; k++, i++) {
      result->taken += batch->messages[i].n;
      result->bytes += batch->messages[i].size;
    }
    if (sent <= 0)
      i += deal_with_refusal(&batch->messages[i], errno, &waits, result);
  }
  batch->used = batch->n_messages = batch->n_datagrams = 0;
}
