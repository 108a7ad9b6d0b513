/* Lock: McuIceLite.lock, a leaf, for the credentials: main changes them at a restart, the network thread looks at
 * them when a request comes, which is every few seconds. */
#include "mcu/transport/ice-lite.h"

#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>

#define PWD_CHARS 24 /* RFC 8445 5.3: at least 128 bits; each character has 6 */

typedef struct {
  char ufrag[MCU_ICE_LITE_ID_CHARS + 12];
  char pwd[PWD_CHARS + 1];
} Credentials;

struct McuIceLite {
  McuPort *port;
  char id[MCU_ICE_LITE_ID_CHARS + 1];
  guint round;     /* main */
  Credentials own; /* main's copy of `now` */
  atomic_int state;

  GMutex lock; /* protects: */
  Credentials now, before;

  struct {
    int fd; /* of the selected pair; -1: none */
    struct sockaddr_storage remote;
    socklen_t remote_size;
  } net;
};

static void
fill_random(char *out, guint n)
{
  static const char chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (guint i = 0; i < n; i++)
    out[i] = chars[g_random_int_range(0, 64)];
  out[n] = '\0';
}

static void
new_credentials(McuIceLite *lite)
{
  g_snprintf(lite->own.ufrag, sizeof lite->own.ufrag, "%s%x", lite->id, lite->round++ & 0xffff);
  fill_random(lite->own.pwd, PWD_CHARS);
  g_mutex_lock(&lite->lock);
  lite->before = lite->now;
  lite->now = lite->own;
  g_mutex_unlock(&lite->lock);
}

McuIceLite *
mcu_ice_lite_new(McuPort *port)
{
  McuIceLite *lite = g_new0(McuIceLite, 1);
  lite->port = port;
  lite->net.fd = -1;
  g_mutex_init(&lite->lock);
  fill_random(lite->id, MCU_ICE_LITE_ID_CHARS);
  new_credentials(lite);
  return lite;
}

void
mcu_ice_lite_free(McuIceLite *lite)
{
  if (lite == NULL)
    return;
  g_mutex_clear(&lite->lock);
  g_free(lite);
}

const char *
mcu_ice_lite_ufrag(const McuIceLite *lite)
{
  return lite->own.ufrag;
}

const char *
mcu_ice_lite_pwd(const McuIceLite *lite)
{
  return lite->own.pwd;
}

const char *const *
mcu_ice_lite_candidates(const McuIceLite *lite)
{
  return mcu_port_candidates(lite->port);
}

void
mcu_ice_lite_restart(McuIceLite *lite)
{
  new_credentials(lite);
}

McuIceState
mcu_ice_lite_state(const McuIceLite *lite)
{
  return (McuIceState)atomic_load(&((McuIceLite *)lite)->state);
}

const char *
mcu_ice_lite_id(const McuIceLite *lite)
{
  return lite->id;
}

McuPort *
mcu_ice_lite_port(const McuIceLite *lite)
{
  return lite->port;
}

/* "ours:theirs", RFC 8445 7.2.2. */
static gboolean
is_for(const McuStunRequest *request, const char *ufrag)
{
  gsize n = strlen(ufrag);
  return n > 0 && request->username_size > n && memcmp(request->username, ufrag, n) == 0 && request->username[n] == ':';
}

/* FALSE: of neither round. */
static gboolean
find_password(McuIceLite *lite, const McuStunRequest *request, char *out_pwd)
{
  g_mutex_lock(&lite->lock);
  const Credentials *found = NULL;
  if (is_for(request, lite->now.ufrag))
    found = &lite->now;
  else if (is_for(request, lite->before.ufrag))
    found = &lite->before;
  if (found != NULL)
    memcpy(out_pwd, found->pwd, sizeof found->pwd);
  g_mutex_unlock(&lite->lock);
  return found != NULL;
}

/* What the peer has proved with the new round, the old one may no longer claim. */
static void
retire_before(McuIceLite *lite, const McuStunRequest *request)
{
  g_mutex_lock(&lite->lock);
  if (is_for(request, lite->now.ufrag))
    lite->before = (Credentials){0};
  g_mutex_unlock(&lite->lock);
}

static McuStunAddress
address_of(const struct sockaddr_storage *from)
{
  McuStunAddress address = {.family = from->ss_family == AF_INET6 ? 6 : 4};
  if (address.family == 4) {
    const struct sockaddr_in *v4 = (const void *)from;
    memcpy(address.address, &v4->sin_addr, 4);
    memcpy(address.port, &v4->sin_port, 2);
  } else {
    const struct sockaddr_in6 *v6 = (const void *)from;
    memcpy(address.address, &v6->sin6_addr, 16);
    memcpy(address.port, &v6->sin6_port, 2);
  }
  return address;
}

static void
select_pair(McuIceLite *lite, int fd, const struct sockaddr_storage *from, socklen_t from_size)
{
  lite->net.fd = fd;
  lite->net.remote = *from;
  lite->net.remote_size = from_size;
  atomic_store(&lite->state, MCU_ICE_READY);
}

gsize
mcu_ice_lite_check(McuIceLite *lite, const guint8 *data, const McuStunRequest *request, int fd,
                   const struct sockaddr_storage *from, socklen_t from_size, guint8 *out_answer, gboolean *out_checked)
{
  char pwd[PWD_CHARS + 1];
  *out_checked = FALSE;
  if (!find_password(lite, request, pwd) || !mcu_stun_is_authentic(data, request, pwd))
    return 0;
  if (request->controlled) /* RFC 8445 7.3.1.1: of two agents of which neither would select, a full one has to */
    return mcu_stun_write_role_conflict(out_answer, request->transaction, pwd);
  retire_before(lite, request);
  *out_checked = TRUE;
  if (request->use_candidate)
    select_pair(lite, fd, from, from_size);
  McuStunAddress mapped = address_of(from);
  return mcu_stun_write_success(out_answer, request->transaction, &mapped, pwd);
}

void
mcu_ice_lite_prefetch(const McuIceLite *lite)
{
  __builtin_prefetch(&lite->net);
}

gboolean
mcu_ice_lite_queue(const McuIceLite *lite, McuUdpBatch *batch, gsize size)
{
  if (lite->net.fd < 0)
    return FALSE;
  mcu_udp_batch_add(batch, lite->net.fd, (const struct sockaddr *)&lite->net.remote, lite->net.remote_size,
                    (guint16)size);
  return TRUE;
}
