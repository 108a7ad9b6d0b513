/* What a running server consists of. Owned by main.c, on main. */
#include "mcu/server.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mcu/addresses.h"
#include "mcu/beside.h"
#include "mcu/bridge/bridge.h"
#include "mcu/layouts-load.h"
#include "mcu/signaling/server.h"
#include "mcu/store/store.h"
#include "mcu/transport/cert.h"
#include "mcu/transport/net.h"
#include "mcu/util/error.h"
#include "mcu/util/loop.h"

/* A leg has a socket per address, two rings with an eventfd each and its ICE agent's own. */
#define FILES_WANTED 65536

/* Main does not stand still for a disk longer than nobody notices. */
#define SETTLE_US 10000

struct McuServer {
  const McuConfig *config;
  char **media_addresses;
  char *token_key_path, *cert_path, *key_path, *web_dir;
  char *url;

  McuLayouts *layouts;
  char *database;
  McuTokenKey *token_key;
  McuStore *store;
  McuCert *cert;
  McuNet *net;
  McuBridge *bridge;
  McuWebServer *web;
};

/* --- the ground it stands on -------------------------------------------------------------- */

static void
raise_file_limit(void)
{
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? FILES_WANTED : MIN(limit.rlim_max, FILES_WANTED);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < 4096)
    g_warning("only %" G_GUINT64_FORMAT " files may be open at the same time: enough for some %" G_GUINT64_FORMAT
              " sites",
              (guint64)limit.rlim_cur, (guint64)limit.rlim_cur / 10);
}

static void
warn_of_old_libraries(void)
{
  const char *version = mcu_cert_outdated_library();
  if (version != NULL)
    g_warning("%s is older than 3.0.22: strangers may be able to end calls. Install the security updates", version);
}

static gboolean
make_data_dir(const char *path, GError **error)
{
  if (g_mkdir_with_parents(path, 0700) == 0 && g_access(path, R_OK | W_OK | X_OK) == 0)
    return TRUE;
  g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG,
              "cannot write to the data folder %s: %s. Give another with --data, or correct its owner", path,
              g_strerror(errno));
  return FALSE;
}

static gboolean
is_readable_dir(const char *path)
{
  g_autofree char *index = g_build_filename(path, "index.html", NULL);
  return g_access(index, R_OK) == 0;
}

/* The pages: named, or beside the executable in the build tree, or installed. */
static gboolean
find_web_dir(McuServer *server, GError **error)
{
  if (server->config->web != NULL) {
    server->web_dir = g_strdup(server->config->web);
    if (is_readable_dir(server->web_dir))
      return TRUE;
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "there is no readable index.html in %s (--web)", server->web_dir);
    return FALSE;
  }
  static const char *const places[] = {"../../web/dist", "../share/diemcau/web", NULL};
  server->web_dir = mcu_beside_executable(places, is_readable_dir);
  if (server->web_dir == NULL)
    g_warning(
        "the pages are not there: browsers will find nothing. Build them with ./run, or name the folder by --web");
  return TRUE;
}

static void
find_addresses(McuServer *server)
{
  const McuConfig *config = server->config;
  server->media_addresses =
      config->media_addresses != NULL
          ? g_strdupv(config->media_addresses)
          : mcu_addresses_of_machine(mcu_config_is_loopback(config->listen_address), MCU_CANDIDATES_MAX);
  g_autofree char *list = g_strjoinv(", ", server->media_addresses);
  g_message("media addresses: %s", list);
}

/* Names a browser may know us by: the certificate is made once and has to last. */
static char **
certificate_names(const McuServer *server)
{
  GPtrArray *names = g_ptr_array_new();
  g_auto(GStrv) machine = mcu_addresses_of_machine(TRUE, 32);
  const char *const fixed[] = {"localhost", "127.0.0.1", "::1", g_get_host_name(), NULL};
  char **const lists[] = {(char **)fixed, server->media_addresses, machine};
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
    for (guint j = 0; lists[i][j] != NULL; j++)
      if (!g_ptr_array_find_with_equal_func(names, lists[i][j], g_str_equal, NULL))
        g_ptr_array_add(names, g_strdup(lists[i][j]));
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(names, FALSE);
}

static gboolean
prepare_https(McuServer *server, GError **error)
{
  const McuConfig *config = server->config;
  if (config->http)
    return TRUE;
  if (config->certificate != NULL) {
    server->cert_path = g_strdup(config->certificate);
    server->key_path = g_strdup(config->key);
  } else {
    server->cert_path = g_build_filename(config->data, "https.crt", NULL);
    server->key_path = g_build_filename(config->data, "https.key", NULL);
    if (g_access(server->cert_path, F_OK) != 0 || g_access(server->key_path, F_OK) != 0) {
      g_auto(GStrv) names = certificate_names(server);
      if (!mcu_cert_write_https(server->cert_path, server->key_path, (const char *const *)names, error))
        return FALSE;
      g_message("made a certificate for HTTPS: %s", server->cert_path);
    }
  }
  const char *const paths[] = {server->cert_path, server->key_path};
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++)
    if (g_access(paths[i], R_OK) != 0) {
      g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "cannot read %s: %s", paths[i], g_strerror(errno));
      return FALSE;
    }
  return TRUE;
}

/* --- start -------------------------------------------------------------------------------- */

