/* McuHttp: libwebsockets on a thread of its own ("web"). Serves the pages itself; everything else it
 * passes to main and waits for the answer without holding anybody up. */
#pragma once

#include <glib.h>

#include "mcu/signaling/assets.h"
#include "mcu/signaling/exchange.h"

#define MCU_HTTP_SUBPROTOCOL "diemcau.1"
#define MCU_HTTP_BODY_MAX_BYTES (64 * 1024)

typedef struct McuHttp McuHttp;

typedef struct {
  const char *address;
  guint16 port;
  gboolean tls;
  const char *cert_path, *key_path;
  const McuAssets *assets; /* borrowed; NULL: no pages */
  McuMailbox *to_main;     /* borrowed */
  guint max_connections;
  guint slow_ms;           /* a request or message must be complete in so long */
  gboolean metrics_public; /* /metrics for others than loopback */
} McuHttpConfig;

McuHttp *mcu_http_new(const McuHttpConfig *config, GError **error); /* [main] starts the thread */
/* [main] Closes WebSockets with 1001 and waits for the thread, half a second at most. What is
 * posted afterwards is freed with `http`. NULL is fine, twice too. */
void mcu_http_stop(McuHttp *http);
void mcu_http_free(McuHttp *http);                         /* [main] stops it first */
guint16 mcu_http_port(const McuHttp *http);                /* [any] */
void mcu_http_post(McuHttp *http, McuWebMessage *message); /* [any] takes `message` */
