/* The text in front of an HTTP response, and the small decisions about a request that need no
 * socket. Pure. */
#pragma once

#include <glib.h>

#include "mcu/signaling/assets.h"
#include "mcu/signaling/exchange.h"

/* [any] Status line and headers with the empty line; caller frees. Every response says what the
 * pages may do (CSP without inline code, no frames around us). */
GString *mcu_http_head(const McuHttpResponse *response, gint64 unix_s, gboolean close);
/* [any] `origin` and `host` headers name the same host and port; TRUE without an origin (no browser). */
gboolean mcu_http_same_origin(const char *origin, const char *host);
/* [any] Is `token` an item of the comma-separated list? Case counts. */
gboolean mcu_http_list_has(const char *list, const char *token);
/* [any] Digits only; FALSE for anything else and for numbers over 2^53. */
gboolean mcu_http_parse_length(const char *text, guint64 *out_length);
/* [any] A file of the pages for what the client has (If-None-Match) and takes (Accept-Encoding). */
McuHttpResponse *mcu_http_asset_response(const McuAsset *asset, const char *if_none_match, const char *accept_encoding);
/* [any] A numeric address of this machine's loopback, IPv4 in IPv6 included. */
gboolean mcu_http_is_loopback(const char *address);
/* [any] Is this header `Content-Type` (or an item of `Accept`; may be NULL) of media type `type`, whatever its
 * parameters are (RFC 9110 8.3.1)? */
gboolean mcu_http_is_type(const char *content_type, const char *type);
/* [any] The token in a header `Authorization` (RFC 6750 2.1), borrowed from it; NULL: none. */
const char *mcu_http_bearer(const char *authorization);
/* [any] Is this header `Host` (may be NULL) a name or an address, perhaps with a port? */
gboolean mcu_http_is_host(const char *host);
