/* The only file that includes libnice: full agents, and lite ones that are not told their addresses.
 *
 * The agent may be used from any thread (it has a lock of its own). Signals come on whichever thread
 * made the change and only leave a mark here: `state`, and `path_changed`, which makes the network
 * thread look up socket and address of the selected pair again. Sending goes to that socket directly,
 * with UDP_SEGMENT, because nice_agent_send() costs 2 us per packet, and data is read from it directly,
 * because the agent takes 8 us for each; STUN alone goes through the agent. That is right as long as
 * all candidates are host candidates over UDP, and no others are gathered here. */
#include "mcu/transport/ice-full.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <nice/agent.h>
#include <stdatomic.h>
#include <string.h>

#include "mcu/rtp/demux.h"
#include "mcu/transport/udp.h"
#include "mcu/util/error.h"

#ifndef UDP_GRO
#define UDP_GRO 104 /* linux/udp.h, since 5.0 */
#endif

#define COMPONENT 1
#define STUN_HEADER 20
#define RUN_MAX 64   /* datagrams of one buffer */
#define PEEKS_MAX 32 /* datagrams that are nothing, thrown away at one go */

struct McuIceFull {
  NiceAgent *agent;
  guint stream;
  gboolean lite;

  /* main */
  char *ufrag, *pwd;
  GStrv candidates;
  guint remote_candidates;

  /* any: written by signals */
  atomic_int state;
  atomic_bool path_changed;

  struct {
    int fds[MCU_ICE_SOCKETS_MAX];
    guint n_fds;
    int send_fd; /* of the selected pair; -1: none */
    struct sockaddr_storage remote;
    socklen_t remote_size;
    void (*closed)(gpointer);
    gpointer closed_data;
  } net;
};

static void
on_state_changed(NiceAgent *agent, guint stream, guint component, guint state, gpointer user_data)
{
  (void)agent;
  (void)stream;
  (void)component;
  McuIceFull *ice = user_data;
  if (state == NICE_COMPONENT_STATE_CONNECTED || state == NICE_COMPONENT_STATE_READY) {
    atomic_store(&ice->path_changed, TRUE);
    atomic_store(&ice->state, MCU_ICE_READY);
  } else if (state == NICE_COMPONENT_STATE_FAILED) {
    /* Not final for a trickling peer, whose candidates may still come: the leg's timeout decides. */
    int checking = MCU_ICE_CHECKING;
    atomic_compare_exchange_strong(&ice->state, &checking, MCU_ICE_FAILED);
  }
}

static void
on_selected_pair(NiceAgent *agent, guint stream, guint component, NiceCandidate *local, NiceCandidate *remote,
                 gpointer user_data)
{
  (void)agent;
  (void)stream;
  (void)component;
  (void)local;
  (void)remote;
  McuIceFull *ice = user_data;
  atomic_store(&ice->path_changed, TRUE);
}

static gboolean
fail(GError **error, McuError code, const char *what)
{
  g_set_error(error, MCU_ERROR, code, "ICE: %s", what);
  return FALSE;
}

static gboolean
add_addresses(McuIceFull *ice, const char *const *addresses, GError **error)
{
  for (guint i = 0; addresses != NULL && addresses[i] != NULL; i++) {
    NiceAddress address;
    nice_address_init(&address);
    if (!nice_address_set_from_string(&address, addresses[i]) || !nice_agent_add_local_address(ice->agent, &address)) {
      g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "not an IP address of this machine: \"%s\"", addresses[i]);
      return FALSE;
    }
  }
  return TRUE;
}

static void
read_credentials(McuIceFull *ice)
{
  g_clear_pointer(&ice->ufrag, g_free);
  g_clear_pointer(&ice->pwd, g_free);
  nice_agent_get_local_credentials(ice->agent, ice->stream, &ice->ufrag, &ice->pwd);
}

