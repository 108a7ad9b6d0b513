/* McuApi: meetings over HTTP, below /api/: made, planned, copied and ended, their lists imported, links handed out.
 * A request goes in, a response comes out; what each takes and gives is docs/openapi.json, which is served too. Owned
 * by the web server; [main] unless said otherwise. */
#pragma once

#include <glib.h>

#include "mcu/bridge/bridge.h"
#include "mcu/signaling/exchange.h"
#include "mcu/signaling/file-jobs.h"
#include "mcu/signaling/token.h"
#include "mcu/util/clock.h"

typedef struct McuApi McuApi;

typedef struct {
  McuBridge *bridge;            /* borrowed */
  const McuTokenKey *token_key; /* borrowed */
  const McuClock *clock, *wall; /* as in McuSessionConfig */
  const char *layouts_json;     /* the body of /api/layouts; copied; NULL: there are none */
  const char *url;              /* what links begin with when a request does not say its host; copied; NULL: nothing */
  gboolean tls;                 /* links begin with https:// */
  McuFileJobs *files;           /* borrowed; NULL: documents and minutes are not served */
} McuApiConfig;

McuApi *mcu_api_new(const McuApiConfig *config);
void mcu_api_free(McuApi *api);

/* [any] TRUE for what is below /api/. */
gboolean mcu_api_serves(const char *path);
/* [any] Bytes of the longest body that is taken there. */
gsize mcu_api_body_max(McuHttpMethod method, const char *path);
/* [any] {"code","message"}; both are copied. */
McuHttpResponse *mcu_api_refusal(guint status, const char *code, const char *message);
/* Before a large body is read: NULL, it may come, and then goes to mcu_api_handle() with its head, which looks again.
 * Else the refusal, which the caller frees. */
McuHttpResponse *mcu_api_admit(McuApi *api, const McuHttpRequest *head);
/* Caller frees. NULL: `connection` is answered later, by McuApiConfig.files. */
McuHttpResponse *mcu_api_handle(McuApi *api, guint64 connection, const McuHttpRequest *request);

/* [any] The nth of the routes, as docs/openapi.json names it ("PUT", "/api/meetings/{id}/roster"); FALSE: no more. */
gboolean mcu_api_route(guint index, const char **out_method, const char **out_path);
