/* The only file that sees libwebsockets (4.1). Two kinds of connections: HTTP requests, each
 * answered from the pages or by main, and WebSockets, whose messages go to main and come back.
 * All of it on the web thread, except new and free. */
#include "mcu/signaling/http.h"

#include <libwebsockets.h>
#include <string.h>

#include "mcu/signaling/api.h"
#include "mcu/signaling/http-head.h"
#include "mcu/signaling/session.h"
#include "mcu/signaling/whip.h"
#include "mcu/types.h"
#include "mcu/util/error.h"

#define GATHER_US_PER_CONNECTION 20
#define GATHER_LEAST_US 200
#define GATHER_MAX_US 8000
#define HEADERS_MAX_BYTES (16 * 1024)
#define CHUNK_BYTES (16 * 1024)
#define OUT_MAX_BYTES (4 * 1024 * 1024) /* waiting for one WebSocket; a slower client is cut off */
#define HEALTH_TIMEOUT_MS 2000
#define MAIN_TIMEOUT_MS 10000
#define RESPONSE_TIMEOUT_MS 60000
#define LINGER_MS 1000
#define STOP_MS 500
/* So many bodies over MCU_HTTP_BODY_MAX_BYTES may be on their way, of whoever main has let in. */
#define LARGE_BODIES_MAX 4
/* So much of a body that is not wanted is read, for the client to see why; a whole list of sites. */
#define THROWN_AWAY_MAX_BYTES (2 * 1024 * 1024)
#define SLOW_BYTES_PER_MS 64

struct McuHttp {
  McuHttpConfig config;

  struct lws_context *context;
  McuMailbox *inbox;
  GThread *thread;
  guint16 port;

  struct {
    GHashTable *by_id; /* id -> Connection, borrowed */
    guint64 last_id;
    guint n_connections, n_websockets, n_large_bodies;
    gboolean stopping, done;
    lws_sorted_usec_list_t stop_timer;
  } web; /* of the web thread */
};

/* What the timer of a connection means. */
typedef enum {
  WAIT_REQUEST, /* its headers or its body are not complete */
  WAIT_MAIN,    /* main has not answered */
  WAIT_WRITTEN, /* the client does not take the response */
  WAIT_LINGER,  /* answered before the body came: let the client read that */
  WAIT_MESSAGE, /* fragments without end */
  WAIT_NOTHING,
} Wait;

typedef struct {
  McuHttp *http;
  struct lws *wsi;
  guint64 id; /* towards main; 0: nothing is asked */
  Wait wait;

  McuHttpRequest *request; /* while its body is being read */
  guint64 body_expected;
  GByteArray *early; /* while main is asked whether the body may come: what has come of it. NULL: it is not */
  gsize thrown_away; /* of a body that nobody wants */
  gboolean head_only, body_unread;
  gboolean large_body;       /* counted */
  gboolean json;             /* refusals are JSON, as all below /api/ */
  McuHttpResponse *response; /* while it is being written */
  gsize written;
  gboolean head_written, close_after;

  McuWebFlow *flow; /* WebSocket: NULL otherwise */
  GString *message; /* fragments so far */
  GQueue out;       /* of GBytes, which others may hold too */
  gsize out_bytes;
  guint close_code; /* 0: stay */
} Connection;

static McuHttp *
http_of(struct lws *wsi)
{
  return lws_context_user(lws_get_context(wsi));
}

static void
wait_for(Connection *c, Wait wait, guint ms)
{
  c->wait = wait;
  lws_set_timer_usecs(c->wsi, wait == WAIT_NOTHING ? LWS_SET_TIMER_USEC_CANCEL : (lws_usec_t)ms * 1000);
}

static void
name_connection(Connection *c)
{
  McuHttp *http = c->http;
  c->id = ++http->web.last_id;
  g_hash_table_insert(http->web.by_id, &c->id, c);
}

static void
unname_connection(Connection *c)
{
  if (c->id != 0)
    g_hash_table_remove(c->http->web.by_id, &c->id);
  c->id = 0;
}

