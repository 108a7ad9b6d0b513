/* `diemcau minutes`: the minutes of a meeting out of the database, whether the server runs or not. */
#pragma once

#include <glib.h>

/* [main] `argv[0]` is "minutes". Returns the exit code: 1 when there are none, or they cannot be written; 2 for wrong
 * use. */
int mcu_minutes_command(char **argv);
