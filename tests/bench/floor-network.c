/* UDP over loopback, one socket of the bridge and one for each site, AEAD_AES_128_GCM. What the sites do is not
 * counted: their packets are made and sent while the watch stands, and another thread takes the bridge's.
 *
 * The kernel carries a datagram on loopback all the way into the receiver's queue within the sender's
 * call, so sending is paid for both ways. The bridge pays the same when its sites are on its machine. */
#include "floor-network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "floor-packets.h"
#include "mcu/transport/udp.h"
#include "mcu/util/error.h"
#include "tests/sites/resources.h"

#define TICKS FLOOR_PACKET_TICKS
#define SOCKET_BYTES (512 * 1024)
#define SHARED_BYTES (8 * 1024 * 1024) /* as mcu/transport/port.c */
#ifndef UDP_GRO
#define UDP_GRO 104 /* linux/udp.h, since 5.0 */
#endif

#define BATCH 64
#define PORTS 65536
#define EVENTS 256
#define TICKS_AHEAD 4       /* of the sender before who receives; fits their sockets */
#define PATIENCE_US 3000000 /* for datagrams under way */
#define NAP_US 300
#define SEQ_END 60000 /* a site's SRTP session begins anew each second, which it cannot after a wrap */

typedef struct {
  int fd;
  struct sockaddr_in address;
} Socket;

/* One site's connection. */
typedef struct {
  Socket site;
  McuSrtpKey down, up;
  McuSrtp *srtp; /* the bridge's */
  FloorSource bridge_source, site_source;

  /* a second of the site's packets, and how far they are sent */
  GByteArray *bytes;
  GArray *sizes; /* guint16 */
  guint counts[TICKS];
  gsize bytes_sent;
  guint sent;
} Leg;

typedef struct {
  Socket bridge;
  Leg *legs;
  guint n_legs;
  Leg *by_port[PORTS]; /* of the site: whose a datagram is */
  McuUdpBatch *batch;
  guint16 sizes[MCU_BATCH_DATAGRAMS];
  guint8 datagrams[BATCH][FLOOR_DATAGRAM_ROOM];

  /* of the measurement under way: datagrams, their bytes, system calls */
  guint64 sent, refused, taken, sent_bytes, calls;
  FloorWatch watch;
} Network;

/* ---- legs ---- */

static gboolean
open_socket(Socket *end, int bytes, GError **error)
{
  socklen_t size = sizeof end->address;
  end->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  end->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (end->fd < 0 || bind(end->fd, (struct sockaddr *)&end->address, size) != 0 ||
      getsockname(end->fd, (struct sockaddr *)&end->address, &size) != 0) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_TRANSPORT, "socket: %s", g_strerror(errno));
    return FALSE;
  }
  if (setsockopt(end->fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) != 0)
    setsockopt(end->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  if (setsockopt(end->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
    setsockopt(end->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  return TRUE;
}

static void
random_key(McuSrtpKey *key)
{
  for (guint i = 0; i < sizeof key->key; i++)
    key->key[i] = (guint8)g_random_int();
  for (guint i = 0; i < sizeof key->salt; i++)
    key->salt[i] = (guint8)g_random_int();
}

static gboolean
open_leg(Leg *leg, guint i, GError **error)
{
  random_key(&leg->down);
  random_key(&leg->up);
  leg->bridge_source = (FloorSource){.ssrc = {4 * i + 1, 4 * i + 2}};
  leg->site_source = (FloorSource){.ssrc = {4 * i + 3, 4 * i + 4}};
  leg->bytes = g_byte_array_new();
  leg->sizes = g_array_new(FALSE, FALSE, sizeof(guint16));
  leg->srtp = mcu_srtp_new(MCU_SRTP_AEAD_AES_128_GCM, &leg->down, &leg->up, error);
  if (leg->srtp == NULL || !open_socket(&leg->site, SOCKET_BYTES, error))
    return FALSE;
  int on = 1;
  setsockopt(leg->site.fd, SOL_UDP, UDP_GRO, &on, sizeof on);
  return TRUE;
}

static Network *
network_new(guint n, GError **error)
{
  sim_raise_file_limit();
  Network *network = g_new0(Network, 1);
  network->n_legs = n;
  network->legs = g_new0(Leg, network->n_legs);
  for (guint i = 0; i < network->n_legs; i++)
    network->legs[i].site.fd = -1;
  network->batch = mcu_udp_batch_new();
  if (!open_socket(&network->bridge, SHARED_BYTES, error))
    return network;
  for (guint i = 0; i < network->n_legs; i++) {
    Leg *leg = &network->legs[i];
    if (!open_leg(leg, i, error))
      break;
    network->by_port[leg->site.address.sin_port] = leg;
  }
  return network;
}

static void
network_free(Network *network)
{
  for (guint i = 0; i < network->n_legs; i++) {
    Leg *leg = &network->legs[i];
    if (leg->site.fd >= 0)
      close(leg->site.fd);
    mcu_srtp_free(leg->srtp);
    g_clear_pointer(&leg->bytes, g_byte_array_unref);
    g_clear_pointer(&leg->sizes, g_array_unref);
  }
  if (network->bridge.fd >= 0)
    close(network->bridge.fd);
  mcu_udp_batch_free(network->batch);
  g_free(network->legs);
  g_free(network);
}

/* An epoll descriptor for the sites' sockets; each event's data is the leg. Edges, for each is emptied. */
static int
watch_sites(const Network *network)
{
  int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  for (guint i = 0; i < network->n_legs; i++) {
    Leg *leg = &network->legs[i];
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = leg};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, leg->site.fd, &event) != 0)
      g_error("epoll: %s", g_strerror(errno)); /* no memory: as g_malloc */
  }
  return epoll_fd;
}

