/* What /metrics says, in the Prometheus text form (version 0.0.4). Pure but for /proc/self. */
#pragma once

#include <glib.h>

#include "mcu/bridge/bridge.h"

#define MCU_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

typedef struct {
  double cpu_s;
  guint64 resident_bytes, virtual_bytes;
  guint threads, open_fds;
  gint64 start_s; /* Unix time */
} McuProcessStats;

typedef struct {
  guint websockets; /* open now */
  guint64 http_requests, messages_received, messages_sent;
} McuWebStats;

/* [any] FALSE when /proc cannot be read: then zeros. */
gboolean mcu_process_stats(McuProcessStats *out_stats);
/* [any] Caller frees. */
char *mcu_metrics_text(const McuBridgeStats *bridge, const McuWebStats *web, const McuProcessStats *process,
                       double uptime_s);
