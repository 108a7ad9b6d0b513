/* The meetings of a server after a restart, from their logs. [main] */
#pragma once

#include "mcu/bridge/bridge-priv.h"

/* Brings back every meeting that `database` knows as open. Of one whose log does not fit from some event on, what was
 * before it, with a warning; FALSE: the database could not be read. */
gboolean mcu_replay_meetings(McuBridge *bridge, const char *database, GError **error);
