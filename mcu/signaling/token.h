/* Signed tokens (JWT, HS256 by libjwt): who may join which meeting as which site, until when. One
 * key per bridge, DATA/token.key (32 random bytes as hex, readable by the owner alone). Claims:
 * iss "diemcau", exp, and for
 *
 *   a seat            meeting, site, role; if wanted title (of the meeting) and name (of the site)
 *   a lasting link    site; if wanted name: opens each meeting on whose list the site is, in the role that it says
 *   administration    role "admin" */
#pragma once

#include <glib.h>

#include "mcu/bridge/bridge.h"

#define MCU_TOKEN_MAX_BYTES 4096

typedef struct McuTokenKey McuTokenKey;

/* [any] Reads the key file, or makes it when `create`. MCU_ERROR_CONFIG. */
McuTokenKey *mcu_token_key_load(const char *path, gboolean create, GError **error);
void mcu_token_key_free(McuTokenKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuTokenKey, mcu_token_key_free)

/* [any] The token for `grant`; caller frees. */
char *mcu_token_sign(const McuTokenKey *key, const McuGrant *grant, GError **error);
/* [any] Checks signature (HS256 and no other), issuer, expiry against `now_s`, and each claim's form:
 * ids of 1..MCU_ID_MAX_BYTES of [A-Za-z0-9._-], names valid UTF-8, brought to NFC, control and bidi
 * characters removed. MCU_ERROR_TOKEN_INVALID, MCU_ERROR_TOKEN_EXPIRED. */
gboolean mcu_token_check(const McuTokenKey *key, const char *token, gint64 now_s, McuGrant *out_grant, GError **error);
void mcu_grant_clear(McuGrant *grant);
