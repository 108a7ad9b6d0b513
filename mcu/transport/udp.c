/* Sending: UDP_SEGMENT (the kernel cuts one buffer into datagrams, a third of the cost per datagram)
 * where a burst has datagrams of one size, as a picture's packets are. */
#include "mcu/transport/udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdatomic.h>
#include <string.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103 /* linux/udp.h, since 4.18 */
#endif

#define SEGMENTS_MAX 40     /* the kernel allows 64 */
#define RUN_BYTES_MAX 60000 /* one UDP length field */

typedef union {
  char bytes[CMSG_SPACE(sizeof(guint16))];
  struct cmsghdr align;
} Control;

/* Learned once per process: a kernel or device that refuses it refuses it always. */
static atomic_bool no_segmentation;

static guint
run_length(const guint16 *sizes, guint n, gboolean segment)
{
  guint length = 1;
  gsize bytes = sizes[0];
  while (segment && length < n && length < SEGMENTS_MAX && sizes[length] <= sizes[0] &&
         bytes + sizes[length] <= RUN_BYTES_MAX) {
    bytes += sizes[length++];
    if (sizes[length - 1] < sizes[0])
      break; /* only the last may be shorter */
  }
  return length;
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

/* One sendmmsg(). Returns datagrams taken; sets *out_done to those dealt with, taken or refused. */
static guint
send_some(int fd, const struct sockaddr *to, socklen_t to_size, const guint8 *bytes, const guint16 *sizes, guint n,
          guint *out_done)
{
  struct mmsghdr messages[MCU_BURST_MAX];
  struct iovec vectors[MCU_BURST_MAX];
  Control controls[MCU_BURST_MAX];
  guint lengths[MCU_BURST_MAX];
  gboolean segment = !atomic_load_explicit(&no_segmentation, memory_order_relaxed);
  guint runs = 0;

  for (guint i = 0; i < n; runs++) {
    guint length = run_length(sizes + i, n - i, segment);
    gsize size = 0;
    for (guint j = 0; j < length; j++)
      size += sizes[i + j];
    vectors[runs] = (struct iovec){.iov_base = (gpointer)bytes, .iov_len = size};
    messages[runs] = (struct mmsghdr){
        .msg_hdr = {.msg_name = (gpointer)to, .msg_namelen = to_size, .msg_iov = &vectors[runs], .msg_iovlen = 1}};
    if (length > 1)
      set_segment_size(&messages[runs].msg_hdr, &controls[runs], sizes[i]);
    lengths[runs] = length;
    bytes += size;
    i += length;
  }

  int sent = sendmmsg(fd, messages, runs, MSG_DONTWAIT | MSG_NOSIGNAL);
  guint taken = 0;
  for (int i = 0; i < sent; i++)
    taken += lengths[i];
  *out_done = taken;
  if (sent <= 0) {
    if (lengths[0] > 1 && (errno == EIO || errno == EINVAL || errno == ENOPROTOOPT || errno == EOPNOTSUPP))
      atomic_store(&no_segmentation, TRUE); /* nothing done: the caller tries again without */
    else if (errno == EAGAIN || errno == ENOBUFS)
      *out_done = n; /* the socket's buffer is full: the rest of the burst is lost */
    else
      *out_done = lengths[0];
  }
  return taken;
}

guint
mcu_udp_send(int fd, const struct sockaddr *to, socklen_t to_size, const guint8 *bytes, const guint16 *sizes, guint n,
             guint64 *calls)
{
  g_assert(n <= MCU_BURST_MAX);
  guint taken = 0;
  for (guint i = 0; i < n;) {
    guint done = 0;
    taken += send_some(fd, to, to_size, bytes, sizes + i, n - i, &done);
    ++*calls;
    for (guint j = 0; j < done; j++)
      bytes += sizes[i + j];
    i += done;
  }
  return taken;
}
