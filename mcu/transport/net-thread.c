/* One of a fixed number of threads, made by net.c. Everything here is [net] unless it says otherwise. */
#include "mcu/transport/net-thread.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "mcu/transport/leg-priv.h"
#include "mcu/util/error.h"
#include "mcu/util/priority.h"

#define EVENTS_MAX 256
#define PUBLISH_US 100000
/* Sockets are looked at together: at most every 200 us per leg, so that hundreds of legs, each with a packet of
 * sound every 20 ms, do not wake the thread for every single one. */
#define GATHER_US_PER_LEG 200
#define GATHER_MAX_US 5000
#define GATHER_PORT_MAX_US 4000 /* one buffer for all legs is full sooner */
#define PORTS_MAX 4
/* Between two parts of a picture that is sent in parts. */
#define PACE_US 4000

typedef struct {
  McuNetFunc func;
  gpointer data;
} Command;

/* What a descriptor in the epoll set is: a leg's own socket, or one of a shared port. */
typedef struct {
  McuPort *port;
  guint socket;
} PortSocket;

struct McuNetThread {
  guint index;
  GThread *gthread; /* NULL: the test makes the turns */
  int epoll_fd;     /* of the legs' sockets */
  int wake_fd;
  GMainContext *context; /* libnice's timers, and the ends of its agents */
  GAsyncQueue *commands; /* of Command */
  atomic_bool stopping;
  atomic_uint n_legs;

  struct {
    McuPort *ports[PORTS_MAX];
    char *keys[PORTS_MAX]; /* addresses and range */
    PortSocket sockets[PORTS_MAX * MCU_PORT_SOCKETS_MAX];
    guint n_ports, n_sockets;
  } main; /* grows only; an epoll event tells the thread of a new socket */

  GMutex published_lock;
  McuNetCounters published;

  struct {
    GPtrArray *legs; /* of McuLeg, referenced */
    guint holds;
    gint64 next_tick_us, next_publish_us;
    gint64 next_rx_us;   /* not looked at sockets before */
    gint64 next_pace_us; /* G_MAXINT64: no leg has a picture half sent */
    gint64 pumped_us;    /* when last */
    McuNetCounters counters;
    McuNetSpace *space;
    McuUdpBatch *batch;
    guint8 *rx_bytes;
  } net;
};

McuNetThread *
mcu_net_thread_new(guint index, GError **error)
{
  int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  int wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (epoll_fd < 0 || wake_fd < 0) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "network thread: %s", g_strerror(errno));
    if (epoll_fd >= 0)
      close(epoll_fd);
    if (wake_fd >= 0)
      close(wake_fd);
    return NULL;
  }
  McuNetThread *thread = g_new0(McuNetThread, 1);
  thread->index = index;
  thread->epoll_fd = epoll_fd;
  thread->wake_fd = wake_fd;
  thread->context = g_main_context_new();
  thread->commands = g_async_queue_new_full(g_free);
  g_mutex_init(&thread->published_lock);
  thread->net.legs = g_ptr_array_new();
  thread->net.next_pace_us = G_MAXINT64;
  thread->net.space = g_new0(McuNetSpace, 1);
  thread->net.batch = mcu_udp_batch_new();
  thread->net.rx_bytes = g_malloc((gsize)MCU_NET_RX_BATCH * MCU_DATAGRAM_MAX);
  for (guint i = 0; i < MCU_NET_RX_BATCH; i++)
    thread->net.space->datagrams[i].data = thread->net.rx_bytes + (gsize)i * MCU_DATAGRAM_MAX;
  return thread;
}

static void
run_commands(McuNetThread *thread)
{
  Command *command;
  while ((command = g_async_queue_try_pop(thread->commands)) != NULL) {
    command->func(command->data);
    g_free(command);
  }
}

void
mcu_net_thread_flush(McuNetThread *thread)
{
  McuUdpResult result = {0};
  mcu_udp_batch_flush(thread->net.batch, &result);
  thread->net.counters.send_calls += result.calls;
  thread->net.counters.tx_packets += result.taken;
  thread->net.counters.tx_bytes += result.bytes;
  thread->net.counters.drops[MCU_DROP_SEND] += result.failed;
}

McuUdpBatch *
mcu_net_thread_batch(McuNetThread *thread)
{
  return thread->net.batch;
}

