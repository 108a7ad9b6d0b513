/* The web side: HTTPS and WebSocket by libwebsockets on a thread of its own. Serves the pages, the
 * signaling WebSocket (/ws), WHIP and WHEP (/whip, /whep), meetings (/api/), /metrics and /healthz.
 * Talks to the bridge by messages to and from main. */
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
  const char *web_dir;           /* built pages */
  const char *layouts_json;      /* the body of /api/layouts; copied; NULL: none */
  const char *data_dir;          /* documents are below it; copied; NULL: none are taken, nor minutes given */
  const char *database, *agency; /* for minutes; copied; agency NULL: not known */
  const char *url;               /* what links begin with when a request does not say its host; copied; NULL: nothing */
  const McuTokenKey *token_key;  /* borrowed */
  McuBridge *bridge;             /* borrowed */
  guint max_connections;
  gboolean metrics_public; /* /metrics for others than loopback */
  guint slow_ms;           /* a request or message must have come in so long; 0: 10 s */
} McuWebServerConfig;

/* [main] Works on the thread-default main context of the caller. `web_dir` NULL: no pages. */
McuWebServer *mcu_web_server_new(const McuWebServerConfig *config, GError **error);
/* [main] Members that signed in through it leave; joins the thread. Before the bridge is freed. */
void mcu_web_server_free(McuWebServer *server);
guint16 mcu_web_server_port(const McuWebServer *server);
