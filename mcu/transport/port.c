/* Owned by a network thread (net-thread.c): made on main, its tables are the thread's. */
#include "mcu/transport/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "mcu/rtp/demux.h"
#include "mcu/rtp/stun.h"
#include "mcu/transport/ice-lite.h"
#include "mcu/util/drop.h"
#include "mcu/util/error.h"

/* A tenth of a second of the packets of hundreds of sites, and key frames to them. */
#define BUFFER_BYTES (8 * 1024 * 1024)
#define BUFFER_LITTLE (1024 * 1024)

/* An agent in the port, or one checked address of it: where it is from tells whose it is. */
typedef struct Address Address;

typedef struct {
  McuIceLite *agent;
  gpointer owner;
  GQueue addresses; /* of Address, that heard last first */
} Entry;

struct Address {
  Entry *entry;
  guint socket;
  struct sockaddr_storage from;
};

struct McuPort {
  guint n_sockets;
  int fds[MCU_PORT_SOCKETS_MAX];
  GStrv candidates;

  struct {
    GHashTable *by_id;      /* id -> Entry, owned */
    GHashTable *by_address; /* Address -> itself, owned */
    guint8 *bytes;
    struct mmsghdr headers[MCU_PORT_BATCH];
    struct iovec vectors[MCU_PORT_BATCH];
    struct sockaddr_storage from[MCU_PORT_BATCH];
  } net;
};

#define DATAGRAM_MAX 2048

static gboolean
same_address(gconstpointer a, gconstpointer b)
{
  const Address *x = a, *y = b;
  if (x->socket != y->socket || x->from.ss_family != y->from.ss_family)
    return FALSE;
  if (x->from.ss_family == AF_INET) {
    const struct sockaddr_in *p = (const void *)&x->from, *q = (const void *)&y->from;
    return p->sin_port == q->sin_port && p->sin_addr.s_addr == q->sin_addr.s_addr;
  }
  const struct sockaddr_in6 *p = (const void *)&x->from, *q = (const void *)&y->from;
  return p->sin6_port == q->sin6_port && memcmp(&p->sin6_addr, &q->sin6_addr, sizeof p->sin6_addr) == 0;
}

static guint
hash_address(gconstpointer a)
{
  const Address *x = a;
  guint32 words[5] = {x->socket};
  if (x->from.ss_family == AF_INET) {
    const struct sockaddr_in *p = (const void *)&x->from;
    words[0] ^= p->sin_port;
    words[1] = p->sin_addr.s_addr;
  } else {
    const struct sockaddr_in6 *p = (const void *)&x->from;
    words[0] ^= p->sin6_port;
    memcpy(words + 1, &p->sin6_addr, 16);
  }
  guint32 hash = 2166136261u;
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    hash = (hash ^ words[i]) * 0x9e3779b1u;
  return hash ^ hash >> 15;
}

/* --- sockets ------------------------------------------------------------------------------- */

/* Beyond the limit of the system where we may (CAP_NET_ADMIN). Returns what was given. */
static int
set_buffer(int fd, int forced, int plain)
{
  int size = BUFFER_BYTES, given = 0;
  socklen_t length = sizeof given;
  if (setsockopt(fd, SOL_SOCKET, forced, &size, sizeof size) != 0)
    setsockopt(fd, SOL_SOCKET, plain, &size, sizeof size);
  getsockopt(fd, SOL_SOCKET, plain, &given, &length);
  return given / 2; /* the kernel counts its own share too */
}

static void
set_buffers(int fd)
{
  int given = MIN(set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF), set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF));
  if (given < BUFFER_LITTLE)
    g_warning("the kernel gives media sockets buffers of only %d KiB: with more than some dozen sites set "
              "net.core.rmem_max and net.core.wmem_max to %d",
              given / 1024, BUFFER_BYTES);
}

static gboolean
parse_address(const char *text, struct sockaddr_storage *out, socklen_t *out_size)
{
  struct sockaddr_in *v4 = (void *)out;
  struct sockaddr_in6 *v6 = (void *)out;
  memset(out, 0, sizeof *out);
  if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    *out_size = sizeof *v4;
    return TRUE;
  }
  v6->sin6_family = AF_INET6;
  *out_size = sizeof *v6;
  return inet_pton(AF_INET6, text, &v6->sin6_addr) == 1;
}

static guint16
port_of(const struct sockaddr_storage *address)
{
  return g_ntohs(address->ss_family == AF_INET ? ((const struct sockaddr_in *)(const void *)address)->sin_port
                                               : ((const struct sockaddr_in6 *)(const void *)address)->sin6_port);
}

