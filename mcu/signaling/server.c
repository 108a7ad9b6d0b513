/* The main side of the web server: takes what the web thread passes on, keeps the sessions, asks
 * the bridge, and answers. [main] only; mcu/signaling/http.c is the other side. */
#include "mcu/signaling/server.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "mcu/signaling/api.h"
#include "mcu/signaling/assets.h"
#include "mcu/signaling/exchange.h"
#include "mcu/signaling/http.h"
#include "mcu/signaling/metrics.h"
#include "mcu/signaling/session.h"
#include "mcu/signaling/whip.h"
#include "mcu/util/config.h"
#include "mcu/util/error.h"

#define SLOW_MS 10000
#define MESSAGES_PER_TURN 256 /* then the rest of main has its turn */

struct McuWebServer {
  McuBridge *bridge;
  const McuTokenKey *token_key;

  McuAssets *assets;
  McuMailbox *inbox;
  int wake_fd;
  GSource *wake_source, *timer_source;
  McuHttp *http;
  McuWhip *whip;
  McuApi *api;
  McuFileJobs *files; /* NULL: none */

  GHashTable *clients; /* id of the WebSocket -> Client */
  gint64 started_us;
  McuWebStats stats;
};

typedef struct {
  McuWebServer *server;
  guint64 id;
  McuSession *session;
} Client;

/* --- sessions --- */

static void
on_session_send(McuSession *session G_GNUC_UNUSED, GBytes *text, gpointer user_data)
{
  Client *client = user_data;
  McuWebMessage *message = mcu_web_message_new(MCU_WEB_SEND, client->id);
  message->bytes = g_bytes_ref(text);
  client->server->stats.messages_sent++;
  mcu_http_post(client->server->http, message);
}

static void
on_session_close(McuSession *session G_GNUC_UNUSED, guint code, gpointer user_data)
{
  Client *client = user_data;
  McuWebMessage *message = mcu_web_message_new(MCU_WEB_CLOSE, client->id);
  message->code = code;
  mcu_http_post(client->server->http, message);
}

static void
on_session_deadline(McuSession *session, gpointer user_data)
{
  Client *client = user_data;
  GSource *timer = client->server->timer_source;
  gint64 deadline = mcu_session_deadline(session);
  gint64 ready = g_source_get_ready_time(timer);
  if (ready < 0 || deadline < ready)
    g_source_set_ready_time(timer, deadline);
}

static const McuSessionOutput session_output = {
    .send = on_session_send,
    .close = on_session_close,
    .deadline_changed = on_session_deadline,
};

static void
client_free(gpointer data)
{
  Client *client = data;
  mcu_session_free(client->session);
  g_free(client);
}

static void
client_new(McuWebServer *server, guint64 id)
{
  McuSessionConfig config = {.bridge = server->bridge, .token_key = server->token_key};
  Client *client = g_new0(Client, 1);
  client->server = server;
  client->id = id;
  client->session = mcu_session_new(&config, &session_output, client);
  g_hash_table_insert(server->clients, &client->id, client);
  on_session_deadline(client->session, client);
}

static void
on_whip_tick_wanted(gpointer user_data)
{
  McuWebServer *server = user_data;
  g_source_set_ready_time(server->timer_source, 0);
}

/* Looks after everybody, then sleeps until the next deadline. */
static gboolean
on_timer(gpointer user_data)
{
  McuWebServer *server = user_data;
  gint64 next = G_MAXINT64;
  GHashTableIter iter;
  gpointer value;
  g_source_set_ready_time(server->timer_source, -1);
  mcu_whip_tick(server->whip);
  g_hash_table_iter_init(&iter, server->clients);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    McuSession *session = ((Client *)value)->session;
    mcu_session_tick(session);
    next = MIN(next, mcu_session_deadline(session));
  }
  gint64 ready = g_source_get_ready_time(server->timer_source); /* set anew from within */
  if (next != G_MAXINT64 && (ready < 0 || next < ready))
    g_source_set_ready_time(server->timer_source, next);
  return G_SOURCE_CONTINUE;
}

/* --- requests --- */

