/* The only file of the simulated sites that sees libwebsockets. A connection is shared by main and
 * the thread of libwebsockets: commands go there by a queue, events come back by idle sources, and
 * both hold a reference. */
#include "ws-client.h"

#include <libwebsockets.h>
#include <string.h>

#include "mcu/util/error.h"

#define MESSAGE_MAX (1024 * 1024)
#define SUBPROTOCOL "diemcau.1"

struct SimWs {
  char *host;
  int port;
  int ssl_flags; /* 0: plain */
  struct lws_context *context;
  GMainContext *main_context;
  GThread *thread;
  GAsyncQueue *commands; /* of Command * */
  gint stop;             /* atomic */
};

struct SimWsConn {
  gatomicrefcount refs;
  SimWs *ws;

  struct {
    gboolean freed;
    SimWsEvents events;
    gpointer user_data;
  } main;

  struct {
    struct lws *wsi; /* NULL: not connected, or no longer */
    GQueue out;      /* of GBytes * with LWS_PRE bytes of room in front */
    GByteArray *in;
    gboolean established, closing, over;
  } net;
};

typedef enum { COMMAND_CONNECT, COMMAND_SEND, COMMAND_CLOSE } CommandKind;

typedef struct {
  CommandKind kind;
  SimWsConn *conn; /* a reference */
  GBytes *bytes;
} Command;

typedef enum { EVENT_OPENED, EVENT_MESSAGE, EVENT_CLOSED } EventKind;

typedef struct {
  EventKind kind;
  SimWsConn *conn; /* a reference */
  GBytes *bytes;   /* zero-terminated; size without the zero */
} Event;

static SimWsConn *
conn_ref(SimWsConn *conn)
{
  g_atomic_ref_count_inc(&conn->refs);
  return conn;
}

static void
conn_unref(SimWsConn *conn)
{
  if (!g_atomic_ref_count_dec(&conn->refs))
    return;
  g_queue_clear_full(&conn->net.out, (GDestroyNotify)g_bytes_unref);
  g_byte_array_unref(conn->net.in);
  g_free(conn);
}

static void
event_free(gpointer data)
{
  Event *event = data;
  conn_unref(event->conn);
  g_bytes_unref(event->bytes);
  g_free(event);
}

/* [main] */
static gboolean
do_event(gpointer data)
{
  Event *event = data;
  SimWsConn *conn = event->conn;
  if (conn->main.freed)
    return G_SOURCE_REMOVE;
  gsize size;
  const char *text = g_bytes_get_data(event->bytes, &size);
  if (event->kind == EVENT_OPENED)
    conn->main.events.opened(conn, conn->main.user_data);
  else if (event->kind == EVENT_MESSAGE)
    conn->main.events.message(conn, text, size - 1, conn->main.user_data);
  else
    conn->main.events.closed(conn, text, conn->main.user_data);
  return G_SOURCE_REMOVE;
}

static void
post_event(SimWsConn *conn, EventKind kind, const void *text, gsize size)
{
  char *copy = g_malloc(size + 1);
  if (size > 0)
    memcpy(copy, text, size);
  copy[size] = '\0';
  Event *event = g_new(Event, 1);
  *event = (Event){kind, conn_ref(conn), g_bytes_new_take(copy, size + 1)};
  /* Not g_main_context_invoke(): that would run it here while main is not in its loop. */
  GSource *source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(source, do_event, event, event_free);
  g_source_attach(source, conn->ws->main_context);
  g_source_unref(source);
}

/* libwebsockets holds one reference from connecting to the end. */
static void
finish(SimWsConn *conn, const char *reason)
{
  if (conn->net.over)
    return;
  conn->net.over = TRUE;
  conn->net.wsi = NULL;
  post_event(conn, EVENT_CLOSED, reason, strlen(reason));
  conn_unref(conn);
}

