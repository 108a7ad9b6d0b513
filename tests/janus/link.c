/* A connected SOCK_SEQPACKET socket in main's loop. Janus reads messages of at most 8 KiB and may be slow
 * to: what does not go at once waits in a queue. */
#include "link.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mcu/util/error.h"

#define MESSAGE_OUT_MAX 8191         /* the buffer of Janus's transport */
#define MESSAGE_IN_MAX (1024 * 1024) /* a list of a thousand participants */
#define READ_BURST 64

typedef struct {
  guint number;
  JanusLinkFunc func;
  gpointer user_data;
  json_int_t session; /* 0: none */
} Caller;

struct JanusLink {
  int fd;
  guint in_watch, out_watch; /* out: 0 while nothing waits */
  char *buffer;
  GQueue out; /* of char * */
  guint next_caller, next_transaction;
  GHashTable *callers;  /* number -> Caller *, owned */
  GHashTable *sessions; /* session -> Caller *, borrowed */
};

static void
tell_all_ended(JanusLink *link)
{
  g_autoptr(GList) callers = g_hash_table_get_values(link->callers);
  for (GList *item = callers; item != NULL; item = item->next) {
    Caller *caller = item->data;
    caller->func(NULL, caller->user_data);
  }
}

/* "CALLER.NUMBER" of our own making, or nothing. */
static Caller *
caller_by_transaction(JanusLink *link, const json_t *message)
{
  const char *transaction = json_string_value(json_object_get(message, "transaction"));
  return transaction != NULL ? g_hash_table_lookup(link->callers, GINT_TO_POINTER(atoi(transaction))) : NULL;
}

static Caller *
caller_by_session(JanusLink *link, const json_t *message)
{
  gint64 session = json_integer_value(json_object_get(message, "session_id"));
  return session != 0 ? g_hash_table_lookup(link->sessions, &session) : NULL;
}

static void
deal_out(JanusLink *link, const char *text, gsize size)
{
  json_t *message = json_loadb(text, size, 0, NULL);
  Caller *caller = caller_by_transaction(link, message);
  if (caller == NULL)
    caller = caller_by_session(link, message);
  if (caller != NULL && message != NULL)
    caller->func(message, caller->user_data);
  json_decref(message);
}

static gboolean
on_readable(int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  JanusLink *link = user_data;
  for (guint i = 0; i < READ_BURST; i++) {
    gssize size = recv(fd, link->buffer, MESSAGE_IN_MAX, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
      return G_SOURCE_CONTINUE;
    if (size <= 0) {
      link->in_watch = 0;
      tell_all_ended(link);
      return G_SOURCE_REMOVE;
    }
    deal_out(link, link->buffer, (gsize)size);
  }
  return G_SOURCE_CONTINUE;
}

/* TRUE when nothing waits any more. An error is told by reading. */
static gboolean
flush(JanusLink *link)
{
  char *text;
  while ((text = g_queue_peek_head(&link->out)) != NULL) {
    if (send(link->fd, text, strlen(text), MSG_NOSIGNAL) < 0 && (errno == EAGAIN || errno == EINTR))
      return FALSE;
    g_free(g_queue_pop_head(&link->out));
  }
  return TRUE;
}

static gboolean
on_writable(G_GNUC_UNUSED int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  JanusLink *link = user_data;
  if (!flush(link))
    return G_SOURCE_CONTINUE;
  link->out_watch = 0;
  return G_SOURCE_REMOVE;
}

JanusLink *
janus_link_new(const char *path, GError **error)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = -1;
  if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) < sizeof address.sun_path)
    fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  else
    errno = ENAMETOOLONG;
  if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) < 0) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_TRANSPORT, "%s: %s", path, g_strerror(errno));
    if (fd >= 0)
      close(fd);
    return NULL;
  }
  g_unix_set_fd_nonblocking(fd, TRUE, NULL);

  JanusLink *link = g_new0(JanusLink, 1);
  link->fd = fd;
  link->buffer = g_malloc(MESSAGE_IN_MAX);
  g_queue_init(&link->out);
  link->callers = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  link->sessions = g_hash_table_new(g_int64_hash, g_int64_equal);
  link->in_watch = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, link);
  return link;
}

void
janus_link_free(JanusLink *link)
{
  if (link == NULL)
    return;
  g_assert(g_hash_table_size(link->callers) == 0);
  flush(link);
  g_clear_handle_id(&link->in_watch, g_source_remove);
  g_clear_handle_id(&link->out_watch, g_source_remove);
  close(link->fd);
  g_queue_clear_full(&link->out, g_free);
  g_hash_table_unref(link->sessions);
  g_hash_table_unref(link->callers);
  g_free(link->buffer);
  g_free(link);
}

guint
janus_link_add(JanusLink *link, JanusLinkFunc func, gpointer user_data)
{
  Caller *caller = g_new(Caller, 1);
  *caller = (Caller){.number = ++link->next_caller, .func = func, .user_data = user_data};
  g_hash_table_insert(link->callers, GUINT_TO_POINTER(caller->number), caller);
  return caller->number;
}

void
janus_link_remove(JanusLink *link, guint number)
{
  Caller *caller = g_hash_table_lookup(link->callers, GUINT_TO_POINTER(number));
  if (caller->session != 0)
    g_hash_table_remove(link->sessions, &caller->session);
  g_hash_table_remove(link->callers, GUINT_TO_POINTER(number));
}

void
janus_link_bind(JanusLink *link, guint number, json_int_t session)
{
  Caller *caller = g_hash_table_lookup(link->callers, GUINT_TO_POINTER(number));
  caller->session = session;
  g_hash_table_insert(link->sessions, &caller->session, caller);
}

void
janus_link_send(JanusLink *link, guint number, json_t *message)
{
  json_object_set_new(message, "transaction", json_sprintf("%u.%u", number, ++link->next_transaction));
  char *text = json_dumps(message, JSON_COMPACT);
  json_decref(message);
  g_assert(strlen(text) <= MESSAGE_OUT_MAX);
  g_queue_push_tail(&link->out, g_strdup(text));
  free(text);
  if (link->out_watch == 0 && !flush(link))
    link->out_watch = g_unix_fd_add(link->fd, G_IO_OUT, on_writable, link);
}
