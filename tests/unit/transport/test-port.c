/* The shared port with real sockets on loopback: which agent a datagram is for, and what is nobody's. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mcu/transport/ice-lite.h"
#include "mcu/util/drop.h"
#include "mcu/util/error.h"
#include "stun-client.h"

enum { AGENTS = 20 };

static const char *const loopback[] = {"127.0.0.1", NULL};

typedef struct {
  McuPort *port;
  McuIceLite *agents[AGENTS];
  struct sockaddr_in address; /* of the port */
  McuUdpBatch *batch;
  McuPortDatagram got[MCU_PORT_BATCH];
  guint64 drops[MCU_N_DROPS];
} Fixture;

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  f->port = mcu_port_new(loopback, 0, 0, &error);
  g_assert_no_error(error);
  f->batch = mcu_udp_batch_new();
  guint port;
  const char *candidate = mcu_port_candidates(f->port)[0];
  g_assert_cmpint(sscanf(candidate, "candidate:1 1 UDP %*u 127.0.0.1 %u typ host", &port), ==, 1);
  f->address = (struct sockaddr_in){
      .sin_family = AF_INET, .sin_port = htons((guint16)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  for (guint i = 0; i < AGENTS; i++) {
    f->agents[i] = mcu_ice_lite_new(f->port);
    mcu_port_add(f->port, f->agents[i], &f->agents[i]);
  }
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  for (guint i = 0; i < AGENTS; i++) {
    if (f->agents[i] == NULL)
      continue;
    mcu_port_remove(f->port, f->agents[i]);
    mcu_ice_lite_free(f->agents[i]);
  }
  mcu_port_free(f->port);
  mcu_udp_batch_free(f->batch);
}

static int
client_open(void)
{
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
  return fd;
}

static void
client_send(Fixture *f, int fd, const void *data, gsize size)
{
  g_assert_cmpint(sendto(fd, data, size, 0, (struct sockaddr *)&f->address, sizeof f->address), ==, (gssize)size);
}

/* One round: what has arrived on loopback is there. */
static guint
receive(Fixture *f)
{
  gboolean more;
  McuUdpResult result = {0};
  guint n = mcu_port_receive(f->port, 0, f->got, f->batch, f->drops, &more);
  mcu_udp_batch_flush(f->batch, &result);
  return n;
}

static void
send_check(Fixture *f, int fd, guint agent)
{
  guint8 request[256];
  g_autofree char *name = g_strdup_printf("%s:peer", mcu_ice_lite_ufrag(f->agents[agent]));
  StunClientRequest what = {.username = name, .pwd = mcu_ice_lite_pwd(f->agents[agent]), .use_candidate = TRUE};
  client_send(f, fd, request, stun_client_request(request, &what));
}

static gboolean
is_answered(int fd)
{
  guint8 answer[256];
  return recv(fd, answer, sizeof answer, MSG_DONTWAIT) > 20 && answer[0] == 0x01 && answer[1] == 0x01;
}

static const guint8 rtp[100] = {0x80, 96};

static void
test_whose(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  int clients[AGENTS];
  for (guint i = 0; i < AGENTS; i++) {
    clients[i] = client_open();
    client_send(f, clients[i], rtp, sizeof rtp); /* before any check: a stranger's */
    send_check(f, clients[i], i);
  }
  g_assert_cmpuint(receive(f), ==, 0);
  g_assert_cmpuint(f->drops[MCU_DROP_UNVERIFIED], ==, AGENTS);
  for (guint i = 0; i < AGENTS; i++) {
    g_assert_true(is_answered(clients[i]));
    client_send(f, clients[i], rtp, 20 + i);
  }
  g_assert_cmpuint(receive(f), ==, AGENTS);
  for (guint i = 0; i < AGENTS; i++) {
    g_assert_true(f->got[i].owner == &f->agents[i]);
    g_assert_cmpuint(f->got[i].size, ==, 20 + i);
    g_assert_cmpmem(f->got[i].data, f->got[i].size, rtp, 20 + i);
  }

  /* One is gone: what comes from its address is a stranger's again. */
  mcu_port_remove(f->port, f->agents[3]);
  g_clear_pointer(&f->agents[3], mcu_ice_lite_free);
  client_send(f, clients[3], rtp, sizeof rtp);
  g_assert_cmpuint(receive(f), ==, 0);
  g_assert_cmpuint(f->drops[MCU_DROP_UNVERIFIED], ==, AGENTS + 1);
  for (guint i = 0; i < AGENTS; i++)
    close(clients[i]);
}

/* A client that comes back by the same socket to another agent takes its address along. */
static void
test_moves(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  int client = client_open();
  for (guint i = 0; i < 5; i++) {
    send_check(f, client, i);
    client_send(f, client, rtp, sizeof rtp);
    g_assert_cmpuint(receive(f), ==, 1);
    g_assert_true(f->got[0].owner == &f->agents[i]);
  }
  close(client);
}

/* Addresses of one agent are limited: the one heard longest ago gives way. */
static void
test_many_addresses(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  int clients[MCU_PORT_ADDRESSES_MAX + 1];
  for (guint i = 0; i < G_N_ELEMENTS(clients); i++) {
    clients[i] = client_open();
    send_check(f, clients[i], 0);
    receive(f);
  }
  for (guint i = 0; i < G_N_ELEMENTS(clients); i++) {
    client_send(f, clients[i], rtp, sizeof rtp);
    g_assert_cmpuint(receive(f), ==, i > 0);
    close(clients[i]);
  }
}

static void
test_nobodys(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(5);
  int client = client_open();
  guint8 junk[2100], request[256];
  StunClientRequest what = {.username = "abcdefgh0:peer", .pwd = "no agent has it"};
  gsize size = stun_client_request(request, &what);
  client_send(f, client, request, size); /* of no agent */
  client_send(f, client, request, size - 4);
  client_send(f, client, "", 0);
  client_send(f, client, "\xff", 1);
  g_assert_cmpuint(receive(f), ==, 0);
  g_assert_cmpuint(f->drops[MCU_DROP_STUN], ==, 2);
  g_assert_cmpuint(f->drops[MCU_DROP_EMPTY], ==, 1);
  g_assert_cmpuint(f->drops[MCU_DROP_UNKNOWN], ==, 1);
  for (guint i = 0; i < 2000; i++) {
    gsize n = (gsize)g_rand_int_range(rand, 0, 300);
    for (gsize k = 0; k < n; k++)
      junk[k] = (guint8)g_rand_int(rand);
    client_send(f, client, junk, n);
    g_assert_cmpuint(receive(f), ==, 0);
  }
  g_assert_false(is_answered(client));

  /* Too long, from one who may: given as such, to be counted. */
  send_check(f, client, 1);
  memset(junk, 0x80, sizeof junk);
  client_send(f, client, junk, sizeof junk);
  g_assert_cmpuint(receive(f), ==, 1);
  g_assert_cmpuint(f->got[0].size, ==, 0);
  close(client);
}

static void
test_ports(void)
{
  g_autoptr(GError) error = NULL;
  McuPort *first = mcu_port_new(loopback, 0, 0, &error);
  guint taken;
  g_assert_cmpint(sscanf(mcu_port_candidates(first)[0], "%*s %*s UDP %*u %*s %u", &taken), ==, 1);
  g_assert_null(mcu_port_new(loopback, (guint16)taken, (guint16)taken, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_FULL);
  g_clear_error(&error);
  static const char *const wrong[] = {"not an address", NULL}, *const elsewhere[] = {"192.0.2.77", NULL};
  g_assert_null(mcu_port_new(wrong, 0, 0, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  g_clear_error(&error);
  g_assert_null(mcu_port_new(elsewhere, 0, 0, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  mcu_port_free(first);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/port/whose", Fixture, NULL, set_up, test_whose, tear_down);
  g_test_add("/port/moves", Fixture, NULL, set_up, test_moves, tear_down);
  g_test_add("/port/many-addresses", Fixture, NULL, set_up, test_many_addresses, tear_down);
  g_test_add("/port/nobodys", Fixture, NULL, set_up, test_nobodys, tear_down);
  g_test_add_func("/port/ports", test_ports);
  return g_test_run();
}
