#include "tests/fakes/fake-ice.h"

#include <string.h>

#include "mcu/transport/ice.h"

#define RECORDED_MAX 512

typedef struct {
  gint64 due_us;
  guint64 order;
  GBytes *bytes;
} Datagram;

struct McuIce {
  char *ufrag, *pwd, *peer;
  GPtrArray *incoming; /* of Datagram */
  GQueue *recorded;    /* of GBytes, what was sent to it */
};

static struct {
  FakeLink link;
  GRand *rand;
  GHashTable *agents; /* ufrag -> McuIce, borrowed */
  gint64 now_us;
  guint64 order;
  guint next;
} world;

static const char *const no_candidates[] = {"candidate:1 1 UDP 1 192.0.2.1 9 typ host", NULL};

static void
set_up(void)
{
  if (world.agents != NULL)
    return;
  world.agents = g_hash_table_new(g_str_hash, g_str_equal);
  world.rand = g_rand_new_with_seed(1);
}

void
fake_ice_set_link(const FakeLink *link)
{
  set_up();
  if (link->seed != world.link.seed)
    g_rand_set_seed(world.rand, link->seed);
  world.link = *link;
}

void
fake_ice_set_now(gint64 now_us)
{
  world.now_us = now_us;
}

static void
datagram_free(gpointer data)
{
  Datagram *datagram = data;
  g_bytes_unref(datagram->bytes);
  g_free(datagram);
}

static void
put(McuIce *ice, GBytes *bytes, gint64 due_us)
{
  Datagram *datagram = g_new(Datagram, 1);
  *datagram = (Datagram){.due_us = due_us, .order = world.order++, .bytes = g_bytes_ref(bytes)};
  g_ptr_array_add(ice->incoming, datagram);
}

void
fake_ice_inject(const char *ufrag, const guint8 *data, gsize size)
{
  McuIce *ice = g_hash_table_lookup(world.agents, ufrag);
  g_assert_nonnull(ice);
  g_autoptr(GBytes) bytes = g_bytes_new(data, size);
  put(ice, bytes, world.now_us);
}

void
fake_ice_each_sent(const char *ufrag, void (*func)(const guint8 *data, gsize size, gpointer), gpointer user_data)
{
  McuIce *ice = g_hash_table_lookup(world.agents, ufrag);
  g_assert_nonnull(ice);
  for (GList *item = ice->recorded->head; item != NULL; item = item->next) {
    gsize size;
    const guint8 *data = g_bytes_get_data(item->data, &size);
    func(data, size, user_data);
  }
}

McuIce *
mcu_ice_new(const McuLegConfig *config, McuNetThread *thread, GError **error)
{
  (void)config;
  (void)thread;
  (void)error;
  set_up();
  McuIce *ice = g_new0(McuIce, 1);
  ice->ufrag = g_strdup_printf("user%u", world.next++);
  ice->pwd = g_strdup("0123456789012345678901");
  ice->incoming = g_ptr_array_new_with_free_func(datagram_free);
  ice->recorded = g_queue_new();
  g_hash_table_insert(world.agents, ice->ufrag, ice);
  return ice;
}

void
mcu_ice_open(McuIce *ice, McuLeg *leg)
{
  (void)ice;
  (void)leg;
}

void
mcu_ice_close(McuIce *ice, void (*done)(gpointer), gpointer user_data)
{
  g_hash_table_remove(world.agents, ice->ufrag);
  g_ptr_array_unref(ice->incoming);
  g_queue_free_full(ice->recorded, (GDestroyNotify)g_bytes_unref);
  g_free(ice->ufrag);
  g_free(ice->pwd);
  g_free(ice->peer);
  g_free(ice);
  done(user_data);
}

const char *
mcu_ice_ufrag(const McuIce *ice)
{
  return ice->ufrag;
}

const char *
mcu_ice_pwd(const McuIce *ice)
{
  return ice->pwd;
}

const char *const *
mcu_ice_candidates(const McuIce *ice)
{
  (void)ice;
  return no_candidates;
}

gboolean
mcu_ice_set_remote(McuIce *ice, const char *ufrag, const char *pwd, GError **error)
{
  (void)pwd;
  (void)error;
  g_free(ice->peer);
  ice->peer = g_strdup(ufrag);
  return TRUE;
}

gboolean
mcu_ice_add_candidate(McuIce *ice, const char *candidate, GError **error)
{
  (void)ice;
  (void)candidate;
  (void)error;
  return TRUE;
}

gboolean
mcu_ice_restart(McuIce *ice, const char *ufrag, const char *pwd, GError **error)
{
  return mcu_ice_set_remote(ice, ufrag, pwd, error);
}

guint
mcu_ice_sockets(const McuIce *ice, int *out_fds)
{
  (void)ice;
  (void)out_fds;
  return 0;
}

/* The earliest that is due. */
static guint
find_due(const McuIce *ice)
{
  guint best = G_MAXUINT;
  for (guint i = 0; i < ice->incoming->len; i++) {
    const Datagram *datagram = g_ptr_array_index(ice->incoming, i);
    const Datagram *earliest = best == G_MAXUINT ? NULL : g_ptr_array_index(ice->incoming, best);
    if (datagram->due_us > world.now_us)
      continue;
    if (earliest == NULL || datagram->due_us < earliest->due_us ||
        (datagram->due_us == earliest->due_us && datagram->order < earliest->order))
      best = i;
  }
  return best;
}

guint
mcu_ice_receive(McuIce *ice, McuIceDatagram *datagrams, guint n, guint64 *drops)
{
  (void)drops;
  guint got = 0;
  for (guint i; got < n && (i = find_due(ice)) != G_MAXUINT; got++) {
    const Datagram *datagram = g_ptr_array_index(ice->incoming, i);
    gsize size;
    const guint8 *data = g_bytes_get_data(datagram->bytes, &size);
    gsize copied = MIN(size, MCU_DATAGRAM_MAX);
    memcpy(datagrams[got].data, data, copied);
    datagrams[got].size = size <= MCU_DATAGRAM_MAX ? size : 0;
    g_ptr_array_remove_index(ice->incoming, i);
  }
  return got;
}

static void
carry(McuIce *peer, const guint8 *data, gsize size)
{
  g_autoptr(GBytes) bytes = g_bytes_new(data, size);
  g_queue_push_tail(peer->recorded, g_bytes_ref(bytes));
  if (peer->recorded->length > RECORDED_MAX)
    g_bytes_unref(g_queue_pop_head(peer->recorded));
  if (g_rand_double(world.rand) < world.link.loss)
    return;
  guint copies = g_rand_double(world.rand) < world.link.duplicate ? 2 : 1;
  for (guint i = 0; i < copies; i++) {
    gint64 jitter = (gint64)(g_rand_double(world.rand) * (double)world.link.jitter_us);
    put(peer, bytes, world.now_us + world.link.delay_us + jitter);
  }
}

gboolean
mcu_ice_queue(McuIce *ice, McuUdpBatch *batch, const guint8 *datagram, gsize size)
{
  (void)batch; /* goes at once */
  McuIce *peer = ice->peer != NULL ? g_hash_table_lookup(world.agents, ice->peer) : NULL;
  if (peer != NULL)
    carry(peer, datagram, size);
  return peer != NULL;
}

void
mcu_ice_prefetch(const McuIce *ice)
{
  (void)ice;
}

McuIceState
mcu_ice_state(const McuIce *ice)
{
  return ice->peer != NULL ? MCU_ICE_READY : MCU_ICE_CHECKING;
}
