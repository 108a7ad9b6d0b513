/* The web thread alone: what it passes on, and what becomes of the answers. The test is main. What
 * browsers and their enemies send: check-server.py. */
#include <gio/gio.h>
#include <pthread.h>
#include <string.h>

#include "mcu/signaling/http.h"

typedef struct {
  pthread_mutex_t lock;
  pthread_cond_t posted;
  gboolean woken; /* protected by lock */
  McuMailbox *inbox;
  McuHttp *http;
} Fixture;

static void
on_wake(gpointer user_data)
{
  Fixture *f = user_data;
  pthread_mutex_lock(&f->lock);
  f->woken = TRUE;
  pthread_cond_signal(&f->posted);
  pthread_mutex_unlock(&f->lock);
}

/* The next message of the web thread; waits for it. */
static McuWebMessage *
take(Fixture *f)
{
  for (;;) {
    McuWebMessage *message = mcu_mailbox_take(f->inbox);
    if (message != NULL)
      return message;
    pthread_mutex_lock(&f->lock);
    while (!f->woken)
      pthread_cond_wait(&f->posted, &f->lock);
    f->woken = FALSE;
    pthread_mutex_unlock(&f->lock);
  }
}

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  pthread_mutex_init(&f->lock, NULL);
  pthread_cond_init(&f->posted, NULL);
  f->inbox = mcu_mailbox_new(on_wake, f);
  McuHttpConfig config = {.address = "127.0.0.1", .to_main = f->inbox, .max_connections = 8, .slow_ms = 10000};
  g_autoptr(GError) error = NULL;
  f->http = mcu_http_new(&config, &error);
  g_assert_no_error(error);
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  mcu_http_free(f->http);
  mcu_mailbox_free(f->inbox);
  pthread_cond_destroy(&f->posted);
  pthread_mutex_destroy(&f->lock);
}

static GSocketConnection *
dial(Fixture *f, const char *text)
{
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GError) error = NULL;
  g_socket_client_set_enable_proxy(client, FALSE);
  GSocketConnection *connection =
      g_socket_client_connect_to_host(client, "127.0.0.1", mcu_http_port(f->http), NULL, &error);
  g_assert_no_error(error);
  GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
  g_assert_true(g_output_stream_write_all(out, text, strlen(text), NULL, NULL, NULL));
  return connection;
}

/* Reads until `end` has come, or the connection is closed; caller frees. */
static char *
read_until(GSocketConnection *connection, const char *end)
{
  GInputStream *in = g_io_stream_get_input_stream(G_IO_STREAM(connection));
  GString *text = g_string_new(NULL);
  char byte;
  while (!g_str_has_suffix(text->str, end) && g_input_stream_read(in, &byte, 1, NULL, NULL) == 1)
    g_string_append_c(text, byte);
  return g_string_free(text, FALSE);
}

static void
respond(Fixture *f, guint64 connection, guint status, const char *body)
{
  McuWebMessage *message = mcu_web_message_new(MCU_WEB_RESPONSE, connection);
  message->response = mcu_http_response_new(status);
  mcu_http_response_body(message->response, "text/plain", g_strdup(body));
  mcu_http_post(f->http, message);
}