static void
set_port(struct sockaddr_storage *address, guint16 port)
{
  if (address->ss_family == AF_INET)
    ((struct sockaddr_in *)(void *)address)->sin_port = g_htons(port);
  else
    ((struct sockaddr_in6 *)(void *)address)->sin6_port = g_htons(port);
}

static gboolean
bind_in_range(int fd, struct sockaddr_storage *address, socklen_t size, guint16 min, guint16 max)
{
  for (guint port = min; port <= max; port++) {
    set_port(address, (guint16)port);
    if (bind(fd, (struct sockaddr *)address, size) == 0)
      return getsockname(fd, (struct sockaddr *)address, &size) == 0;
    if (errno != EADDRINUSE)
      return FALSE;
  }
  return FALSE;
}

/* RFC 8445 5.1.2: host candidates, the first address preferred. */
static char *
candidate_text(const char *address, guint16 port, guint index)
{
  guint priority = 126u << 24 | (65535 - index) << 8 | 255;
  return g_strdup_printf("candidate:%u 1 UDP %u %s %u typ host", index + 1, priority, address, port);
}

static gboolean
open_socket(McuPort *port, const char *text, guint16 min, guint16 max, GStrvBuilder *candidates, GError **error)
{
  struct sockaddr_storage address;
  socklen_t size;
  if (!parse_address(text, &address, &size)) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "not an IP address of this machine: \"%s\"", text);
    return FALSE;
  }
  int fd = socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || !bind_in_range(fd, &address, size, min, max)) {
    gboolean none_free = errno == EADDRINUSE;
    g_set_error(error, MCU_ERROR, none_free ? MCU_ERROR_FULL : MCU_ERROR_CONFIG, "media address %s: %s", text,
                none_free ? "no port is free" : g_strerror(errno));
    if (fd >= 0)
      close(fd);
    return FALSE;
  }
  set_buffers(fd);
  g_autofree char *line = candidate_text(text, port_of(&address), port->n_sockets);
  g_strv_builder_add(candidates, line);
  port->fds[port->n_sockets++] = fd;
  return TRUE;
}

static void
entry_free(gpointer data)
{
  Entry *entry = data;
  g_queue_clear(&entry->addresses);
  g_free(entry);
}

McuPort *
mcu_port_new(const char *const *addresses, guint16 min, guint16 max, GError **error)
{
  McuPort *port = g_new0(McuPort, 1);
  g_autoptr(GStrvBuilder) candidates = g_strv_builder_new();
  port->net.by_id = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
  port->net.by_address = g_hash_table_new_full(hash_address, same_address, NULL, g_free);
  port->net.bytes = g_malloc((gsize)MCU_PORT_BATCH * DATAGRAM_MAX);
  gboolean ok = TRUE;
  for (guint i = 0; ok && addresses[i] != NULL && i < MCU_PORT_SOCKETS_MAX; i++)
    ok = open_socket(port, addresses[i], min, max, candidates, error);
  port->candidates = g_strv_builder_end(candidates);
  if (ok && port->n_sockets > 0)
    return port;
  if (ok)
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_CONFIG, "no media address");
  mcu_port_free(port);
  return NULL;
}

void
mcu_port_free(McuPort *port)
{
  if (port == NULL)
    return;
  g_assert(g_hash_table_size(port->net.by_id) == 0);
  for (guint i = 0; i < port->n_sockets; i++)
    close(port->fds[i]);
  g_hash_table_unref(port->net.by_address);
  g_hash_table_unref(port->net.by_id);
  g_free(port->net.bytes);
  g_strfreev(port->candidates);
  g_free(port);
}

const char *const *
mcu_port_candidates(const McuPort *port)
{
  return (const char *const *)port->candidates;
}

guint
mcu_port_sockets(const McuPort *port, int *out_fds)
{
  memcpy(out_fds, port->fds, port->n_sockets * sizeof *out_fds);
  return port->n_sockets;
}

/* --- agents -------------------------------------------------------------------------------- */

void
mcu_port_add(McuPort *port, McuIceLite *agent, gpointer owner)
{
  Entry *entry = g_new0(Entry, 1);
  entry->agent = agent;
  entry->owner = owner;
  g_queue_init(&entry->addresses);
  g_hash_table_insert(port->net.by_id, (gpointer)mcu_ice_lite_id(agent), entry);
}

static void
forget_oldest(McuPort *port, Entry *entry)
{
  g_hash_table_remove(port->net.by_address, g_queue_pop_tail(&entry->addresses));
}