static void
flush(Network *network)
{
  McuUdpResult result = {0};
  mcu_udp_batch_flush(network->batch, &result);
  network->calls += result.calls;
  network->sent += result.taken;
  network->refused += result.failed;
  network->sent_bytes += result.bytes;
}

/* Room for `n` datagrams, one behind the other. */
static guint8 *
room_for(Network *network, guint n)
{
  guint8 *room = mcu_udp_batch_room(network->batch, (gsize)n * FLOOR_DATAGRAM_ROOM);
  if (room != NULL)
    return room;
  flush(network);
  return mcu_udp_batch_room(network->batch, (gsize)n * FLOOR_DATAGRAM_ROOM);
}

/* The `n` datagrams in the room. */
static void
queue(Network *network, const Socket *from, const Socket *to, const guint16 *sizes, guint n)
{
  for (guint i = 0; i < n; i++) {
    if (mcu_udp_batch_room(network->batch, sizes[i]) == NULL)
      g_assert_not_reached(); /* messages are fewer than datagrams, and there was room for these */
    mcu_udp_batch_add(network->batch, from->fd, (const struct sockaddr *)&to->address, sizeof to->address, sizes[i]);
  }
}

/* ---- figures ---- */

static void
begin(Network *network)
{
  network->sent = network->refused = network->taken = network->sent_bytes = network->calls = 0;
  network->watch = (FloorWatch){.clock = CLOCK_THREAD_CPUTIME_ID};
}

/* More may arrive: some other program's idea of who has the port. */
static gboolean
is_complete(const Network *network, const char *what, guint64 arrived, GError **error)
{
  if (network->refused == 0 && arrived >= network->sent)
    return TRUE;
  g_set_error(error, MCU_ERROR, MCU_ERROR_TRANSPORT,
              "%s: %" G_GUINT64_FORMAT " datagrams were refused, %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
              " arrived; what is lost costs less, so this does not count",
              what, network->refused, arrived, network->sent);
  return FALSE;
}

static double
finish(const Network *network, const char *what, guint seconds)
{
  double n = MAX((double)network->sent, 1), us = (double)network->watch.spent_ns / 1e3;
  printf("%s: %u s of %.0f datagrams/s, %.0f bytes on average: %.2f us each\n", what, seconds, n / seconds,
         (double)network->sent_bytes / n, us / n);
  return us / 1e6 / seconds;
}

/* ---- sending ---- */

/* The sites' side: takes what comes and looks at nothing. It naps instead of waiting for its sockets, so
 * that waking it is not the sender's work. */
typedef struct {
  int epoll_fd;
  GThread *thread;
  _Atomic guint64 taken;
  atomic_bool stopping;
} Drain;

/* The sites' sockets take what was sent as one buffer as one, as the simulated sites' do. */
typedef union {
  struct cmsghdr header;
  char room[CMSG_SPACE(sizeof(int))];
} Control;

static guint
count_datagrams(struct mmsghdr *message)
{
  int segment = 0;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&message->msg_hdr); c != NULL; c = CMSG_NXTHDR(&message->msg_hdr, c))
    if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO)
      memcpy(&segment, CMSG_DATA(c), sizeof segment);
  return segment > 0 ? (message->msg_len + (guint)segment - 1) / (guint)segment : 1;
}

/* [drain] */
static guint
empty_socket(int fd, struct mmsghdr *messages, Control *controls)
{
  guint taken = 0;
  int n;
  do {
    for (guint i = 0; i < BATCH; i++) {
      messages[i].msg_hdr.msg_control = &controls[i];
      messages[i].msg_hdr.msg_controllen = sizeof controls[i];
    }
    n = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT | MSG_TRUNC, NULL);
    for (int i = 0; i < n; i++)
      taken += count_datagrams(&messages[i]);
  } while (n == BATCH);
  return taken;
}