static gboolean
read_candidates(McuIceFull *ice, GError **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  GSList *list = nice_agent_get_local_candidates(ice->agent, ice->stream, COMPONENT);
  guint n = 0;
  for (GSList *item = list; item != NULL; item = item->next) {
    NiceCandidate *candidate = item->data;
    if (candidate->transport != NICE_CANDIDATE_TRANSPORT_UDP)
      continue;
    g_autofree char *line = nice_agent_generate_local_candidate_sdp(ice->agent, candidate);
    g_strv_builder_add(builder, g_str_has_prefix(line, "a=") ? line + 2 : line);
    n++;
  }
  g_slist_free_full(list, (GDestroyNotify)nice_candidate_free);
  ice->candidates = g_strv_builder_end(builder);
  return n > 0 || fail(error, MCU_ERROR_FULL, "no free port on the media address");
}

static void
read_sockets(McuIceFull *ice)
{
  GPtrArray *sockets = nice_agent_get_sockets(ice->agent, ice->stream, COMPONENT);
  if (sockets != NULL)
    g_ptr_array_set_free_func(sockets, g_object_unref); /* each is a reference of ours, and the array has none */
  for (guint i = 0; sockets != NULL && i < sockets->len && ice->net.n_fds < MCU_ICE_SOCKETS_MAX; i++)
    ice->net.fds[ice->net.n_fds++] = g_socket_get_fd(g_ptr_array_index(sockets, i));
  g_clear_pointer(&sockets, g_ptr_array_unref);

  /* A key frame to one leg, or a second of packets from it, must fit the kernel's buffer. */
  for (guint i = 0; i < ice->net.n_fds; i++) {
    int size = 512 * 1024;
    setsockopt(ice->net.fds[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    setsockopt(ice->net.fds[i], SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  }
}

static void
destroy(McuIceFull *ice)
{
  g_signal_handlers_disconnect_by_data(ice->agent, ice);
  g_object_unref(ice->agent);
  g_free(ice->ufrag);
  g_free(ice->pwd);
  g_strfreev(ice->candidates);
  g_free(ice);
}

McuIceFull *
mcu_ice_full_new(const McuLegConfig *config, GMainContext *context, GError **error)
{
  McuIceFull *ice = g_new0(McuIceFull, 1);
  ice->lite = config->lite;
  ice->net.send_fd = -1;
  NiceAgentOption options = NICE_AGENT_OPTION_ICE_TRICKLE | NICE_AGENT_OPTION_CONSENT_FRESHNESS;
  if (config->lite)
    options = NICE_AGENT_OPTION_LITE_MODE;
  ice->agent = nice_agent_new_full(context, NICE_COMPATIBILITY_RFC5245, options);
  g_object_set(ice->agent, "controlling-mode", config->controlling, "upnp", FALSE, "ice-tcp", FALSE, NULL);
  g_signal_connect(ice->agent, "component-state-changed", G_CALLBACK(on_state_changed), ice);
  g_signal_connect(ice->agent, "new-selected-pair-full", G_CALLBACK(on_selected_pair), ice);

  ice->stream = nice_agent_add_stream(ice->agent, 1);
  if (config->port_min != 0)
    nice_agent_set_port_range(ice->agent, ice->stream, COMPONENT, config->port_min, config->port_max);
  if (!add_addresses(ice, config->addresses, error)) {
    destroy(ice);
    return NULL;
  }
  if (!nice_agent_gather_candidates(ice->agent, ice->stream) || !read_candidates(ice, error)) {
    if (error != NULL && *error == NULL)
      fail(error, MCU_ERROR_FULL, "no free port on the media address");
    destroy(ice);
    return NULL;
  }
  read_credentials(ice);
  read_sockets(ice);
  return ice;
}

static void
on_closed(GObject *agent, GAsyncResult *result, gpointer user_data)
{
  (void)agent;
  (void)result;
  McuIceFull *ice = user_data;
  void (*done)(gpointer) = ice->net.closed;
  gpointer data = ice->net.closed_data;
  destroy(ice);
  done(data);
}

void
mcu_ice_full_close(McuIceFull *ice, void (*done)(gpointer), gpointer user_data)
{
  ice->net.closed = done;
  ice->net.closed_data = user_data;
  ice->net.send_fd = -1;
  /* An agent freed before its asynchronous end leaks its sockets. */
  nice_agent_close_async(ice->agent, on_closed, ice);
}

const char *
mcu_ice_full_ufrag(const McuIceFull *ice)
{
  return ice->ufrag;
}

const char *
mcu_ice_full_pwd(const McuIceFull *ice)
{
  return ice->pwd;
}

const char *const *
mcu_ice_full_candidates(const McuIceFull *ice)
{
  return (const char *const *)ice->candidates;
}

gboolean
mcu_ice_full_set_remote(McuIceFull *ice, const char *ufrag, const char *pwd, GError **error)
{
  if (!nice_agent_set_remote_credentials(ice->agent, ice->stream, ufrag, pwd))
    return fail(error, MCU_ERROR_BAD_SDP, "credentials refused");
  return TRUE;
}

/* Candidates that are no use to us, told apart before libnice sees them: names (mDNS), TCP, and
 * addresses to which a bridge must never be made to send (RFC 8445 5.1.1.1; attack: probing). */
static gboolean
is_usable(const char *candidate)
{
  g_auto(GStrv) fields = g_strsplit(candidate, " ", 10);
  if (g_strv_length(fields) < 8 || g_ascii_strcasecmp(fields[2], "udp") != 0)
    return FALSE;
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string(fields[4]);
  return address != NULL && !g_inet_address_get_is_multicast(address) && !g_inet_address_get_is_any(address) &&
         !g_inet_address_get_is_link_local(address);
}

gboolean
mcu_ice_full_add_candidate(McuIceFull *ice, const char *text, GError **error)
{
  if (text[0] == '\0') {
    nice_agent_peer_candidate_gathering_done(ice->agent, ice->stream);
    return TRUE;
  }
  if (!g_str_has_prefix(text, "candidate:") || strlen(text) > 512)
    return fail(error, MCU_ERROR_BAD_CANDIDATE, "not a candidate attribute");
  if (++ice->remote_candidates > MCU_CANDIDATES_MAX)
    return fail(error, MCU_ERROR_BAD_CANDIDATE, "too many candidates");
  /* A lite agent never checks (RFC 8445 2.5): it learns its peer from the peer's own checks. */
  if (ice->lite || !is_usable(text))
    return TRUE;

  g_autofree char *line = g_strconcat("a=", text, NULL);
  NiceCandidate *candidate = nice_agent_parse_remote_candidate_sdp(ice->agent, ice->stream, line);
  if (candidate == NULL)
    return fail(error, MCU_ERROR_BAD_CANDIDATE, "cannot read the candidate");
  candidate->component_id = COMPONENT;
  GSList list = {.data = candidate};
  gboolean ok = nice_agent_set_remote_candidates(ice->agent, ice->stream, COMPONENT, &list) >= 0;
  nice_candidate_free(candidate);
  return ok || fail(error, MCU_ERROR_BAD_CANDIDATE, "candidate refused");
}

gboolean
mcu_ice_full_restart(McuIceFull *ice, const char *ufrag, const char *pwd, GError **error)
{
  if (!nice_agent_restart_stream(ice->agent, ice->stream))
    return fail(error, MCU_ERROR_TRANSPORT, "restart refused");
  ice->remote_candidates = 0;
  read_credentials(ice);
  return mcu_ice_full_set_remote(ice, ufrag, pwd, error);
}

guint
mcu_ice_full_sockets(const McuIceFull *ice, int *out_fds)
{
  memcpy(out_fds, ice->net.fds, ice->net.n_fds * sizeof *out_fds);
  return ice->net.n_fds;
}

/* Datagrams that were sent as one buffer are taken as one, where sender and receiver share a machine or a card that
 * joins them. Not before there is a path: until then libnice reads, and knows nothing of it. */
static void
take_runs(int fd)
{
  int on = 1;
  setsockopt(fd, SOL_UDP, UDP_GRO, &on, sizeof on); /* an old kernel has none, and gives them singly */
}

static void
look_up_path(McuIceFull *ice)
{
  NiceCandidate *local, *remote;
  g_autoptr(GSocket) socket = nice_agent_get_selected_socket(ice->agent, ice->stream, COMPONENT);
  if (socket == NULL || !nice_agent_get_selected_pair(ice->agent, ice->stream, COMPONENT, &local, &remote))
    return;
  ice->net.send_fd = g_socket_get_fd(socket);
  take_runs(ice->net.send_fd);
  nice_address_copy_to_sockaddr(&remote->addr, (struct sockaddr *)&ice->net.remote);
  ice->net.remote_size =
      ice->net.remote.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

static void
follow_path(McuIceFull *ice)
{
  if (atomic_load_explicit(&ice->path_changed, memory_order_relaxed) && atomic_exchange(&ice->path_changed, FALSE))
    look_up_path(ice);
}

static gboolean
is_remote(const McuIceFull *ice, const struct sockaddr_storage *from)
{
  if (from->ss_family != ice->net.remote.ss_family)
    return FALSE;
  if (from->ss_family == AF_INET) {
    const struct sockaddr_in *a = (const void *)from, *b = (const void *)&ice->net.remote;
    return a->sin_port == b->sin_port && a->sin_addr.s_addr == b->sin_addr.s_addr;
  }
  const struct sockaddr_in6 *a = (const void *)from, *b = (const void *)&ice->net.remote;
  return a->sin6_port == b->sin6_port && memcmp(&a->sin6_addr, &b->sin6_addr, sizeof a->sin6_addr) == 0;
}

/* RFC 8489 5: the cookie, and a length that is the datagram's. */
static gboolean
is_stun(const guint8 *head, gsize head_size, gsize datagram_size)
{
  if (head_size < STUN_HEADER || datagram_size < STUN_HEADER)
    return FALSE;
  guint length = (guint)head[2] << 8 | head[3];
  return memcmp(head + 4, "\x21\x12\xa4\x42", 4) == 0 && length % 4 == 0 && length + STUN_HEADER == datagram_size;
}

/* The way of what stands first in a socket. */
typedef enum {
  WAY_EMPTY,  /* nothing stands there */
  WAY_DIRECT, /* data, while a pair is selected: read by ourselves */
  WAY_AGENT,  /* STUN, or data that only libnice can tell from a stranger's: it reads */
} Way;

static McuDrop
judge_stun(const guint8 *head, gsize size)
{
  return is_stun(head, MIN(size, STUN_HEADER), size) ? MCU_DROP_NONE : MCU_DROP_STUN;
}

/* What one recvmsg() gives: a datagram, or several of `segment` bytes, the last one maybe shorter. */
typedef struct {
  gsize size, segment;
  struct sockaddr_storage from;
} Run;

static guint
run_length(const Run *run)
{
  return run->size > run->segment ? (guint)MIN((run->size + run->segment - 1) / run->segment, RUN_MAX) : 1;
}

static gboolean
receive_run(int fd, struct iovec *parts, gsize n_parts, int flags, Run *out_run)
{
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int))];
  } control;
  struct msghdr message = {.msg_name = &out_run->from,
                           .msg_namelen = sizeof out_run->from,
                           .msg_iov = parts,
                           .msg_iovlen = n_parts,
                           .msg_control = &control,
                           .msg_controllen = sizeof control};
  gssize size = recvmsg(fd, &message, flags | MSG_TRUNC | MSG_DONTWAIT);
  if (size < 0)
    return FALSE;
  out_run->size = out_run->segment = (gsize)size;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
    int segment = 0;
    if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO)
      memcpy(&segment, CMSG_DATA(c), sizeof segment);
    if (segment > 0)
      out_run->segment = (gsize)segment;
  }
  return TRUE;
}

