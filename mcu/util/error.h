/* The one error domain of the control side. Each code is one machine-readable word of the
 * signaling protocol (docs/protocol.md), so that what went wrong below reaches the client as it
 * is. Packets have no GError: they have counted drop reasons (mcu/util/drop.h). */
#pragma once

#include <glib.h>

typedef enum {
  MCU_ERROR_INTERNAL,        /* "internal" */
  MCU_ERROR_BAD_MESSAGE,     /* "bad-message": not JSON, wrong field, wrong type */
  MCU_ERROR_TOO_LARGE,       /* "too-large": a size or count over its limit */
  MCU_ERROR_BAD_VERSION,     /* "bad-version" */
  MCU_ERROR_UNKNOWN_TYPE,    /* "unknown-type" */
  MCU_ERROR_TOKEN_INVALID,   /* "token-invalid" */
  MCU_ERROR_TOKEN_EXPIRED,   /* "token-expired" */
  MCU_ERROR_FORBIDDEN,       /* "forbidden": the role may not do that */
  MCU_ERROR_NOT_JOINED,      /* "not-joined" */
  MCU_ERROR_ALREADY_JOINED,  /* "already-joined" */
  MCU_ERROR_NOT_FOUND,       /* "not-found" */
  MCU_ERROR_BAD_SDP,         /* "bad-sdp" */
  MCU_ERROR_NO_COMMON_CODEC, /* "no-common-codec" */
  MCU_ERROR_BAD_CANDIDATE,   /* "bad-candidate" */
  MCU_ERROR_FULL,            /* "full": legs, meetings or another limit of the bridge */
  MCU_ERROR_RATE_LIMITED,    /* "rate-limited" */
  MCU_ERROR_RECORDING,       /* "recording-failed" */
  MCU_ERROR_REPLACED,        /* "replaced": the seat was taken by a newer connection */
  MCU_ERROR_CONFLICT,        /* "conflict": there is one of that id already */
  MCU_ERROR_OCCUPIED,        /* "occupied": another device of the site is connected; may be replaced */
  MCU_ERROR_REFUSED,         /* "refused": not admitted, removed or kept out */
  MCU_ERROR_ENDED,           /* "ended": the meeting is over */
  MCU_ERROR_TRANSPORT,       /* "transport-failed": ICE, DTLS or SRTP */
  MCU_ERROR_CONFIG,          /* "bad-config": option, file or folder */
  MCU_N_ERRORS
} McuError;

#define MCU_ERROR (mcu_error_quark())
GQuark mcu_error_quark(void);

/* [any] The protocol's word for `code`; "internal" for codes of other domains. Never NULL. */
const char *mcu_error_word(const GError *error);