/* [drain] */
static gpointer
run_drain(gpointer data)
{
  Drain *drain = data;
  struct epoll_event events[EVENTS];
  Control controls[BATCH];
  struct mmsghdr messages[BATCH];
  memset(messages, 0, sizeof messages); /* no room: bytes are thrown away */
  while (!atomic_load(&drain->stopping)) {
    int n = epoll_wait(drain->epoll_fd, events, EVENTS, 0);
    guint taken = 0;
    for (int i = 0; i < n; i++)
      taken += empty_socket(((const Leg *)events[i].data.ptr)->site.fd, messages, controls);
    atomic_fetch_add(&drain->taken, taken);
    if (n <= 0)
      g_usleep(NAP_US);
  }
  return NULL;
}

/* Until at most `under_way` are not taken yet. FALSE: they do not come. */
static gboolean
wait_for_drain(const Network *network, Drain *drain, guint64 under_way)
{
  gint64 end = g_get_monotonic_time() + PATIENCE_US;
  while (atomic_load(&drain->taken) + under_way < network->sent) {
    if (g_get_monotonic_time() > end)
      return FALSE;
    g_usleep(NAP_US);
  }
  return TRUE;
}

static void
send_to_all(Network *network, const FloorTraffic *traffic, McuMediaKind kind, guint64 tick)
{
  guint n = floor_packets_due(traffic, kind, tick);
  for (guint i = 0; n > 0 && i < network->n_legs; i++) {
    Leg *leg = &network->legs[i];
    floor_packets_write(traffic, kind, tick, n, &leg->bridge_source, leg->srtp, room_for(network, n), network->sizes);
    queue(network, &network->bridge, &leg->site, network->sizes, n);
  }
  flush(network);
}

/* First the sound, then the picture, each when mixer and encoder give it. */
static gboolean
send_tick(Network *network, const FloorTraffic *traffic, guint64 tick, Drain *drain)
{
  floor_watch_start(&network->watch);
  send_to_all(network, traffic, MCU_MEDIA_AUDIO, tick);
  send_to_all(network, traffic, MCU_MEDIA_VIDEO, tick);
  floor_watch_stop(&network->watch);
  double per_tick = network->n_legs * (traffic->sound_rate + traffic->picture_rate) / TICKS;
  return wait_for_drain(network, drain, (guint64)(TICKS_AHEAD * per_tick));
}

static gboolean
measure_send(Network *network, const FloorTraffic *traffic, double for_seconds, double *out_cores, GError **error)
{
  Drain drain = {.epoll_fd = watch_sites(network)};
  guint seconds = 0;
  guint64 tick = 0;
  gboolean good = TRUE;
  begin(network);
  drain.thread = g_thread_new("drain", run_drain, &drain);
  gint64 end = g_get_monotonic_time() + (gint64)(for_seconds * G_USEC_PER_SEC);
  for (; good && (seconds == 0 || g_get_monotonic_time() < end); seconds++)
    for (guint i = 0; good && i < TICKS; i++)
      good = send_tick(network, traffic, tick++, &drain);
  wait_for_drain(network, &drain, 0);
  atomic_store(&drain.stopping, TRUE);
  g_thread_join(drain.thread);
  close(drain.epoll_fd);
  if (!is_complete(network, "send", atomic_load(&drain.taken), error))
    return FALSE;
  *out_cores = finish(network, "send", seconds);
  return TRUE;
}

/* ---- receiving ---- */

/* A second of a site's packets. Its SRTP session lives no longer. */
static gboolean
prepare_second(Network *network, Leg *leg, const FloorTraffic *traffic, guint64 first_tick, GError **error)
{
  McuSrtp *srtp = mcu_srtp_new(MCU_SRTP_AEAD_AES_128_GCM, &leg->up, &leg->down, error);
  if (srtp == NULL)
    return FALSE;
  g_byte_array_set_size(leg->bytes, 0);
  g_array_set_size(leg->sizes, 0);
  leg->bytes_sent = leg->sent = 0;
  for (guint i = 0; i < TICKS; i++) {
    leg->counts[i] = 0;
    for (guint kind = MCU_MEDIA_AUDIO; kind <= MCU_MEDIA_VIDEO; kind++) {
      guint n = floor_packets_due(traffic, kind, first_tick + i);
      guint8 *room = room_for(network, n);
      gsize bytes =
          floor_packets_write(traffic, kind, first_tick + i, n, &leg->site_source, srtp, room, network->sizes);
      g_byte_array_append(leg->bytes, room, (guint)bytes); /* the room is not used up */
      g_array_append_vals(leg->sizes, network->sizes, n);
      leg->counts[i] += n;
    }
  }
  mcu_srtp_free(srtp);
  return TRUE;
}

