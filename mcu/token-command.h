/* `diemcau token`: prints a link that lets somebody in. */
#pragma once

#include <glib.h>

/* [main] `argv[0]` is "token". Returns the exit code. */
int mcu_token_command(char **argv);