static void
start_connecting(SimWsConn *conn)
{
  conn_ref(conn);
  struct lws_client_connect_info info = {
      .context = conn->ws->context,
      .address = conn->ws->host,
      .port = conn->ws->port,
      .ssl_connection = conn->ws->ssl_flags,
      .path = "/ws",
      .host = conn->ws->host,
      .origin = conn->ws->host,
      .protocol = SUBPROTOCOL,
      .local_protocol_name = SUBPROTOCOL,
      .userdata = conn,
      .pwsi = &conn->net.wsi,
  };
  /* On failure the callback has usually said why already; finish() takes only the first reason. */
  conn_ref(conn);
  if (lws_client_connect_via_info(&info) == NULL)
    finish(conn, "cannot connect");
  conn_unref(conn);
}

static void
obey(Command *command)
{
  SimWsConn *conn = command->conn;
  if (command->kind == COMMAND_CONNECT) {
    start_connecting(conn);
  } else if (!conn->net.over) {
    if (command->kind == COMMAND_SEND)
      g_queue_push_tail(&conn->net.out, g_bytes_ref(command->bytes));
    else
      conn->net.closing = TRUE;
    if (conn->net.established)
      lws_callback_on_writable(conn->net.wsi);
  }
  g_clear_pointer(&command->bytes, g_bytes_unref);
  conn_unref(conn);
  g_free(command);
}

static int
write_one(SimWsConn *conn, struct lws *wsi)
{
  GBytes *bytes = g_queue_pop_head(&conn->net.out);
  if (bytes != NULL) {
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    int written = lws_write(wsi, (unsigned char *)data + LWS_PRE, size - LWS_PRE, LWS_WRITE_TEXT);
    g_bytes_unref(bytes);
    if (written < 0)
      return -1;
  }
  if (!g_queue_is_empty(&conn->net.out))
    lws_callback_on_writable(wsi);
  else if (conn->net.closing) {
    lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
    return -1;
  }
  return 0;
}

static int
read_part(SimWsConn *conn, struct lws *wsi, const void *data, gsize size)
{
  if (conn->net.in->len + size > MESSAGE_MAX)
    return -1;
  g_byte_array_append(conn->net.in, data, (guint)size);
  if (lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0) {
    post_event(conn, EVENT_MESSAGE, conn->net.in->data, conn->net.in->len);
    g_byte_array_set_size(conn->net.in, 0);
  }
  return 0;
}

static int
on_lws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
  SimWsConn *conn = user;
  switch (reason) {
  case LWS_CALLBACK_EVENT_WAIT_CANCELLED: {
    SimWs *ws = lws_context_user(lws_get_context(wsi));
    Command *command;
    while ((command = g_async_queue_try_pop(ws->commands)) != NULL)
      obey(command);
    return 0;
  }
  case LWS_CALLBACK_CLIENT_ESTABLISHED:
    conn->net.established = TRUE;
    post_event(conn, EVENT_OPENED, NULL, 0);
    lws_callback_on_writable(wsi);
    return 0;
  case LWS_CALLBACK_CLIENT_WRITEABLE:
    return write_one(conn, wsi);
  case LWS_CALLBACK_CLIENT_RECEIVE:
    return read_part(conn, wsi, in, size);
  case LWS_CALLBACK_CLIENT_CONNECTION_ERROR: {
    g_autofree char *text = in != NULL ? g_strndup(in, size) : g_strdup("cannot connect");
    finish(conn, text);
    return 0;
  }
  case LWS_CALLBACK_CLIENT_CLOSED:
    finish(conn, "connection closed");
    return 0;
  default:
    return 0;
  }
}

static const struct lws_protocols protocols[] = {
    {.name = SUBPROTOCOL, .callback = on_lws, .rx_buffer_size = 16384},
    {0},
};

static gpointer
run(gpointer data)
{
  SimWs *ws = data;
  while (!g_atomic_int_get(&ws->stop))
    lws_service(ws->context, 0);
  return NULL;
}

static gboolean
is_loopback(const char *host)
{
  return g_str_equal(host, "localhost") || g_str_has_prefix(host, "127.") || g_str_equal(host, "::1");
}

