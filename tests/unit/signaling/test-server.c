/* What the web server refuses to start with. What it does while it runs: check-server.py. */
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "mcu/signaling/server.h"
#include "mcu/util/error.h"
#include "tests/fakes/fake-bridge.h"

static void
test_refused(void)
{
  McuBridge *bridge = fake_bridge_new();
  g_autoptr(GSocketListener) taken = g_socket_listener_new();
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new(loopback, 0);
  g_autoptr(GSocketAddress) bound = NULL;
  g_assert_true(
      g_socket_listener_add_address(taken, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL));
  guint16 port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));

  const McuWebServerConfig table[] = {
      {.address = "0.0.0.0"}, /* plain HTTP for everybody */
      {.address = "::"},
      {.address = "192.0.2.1"},
      {.address = "example.org"},
      {.address = "127.0.0.1", .tls = TRUE}, /* without a certificate */
      {.address = "127.0.0.1", .tls = TRUE, .cert_path = "/nowhere.pem", .key_path = "/nowhere.key"},
      {.address = "127.0.0.1", .web_dir = "/nowhere"},
      {.address = "127.0.0.1", .port = port},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    McuWebServerConfig config = table[i];
    g_autoptr(GError) error = NULL;
    config.bridge = bridge;
    g_test_message("case %u", i);
    g_assert_null(mcu_web_server_new(&config, &error));
    g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  }
  mcu_bridge_free(bridge);
}

static void
test_started_and_stopped(void)
{
  static const char *const addresses[] = {"127.0.0.1", "localhost", "127.0.0.2", "::1"};
  McuBridge *bridge = fake_bridge_new();
  for (guint i = 0; i < G_N_ELEMENTS(addresses); i++) {
    McuWebServerConfig config = {.address = addresses[i], .bridge = bridge};
    g_autoptr(GError) error = NULL;
    McuWebServer *server = mcu_web_server_new(&config, &error);
    g_test_message("%s", addresses[i]);
    g_assert_no_error(error);
    g_assert_cmpuint(mcu_web_server_port(server), !=, 0);
    mcu_web_server_free(server);
  }
  mcu_web_server_free(NULL);
  mcu_bridge_free(bridge);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/server/refused", test_refused);
  g_test_add_func("/server/started-and-stopped", test_started_and_stopped);
  return g_test_run();
}
