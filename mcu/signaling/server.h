/* The web side: HTTPS and WebSocket by libwebsockets on a thread of its own. Serves the pages, the
 * signaling WebSocket (/ws), WHIP and WHEP (/whip, /whep), /metrics and /healthz. Talks to the
 * bridge by messages to and from main. */
#pragma once

#include <glib.h>

#include "mcu/bridge/bridge.h"
#include "mcu/signaling/token.h"

typedef struct McuWebServer McuWebServer;

typedef struct {
  const char *address; /* to listen on */
  guint16 port;        /* 0: any free one, see mcu_web_server_port() */
  gboolean tls;        /* plain HTTP is refused on anything but loopback (MCU_ERROR_CONFIG) */
  const char *cert_path, *key_path;
  const char *web_dir;          /* built pages */
  const McuTokenKey *token_key; /* borrowed */
  McuBridge *bridge;            /* borrowed */
  guint max_connections;
} McuWebServerConfig;

McuWebServer *mcu_web_server_new(const McuWebServerConfig *config, GError **error); /* [main] */
void mcu_web_server_free(McuWebServer *server);                                     /* [main] joins the thread */
guint16 mcu_web_server_port(const McuWebServer *server);