static gboolean
parse_url(SimWs *ws, const char *url, gboolean insecure, GError **error)
{
  g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, error);
  if (uri == NULL)
    return FALSE;
  const char *scheme = g_uri_get_scheme(uri), *host = g_uri_get_host(uri);
  gboolean tls = g_str_equal(scheme, "https") || g_str_equal(scheme, "wss");
  if (host == NULL || *host == '\0' || (!tls && !g_str_equal(scheme, "http") && !g_str_equal(scheme, "ws"))) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s: need https://HOST:PORT", url);
    return FALSE;
  }
  ws->host = g_strdup(host);
  ws->port = g_uri_get_port(uri) > 0 ? g_uri_get_port(uri) : tls ? 443 : 80;
  ws->ssl_flags = tls ? LCCSCF_USE_SSL : 0;
  if (tls && (insecure || is_loopback(host)))
    ws->ssl_flags |=
        LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK | LCCSCF_ALLOW_EXPIRED | LCCSCF_ALLOW_INSECURE;
  return TRUE;
}

SimWs *
sim_ws_new(const char *url, gboolean insecure, GError **error)
{
  SimWs *ws = g_new0(SimWs, 1);
  ws->commands = g_async_queue_new();
  ws->main_context = g_main_context_ref_thread_default();
  if (!parse_url(ws, url, insecure, error)) {
    sim_ws_free(ws);
    return NULL;
  }
  lws_set_log_level(0, NULL); /* reasons come with the events */
  struct lws_context_creation_info info = {
      .port = CONTEXT_PORT_NO_LISTEN,
      .protocols = protocols,
      .gid = (gid_t)-1,
      .uid = (uid_t)-1,
      .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
      .user = ws,
      .timeout_secs = 20,
  };
  ws->context = lws_create_context(&info);
  if (ws->context == NULL) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "libwebsockets does not start");
    sim_ws_free(ws);
    return NULL;
  }
  ws->thread = g_thread_new("ws", run, ws);
  return ws;
}

void
sim_ws_free(SimWs *ws)
{
  if (ws == NULL)
    return;
  if (ws->thread != NULL) {
    g_atomic_int_set(&ws->stop, TRUE);
    lws_cancel_service(ws->context);
    g_thread_join(ws->thread);
  }
  if (ws->context != NULL)
    lws_context_destroy(ws->context); /* ends what is still open: on_lws is called from here */
  Command *command;
  while ((command = g_async_queue_try_pop(ws->commands)) != NULL) {
    g_clear_pointer(&command->bytes, g_bytes_unref);
    conn_unref(command->conn);
    g_free(command);
  }
  g_async_queue_unref(ws->commands);
  g_main_context_unref(ws->main_context);
  g_free(ws->host);
  g_free(ws);
}

const char *
sim_ws_host(const SimWs *ws)
{
  return ws->host;
}

static void
post_command(SimWsConn *conn, CommandKind kind, GBytes *bytes)
{
  Command *command = g_new(Command, 1);
  *command = (Command){kind, conn_ref(conn), bytes};
  g_async_queue_push(conn->ws->commands, command);
  lws_cancel_service(conn->ws->context);
}

SimWsConn *
sim_ws_connect(SimWs *ws, const SimWsEvents *events, gpointer user_data)
{
  SimWsConn *conn = g_new0(SimWsConn, 1);
  g_atomic_ref_count_init(&conn->refs);
  conn->ws = ws;
  conn->main.events = *events;
  conn->main.user_data = user_data;
  g_queue_init(&conn->net.out);
  conn->net.in = g_byte_array_new();
  post_command(conn, COMMAND_CONNECT, NULL);
  return conn;
}

void
sim_ws_send(SimWsConn *conn, const char *text)
{
  gsize size = strlen(text);
  guint8 *data = g_malloc(LWS_PRE + size);
  memcpy(data + LWS_PRE, text, size);
  post_command(conn, COMMAND_SEND, g_bytes_new_take(data, LWS_PRE + size));
}

void
sim_ws_conn_free(SimWsConn *conn)
{
  if (conn == NULL)
    return;
  conn->main.freed = TRUE;
  post_command(conn, COMMAND_CLOSE, NULL);
  conn_unref(conn);
}