/* --- HTTP: responses --- */

static void
pause_reading(Connection *c, gboolean on)
{
  lws_rx_flow_control(c->wsi, on ? 0 : 1);
}

static void
early_ends(Connection *c)
{
  if (c->early == NULL)
    return;
  g_clear_pointer(&c->early, g_byte_array_unref);
  pause_reading(c, FALSE);
}

/* Takes `response`. `close`: the connection ends with it. */
static int
respond(Connection *c, McuHttpResponse *response, gboolean close)
{
  unname_connection(c);
  early_ends(c);
  c->response = response;
  c->written = 0;
  c->head_written = FALSE;
  c->close_after = close;
  wait_for(c, WAIT_WRITTEN, RESPONSE_TIMEOUT_MS);
  lws_callback_on_writable(c->wsi);
  return 0;
}

/* As main would refuse it. */
static int
respond_json_status(Connection *c, guint status, const char *text, gboolean close)
{
  McuHttpResponse *response =
      mcu_api_refusal(status, status == 503 ? "full" : text, status == 411 ? "a Content-Length is needed" : text);
  mcu_http_response_header(response, "Cache-Control", "no-store");
  return respond(c, response, close);
}

static int
respond_status(Connection *c, guint status, const char *text, gboolean close)
{
  if (c->json)
    return respond_json_status(c, status, text, close);
  McuHttpResponse *response = mcu_http_response_new(status);
  mcu_http_response_header(response, "Cache-Control", "no-store");
  if (status == 503)
    mcu_http_response_header(response, "Retry-After", "5");
  if (status == 405)
    mcu_http_response_header(response, "Allow", "GET, HEAD");
  mcu_http_response_body(response, "text/plain; charset=utf-8", g_strconcat(text, "\n", NULL));
  return respond(c, response, close);
}

/* Copied: lws_write() uses the room in front for the frame's header. */
static gboolean
write_bytes(Connection *c, const char *data, gsize size, enum lws_write_protocol kind)
{
  g_autofree guint8 *buffer = g_malloc(LWS_PRE + size);
  memcpy(buffer + LWS_PRE, data, size);
  return lws_write(c->wsi, buffer + LWS_PRE, size, kind) >= (int)size;
}

static int
response_done(Connection *c)
{
  g_clear_pointer(&c->response, mcu_http_response_free);
  if (c->body_unread) {
    /* Closing with unread bytes in the socket would reset it, and the client might never read why. */
    wait_for(c, WAIT_LINGER, LINGER_MS);
    return 0;
  }
  wait_for(c, WAIT_NOTHING, 0);
  return c->close_after || lws_http_transaction_completed(c->wsi) != 0 ? -1 : 0;
}

/* One piece for each time the socket takes something. */
static int
write_response(Connection *c)
{
  if (c->response == NULL)
    return 0;
  gsize size = 0;
  const char *body = c->response->body != NULL ? g_bytes_get_data(c->response->body, &size) : NULL;
  if (c->head_only)
    size = 0;
  if (!c->head_written) {
    g_autoptr(GString) head = mcu_http_head(c->response, g_get_real_time() / G_USEC_PER_SEC, c->close_after);
    c->head_written = TRUE;
    if (!write_bytes(c, head->str, head->len, LWS_WRITE_HTTP_HEADERS))
      return -1;
  } else if (c->written < size) {
    gsize n = MIN(size - c->written, CHUNK_BYTES);
    gboolean last = c->written + n == size;
    if (!write_bytes(c, body + c->written, n, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP))
      return -1;
    c->written += n;
  }
  if (c->written == size)
    return response_done(c);
  lws_callback_on_writable(c->wsi);
  return 0;
}

/* --- HTTP: requests --- */