static void
test_request_and_response(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GSocketConnection) connection =
      dial(f, "PATCH /whip/1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\nContent-Type: x/y\r\nAccept: z/z\r\n"
              "If-Match: \"e\"\r\nContent-Length: 4\r\n\r\nbody");
  g_autoptr(McuWebMessage) asked = take(f);
  g_assert_cmpint(asked->type, ==, MCU_WEB_REQUEST);
  g_assert_cmpint(asked->request->method, ==, MCU_HTTP_PATCH);
  g_assert_cmpstr(asked->request->path, ==, "/whip/1");
  g_assert_cmpstr(asked->request->authorization, ==, "Bearer t");
  g_assert_cmpstr(asked->request->content_type, ==, "x/y");
  g_assert_cmpstr(asked->request->accept, ==, "z/z");
  g_assert_cmpstr(asked->request->if_match, ==, "\"e\"");
  g_assert_cmpstr(asked->request->body, ==, "body");
  g_assert_cmpuint(asked->request->body_size, ==, 4);

  respond(f, asked->connection + 1000, 200, "for nobody");
  respond(f, asked->connection, 412, "first");
  respond(f, asked->connection, 200, "second answer to one request");
  g_autofree char *text = read_until(connection, "first");
  g_assert_true(g_str_has_prefix(text, "HTTP/1.1 412 Precondition Failed\r\n"));

  /* The same connection, a request of its own number. */
  GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
  g_assert_true(g_output_stream_write_all(out, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 35, NULL, NULL, NULL));
  g_autoptr(McuWebMessage) next = take(f);
  g_assert_cmpuint(next->connection, >, asked->connection);
  respond(f, next->connection, 200, "third");
  g_autofree char *rest = read_until(connection, "third");
  g_assert_null(strstr(rest, "second"));
}

static void
test_answer_to_one_who_left(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  GSocketConnection *gone = dial(f, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  g_autoptr(McuWebMessage) asked = take(f);
  g_object_unref(gone);
  /* Whoever comes after the one that left is served; by then the leaving has been seen. */
  g_autoptr(GSocketConnection) connection = dial(f, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  g_autoptr(McuWebMessage) next = take(f);
  respond(f, asked->connection, 200, "late");
  respond(f, next->connection, 200, "here");
  g_autofree char *text = read_until(connection, "here");
  g_assert_null(strstr(text, "late"));
}

#define UPGRADE                                                                                                        \
  "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"          \
  "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Protocol: diemcau.1\r\n\r\n"

static void
test_websocket(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GSocketConnection) connection = dial(f, UPGRADE);
  g_autofree char *head = read_until(connection, "\r\n\r\n");
  g_assert_true(g_str_has_prefix(head, "HTTP/1.1 101 "));
  g_autoptr(McuWebMessage) opened = take(f);
  g_assert_cmpint(opened->type, ==, MCU_WEB_OPENED);

  McuWebMessage *send = mcu_web_message_new(MCU_WEB_SEND, opened->connection);
  send->bytes = g_bytes_new_static("hello", 5);
  mcu_http_post(f->http, send);
  McuWebMessage *close = mcu_web_message_new(MCU_WEB_CLOSE, opened->connection);
  close->code = 1000;
  mcu_http_post(f->http, close);
  McuWebMessage *late = mcu_web_message_new(MCU_WEB_SEND, opened->connection);
  late->bytes = g_bytes_new_static("late", 4);
  mcu_http_post(f->http, late);
  g_autofree char *text = read_until(connection, "\x03\xe8");
  g_assert_cmpstr(text, ==, "\x81\x05hello\x88\x02\x03\xe8");

  g_autoptr(McuWebMessage) closed = take(f);
  g_assert_cmpint(closed->type, ==, MCU_WEB_CLOSED);
  g_assert_cmpuint(closed->connection, ==, opened->connection);
}

static void
test_stopped(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GSocketConnection) connection = dial(f, UPGRADE);
  g_free(read_until(connection, "\r\n\r\n"));
  g_autoptr(McuWebMessage) opened = take(f);
  mcu_http_stop(f->http);
  mcu_http_stop(f->http);
  g_autofree char *text = read_until(connection, "\x03\xe9");
  g_assert_cmpstr(text, ==, "\x88\x02\x03\xe9");
  respond(f, opened->connection, 200, "freed with the queue");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add("/http/" name, Fixture, NULL, set_up, function, tear_down)
  ADD("request-and-response", test_request_and_response);
  ADD("answer-to-one-who-left", test_answer_to_one_who_left);
  ADD("websocket", test_websocket);
  ADD("stopped", test_stopped);
  return g_test_run();
}
