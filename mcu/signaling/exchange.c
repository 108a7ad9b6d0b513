/* Messages between the web thread and main. Everything that crosses goes through the mailbox's
 * mutex, held for a few instructions. */
#include "mcu/signaling/exchange.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* A client of good will has 50 messages in a second (docs/protocol.md): this much waits only while
 * main stands still. */
#define FLOW_MAX_MESSAGES 256
#define FLOW_MAX_BYTES (1024 * 1024)

struct McuWebFlow {
  atomic_uint refs;
  atomic_uint messages;
  atomic_size_t bytes;
};

McuWebFlow *
mcu_web_flow_new(void)
{
  McuWebFlow *flow = g_new0(McuWebFlow, 1);
  atomic_init(&flow->refs, 1);
  return flow;
}

McuWebFlow *
mcu_web_flow_ref(McuWebFlow *flow)
{
  atomic_fetch_add_explicit(&flow->refs, 1, memory_order_relaxed);
  return flow;
}

void
mcu_web_flow_unref(McuWebFlow *flow)
{
  if (flow != NULL && atomic_fetch_sub_explicit(&flow->refs, 1, memory_order_acq_rel) == 1)
    g_free(flow);
}

gboolean
mcu_web_flow_add(McuWebFlow *flow, gsize size)
{
  guint messages = atomic_fetch_add(&flow->messages, 1) + 1;
  gsize bytes = atomic_fetch_add(&flow->bytes, size) + size;
  return messages <= FLOW_MAX_MESSAGES && bytes <= FLOW_MAX_BYTES;
}

static void
flow_return(McuWebFlow *flow, gsize size)
{
  atomic_fetch_sub(&flow->messages, 1);
  atomic_fetch_sub(&flow->bytes, size);
  mcu_web_flow_unref(flow);
}

/* --- messages --- */

McuWebMessage *
mcu_web_message_new(McuWebMessageType type, guint64 connection)
{
  McuWebMessage *message = g_new0(McuWebMessage, 1);
  message->type = type;
  message->connection = connection;
  return message;
}

void
mcu_web_message_free(McuWebMessage *message)
{
  if (message == NULL)
    return;
  if (message->flow != NULL)
    flow_return(message->flow, message->size);
  g_free(message->text);
  g_clear_pointer(&message->bytes, g_bytes_unref);
  mcu_http_request_free(message->request);
  mcu_http_response_free(message->response);
  g_free(message);
}

McuHttpRequest *
mcu_http_request_new(McuHttpMethod method, const char *path)
{
  McuHttpRequest *request = g_new0(McuHttpRequest, 1);
  request->method = method;
  request->path = g_strdup(path);
  return request;
}

void
mcu_http_request_free(McuHttpRequest *request)
{
  if (request == NULL)
    return;
  g_free(request->path);
  g_free(request->authorization);
  g_free(request->host);
  g_free(request->content_type);
  g_free(request->accept);
  g_free(request->if_match);
  g_free(request->title);
  g_free(request->body);
  g_free(request);
}

McuHttpResponse *
mcu_http_response_new(guint status)
{
  McuHttpResponse *response = g_new0(McuHttpResponse, 1);
  response->status = status;
  response->headers = g_string_new(NULL);
  return response;
}

void
mcu_http_response_free(McuHttpResponse *response)
{
  if (response == NULL)
    return;
  g_string_free(response->headers, TRUE);
  g_clear_pointer(&response->body, g_bytes_unref);
  g_free(response);
}

void
mcu_http_response_header(McuHttpResponse *response, const char *name, const char *value)
{
  g_assert(strpbrk(name, "\r\n") == NULL && strpbrk(value, "\r\n") == NULL);
  g_string_append_printf(response->headers, "%s: %s\r\n", name, value);
}

void
mcu_http_response_body(McuHttpResponse *response, const char *content_type, char *body)
{
  g_clear_pointer(&response->body, g_bytes_unref);
  response->content_type = content_type;
  response->body = g_bytes_new_take(body, strlen(body));
}

/* --- mailbox --- */

struct McuMailbox {
  void (*wake)(gpointer user_data);
  gpointer user_data;

  pthread_mutex_t lock;
  McuWebMessage *first, **last; /* protected by lock */
};

McuMailbox *
mcu_mailbox_new(void (*wake)(gpointer user_data), gpointer user_data)
{
  McuMailbox *mailbox = g_new0(McuMailbox, 1);
  mailbox->wake = wake;
  mailbox->user_data = user_data;
  mailbox->last = &mailbox->first;
  pthread_mutex_init(&mailbox->lock, NULL);
  return mailbox;
}

void
mcu_mailbox_free(McuMailbox *mailbox)
{
  if (mailbox == NULL)
    return;
  for (McuWebMessage *message; (message = mcu_mailbox_take(mailbox)) != NULL;)
    mcu_web_message_free(message);
  pthread_mutex_destroy(&mailbox->lock);
  g_free(mailbox);
}

void
mcu_mailbox_post(McuMailbox *mailbox, McuWebMessage *message)
{
  message->next = NULL;
  pthread_mutex_lock(&mailbox->lock);
  gboolean was_empty = mailbox->first == NULL;
  *mailbox->last = message;
  mailbox->last = &message->next;
  pthread_mutex_unlock(&mailbox->lock);
  if (was_empty)
    mailbox->wake(mailbox->user_data);
}

McuWebMessage *
mcu_mailbox_take(McuMailbox *mailbox)
{
  pthread_mutex_lock(&mailbox->lock);
  McuWebMessage *message = mailbox->first;
  if (message != NULL) {
    mailbox->first = message->next;
    if (mailbox->first == NULL)
      mailbox->last = &mailbox->first;
  }
  pthread_mutex_unlock(&mailbox->lock);
  return message;
}
