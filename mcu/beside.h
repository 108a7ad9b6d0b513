/* What comes with the program: in the build tree, or installed. */
#pragma once

#include <glib.h>

/* [any] The first of `places` (ended by NULL; relative to the folder of the executable) that `fits`; NULL: none does.
 * Caller frees. */
char *mcu_beside_executable(const char *const *places, gboolean (*fits)(const char *path));
