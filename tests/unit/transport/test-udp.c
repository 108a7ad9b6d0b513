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

  for (gsize i = 0; i < G_N_ELEMENTS(bursts); i++) {
    guint n = 0;
    gsize size = 0;
    while (n < G_N_ELEMENTS(bursts[i]) && bursts[i][n] != 0) {
      memset(bytes + size, (int)n + 1, bursts[i][n]);
      size += bursts[i][n++];
    }
    guint64 calls = 0;
    guint sent = mcu_udp_send(sender, (struct sockaddr *)&address, sizeof address, bytes, bursts[i], n, &calls);
    g_assert_cmpuint(sent, ==, n);
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
  guint64 calls = 0;
  for (guint i = 0; i < 10; i++) /* ICMP errors come back, and nothing loops */
    mcu_udp_send(sender, (struct sockaddr *)&address, sizeof address, bytes, sizes, 3, &calls);
  g_assert_cmpuint(calls, <=, 30);
  close(sender);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/udp/sizes", test_sizes);
  g_test_add_func("/udp/nobody-there", test_nobody_there);
  return g_test_run();
}