/* Looks without taking. What is no datagram of any kind we know is thrown away and counted, which libnice
 * would do in silence. STUN within a run is lost to libnice, which asks again. */
static Way
look(const McuIceFull *ice, int fd, Run *out_run, guint64 *drops)
{
  for (guint i = 0; i < PEEKS_MAX; i++) {
    guint8 head[STUN_HEADER];
    struct iovec part = {.iov_base = head, .iov_len = sizeof head};
    if (!receive_run(fd, &part, 1, MSG_PEEK, out_run))
      return WAY_EMPTY;
    gsize size = out_run->size;
    if (size > out_run->segment)
      return WAY_DIRECT;
    McuDrop drop = size == 0 ? MCU_DROP_EMPTY : head[0] < 4 ? judge_stun(head, size) : MCU_DROP_NONE;
    if (drop == MCU_DROP_NONE && head[0] >= 4 && mcu_demux(head, size) == MCU_DEMUX_NONE)
      drop = MCU_DROP_UNKNOWN;
    if (drop == MCU_DROP_NONE)
      return head[0] < 4 || ice->net.send_fd < 0 ? WAY_AGENT : WAY_DIRECT; /* RFC 7983 */
    if (recv(fd, head, sizeof head, MSG_DONTWAIT) < 0)
      return WAY_EMPTY;
    drops[drop]++;
  }
  return WAY_EMPTY; /* for now: the loop comes back */
}

