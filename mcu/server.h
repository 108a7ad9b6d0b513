/* McuServer: everything of `diemcau serve` put together in the right order, and taken apart in the
 * reverse: keys, store, network threads, bridge, web. One per process; all [main]. */
#pragma once

#include "mcu/media-engine.h"
#include "mcu/signaling/token.h"
#include "mcu/util/config.h"

typedef struct McuServer McuServer;

/* Starts. `config` and `engine` are borrowed for the server's life. Errors say what to do. */
McuServer *mcu_server_new(const McuConfig *config, const McuMediaEngineOps *engine, GError **error);
/* Members leave, recordings are finished, threads joined; takes a few seconds at most. NULL is fine. */
void mcu_server_free(McuServer *server);

/* Borrowed. "https://10.0.0.5:8443": what to put before "/#TOKEN". */
const char *mcu_server_url(const McuServer *server);
const McuTokenKey *mcu_server_token_key(const McuServer *server);
const char *mcu_server_token_key_path(const McuServer *server);

/* "https://[::1]:8443"; caller frees. A wildcard address is replaced by one of the machine's. */
char *mcu_server_make_url(gboolean tls, const char *address, guint16 port);
/* DATA/token.key; caller frees. */
char *mcu_server_make_token_key_path(const char *data_dir);
/* DATA/diemcau.db; caller frees. */
char *mcu_server_make_database_path(const char *data_dir);
