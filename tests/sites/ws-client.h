/* SimWs: WebSocket connections to the bridge, any number of them on one thread of their own. All
 * functions are [main]; events come on the main context that was the default of the caller. */
#pragma once

#include <glib.h>

typedef struct SimWs SimWs;
typedef struct SimWsConn SimWsConn;

typedef struct {
  void (*opened)(SimWsConn *conn, gpointer user_data);
  void (*message)(SimWsConn *conn, const char *text, gsize size, gpointer user_data);
  /* Never came to be, or ended; the last event. */
  void (*closed)(SimWsConn *conn, const char *reason, gpointer user_data);
} SimWsEvents;

/* `url`: http(s) or ws(s)://HOST:PORT. A certificate that nobody vouches for is accepted from loopback,
 * or with `insecure`. */
SimWs *sim_ws_new(const char *url, gboolean insecure, GError **error);
void sim_ws_free(SimWs *ws); /* joins the thread; all connections freed before */
const char *sim_ws_host(const SimWs *ws);

SimWsConn *sim_ws_connect(SimWs *ws, const SimWsEvents *events, gpointer user_data);
void sim_ws_send(SimWsConn *conn, const char *text); /* copies */
/* Sends what is left, closes and forgets it: no event comes after. NULL is fine. */
void sim_ws_conn_free(SimWsConn *conn);
