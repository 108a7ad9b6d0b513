/* McuWhip: WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep) on the members of the bridge: whoever
 * publishes is a site that only sends, whoever watches is an observer. A request goes in, a response
 * comes out, for a new session when it is its turn to join; sockets and threads are elsewhere. Owned by
 * the web server; all [main]. */
#pragma once

#include <glib.h>

#include "mcu/bridge/bridge.h"
#include "mcu/signaling/exchange.h"
#include "mcu/signaling/token.h"
#include "mcu/util/clock.h"

typedef struct McuWhip McuWhip;

typedef struct {
  McuBridge *bridge;            /* borrowed */
  const McuTokenKey *token_key; /* borrowed */
  const McuClock *clock, *wall; /* as in McuSessionConfig */
  /* Once for each request, perhaps from within mcu_whip_handle(). Takes `response`. */
  void (*respond)(guint64 connection, McuHttpResponse *response, gpointer user_data);
  void (*tick_wanted)(gpointer user_data); /* call mcu_whip_tick() from the main loop, soon */
  gpointer user_data;
} McuWhipConfig;

McuWhip *mcu_whip_new(const McuWhipConfig *config);
void mcu_whip_free(McuWhip *whip); /* all sessions leave; who waits gets no response */

/* TRUE for /whip, /whep and what is below them. */
gboolean mcu_whip_serves(const char *path);
/* `connection` is who to respond to. */
void mcu_whip_handle(McuWhip *whip, guint64 connection, const McuHttpRequest *request);
/* Ends the sessions whose media connection failed. */
void mcu_whip_tick(McuWhip *whip);