/* NULL when not there or longer than `max`; caller frees. */
static char *
copy_header(struct lws *wsi, enum lws_token_indexes token, int max)
{
  int n = lws_hdr_total_length(wsi, token);
  if (n <= 0 || n > max)
    return NULL;
  char *value = g_malloc((gsize)n + 1);
  if (lws_hdr_copy(wsi, value, n + 1, token) < 0)
    g_clear_pointer(&value, g_free);
  return value;
}

static int
ask(Connection *c, McuWebMessageType what, McuHttpRequest *request, guint timeout_ms)
{
  name_connection(c);
  McuWebMessage *message = mcu_web_message_new(what, c->id);
  message->request = request;
  mcu_mailbox_post(c->http->config.to_main, message);
  wait_for(c, WAIT_MAIN, timeout_ms);
  return 0;
}

static int
ask_main(Connection *c, McuHttpRequest *request, guint timeout_ms)
{
  return ask(c, MCU_WEB_REQUEST, request, timeout_ms);
}

/* A large body is not read before main has looked at the token: what came in one piece with the head is kept, and the
 * socket is left alone. */
static int
ask_for_large_body(Connection *c, McuHttpRequest *request)
{
  c->early = g_byte_array_new();
  pause_reading(c, TRUE);
  return ask(c, MCU_WEB_HEAD, request, MAIN_TIMEOUT_MS);
}

static McuHttpMethod
method_of(int lws_method)
{
  switch (lws_method) {
  case LWSHUMETH_GET:
    return MCU_HTTP_GET;
  case LWSHUMETH_HEAD:
    return MCU_HTTP_HEAD;
  case LWSHUMETH_POST:
    return MCU_HTTP_POST;
  case LWSHUMETH_PUT:
    return MCU_HTTP_PUT;
  case LWSHUMETH_PATCH:
    return MCU_HTTP_PATCH;
  case LWSHUMETH_DELETE:
    return MCU_HTTP_DELETE;
  case LWSHUMETH_OPTIONS:
    return MCU_HTTP_OPTIONS;
  default:
    return MCU_HTTP_OTHER;
  }
}

static int
serve_page(Connection *c, const char *path)
{
  const McuAsset *asset = mcu_assets_find(c->http->config.assets, path);
  if (asset == NULL)
    return respond_status(c, 404, "not-found", FALSE);
  g_autofree char *if_none_match = copy_header(c->wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, 512);
  g_autofree char *accept_encoding = copy_header(c->wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, 512);
  return respond(c, mcu_http_asset_response(asset, if_none_match, accept_encoding), FALSE);
}

static int
serve_metrics(Connection *c, const char *path)
{
  char peer[64] = "";
  lws_get_peer_simple(c->wsi, peer, sizeof peer);
  if (!c->http->config.metrics_public && !mcu_http_is_loopback(peer))
    return respond_status(c, 404, "not-found", FALSE);
  return ask_main(c, mcu_http_request_new(MCU_HTTP_GET, path), MAIN_TIMEOUT_MS);
}

/* The title is the one thing that a query is used for. NULL: there is none. */
static char *
copy_title(struct lws *wsi)
{
  char title[1024];
  return g_strdup(lws_get_urlarg_by_name(wsi, "title=", title, sizeof title));
}

/* With its body, when that has come. */
static int
pass_on(Connection *c, McuHttpMethod method, const char *path)
{
  McuHttpRequest *request = mcu_http_request_new(method, path);
  request->authorization = copy_header(c->wsi, WSI_TOKEN_HTTP_AUTHORIZATION, 8192);
  request->host = copy_header(c->wsi, WSI_TOKEN_HOST, 300);
  request->content_type = copy_header(c->wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, 256);
  request->accept = copy_header(c->wsi, WSI_TOKEN_HTTP_ACCEPT, 1024);
  request->if_match = copy_header(c->wsi, WSI_TOKEN_HTTP_IF_MATCH, 256);
  request->title = copy_title(c->wsi);
  if (c->body_expected == 0)
    return ask_main(c, request, MAIN_TIMEOUT_MS);
  if (c->body_expected > MCU_HTTP_BODY_MAX_BYTES)
    return ask_for_large_body(c, request);
  request->body = g_malloc(c->body_expected + 1);
  c->request = request;
  return 0;
}

