/* The log of a meeting, read back: rows of the store to events, and all of a server's meetings after a restart. [main]
 */
#pragma once

#include "mcu/bridge/bridge-priv.h"
#include "mcu/room/event.h"

/* `type` and `payload` as in the log. MCU_ERROR_BAD_MESSAGE: they are of no event that is known; then `out_event` holds
 * nothing. The caller clears it. */
gboolean mcu_replay_event(const char *type, const char *payload, McuRoomEvent *out_event, GError **error);

/* Brings back every meeting that `database` knows as open. One whose log does not fit is left out, with a warning;
 * FALSE: the database could not be read. */
gboolean mcu_replay_meetings(McuBridge *bridge, const char *database, GError **error);