static McuHttpResponse *
metrics_response(McuWebServer *server)
{
  McuBridgeStats bridge = {0};
  McuProcessStats process;
  mcu_bridge_get_stats(server->bridge, &bridge);
  mcu_process_stats(&process);
  server->stats.websockets = g_hash_table_size(server->clients);
  double uptime_s = (double)(g_get_monotonic_time() - server->started_us) / G_USEC_PER_SEC;
  McuHttpResponse *response = mcu_http_response_new(200);
  mcu_http_response_header(response, "Cache-Control", "no-store");
  mcu_http_response_body(response, MCU_METRICS_TYPE, mcu_metrics_text(&bridge, &server->stats, &process, uptime_s));
  return response;
}

static void
respond(guint64 connection, McuHttpResponse *response, gpointer user_data)
{
  McuWebServer *server = user_data;
  McuWebMessage *message = mcu_web_message_new(MCU_WEB_RESPONSE, connection);
  message->response = response;
  mcu_http_post(server->http, message);
}

static McuHttpResponse *
answer(McuWebServer *server, const McuHttpRequest *request)
{
  if (strcmp(request->path, "/metrics") == 0)
    return metrics_response(server);
  /* /healthz: that we are here to say it is the answer. */
  McuHttpResponse *response = mcu_http_response_new(200);
  mcu_http_response_header(response, "Cache-Control", "no-store");
  mcu_http_response_body(response, "text/plain; charset=utf-8", g_strdup("ok\n"));
  return response;
}

static void
handle_api(McuWebServer *server, McuWebMessage *message)
{
  McuHttpResponse *response = mcu_api_handle(server->api, message->connection, message->request);
  if (response != NULL)
    respond(message->connection, response, server);
}

static void
handle_head(McuWebServer *server, McuWebMessage *message)
{
  McuHttpResponse *refusal = mcu_api_admit(server->api, message->request);
  if (refusal != NULL) {
    server->stats.http_requests++;
    respond(message->connection, refusal, server);
    return;
  }
  McuWebMessage *go_on = mcu_web_message_new(MCU_WEB_GO_ON, message->connection);
  go_on->request = g_steal_pointer(&message->request);
  mcu_http_post(server->http, go_on);
}

static void
obey(McuWebServer *server, McuWebMessage *message)
{
  Client *client = g_hash_table_lookup(server->clients, &message->connection);
  switch (message->type) {
  case MCU_WEB_OPENED:
    client_new(server, message->connection);
    break;
  case MCU_WEB_TEXT:
    server->stats.messages_received++;
    if (client != NULL)
      mcu_session_receive(client->session, message->text, message->size);
    break;
  case MCU_WEB_CLOSED:
    if (client != NULL) {
      mcu_session_lost(client->session);
      g_hash_table_remove(server->clients, &message->connection);
    }
    break;
  case MCU_WEB_REQUEST:
    server->stats.http_requests++;
    if (mcu_whip_serves(message->request->path))
      mcu_whip_handle(server->whip, message->connection, message->request);
    else if (mcu_api_serves(message->request->path))
      handle_api(server, message);
    else
      respond(message->connection, answer(server, message->request), server);
    break;
  case MCU_WEB_HEAD:
    handle_head(server, message);
    break;
  default:
    g_assert_not_reached();
  }
}

/* --- crossing --- */

/* [web] eventfd rather than g_main_context_wakeup(): written once per batch, and seen by the thread
 * sanitizer as the hand-over it is. */