static void
large_body_ends(Connection *c)
{
  c->http->web.n_large_bodies -= c->large_body ? 1 : 0;
  c->large_body = FALSE;
}

/* 0: go on; else the status to refuse with. Only bodies of a known length are taken, so nobody can
 * disagree with us about where the next request begins. */
static guint
check_length(Connection *c, McuHttpMethod method, const char *path)
{
  g_autofree char *text = copy_header(c->wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, 64);
  gboolean given = lws_hdr_total_length(c->wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0;
  c->body_expected = 0;
  if (given && (text == NULL || !mcu_http_parse_length(text, &c->body_expected)))
    return 400;
  if (lws_hdr_total_length(c->wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0)
    return 411;
  if (!given && (method == MCU_HTTP_POST || method == MCU_HTTP_PUT || method == MCU_HTTP_PATCH))
    return 411;
  return c->body_expected > (c->json ? mcu_api_body_max(method, path) : MCU_HTTP_BODY_MAX_BYTES) ? 413 : 0;
}

static int
on_request(Connection *c)
{
  char *uri = NULL;
  int uri_size = 0;
  McuHttpMethod method = method_of(lws_http_get_uri_and_method(c->wsi, &uri, &uri_size));
  g_autofree char *path = g_strndup(uri != NULL ? uri : "", (gsize)MAX(uri_size, 0));
  g_clear_pointer(&c->request, mcu_http_request_free);
  large_body_ends(c);
  c->thrown_away = 0;
  c->json = mcu_api_serves(path);
  c->head_only = method == MCU_HTTP_HEAD;
  wait_for(c, WAIT_REQUEST, c->http->config.slow_ms);

  guint refused = check_length(c, method, path);
  if (refused == 0 && strlen(path) != (gsize)uri_size)
    refused = 400; /* %00 */
  c->body_unread = refused != 0 || c->body_expected > 0;
  if (refused != 0)
    return respond_status(c, refused, refused == 413 ? "too-large" : "bad-message", TRUE);
  if (c->json || mcu_whip_serves(path))
    return pass_on(c, method, path);
  if (c->body_unread)
    return respond_status(c, 404, "not-found", TRUE);
  if (method != MCU_HTTP_GET && method != MCU_HTTP_HEAD)
    return respond_status(c, 405, "method not allowed", FALSE);
  if (strcmp(path, "/healthz") == 0)
    return ask_main(c, mcu_http_request_new(MCU_HTTP_GET, path), HEALTH_TIMEOUT_MS);
  if (strcmp(path, "/metrics") == 0)
    return serve_metrics(c, path);
  return serve_page(c, path);
}

/* Answered already: read and forgotten, but not without end; the timer ends it. */
static int
throw_away(Connection *c, gsize size)
{
  c->thrown_away += size;
  if (c->thrown_away > THROWN_AWAY_MAX_BYTES)
    pause_reading(c, TRUE);
  return 0;
}

/* Main has looked at the head, whose request this takes. */
static void
take_large_body(Connection *c, McuHttpRequest *request)
{
  unname_connection(c);
  if (c->http->web.n_large_bodies >= LARGE_BODIES_MAX) {
    mcu_http_request_free(request);
    respond_status(c, 503, "full", TRUE);
    return;
  }
  c->large_body = TRUE;
  c->http->web.n_large_bodies++;
  c->request = request;
  request->body = g_malloc(c->body_expected + 1);
  request->body_size = c->early->len; /* less than is expected: see on_body() */
  if (c->early->len > 0)
    memcpy(request->body, c->early->data, c->early->len);
  early_ends(c);
  /* A document over a line of 1 Mbit/s takes its time. */
  wait_for(c, WAIT_REQUEST, c->http->config.slow_ms + (guint)(c->body_expected / SLOW_BYTES_PER_MS));
}

static int
on_body(Connection *c, const char *data, gsize size)
{
  McuHttpRequest *request = c->request;
  if (c->early != NULL) {
    /* What anybody may send is more than one read of the socket gives. */
    if (size > MCU_HTTP_BODY_MAX_BYTES - c->early->len)
      return -1;
    g_byte_array_append(c->early, (const guint8 *)data, (guint)size);
    return 0;
  }
  if (request == NULL)
    return throw_away(c, size);
  if (size > c->body_expected - request->body_size)
    return -1;
  memcpy(request->body + request->body_size, data, size);
  request->body_size += size;
  return 0;
}

static int
on_body_complete(Connection *c)
{
  c->body_unread = FALSE;
  large_body_ends(c);
  McuHttpRequest *request = g_steal_pointer(&c->request);
  if (request == NULL) /* answered already; or of length 0, and main is asked */
    return c->response == NULL && c->id == 0 ? -1 : 0;
  request->body[request->body_size] = '\0';
  return ask_main(c, request, MAIN_TIMEOUT_MS);
}

/* --- WebSockets --- */

static int
refuse_upgrade(Connection *c, guint status)
{
  if (lws_return_http_status(c->wsi, status, NULL) != 0)
    return -1;
  return -1;
}

/* Cross-site WebSocket hijacking is kept out by Origin; the subprotocol keeps out whoever thinks it
 * speaks to another server. */
static int
check_upgrade(Connection *c)
{
  char *uri = NULL;
  int uri_size = 0;
  if (lws_http_get_uri_and_method(c->wsi, &uri, &uri_size) != LWSHUMETH_GET || uri_size != 3 ||
      memcmp(uri, "/ws", 3) != 0)
    return refuse_upgrade(c, 404);
  g_autofree char *origin = copy_header(c->wsi, WSI_TOKEN_ORIGIN, 512);
  g_autofree char *host = copy_header(c->wsi, WSI_TOKEN_HOST, 512);
  gboolean has_origin = lws_hdr_total_length(c->wsi, WSI_TOKEN_ORIGIN) > 0;
  if ((has_origin && origin == NULL) || !mcu_http_same_origin(origin, host))
    return refuse_upgrade(c, 403);
  g_autofree char *protocols = copy_header(c->wsi, WSI_TOKEN_PROTOCOL, 512);
  if (!mcu_http_list_has(protocols, MCU_HTTP_SUBPROTOCOL))
    return refuse_upgrade(c, 400);
  return 0;
}

static int
on_opened(Connection *c)
{
  if (strcmp(lws_get_protocol(c->wsi)->name, MCU_HTTP_SUBPROTOCOL) != 0)
    return -1;
  c->flow = mcu_web_flow_new();
  c->message = g_string_new(NULL);
  c->http->web.n_websockets++;
  name_connection(c);
  wait_for(c, WAIT_NOTHING, 0);
  mcu_mailbox_post(c->http->config.to_main, mcu_web_message_new(MCU_WEB_OPENED, c->id));
  if (c->http->web.stopping)
    c->close_code = MCU_CLOSE_GOING_AWAY;
  return c->close_code != 0 ? -1 : 0;
}

static int
close_websocket(Connection *c, guint code)
{
  lws_close_reason(c->wsi, (enum lws_close_status)code, NULL, 0);
  return -1;
}

static int
on_message(Connection *c, const char *data, gsize size)
{
  if (lws_frame_is_binary(c->wsi))
    return close_websocket(c, MCU_CLOSE_BAD_TYPE);
  /* The limit is that of the message, whatever frames it comes in. */
  if (size > MCU_MESSAGE_MAX_BYTES - c->message->len || lws_remaining_packet_payload(c->wsi) > MCU_MESSAGE_MAX_BYTES)
    return close_websocket(c, MCU_CLOSE_TOO_LARGE);
  if (c->wait != WAIT_MESSAGE)
    wait_for(c, WAIT_MESSAGE, c->http->config.slow_ms);
  g_string_append_len(c->message, data, (gssize)size);
  if (!lws_is_final_fragment(c->wsi) || lws_remaining_packet_payload(c->wsi) > 0)
    return 0;

  wait_for(c, WAIT_NOTHING, 0);
  McuWebMessage *message = mcu_web_message_new(MCU_WEB_TEXT, c->id);
  message->size = c->message->len;
  message->text = g_strndup(c->message->str, c->message->len);
  message->flow = mcu_web_flow_ref(c->flow);
  g_string_truncate(c->message, 0);
  if (!mcu_web_flow_add(c->flow, message->size)) {
    mcu_web_message_free(message);
    return close_websocket(c, MCU_CLOSE_POLICY);
  }
  mcu_mailbox_post(c->http->config.to_main, message);
  return 0;
}

static void
queue_text(Connection *c, GBytes *bytes)
{
  g_queue_push_tail(&c->out, g_bytes_ref(bytes));
  c->out_bytes += g_bytes_get_size(bytes);
  if (c->out_bytes > OUT_MAX_BYTES)
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_ASYNC);
  else
    lws_callback_on_writable(c->wsi);
}

static int
write_message(Connection *c)
{
  g_autoptr(GBytes) bytes = g_queue_pop_head(&c->out);
  if (bytes != NULL) {
    gsize size;
    const char *text = g_bytes_get_data(bytes, &size);
    c->out_bytes -= size;
    if (!write_bytes(c, text, size, LWS_WRITE_TEXT))
      return -1;
  }
  if (!g_queue_is_empty(&c->out))
    lws_callback_on_writable(c->wsi);
  else if (c->close_code != 0)
    return close_websocket(c, c->close_code);
  return 0;
}

static void
on_websocket_closed(Connection *c)
{
  if (c->flow == NULL)
    return;
  mcu_mailbox_post(c->http->config.to_main, mcu_web_message_new(MCU_WEB_CLOSED, c->id));
  unname_connection(c);
  g_clear_pointer(&c->flow, mcu_web_flow_unref);
  c->http->web.n_websockets--;
}

/* --- connections --- */

static void
connection_new(struct lws *wsi)
{
  Connection *c = g_new0(Connection, 1);
  c->http = http_of(wsi);
  c->wsi = wsi;
  g_queue_init(&c->out);
  c->http->web.n_connections++;
  lws_set_opaque_user_data(wsi, c);
  wait_for(c, WAIT_REQUEST, c->http->config.slow_ms);
}

static void
connection_free(Connection *c)
{
  on_websocket_closed(c);
  unname_connection(c);
  large_body_ends(c);
  lws_set_opaque_user_data(c->wsi, NULL);
  c->http->web.n_connections--;
  mcu_http_request_free(c->request);
  mcu_http_response_free(c->response);
  g_clear_pointer(&c->early, g_byte_array_unref);
  if (c->message != NULL)
    g_string_free(c->message, TRUE);
  g_queue_clear_full(&c->out, (GDestroyNotify)g_bytes_unref);
  g_free(c);
}

static int
on_timer(Connection *c)
{
  switch (c->wait) {
  case WAIT_NOTHING:
    return 0;
  case WAIT_MAIN:
    return respond_status(c, 503, "main does not answer", c->body_unread);
  case WAIT_MESSAGE:
    return close_websocket(c, MCU_CLOSE_POLICY);
  default:
    return -1;
  }
}

static int
on_connection(Connection *c, enum lws_callback_reasons reason, const char *in, size_t size)
{
  switch (reason) {
  case LWS_CALLBACK_HTTP:
    return on_request(c);
  case LWS_CALLBACK_HTTP_BODY:
    return on_body(c, in, size);
  case LWS_CALLBACK_HTTP_BODY_COMPLETION:
    return on_body_complete(c);
  case LWS_CALLBACK_HTTP_WRITEABLE:
    return write_response(c);
  case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    /* Not h2c: HTTP/2 is spoken neither over TLS nor without. */
    return in != NULL && g_ascii_strcasecmp(in, "websocket") == 0 ? 0 : -1;
  case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
    return check_upgrade(c);
  case LWS_CALLBACK_ESTABLISHED:
    return on_opened(c);
  case LWS_CALLBACK_RECEIVE:
    return on_message(c, in, size);
  case LWS_CALLBACK_SERVER_WRITEABLE:
    return write_message(c);
  case LWS_CALLBACK_CLOSED:
    on_websocket_closed(c);
    return 0;
  case LWS_CALLBACK_TIMER:
    return on_timer(c);
  case LWS_CALLBACK_WSI_DESTROY:
    connection_free(c);
    return 0;
  default:
    return 0;
  }
}

static int
on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user G_GNUC_UNUSED, void *in, size_t size)
{
  switch (reason) {
  case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
    return http_of(wsi)->web.n_connections >= http_of(wsi)->config.max_connections || http_of(wsi)->web.stopping;
  case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
    connection_new(wsi);
    return 0;
  case LWS_CALLBACK_PROTOCOL_INIT:
  case LWS_CALLBACK_PROTOCOL_DESTROY:
  case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
    return 0;
  default:
    break;
  }
  Connection *c = wsi != NULL ? lws_get_opaque_user_data(wsi) : NULL;
  return c != NULL ? on_connection(c, reason, in, size) : 0;
}

