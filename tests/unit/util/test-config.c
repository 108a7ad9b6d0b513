#include "mcu/util/config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "mcu/util/error.h"

/* Options in one string, as a user types them. */
static McuConfig *
parse(const char *options, GError **error)
{
  g_autofree char *line = g_strconcat("serve ", options, NULL);
  g_auto(GStrv) argv = NULL;
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  g_autoptr(McuConfig) config = mcu_config_new();
  return mcu_config_parse(config, &argv, error) ? g_steal_pointer(&config) : NULL;
}

static McuConfig *
parse_ok(const char *options)
{
  g_autoptr(GError) error = NULL;
  McuConfig *config = parse(options, &error);
  g_assert_no_error(error);
  return config;
}

static char *
write_file(const char *text)
{
  char *path = NULL;
  int fd = g_file_open_tmp("diemcau-XXXXXX.ini", &path, NULL);
  g_assert_cmpint(fd, >=, 0);
  g_close(fd, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  return path;
}

static void
test_defaults(void)
{
  g_autoptr(McuConfig) config = parse_ok("");
  g_assert_cmpstr(config->data, ==, "data");
  g_assert_cmpstr(config->listen_address, ==, "0.0.0.0");
  g_assert_cmpuint(config->listen_port, ==, 8443);
  g_assert_false(config->http);
  g_assert_null(config->layouts);
  g_assert_null(config->media_addresses);
  g_assert_cmpuint(config->port_min, ==, 0);
  g_assert_cmpint(config->demo, ==, 0);
  g_assert_cmpint(config->max_members, ==, 3000);
  g_assert_cmpint(config->max_heard, ==, 6);
  g_assert_cmpint(config->max_visible, ==, 16);
  g_assert_cmpint(config->max_mbps, ==, 0);
}

static void
test_options(void)
{
  g_autoptr(McuConfig) config = parse_ok(
      "--data d --layouts own --listen [::1]:0 --http --media-address '10.0.0.5, fd00::1' --media-ports 40000-40999 "
      "--demo 8 --full-ice --web w --certificate c --key k --video-kbps 2000 --max-members 300 --verbose "
      "--max-visible 256 --max-mbps 400");
  g_assert_cmpstr(config->data, ==, "d");
  g_assert_cmpstr(config->layouts, ==, "own");
  g_assert_cmpstr(config->listen_address, ==, "::1");
  g_assert_cmpuint(config->listen_port, ==, 0);
  g_assert_true(config->http && config->full_ice && config->verbose);
  g_assert_cmpuint(g_strv_length(config->media_addresses), ==, 2);
  g_assert_cmpstr(config->media_addresses[1], ==, "fd00::1");
  g_assert_cmpuint(config->port_min, ==, 40000);
  g_assert_cmpuint(config->port_max, ==, 40999);
  g_assert_cmpint(config->demo, ==, 8);
  g_assert_cmpint(config->video_kbps, ==, 2000);
  g_assert_cmpint(config->max_members, ==, 300);
  g_assert_cmpint(config->max_visible, ==, 256);
  g_assert_cmpint(config->max_mbps, ==, 400);
}

static void
test_file(void)
{
  g_autofree char *path = write_file("# a comment\n[server]\ndata = /srv/diemcau\nlisten=127.0.0.1:9000\nhttp=true\n"
                                     "[media]\nvideo-kbps = 900\nmedia-address=127.0.0.1\n[limits]\nmax-heard=3\n");
  g_autofree char *options = g_strdup_printf("--video-kbps 800 --config %s", path);
  g_autoptr(McuConfig) config = parse_ok(options);
  g_assert_cmpstr(config->data, ==, "/srv/diemcau");
  g_assert_cmpuint(config->listen_port, ==, 9000);
  g_assert_true(config->http);
  g_assert_cmpint(config->video_kbps, ==, 800); /* the option wins, though it stands first */
  g_assert_cmpint(config->max_heard, ==, 3);
  g_assert_cmpstr(config->media_addresses[0], ==, "127.0.0.1");
  g_unlink(path);
}

static void
test_bad_files(void)
{
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"[server]\ndata=x\nlissten=1\n", "line 3, group [server], key lissten: unknown key"},
      {"[media]\nlisten=127.0.0.1:1\n", "line 2, group [media], key listen: unknown key"},
      {"[server]\ndemo=5\n", "key demo: unknown key"},
      {"\n[extra]\nx=1\n", "line 2, group [extra]: unknown group"},
      {"[media]\nvideo-kbps=fast\n", "line 2, group [media], key video-kbps"},
      {"[server]\nhttp=maybe\n", "line 2, group [server], key http"},
      {"[media]\nvideo-kbps=99999999999999999999\n", "key video-kbps"},
      {"[media]\nvideo-kbps=1\n", "video-kbps: 1 is not between"},
      {"[server]\nlisten=nowhere\n", "\"nowhere\" is not ADDRESS:PORT"},
      {"no group\n", "cannot read the settings"},
      {"[server\ndata=x\n", "cannot read the settings"},
      {"[server]\ndata=\xff\n", "key data"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = write_file(cases[i].text);
    g_autofree char *options = g_strdup_printf("--config %s", path);
    g_autoptr(GError) error = NULL;
    g_assert_null(parse(options, &error));
    g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
    if (strstr(error->message, cases[i].says) == NULL)
      g_error("\"%s\" does not say \"%s\"", error->message, cases[i].says);
    g_unlink(path);
  }
  g_autoptr(GError) error = NULL;
  g_assert_null(parse("--config does/not/exist.ini", &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
}

static void
test_bad_values(void)
{
  static const char *const cases[] = {
      "--listen 8443",
      "--listen 127.0.0.1",
      "--listen 127.0.0.1:65536",
      "--listen 127.0.0.1:-1",
      "--listen 127.0.0.1:",
      "--listen :8443",
      "--listen ::1:8443",
      "--listen [::1:8443",
      "--listen []:8443",
      "--listen ''",
      "--listen example.org:8443",
      "--http --listen 0.0.0.0:8080",
      "--http --listen 192.168.1.1:8080",
      "--certificate c",
      "--key k",
      "--media-ports 1",
      "--media-ports 2-1",
      "--media-ports 0-1",
      "--media-ports 1-65536",
      "--media-ports a-b",
      "--media-ports -1-5",
      "--media-address here",
      "--media-address 10.0.0.1,,10.0.0.2",
      "--media-address 10.0.0.1:5000",
      "--max-members 0",
      "--max-members 10001",
      "--max-visible 0",
      "--max-visible 257",
      "--max-mbps -1",
      "--lost-grace -5",
      "--demo -1",
      "--net-threads 17",
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(McuConfig) config = parse(cases[i], &error);
    if (config != NULL)
      g_error("accepted: %s", cases[i]);
    g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  }
}

static void
test_wrong_use(void)
{
  static const char *const cases[] = {"--nonsense", "--demo many", "--demo", "extra", "--http extra", "-- extra"};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(parse(cases[i], &error));
    g_assert_nonnull(error);
    g_assert_true(error->domain == G_OPTION_ERROR);
  }
}

static void
test_loopback(void)
{
  g_assert_true(mcu_config_is_loopback("127.0.0.1"));
  g_assert_true(mcu_config_is_loopback("127.9.9.9"));
  g_assert_true(mcu_config_is_loopback("::1"));
  g_assert_true(mcu_config_is_loopback("localhost"));
  g_assert_false(mcu_config_is_loopback("0.0.0.0"));
  g_assert_false(mcu_config_is_loopback("::"));
  g_assert_false(mcu_config_is_loopback("localhost.example.org"));
  g_assert_false(mcu_config_is_loopback("10.127.0.1"));
}

static void
test_help(void)
{
  g_autofree char *help = mcu_config_help();
  static const char *const words[] = {"--data", "--listen", "--media-address", "--demo", "--config", "[media]"};
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    g_assert_nonnull(strstr(help, words[i]));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/config/defaults", test_defaults);
  g_test_add_func("/config/options", test_options);
  g_test_add_func("/config/file", test_file);
  g_test_add_func("/config/bad-files", test_bad_files);
  g_test_add_func("/config/bad-values", test_bad_values);
  g_test_add_func("/config/wrong-use", test_wrong_use);
  g_test_add_func("/config/loopback", test_loopback);
  g_test_add_func("/config/help", test_help);
  return g_test_run();
}
