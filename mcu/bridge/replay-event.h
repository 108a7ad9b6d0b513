/* One row of a meeting's log, read back. */
#pragma once

#include "mcu/room/event.h"

/* [any] `type` and `payload` as in the log; the time stays 0. MCU_ERROR_BAD_MESSAGE: they are of no event that is
 * known, or a member is missing, unknown, of another kind or over its limit; then `out_event` holds nothing. The caller
 * clears it. */
gboolean mcu_replay_event(const char *type, const char *payload, McuRoomEvent *out_event, GError **error);
