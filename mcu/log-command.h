/* `diemcau log`: prints what the database keeps of meetings, and checks it. */
#pragma once

#include <glib.h>

/* [main] `argv[0]` is "log". Returns the exit code: 1 when the log of a meeting is not what was written, or cannot be
 * read; 2 for wrong use. */
int mcu_log_command(char **argv);
