/* Real sockets on loopback: what the kernel cuts must be what was given. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mcu/transport/udp.h"

static int
bound_socket(struct sockaddr_in *address)
{
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  socklen_t size = sizeof *address;
  *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  g_assert_cmpint(bind(fd, (struct sockaddr *)address, size), ==, 0);
  g_assert_cmpint(getsockname(fd, (struct sockaddr *)address, &size), ==, 0);
  return fd;
}

/* Datagram `i` of those that lie one behind the other. */
static void
add(McuUdpBatch *batch, int fd, const struct sockaddr_in *to, const guint8 *bytes, const guint16 *sizes, guint i)
{
  for (guint k = 0; k < i; k++)
    bytes += sizes[k];
  guint8 *room = mcu_udp_batch_room(batch, sizes[i]);
  g_assert_nonnull(room);
  memcpy(room, bytes, sizes[i]);
  mcu_udp_batch_add(batch, fd, (const struct sockaddr *)to, sizeof *to, sizes[i]);
}

static void
test_sizes(void)
{
  static const guint16 bursts[][12] = {
      {100},
      {1200, 1200, 1200, 300},
      {1200, 1200, 300, 1200, 1200, 7},
      {1, 2, 3, 4, 5, 6},
      {6, 5, 4, 3, 2, 1},
      {900, 900, 900, 900, 900, 900, 900, 900, 900, 900, 900},
  };
  struct sockaddr_in address, unused;
  int receiver = bound_socket(&address);
  int sender = bound_socket(&unused);
  guint8 bytes[16 * 1500], got[2000];
  McuUdpBatch *batch = mcu_udp_batch_new();

  for (gsize i = 0; i < G_N_ELEMENTS(bursts); i++) {
    guint n = 0;
    gsize size = 0;
    while (n < G_N_ELEMENTS(bursts[i]) && bursts[i][n] != 0) {
      memset(bytes + size, (int)n + 1, bursts[i][n]);
      size += bursts[i][n++];
    }
    McuUdpResult result = {0};
    for (guint j = 0; j < n; j++)
      add(batch, sender, &address, bytes, bursts[i], j);
    mcu_udp_batch_flush(batch, &result);
    g_assert_cmpuint(result.taken, ==, n);
    g_assert_cmpuint(result.bytes, ==, size);
    g_assert_cmpuint(result.failed, ==, 0);
    g_assert_cmpuint(result.calls, ==, 1);
    for (guint j = 0; j < n; j++) {
      gssize received = recv(receiver, got, sizeof got, MSG_DONTWAIT);
      g_assert_cmpint(received, ==, bursts[i][j]);
      g_assert_cmpuint(got[0], ==, j + 1);
      g_assert_cmpuint(got[received - 1], ==, j + 1);
    }
    g_assert_cmpint(recv(receiver, got, sizeof got, MSG_DONTWAIT), <, 0);
  }
  close(receiver);
  close(sender);
  mcu_udp_batch_free(batch);
}

/* Hundreds of receivers, two senders, sizes of sound and picture in turn: all arrive, in order, by few calls. */
static void
test_many(void)
{
  enum { RECEIVERS = 150 };
  static const guint16 sizes[] = {90, 1180, 1180, 1180, 400, 90};
  struct sockaddr_in addresses[RECEIVERS], unused;
  int receivers[RECEIVERS], senders[2] = {bound_socket(&unused), bound_socket(&unused)};
  guint8 bytes[6 * 1500] = {0}, got[2000];
  McuUdpBatch *batch = mcu_udp_batch_new();
  McuUdpResult result = {0};
  for (guint i = 0; i < RECEIVERS; i++) {
    receivers[i] = bound_socket(&addresses[i]);
    bytes[0] = (guint8)i; /* of the first datagram */
    for (guint j = 0; j < G_N_ELEMENTS(sizes); j++) {
      if (mcu_udp_batch_room(batch, sizes[j]) == NULL)
        mcu_udp_batch_flush(batch, &result);
      add(batch, senders[i >= RECEIVERS / 2], &addresses[i], bytes, sizes, j);
    }
  }
  mcu_udp_batch_flush(batch, &result);
  mcu_udp_batch_flush(batch, &result); /* empty */
  g_assert_cmpuint(result.taken, ==, RECEIVERS * G_N_ELEMENTS(sizes));
  g_assert_cmpuint(result.calls, <=, RECEIVERS / 8);
  for (guint i = 0; i < RECEIVERS; i++) {
    for (guint j = 0; j < G_N_ELEMENTS(sizes); j++) {
      g_assert_cmpint(recv(receivers[i], got, sizeof got, MSG_DONTWAIT), ==, sizes[j]);
      if (j == 0)
        g_assert_cmpuint(got[0], ==, (guint8)i);
    }
    close(receivers[i]);
  }
  close(senders[0]);
  close(senders[1]);
  mcu_udp_batch_free(batch);
}

static void
test_full(void)
{
  struct sockaddr_in address, unused;
  int receiver = bound_socket(&address), sender = bound_socket(&unused);
  McuUdpBatch *batch = mcu_udp_batch_new();
  guint n = 0;
  for (guint8 *room; (room = mcu_udp_batch_room(batch, 1200)) != NULL; n++) {
    memset(room, 1, 1200);
    mcu_udp_batch_add(batch, sender, (const struct sockaddr *)&address, sizeof address, 1200);
  }
  g_assert_cmpuint(n, >=, 400);
  g_assert_cmpuint(n, <=, MCU_BATCH_DATAGRAMS);
  McuUdpResult result = {0};
  mcu_udp_batch_flush(batch, &result);
  g_assert_cmpuint(result.taken + result.failed, ==, n);
  g_assert_nonnull(mcu_udp_batch_room(batch, 1200));
  close(receiver);
  close(sender);
  mcu_udp_batch_free(batch);
}

static void
test_nobody_there(void)
{
  struct sockaddr_in address, unused;
  int receiver = bound_socket(&address);
  int sender = bound_socket(&unused);
  close(receiver);
  const guint16 sizes[3] = {10, 10, 10};
  guint8 bytes[30] = {0};
  McuUdpBatch *batch = mcu_udp_batch_new();
  McuUdpResult result = {0};
  for (guint i = 0; i < 10; i++) { /* ICMP errors come back, and nothing loops */
    for (guint j = 0; j < 3; j++)
      add(batch, sender, &address, bytes, sizes, j);
    mcu_udp_batch_flush(batch, &result);
  }
  g_assert_cmpuint(result.taken + result.failed, ==, 30);
  g_assert_cmpuint(result.calls, <=, 30);
  close(sender);
  mcu_udp_batch_free(batch);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/udp/sizes", test_sizes);
  g_test_add_func("/udp/many", test_many);
  g_test_add_func("/udp/full", test_full);
  g_test_add_func("/udp/nobody-there", test_nobody_there);
  return g_test_run();
}