static void
send_prepared(Network *network, Leg *leg, guint i)
{
  for (guint k = 0; k < leg->counts[i]; k++) {
    guint16 size = g_array_index(leg->sizes, guint16, leg->sent++);
    memcpy(room_for(network, 1), leg->bytes->data + leg->bytes_sent, size);
    queue(network, &leg->site, &network->bridge, &size, 1);
    leg->bytes_sent += size;
  }
}

static void
receive_all(Network *network, struct mmsghdr *messages)
{
  int n;
  do {
    n = recvmmsg(network->bridge.fd, messages, BATCH, MSG_DONTWAIT, NULL);
    for (int k = 0; k < n; k++) {
      const struct sockaddr_in *from = messages[k].msg_hdr.msg_name;
      const Leg *leg = network->by_port[from->sin_port];
      gsize size = messages[k].msg_len;
      network->taken += leg != NULL && mcu_srtp_unprotect_rtp(leg->srtp, network->datagrams[k], &size) == MCU_DROP_NONE;
    }
  } while (n == BATCH);
}

/* The sites send what tick `i` of the second brings, then the watch runs and the bridge takes it. */
static gboolean
receive_tick(Network *network, guint n_sites, guint i, struct mmsghdr *messages)
{
  for (guint site = 0; site < n_sites; site++)
    send_prepared(network, &network->legs[site], i);
  flush(network);
  gint64 end = g_get_monotonic_time() + PATIENCE_US;
  for (;;) {
    floor_watch_start(&network->watch);
    receive_all(network, messages);
    floor_watch_stop(&network->watch);
    if (network->taken == network->sent)
      return TRUE;
    if (g_get_monotonic_time() > end)
      return FALSE;
    g_usleep(NAP_US); /* the kernel put some of its work off */
  }
}

static gboolean
receive_second(Network *network, const FloorTraffic *traffic, guint n_sites, guint second, GError **error)
{
  struct iovec vectors[BATCH];
  struct sockaddr_in from[BATCH];
  struct mmsghdr messages[BATCH];
  memset(messages, 0, sizeof messages);
  for (guint i = 0; i < BATCH; i++) {
    messages[i].msg_hdr.msg_name = &from[i];
    messages[i].msg_hdr.msg_namelen = sizeof from[i];
    vectors[i] = (struct iovec){.iov_base = network->datagrams[i], .iov_len = FLOOR_DATAGRAM_ROOM};
    messages[i].msg_hdr.msg_iov = &vectors[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  for (guint i = 0; i < n_sites; i++)
    if (!prepare_second(network, &network->legs[i], &traffic[i], (guint64)second * TICKS, error))
      return FALSE;
  for (guint i = 0; i < TICKS; i++)
    if (!receive_tick(network, n_sites, i, messages))
      break;
  return is_complete(network, "receive", network->taken, error);
}

static gboolean
measure_receive(Network *network, const FloorTraffic *traffic, guint n_sites, double for_seconds, double *out_cores,
                GError **error)
{
  double rate = 0;
  for (guint i = 0; i < n_sites; i++)
    rate = MAX(rate, MAX(traffic[i].sound_rate, traffic[i].picture_rate));
  guint seconds = 0, seconds_max = MAX((guint)(SEQ_END / MAX(rate, 1)), 1);
  gboolean good = TRUE;
  begin(network);
  gint64 end = g_get_monotonic_time() + (gint64)(for_seconds * G_USEC_PER_SEC);
  for (; good && (seconds == 0 || (g_get_monotonic_time() < end && seconds < seconds_max)); seconds++)
    good = receive_second(network, traffic, n_sites, seconds, error);
  if (good)
    *out_cores = finish(network, "receive", seconds);
  return good;
}

gboolean
floor_network_measure(const FloorScenario *scenario, const FloorContent *content, FloorNetwork *out_network,
                      GError **error)
{
  FloorTraffic down;
  GError *cause = NULL;
  Network *network = network_new(scenario->receivers, &cause);
  g_autofree FloorTraffic *up = g_new0(FloorTraffic, network->n_legs);
  *out_network = (FloorNetwork){0};
  if (cause == NULL && floor_packets_plan_sent(scenario, network->n_legs, &down, &cause)) {
    guint n_sites = floor_packets_plan_received(scenario, content, network->n_legs, up);
    if (scenario->received_packets > 0)
      measure_receive(network, up, n_sites, scenario->seconds, &out_network->receive, &cause);
    if (cause == NULL && scenario->sent_packets > 0)
      measure_send(network, &down, scenario->seconds, &out_network->send, &cause);
  }
  network_free(network);
  if (cause != NULL)
    g_propagate_error(error, cause);
  return cause == NULL;
}