/* nice_agent_recv_messages_nonblocking() costs eight times as much, which only STUN is worth. Data counts only
 * from the address that has passed a check. How many datagrams it was. */
static guint
read_direct(const McuIceFull *ice, int fd, const Run *seen, McuIceDatagram *datagrams, guint n, guint64 *drops)
{
  struct iovec parts[RUN_MAX];
  n = MIN(n, run_length(seen));
  gsize size_max = n > 1 ? MIN(seen->segment, MCU_DATAGRAM_MAX) : MCU_DATAGRAM_MAX;
  for (guint i = 0; i < n; i++)
    parts[i] = (struct iovec){.iov_base = datagrams[i].data, .iov_len = size_max};
  Run run;
  if (!receive_run(fd, parts, n, 0, &run))
    return 0;
  if (!is_remote(ice, &run.from)) {
    drops[MCU_DROP_UNVERIFIED] += run_length(&run);
    return 0;
  }
  for (guint i = 0; i < n; i++) {
    gsize size = MIN(run.size - i * run.segment, run.segment);
    datagrams[i].size = size < MCU_DATAGRAM_MAX ? size : 0;
  }
  return n;
}

/* libnice reads on over its STUN to the first data of a checked address, or to the end. */
static gboolean
read_by_agent(McuIceFull *ice, McuIceDatagram *datagram)
{
  GInputVector vector = {.buffer = datagram->data, .size = MCU_DATAGRAM_MAX};
  NiceInputMessage message = {.buffers = &vector, .n_buffers = 1};
  if (nice_agent_recv_messages_nonblocking(ice->agent, ice->stream, COMPONENT, &message, 1, NULL, NULL) != 1)
    return FALSE;
  datagram->size = message.length < MCU_DATAGRAM_MAX ? message.length : 0;
  return TRUE;
}