static gboolean
start_bridge(McuServer *server, const McuMediaEngineOps *engine, GError **error)
{
  const McuConfig *config = server->config;
  const McuBridgeConfig bridge = {
      .net = server->net,
      .cert = server->cert,
      .engine = engine,
      .store = server->store,
      .database = server->database,
      .settle_us = SETTLE_US,
      .layouts = server->layouts,
      .data_dir = config->data,
      .media_addresses = (const char *const *)server->media_addresses,
      .port_min = config->port_min,
      .port_max = config->port_max,
      .full_ice = config->full_ice,
      .video_kbps = config->video_kbps,
      .audio_kbps = config->audio_kbps,
      .site_kbps = config->site_kbps,
      .content_kbps = config->content_kbps,
      .max_meetings = config->max_meetings,
      .max_members = config->max_members,
      .max_heard = config->max_heard,
      .max_visible = config->max_visible,
      .max_mbps = config->max_mbps,
      .lost_grace_us = config->lost_grace * (gint64)G_USEC_PER_SEC,
  };
  server->bridge = mcu_bridge_new(&bridge, error);
  return server->bridge != NULL;
}

static gboolean
start_web(McuServer *server, GError **error)
{
  const McuConfig *config = server->config;
  g_autofree char *layouts = mcu_layouts_json(server->layouts);
  g_autofree char *url =
      config->listen_port != 0 ? mcu_server_make_url(!config->http, config->listen_address, config->listen_port) : NULL;
  const McuWebServerConfig web = {
      .address = config->listen_address,
      .port = config->listen_port,
      .tls = !config->http,
      .cert_path = server->cert_path,
      .key_path = server->key_path,
      .web_dir = server->web_dir,
      .layouts_json = layouts,
      .data_dir = config->data,
      .database = server->database,
      .agency = config->agency,
      .url = url,
      .token_key = server->token_key,
      .bridge = server->bridge,
      /* A page holds a WebSocket and now and then a request. */
      .max_connections = 2 * (guint)config->max_members + 100,
      .metrics_public = config->metrics_public,
  };
  server->web = mcu_web_server_new(&web, error);
  if (server->web == NULL)
    return FALSE;
  server->url = mcu_server_make_url(!config->http, config->listen_address, mcu_web_server_port(server->web));
  return TRUE;
}

static gboolean
start(McuServer *server, const McuMediaEngineOps *engine, GError **error)
{
  const McuConfig *config = server->config;
  raise_file_limit();
  warn_of_old_libraries();
  if (!make_data_dir(config->data, error) || !find_web_dir(server, error))
    return FALSE;
  find_addresses(server);
  if (!prepare_https(server, error))
    return FALSE;

  server->token_key_path = mcu_server_make_token_key_path(config->data);
  server->database = mcu_server_make_database_path(config->data);
  return (server->layouts = mcu_layouts_load(config->layouts, error)) != NULL &&
         (server->token_key = mcu_token_key_load(server->token_key_path, TRUE, error)) != NULL && engine->init(error) &&
         (server->store = mcu_store_open(server->database, error)) != NULL &&
         (server->cert = mcu_cert_new(error)) != NULL &&
         (server->net = mcu_net_new((guint)config->net_threads, error)) != NULL &&
         start_bridge(server, engine, error) && start_web(server, error);
}

McuServer *
mcu_server_new(const McuConfig *config, const McuMediaEngineOps *engine, GError **error)
{
  MCU_ASSERT_MAIN();
  McuServer *server = g_new0(McuServer, 1);
  server->config = config;
  if (!start(server, engine, error)) {
    mcu_server_free(server);
    return NULL;
  }
  g_message("listening on %s", server->url);
  return server;
}

void
mcu_server_free(McuServer *server)
{
  if (server == NULL)
    return;
  /* Upwards first: who still asks, then what is asked, then what that stands on. */
  mcu_web_server_free(server->web);
  mcu_bridge_free(server->bridge);
  if (server->net != NULL)
    mcu_net_free(server->net);
  mcu_cert_free(server->cert);
  mcu_store_close(server->store);
  mcu_layouts_free(server->layouts);
  g_free(server->database); /* last but the keys: the bridge's end is an event too */
  mcu_token_key_free(server->token_key);
  g_strfreev(server->media_addresses);
  g_free(server->token_key_path);
  g_free(server->cert_path);
  g_free(server->key_path);
  g_free(server->web_dir);
  g_free(server->url);
  g_free(server);
}

/* --- questions ---------------------------------------------------------------------------- */

const char *
mcu_server_url(const McuServer *server)
{
  return server->url;
}

const McuTokenKey *
mcu_server_token_key(const McuServer *server)
{
  return server->token_key;
}

const char *
mcu_server_token_key_path(const McuServer *server)
{
  return server->token_key_path;
}

char *
mcu_server_make_url(gboolean tls, const char *address, guint16 port)
{
  g_auto(GStrv) machine = NULL;
  if (strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0) {
    machine = mcu_addresses_of_machine(FALSE, 1);
    address = machine[0] != NULL ? machine[0] : "localhost";
  }
  gboolean v6 = strchr(address, ':') != NULL;
  return g_strdup_printf("%s://%s%s%s:%u", tls ? "https" : "http", v6 ? "[" : "", address, v6 ? "]" : "", port);
}

char *
mcu_server_make_token_key_path(const char *data_dir)
{
  return g_build_filename(data_dir, "token.key", NULL);
}

char *
mcu_server_make_database_path(const char *data_dir)
{
  return g_build_filename(data_dir, "diemcau.db", NULL);
}
