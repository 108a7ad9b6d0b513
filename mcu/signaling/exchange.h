/* What the web thread and main say to each other, and the queue it goes through. A message has one
 * owner at a time: posting gives it away, taking it is getting it.
 *
 * A connection is named by a number that is never used twice: each WebSocket has one, each HTTP
 * request gets a new one. Who answers a number that is gone answers nobody. */
#pragma once

#include <glib.h>

typedef enum {
  /* web -> main */
  MCU_WEB_OPENED,  /* a WebSocket */
  MCU_WEB_TEXT,    /* `text` came on it */
  MCU_WEB_CLOSED,  /* it is gone */
  MCU_WEB_REQUEST, /* `request` */
  MCU_WEB_HEAD,    /* `request`, without its body, which is large: may that come? */
  /* main -> web */
  MCU_WEB_SEND,     /* `bytes` on the WebSocket */
  MCU_WEB_CLOSE,    /* with `code`, after what was sent before */
  MCU_WEB_RESPONSE, /* `response` */
  MCU_WEB_GO_ON,    /* the body may come: `request` as it was given */
  MCU_WEB_STOP,
} McuWebMessageType;

typedef enum {
  MCU_HTTP_GET,
  MCU_HTTP_HEAD,
  MCU_HTTP_POST,
  MCU_HTTP_PUT,
  MCU_HTTP_PATCH,
  MCU_HTTP_DELETE,
  MCU_HTTP_OPTIONS,
  MCU_HTTP_OTHER,
} McuHttpMethod;

typedef struct {
  McuHttpMethod method;
  char *path;          /* decoded, without the query */
  char *authorization; /* headers: NULL when not sent */
  char *host;
  char *content_type;
  char *accept;
  char *if_match;
  char *title; /* of the query, decoded */
  char *body;  /* NUL-terminated beside its size */
  gsize body_size;
} McuHttpRequest;

typedef struct {
  guint status;
  GString *headers;         /* "Name: value\r\n" lines beside those that every response has */
  const char *content_type; /* static; NULL without a body */
  GBytes *body;             /* or NULL */
} McuHttpResponse;

/* How much one WebSocket client has in flight towards main: shared by both threads, so that the web
 * thread can end a client that talks faster than main listens. */
typedef struct McuWebFlow McuWebFlow;

typedef struct McuWebMessage McuWebMessage;
struct McuWebMessage {
  McuWebMessage *next; /* the queue's */
  McuWebMessageType type;
  guint64 connection;
  char *text;
  gsize size;
  GBytes *bytes; /* owned reference; one text may go to many */
  guint code;
  McuWebFlow *flow; /* owned reference; MCU_WEB_TEXT */
  McuHttpRequest *request;
  McuHttpResponse *response;
};

McuWebMessage *mcu_web_message_new(McuWebMessageType type, guint64 connection); /* [any] */
void mcu_web_message_free(McuWebMessage *message);                              /* [any] with all it holds */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuWebMessage, mcu_web_message_free)

McuHttpRequest *mcu_http_request_new(McuHttpMethod method, const char *path);
void mcu_http_request_free(McuHttpRequest *request);
McuHttpResponse *mcu_http_response_new(guint status);
void mcu_http_response_free(McuHttpResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuHttpRequest, mcu_http_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuHttpResponse, mcu_http_response_free)
/* `name` and `value` are ours or checked by us: no line break may be in them (asserted). */
void mcu_http_response_header(McuHttpResponse *response, const char *name, const char *value);
/* Takes `body`. */
void mcu_http_response_body(McuHttpResponse *response, const char *content_type, char *body);

McuWebFlow *mcu_web_flow_new(void);
McuWebFlow *mcu_web_flow_ref(McuWebFlow *flow);
void mcu_web_flow_unref(McuWebFlow *flow);
/* [web] FALSE: over the limit. Taken back when the message that holds `flow` is freed. */
gboolean mcu_web_flow_add(McuWebFlow *flow, gsize size);

/* McuMailbox: any number of threads post, one takes. */
typedef struct McuMailbox McuMailbox;

/* `wake` is called by the poster when the box was empty before. */
McuMailbox *mcu_mailbox_new(void (*wake)(gpointer user_data), gpointer user_data);
void mcu_mailbox_free(McuMailbox *mailbox);                         /* with what is in it */
void mcu_mailbox_post(McuMailbox *mailbox, McuWebMessage *message); /* [any] takes `message` */
McuWebMessage *mcu_mailbox_take(McuMailbox *mailbox);               /* NULL: empty */