guint8 *
mcu_net_thread_room(McuNetThread *thread, gsize size)
{
  guint8 *room = mcu_udp_batch_room(thread->net.batch, size);
  if (room != NULL)
    return room;
  mcu_net_thread_flush(thread);
  return mcu_udp_batch_room(thread->net.batch, size);
}

static void
publish(McuNetThread *thread, gint64 now_us)
{
  if (now_us < thread->net.next_publish_us)
    return;
  thread->net.next_publish_us = now_us + PUBLISH_US;
  g_mutex_lock(&thread->published_lock);
  thread->published = thread->net.counters;
  g_mutex_unlock(&thread->published_lock);
}

static void
tick(McuNetThread *thread, gint64 now_us)
{
  while (g_main_context_iteration(thread->context, FALSE)) {
  }
  /* A leg may fail in its tick, but only main removes it, by a command. */
  for (guint i = 0; i < thread->net.legs->len; i++)
    mcu_leg_net_tick(g_ptr_array_index(thread->net.legs, i), now_us);
  publish(thread, now_us);
}

static void
pump(McuNetThread *thread, gint64 now_us)
{
  gboolean more = FALSE;
  McuLeg **legs = (McuLeg **)thread->net.legs->pdata;
  guint n = thread->net.legs->len;
  for (guint i = 0; i < n; i++) {
    /* Hundreds of legs do not stay in the caches from one round to the next. */
    if (i + 3 < n)
      mcu_leg_tx_prefetch(legs[i + 3]);
    if (i + 1 < n)
      mcu_leg_tx_prefetch_path(legs[i + 1]);
    more |= mcu_leg_tx_pump(legs[i], now_us);
  }
  thread->net.next_pace_us = more ? now_us + PACE_US : G_MAXINT64;
  thread->net.pumped_us = now_us;
}

void
mcu_net_thread_turn(McuNetThread *thread, gint64 now_us)
{
  g_assert(thread->gthread == NULL);
  for (guint i = 0; i < thread->net.legs->len; i++)
    mcu_leg_rx_readable(g_ptr_array_index(thread->net.legs, i), now_us);
  run_commands(thread);
  pump(thread, now_us);
  if (now_us >= thread->net.next_tick_us) {
    thread->net.next_tick_us = now_us + MCU_NET_TICK_US;
    tick(thread, now_us);
  }
  mcu_net_thread_flush(thread);
}

static void
drain_wake_fd(McuNetThread *thread)
{
  guint64 count;
  if (read(thread->wake_fd, &count, sizeof count) < 0) {
    /* EAGAIN: taken by an earlier round */
  }
}

/* Waits for what is due next. Returns whether the thread was woken; *out_readable: a socket has something, and
 * may be looked at. */
static gboolean
wait(McuNetThread *thread, gboolean *out_readable)
{
  gint64 now = g_get_monotonic_time();
  gboolean look = now >= thread->net.next_rx_us;
  gint64 until = MIN(thread->net.next_tick_us, thread->net.next_pace_us);
  if (!look)
    until = MIN(until, thread->net.next_rx_us);
  gint64 left = MAX(until - now, 0);
  struct timespec timeout = {.tv_sec = left / G_USEC_PER_SEC, .tv_nsec = left % G_USEC_PER_SEC * 1000};
  struct pollfd fds[] = {{.fd = thread->wake_fd, .events = POLLIN}, {.fd = thread->epoll_fd, .events = POLLIN}};
  int n = ppoll(fds, look ? 2 : 1, &timeout, NULL);
  *out_readable = n > 0 && look && fds[1].revents != 0;
  return n > 0 && fds[0].revents != 0;
}

/* TRUE: there may be more. */
static gboolean
receive_port(McuNetThread *thread, const PortSocket *from, gint64 now_us)
{
  McuPortDatagram *datagrams = thread->net.space->port_datagrams;
  gboolean more;
  guint n = mcu_port_receive(from->port, from->socket, datagrams, thread->net.batch, thread->net.counters.drops, &more);
  for (guint i = 0; i < n; i++)
    mcu_leg_rx_datagram(datagrams[i].owner, datagrams[i].data, datagrams[i].size, now_us);
  for (guint i = 0; i < n; i++)
    mcu_leg_rx_done(datagrams[i].owner);
  return more;
}

