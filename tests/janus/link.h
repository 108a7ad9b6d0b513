/* JanusLink: one connection to the API of a Janus on this machine, by its Unix socket: each datagram is
 * one JSON message. All participants of a run share it; what comes in is dealt out by its transaction or
 * session. All [main]. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct JanusLink JanusLink;

/* `message` is borrowed; NULL: the connection has ended, the last call. */
typedef void (*JanusLinkFunc)(const json_t *message, gpointer user_data);

/* MCU_ERROR_TRANSPORT when nobody listens at `path`. */
JanusLink *janus_link_new(const char *path, GError **error);
void janus_link_free(JanusLink *link); /* all callers removed before */

/* A caller's number, from 1. */
guint janus_link_add(JanusLink *link, JanusLinkFunc func, gpointer user_data);
void janus_link_remove(JanusLink *link, guint caller);
/* From now on messages of this session are the caller's, also those that answer nothing. */
void janus_link_bind(JanusLink *link, guint caller, json_int_t session);

/* Takes `message` and gives it a transaction, by which the answers find their caller. */
void janus_link_send(JanusLink *link, guint caller, json_t *message);
