/* The little of STUN (RFC 8489) and ICE (RFC 8445) that a receiver behind a host candidate needs: a check of
 * the one pair, which also nominates it, whether an answer is to it, and answers to the other's checks. Pure. */
#pragma once

#include <glib.h>

#define SIM_STUN_ID_BYTES 12
#define SIM_STUN_REQUEST_MAX 700 /* user names have at most 513 bytes */

/* [any] Writes a Binding request by the controlling agent; returns its size. `username`: REMOTE:LOCAL. */
gsize sim_stun_request(guint8 buffer[SIM_STUN_REQUEST_MAX], const guint8 id[SIM_STUN_ID_BYTES], const char *username,
                       const char *password, guint64 tie_breaker);
/* [any] The id when it is a Binding request, authenticated with our password; NULL otherwise. */
const guint8 *sim_stun_request_id(const guint8 *data, gsize size, const char *password);
/* [any] Writes the answer to it; `address` and `port` (in host order) are those that it came from. */
gsize sim_stun_answer(guint8 buffer[SIM_STUN_REQUEST_MAX], const guint8 id[SIM_STUN_ID_BYTES], guint32 address,
                      guint16 port, const char *password);
/* [any] A success response to the request of this id, authenticated with the same password. */
gboolean sim_stun_is_answer(const guint8 *data, gsize size, const guint8 id[SIM_STUN_ID_BYTES], const char *password);