static void
wake(gpointer user_data)
{
  McuWebServer *server = user_data;
  guint64 one = 1;
  while (write(server->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
    ;
}

static gboolean
on_wake(gint fd, GIOCondition condition G_GNUC_UNUSED, gpointer user_data)
{
  McuWebServer *server = user_data;
  guint64 count;
  /* Read before taking: what is posted from now on wakes again. */
  while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
    ;
  for (guint i = 0; i < MESSAGES_PER_TURN; i++) {
    g_autoptr(McuWebMessage) message = mcu_mailbox_take(server->inbox);
    if (message == NULL)
      return G_SOURCE_CONTINUE;
    obey(server, message);
  }
  wake(server);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_timer(GSource *source G_GNUC_UNUSED, GSourceFunc callback, gpointer user_data)
{
  return callback(user_data);
}

static void
attach_sources(McuWebServer *server)
{
  static GSourceFuncs timer_funcs = {.dispatch = dispatch_timer};
  GMainContext *context = g_main_context_get_thread_default();
  server->wake_source = g_unix_fd_source_new(server->wake_fd, G_IO_IN);
  /* In parentheses: not the annotated one of thread sanitizer builds, which is for plain callbacks. */
  (g_source_set_callback)(server->wake_source, G_SOURCE_FUNC(on_wake), server, NULL);
  g_source_attach(server->wake_source, context);
  server->timer_source = g_source_new(&timer_funcs, sizeof(GSource));
  g_source_set_callback(server->timer_source, on_timer, server, NULL);
  g_source_attach(server->timer_source, context);
}

/* --- life --- */

static gboolean
check_config(const McuWebServerConfig *config, GError **error)
{
  if (!config->tls && !mcu_config_is_loopback(config->address)) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "plain HTTP is for loopback only, not for %s", config->address);
    return FALSE;
  }
  if (config->tls && (config->cert_path == NULL || config->key_path == NULL)) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_CONFIG, "HTTPS needs a certificate and its key");
    return FALSE;
  }
  return TRUE;
}

McuWebServer *
mcu_web_server_new(const McuWebServerConfig *config, GError **error)
{
  if (!check_config(config, error))
    return NULL;
  McuWebServer *server = g_new0(McuWebServer, 1);
  server->bridge = config->bridge;
  server->token_key = config->token_key;
  server->started_us = g_get_monotonic_time();
  server->clients = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, client_free);
  server->inbox = mcu_mailbox_new(wake, server);
  server->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  g_assert(server->wake_fd >= 0);
  attach_sources(server);
  McuWhipConfig whip = {.bridge = config->bridge,
                        .token_key = config->token_key,
                        .respond = respond,
                        .tick_wanted = on_whip_tick_wanted,
                        .user_data = server};
  server->whip = mcu_whip_new(&whip);
  const McuFileJobsConfig files = {.bridge = config->bridge,
                                   .data_dir = config->data_dir,
                                   .database = config->database,
                                   .agency = config->agency,
                                   .respond = respond,
                                   .user_data = server};
  server->files = config->data_dir != NULL ? mcu_file_jobs_new(&files) : NULL;
  McuApiConfig api = {.files = server->files,
                      .bridge = config->bridge,
                      .token_key = config->token_key,
                      .layouts_json = config->layouts_json,
                      .url = config->url,
                      .tls = config->tls};
  server->api = mcu_api_new(&api);

  gboolean pages = TRUE;
  if (config->web_dir != NULL) {
    server->assets = mcu_assets_load(config->web_dir, error);
    pages = server->assets != NULL;
  }
  McuHttpConfig http = {
      .address = strcmp(config->address, "localhost") == 0 ? "127.0.0.1" : config->address,
      .port = config->port,
      .tls = config->tls,
      .cert_path = config->cert_path,
      .key_path = config->key_path,
      .assets = server->assets,
      .to_main = server->inbox,
      .max_connections = config->max_connections > 0 ? config->max_connections : 1024,
      .slow_ms = config->slow_ms > 0 ? config->slow_ms : SLOW_MS,
      .metrics_public = config->metrics_public,
  };
  server->http = pages ? mcu_http_new(&http, error) : NULL;
  if (server->http == NULL)
    g_clear_pointer(&server, mcu_web_server_free);
  return server;
}

static void
source_end(GSource *source)
{
  g_source_destroy(source);
  g_source_unref(source);
}

void
mcu_web_server_free(McuWebServer *server)
{
  if (server == NULL)
    return;
  /* The thread first: after that nothing comes in, and what the sessions still say goes nowhere. */
  mcu_http_stop(server->http);
  g_hash_table_unref(server->clients);
  mcu_whip_free(server->whip);
  mcu_api_free(server->api);
  mcu_file_jobs_free(server->files);
  mcu_http_free(server->http);
  source_end(server->wake_source);
  source_end(server->timer_source);
  mcu_mailbox_free(server->inbox);
  mcu_assets_free(server->assets);
  close(server->wake_fd);
  g_free(server);
}

guint16
mcu_web_server_port(const McuWebServer *server)
{
  return mcu_http_port(server->http);
}
