/* A client's side of STUN for tests: binding requests as a browser sends them. */
#pragma once

#include <glib.h>

typedef struct {
  const char *username, *pwd;
  gboolean use_candidate, controlled;
  guint8 transaction; /* repeated */
} StunClientRequest;

/* Writes at most 256 bytes; returns how many. */
gsize stun_client_request(guint8 *out, const StunClientRequest *request);