/* --- from main --- */

static void
stop_now(lws_sorted_usec_list_t *timer)
{
  McuHttp *http = lws_container_of(timer, McuHttp, web.stop_timer);
  http->web.done = TRUE;
}

static void
do_stop(McuHttp *http)
{
  GHashTableIter iter;
  gpointer value;
  http->web.stopping = TRUE;
  lws_sul_schedule(http->context, 0, &http->web.stop_timer, stop_now, STOP_MS * 1000);
  g_hash_table_iter_init(&iter, http->web.by_id);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    Connection *c = value;
    if (c->flow == NULL || c->close_code != 0)
      continue;
    c->close_code = MCU_CLOSE_GOING_AWAY;
    lws_callback_on_writable(c->wsi);
  }
}

static void
obey(McuHttp *http, McuWebMessage *message)
{
  if (message->type == MCU_WEB_STOP) {
    do_stop(http);
    return;
  }
  Connection *c = g_hash_table_lookup(http->web.by_id, &message->connection);
  if (c == NULL)
    return; /* gone meanwhile */
  if (message->type == MCU_WEB_RESPONSE) {
    respond(c, g_steal_pointer(&message->response), c->body_unread);
  } else if (message->type == MCU_WEB_GO_ON) {
    take_large_body(c, g_steal_pointer(&message->request));
  } else if (message->type == MCU_WEB_SEND && c->close_code == 0) {
    queue_text(c, message->bytes);
  } else if (message->type == MCU_WEB_CLOSE && c->close_code == 0) {
    c->close_code = message->code;
    lws_callback_on_writable(c->wsi);
  }
}

