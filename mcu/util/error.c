#include "mcu/util/error.h"

G_DEFINE_QUARK(mcu - error - quark, mcu_error)

static const char *const words[MCU_N_ERRORS] = {
    [MCU_ERROR_INTERNAL] = "internal",
    [MCU_ERROR_BAD_MESSAGE] = "bad-message",
    [MCU_ERROR_TOO_LARGE] = "too-large",
    [MCU_ERROR_BAD_VERSION] = "bad-version",
    [MCU_ERROR_UNKNOWN_TYPE] = "unknown-type",
    [MCU_ERROR_TOKEN_INVALID] = "token-invalid",
    [MCU_ERROR_TOKEN_EXPIRED] = "token-expired",
    [MCU_ERROR_FORBIDDEN] = "forbidden",
    [MCU_ERROR_NOT_JOINED] = "not-joined",
    [MCU_ERROR_ALREADY_JOINED] = "already-joined",
    [MCU_ERROR_NOT_FOUND] = "not-found",
    [MCU_ERROR_BAD_SDP] = "bad-sdp",
    [MCU_ERROR_NO_COMMON_CODEC] = "no-common-codec",
    [MCU_ERROR_BAD_CANDIDATE] = "bad-candidate",
    [MCU_ERROR_FULL] = "full",
    [MCU_ERROR_RATE_LIMITED] = "rate-limited",
    [MCU_ERROR_RECORDING] = "recording-failed",
    [MCU_ERROR_REPLACED] = "replaced",
    [MCU_ERROR_CONFLICT] = "conflict",
    [MCU_ERROR_OCCUPIED] = "occupied",
    [MCU_ERROR_REFUSED] = "refused",
    [MCU_ERROR_ENDED] = "ended",
    [MCU_ERROR_TRANSPORT] = "transport-failed",
    [MCU_ERROR_CONFIG] = "bad-config",
};

const char *
mcu_error_word(const GError *error)
{
  if (error == NULL || error->domain != MCU_ERROR || error->code < 0 || error->code >= MCU_N_ERRORS)
    return words[MCU_ERROR_INTERNAL];
  return words[error->code];
}