guint
mcu_ice_full_receive(McuIceFull *ice, McuIceDatagram *datagrams, guint n, guint64 *drops)
{
  guint got = 0, tries = 2 * n;
  for (guint i = 0; i < ice->net.n_fds; i++) {
    for (; got < n && tries > 0; tries--) {
      follow_path(ice);
      Run run;
      Way way = look(ice, ice->net.fds[i], &run, drops);
      if (way == WAY_EMPTY)
        break;
      if (got > 0 && run_length(&run) > n - got)
        return got; /* a run is read whole; there is room for it when the loop comes back */
      if (way == WAY_DIRECT)
        got += read_direct(ice, ice->net.fds[i], &run, &datagrams[got], n - got, drops);
      else
        got += read_by_agent(ice, &datagrams[got]);
    }
  }
  follow_path(ice);
  return got;
}

gboolean
mcu_ice_full_queue(McuIceFull *ice, McuUdpBatch *batch, gsize size)
{
  follow_path(ice);
  if (ice->net.send_fd < 0)
    return FALSE;
  mcu_udp_batch_add(batch, ice->net.send_fd, (const struct sockaddr *)&ice->net.remote, ice->net.remote_size,
                    (guint16)size);
  return TRUE;
}

McuIceState
mcu_ice_full_state(const McuIceFull *ice)
{
  return (McuIceState)atomic_load(&((McuIceFull *)ice)->state);
}