/* Each turn polls the descriptors of all connections, so with thousands of them turns are made rarer and do
 * more at a time. */
static void
gather(const McuHttp *http)
{
  gulong pause_us = MIN(http->web.n_connections * GATHER_US_PER_CONNECTION, GATHER_MAX_US);
  if (pause_us >= GATHER_LEAST_US)
    g_usleep(pause_us);
}

static gpointer
run(gpointer data)
{
  McuHttp *http = data;
  while (!http->web.done && lws_service(http->context, 0) >= 0) {
    gather(http);
    for (McuWebMessage *message; (message = mcu_mailbox_take(http->inbox)) != NULL;) {
      obey(http, message);
      mcu_web_message_free(message);
    }
    if (http->web.stopping && http->web.n_websockets == 0)
      http->web.done = TRUE;
  }
  return NULL;
}

static void
wake(gpointer user_data)
{
  McuHttp *http = user_data;
  lws_cancel_service(http->context);
}

/* --- life --- */

static void
on_log(int level G_GNUC_UNUSED, const char *line)
{
  gsize n = strcspn(line, "\r\n");
  g_debug("lws: %.*s", (int)MIN(n, 200), line);
}

static const struct lws_protocols protocols[] = {
    {"http-only", on_event, 0, 0, 0, NULL, 0},
    {MCU_HTTP_SUBPROTOCOL, on_event, 0, CHUNK_BYTES, 0, NULL, 0},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

/* A browser whose line is cut answers no ping: its seat must be seen as lost within ten seconds. */
static const lws_retry_bo_t idle_policy = {.secs_since_valid_ping = 4, .secs_since_valid_hangup = 10};

static void
fill_info(McuHttp *http, struct lws_context_creation_info *info)
{
  const McuHttpConfig *config = &http->config;
  gboolean any = strcmp(config->address, "0.0.0.0") == 0 || strcmp(config->address, "::") == 0;
  info->user = http;
  info->port = config->port;
  info->iface = any ? NULL : config->address;
  info->protocols = protocols;
  info->gid = (gid_t)-1;
  info->uid = (uid_t)-1;
  info->options =
      LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
  if (strchr(config->address, ':') == NULL)
    info->options |= LWS_SERVER_OPTION_DISABLE_IPV6;
  info->max_http_header_data = HEADERS_MAX_BYTES;
  info->max_http_header_pool = (unsigned short)MIN(config->max_connections, G_MAXUINT16);
  info->pt_serv_buf_size = CHUNK_BYTES;
  info->timeout_secs = MAX(config->slow_ms / 1000, 1) + 1;
  info->keepalive_timeout = 30;
  info->retry_and_idle_policy = &idle_policy;
  info->vhost_name = "diemcau";
  if (!config->tls)
    return;
  info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  info->ssl_cert_filepath = config->cert_path;
  info->ssl_private_key_filepath = config->key_path;
  info->ssl_options_set = SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_RENEGOTIATION;
  info->ssl_cipher_list = "ECDHE+AESGCM:ECDHE+CHACHA20";
  info->alpn = "http/1.1";
}

McuHttp *
mcu_http_new(const McuHttpConfig *config, GError **error)
{
  McuHttp *http = g_new0(McuHttp, 1);
  http->config = *config;
  http->inbox = mcu_mailbox_new(wake, http);
  http->web.by_id = g_hash_table_new(g_int64_hash, g_int64_equal);

  struct lws_context_creation_info info = {0};
  lws_set_log_level(LLL_ERR | LLL_WARN, on_log);
  fill_info(http, &info);
  http->context = lws_create_context(&info);
  struct lws_vhost *vhost = http->context != NULL ? lws_create_vhost(http->context, &info) : NULL;
  if (vhost == NULL) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "cannot listen on %s port %u%s", config->address, config->port,
                config->tls ? " with the certificate given" : "");
    mcu_http_free(http);
    return NULL;
  }
  http->port = (guint16)lws_get_vhost_listen_port(vhost);
  http->thread = g_thread_new("web", run, http);
  return http;
}

void
mcu_http_stop(McuHttp *http)
{
  if (http == NULL || http->thread == NULL)
    return;
  mcu_mailbox_post(http->inbox, mcu_web_message_new(MCU_WEB_STOP, 0));
  g_thread_join(g_steal_pointer(&http->thread));
}

void
mcu_http_free(McuHttp *http)
{
  if (http == NULL)
    return;
  mcu_http_stop(http);
  if (http->context != NULL)
    lws_context_destroy(http->context);
  mcu_mailbox_free(http->inbox);
  g_hash_table_unref(http->web.by_id);
  g_free(http);
}

guint16
mcu_http_port(const McuHttp *http)
{
  return http->port;
}

void
mcu_http_post(McuHttp *http, McuWebMessage *message)
{
  mcu_mailbox_post(http->inbox, message);
}