static gboolean
is_port_socket(const McuNetThread *thread, gconstpointer p)
{
  return (const PortSocket *)p >= thread->main.sockets &&
         (const PortSocket *)p < thread->main.sockets + G_N_ELEMENTS(thread->main.sockets);
}

static void
receive(McuNetThread *thread, gint64 now_us)
{
  struct epoll_event events[EVENTS_MAX];
  int n = epoll_wait(thread->epoll_fd, events, EVENTS_MAX, 0);
  gboolean more = n == EVENTS_MAX, shared = FALSE;
  for (int i = 0; i < n; i++) {
    if (is_port_socket(thread, events[i].data.ptr)) {
      more |= receive_port(thread, events[i].data.ptr, now_us);
      shared = TRUE;
    } else {
      mcu_leg_rx_readable(events[i].data.ptr, now_us);
    }
  }
  gint64 most = shared ? GATHER_PORT_MAX_US : GATHER_MAX_US;
  if (!more)
    thread->net.next_rx_us = now_us + MIN(thread->net.legs->len * GATHER_US_PER_LEG, most);
}

static gboolean
listen_to(McuNetThread *thread, McuPort *port, GError **error)
{
  int fds[MCU_PORT_SOCKETS_MAX];
  guint n = mcu_port_sockets(port, fds);
  for (guint i = 0; i < n; i++) {
    PortSocket *entry = &thread->main.sockets[thread->main.n_sockets++];
    *entry = (PortSocket){.port = port, .socket = i};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = entry};
    if (epoll_ctl(thread->epoll_fd, EPOLL_CTL_ADD, fds[i], &event) < 0) {
      g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "epoll: %s", g_strerror(errno));
      return FALSE;
    }
  }
  return TRUE;
}

McuPort *
mcu_net_thread_port(McuNetThread *thread, const McuLegConfig *config, GError **error)
{
  g_autofree char *addresses = g_strjoinv(" ", (char **)config->addresses);
  g_autofree char *key = g_strdup_printf("%s %u-%u", addresses, config->port_min, config->port_max);
  for (guint i = 0; i < thread->main.n_ports; i++)
    if (g_str_equal(thread->main.keys[i], key))
      return thread->main.ports[i];
  if (thread->main.n_ports == PORTS_MAX) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_FULL, "too many different sets of media addresses");
    return NULL;
  }
  McuPort *port = mcu_port_new(config->addresses, config->port_min, config->port_max, error);
  if (port == NULL)
    return NULL;
  thread->main.keys[thread->main.n_ports] = g_steal_pointer(&key);
  thread->main.ports[thread->main.n_ports++] = port;
  return listen_to(thread, port, error) ? port : NULL;
}

/* Legs made just before the end have a command to come in by and one to leave by: both may still wait. */
static gboolean
is_finished(McuNetThread *thread)
{
  return atomic_load(&thread->stopping) && g_async_queue_length(thread->commands) == 0 && thread->net.legs->len == 0 &&
         thread->net.holds == 0;
}

static gpointer
run(gpointer data)
{
  McuNetThread *thread = data;
  mcu_priority_raise();
  g_main_context_push_thread_default(thread->context);
  thread->net.next_tick_us = g_get_monotonic_time() + MCU_NET_TICK_US;
  while (!is_finished(thread)) {
    gboolean readable;
    gboolean woken = wait(thread, &readable);
    gint64 now = g_get_monotonic_time();
    if (readable)
      receive(thread, now);
    if (woken) { /* commands may remove legs, so they come after the events of this round */
      drain_wake_fd(thread);
      run_commands(thread);
    }
    gboolean ticks = now >= thread->net.next_tick_us;
    /* Pictures wake nobody; where there is no sound to go with, they go with the tick. */
    if (woken || now >= thread->net.next_pace_us || (ticks && now - thread->net.pumped_us >= MCU_NET_TICK_US))
      pump(thread, now);
    if (ticks) {
      thread->net.next_tick_us = MAX(thread->net.next_tick_us + MCU_NET_TICK_US, now);
      tick(thread, now);
    }
    mcu_net_thread_flush(thread);
  }
  g_main_context_pop_thread_default(thread->context);
  return NULL;
}

gboolean
mcu_net_thread_start(McuNetThread *thread, GError **error)
{
  g_autofree char *name = g_strdup_printf("net-%u", thread->index);
  thread->gthread = g_thread_try_new(name, run, thread, error);
  return thread->gthread != NULL;
}