void
mcu_port_remove(McuPort *port, McuIceLite *agent)
{
  Entry *entry = g_hash_table_lookup(port->net.by_id, mcu_ice_lite_id(agent));
  if (entry == NULL)
    return; /* never started */
  while (!g_queue_is_empty(&entry->addresses))
    forget_oldest(port, entry);
  g_hash_table_remove(port->net.by_id, mcu_ice_lite_id(agent));
}

/* The address is this agent's from now on, also if it was another's: a client that has come back by the same
 * socket, or one behind the same translator. */
static void
remember(McuPort *port, Entry *entry, const Address *key)
{
  Address *known = g_hash_table_lookup(port->net.by_address, key);
  if (known != NULL) {
    g_queue_remove(&known->entry->addresses, known);
    known->entry = entry;
  } else {
    known = g_memdup2(key, sizeof *key);
    known->entry = entry;
    g_hash_table_insert(port->net.by_address, known, known);
  }
  g_queue_push_head(&entry->addresses, known);
  if (entry->addresses.length > MCU_PORT_ADDRESSES_MAX)
    forget_oldest(port, entry);
}

/* --- datagrams ----------------------------------------------------------------------------- */

static McuDrop
receive_stun(McuPort *port, const guint8 *data, gsize size, const Address *from, socklen_t from_size,
             McuUdpBatch *batch)
{
  McuStunRequest request;
  char id[MCU_ICE_LITE_ID_CHARS + 1] = {0};
  if (!mcu_stun_read_request(data, size, &request) || request.username_size < MCU_ICE_LITE_ID_CHARS)
    return MCU_DROP_STUN;
  memcpy(id, request.username, MCU_ICE_LITE_ID_CHARS);
  Entry *entry = g_hash_table_lookup(port->net.by_id, id);
  guint8 *answer = entry != NULL ? mcu_udp_batch_room(batch, MCU_STUN_ANSWER_MAX) : NULL;
  if (answer == NULL)
    return MCU_DROP_STUN; /* nobody's; or so much is being sent that it will be asked again */
  gboolean checked;
  gsize answer_size = mcu_ice_lite_check(entry->agent, data, &request, port->fds[from->socket], &from->from, from_size,
                                         answer, &checked);
  if (answer_size == 0)
    return MCU_DROP_STUN;
  if (checked)
    remember(port, entry, from);
  mcu_udp_batch_add(batch, port->fds[from->socket], (const struct sockaddr *)&from->from, from_size,
                    (guint16)answer_size);
  return MCU_DROP_NONE;
}

static McuDrop
receive(McuPort *port, guint socket, guint i, McuPortDatagram *out, McuUdpBatch *batch)
{
  const struct mmsghdr *header = &port->net.headers[i];
  guint8 *data = port->net.vectors[i].iov_base;
  gsize size = header->msg_len;
  Address from = {.socket = socket, .from = port->net.from[i]};
  out->owner = NULL;
  if (size == 0)
    return MCU_DROP_EMPTY;
  if (data[0] < 4) /* RFC 7983 7: STUN */
    return receive_stun(port, data, size, &from, header->msg_hdr.msg_namelen, batch);
  const Address *known = g_hash_table_lookup(port->net.by_address, &from);
  if (known == NULL)
    return mcu_demux(data, size) == MCU_DEMUX_NONE ? MCU_DROP_UNKNOWN : MCU_DROP_UNVERIFIED;
  gboolean cut = (header->msg_hdr.msg_flags & MSG_TRUNC) != 0;
  *out = (McuPortDatagram){.data = data, .size = cut ? 0 : size, .owner = known->entry->owner};
  return MCU_DROP_NONE;
}

guint
mcu_port_receive(McuPort *port, guint socket, McuPortDatagram *out, McuUdpBatch *batch, guint64 *drops,
                 gboolean *out_more)
{
  for (guint i = 0; i < MCU_PORT_BATCH; i++) {
    port->net.vectors[i] =
        (struct iovec){.iov_base = port->net.bytes + (gsize)i * DATAGRAM_MAX, .iov_len = DATAGRAM_MAX};
    port->net.headers[i].msg_hdr = (struct msghdr){.msg_name = &port->net.from[i],
                                                   .msg_namelen = sizeof port->net.from[i],
                                                   .msg_iov = &port->net.vectors[i],
                                                   .msg_iovlen = 1};
  }
  int got = recvmmsg(port->fds[socket], port->net.headers, MCU_PORT_BATCH, MSG_DONTWAIT, NULL);
  guint n = 0;
  for (int i = 0; i < got; i++) {
    McuDrop drop = receive(port, socket, (guint)i, &out[n], batch);
    if (drop != MCU_DROP_NONE)
      drops[drop]++;
    else
      n += out[n].owner != NULL;
  }
  *out_more = got == MCU_PORT_BATCH;
  return n;
}