static void
wake(McuNetThread *thread)
{
  guint64 one = 1;
  if (write(thread->wake_fd, &one, sizeof one) < 0) {
    /* EAGAIN: awake already */
  }
}

void
mcu_net_thread_free(McuNetThread *thread)
{
  if (thread == NULL)
    return;
  atomic_store(&thread->stopping, TRUE);
  wake(thread);
  if (thread->gthread != NULL) {
    g_thread_join(thread->gthread);
  } else {
    run_commands(thread);
    while (thread->net.holds > 0)
      g_main_context_iteration(thread->context, TRUE);
  }
  g_ptr_array_unref(thread->net.legs);
  g_free(thread->net.rx_bytes);
  g_free(thread->net.space);
  mcu_udp_batch_free(thread->net.batch);
  for (guint i = 0; i < thread->main.n_ports; i++) {
    mcu_port_free(thread->main.ports[i]);
    g_free(thread->main.keys[i]);
  }
  g_async_queue_unref(thread->commands);
  g_main_context_unref(thread->context);
  g_mutex_clear(&thread->published_lock);
  close(thread->epoll_fd);
  close(thread->wake_fd);
  g_free(thread);
}

void
mcu_net_thread_invoke(McuNetThread *thread, McuNetFunc func, gpointer data)
{
  Command *command = g_new(Command, 1);
  *command = (Command){.func = func, .data = data};
  g_async_queue_push(thread->commands, command);
  wake(thread);
}

GMainContext *
mcu_net_thread_context(McuNetThread *thread)
{
  return thread->context;
}

void
mcu_net_thread_add(McuNetThread *thread, McuLeg *leg)
{
  MCU_ASSERT_NET(thread);
  int fds[MCU_ICE_SOCKETS_MAX];
  guint n = mcu_ice_sockets(leg->ice, fds);
  for (guint i = 0; i < n; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = leg};
    if (epoll_ctl(thread->epoll_fd, EPOLL_CTL_ADD, fds[i], &event) < 0)
      g_warning("epoll: %s", g_strerror(errno));
  }
  g_ptr_array_add(thread->net.legs, leg);
  atomic_fetch_add(&thread->n_legs, 1);
}

void
mcu_net_thread_remove(McuNetThread *thread, McuLeg *leg)
{
  MCU_ASSERT_NET(thread);
  if (!g_ptr_array_remove(thread->net.legs, leg))
    return;
  int fds[MCU_ICE_SOCKETS_MAX];
  guint n = mcu_ice_sockets(leg->ice, fds);
  for (guint i = 0; i < n; i++)
    epoll_ctl(thread->epoll_fd, EPOLL_CTL_DEL, fds[i], NULL);
  atomic_fetch_sub(&thread->n_legs, 1);
}

void
mcu_net_thread_hold(McuNetThread *thread, gint change)
{
  thread->net.holds += (guint)change;
}

guint
mcu_net_thread_index(const McuNetThread *thread)
{
  return thread->index;
}

int
mcu_net_thread_wake_fd(const McuNetThread *thread)
{
  return thread->wake_fd;
}

McuNetSpace *
mcu_net_thread_space(McuNetThread *thread)
{
  return thread->net.space;
}

McuNetCounters *
mcu_net_thread_counters(McuNetThread *thread)
{
  return &thread->net.counters;
}

gboolean
mcu_net_thread_is_current(const McuNetThread *thread)
{
  return thread->gthread == NULL || thread->gthread == g_thread_self();
}

guint
mcu_net_thread_n_legs(const McuNetThread *thread)
{
  return atomic_load(&((McuNetThread *)thread)->n_legs);
}

void
mcu_net_thread_add_stats(McuNetThread *thread, McuNetStats *stats)
{
  g_mutex_lock(&thread->published_lock);
  McuNetCounters now = thread->published;
  g_mutex_unlock(&thread->published_lock);
  stats->legs += atomic_load(&thread->n_legs);
  stats->rx_packets += now.rx_packets;
  stats->rx_bytes += now.rx_bytes;
  stats->tx_packets += now.tx_packets;
  stats->tx_bytes += now.tx_bytes;
  stats->send_calls += now.send_calls;
  for (guint i = 0; i < MCU_N_DROPS; i++)
    stats->drops[i] += now.drops[i];
}
