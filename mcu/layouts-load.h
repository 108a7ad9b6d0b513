/* The layouts of a server: those that come with it, and those of a folder of the operator's. */
#pragma once

#include "mcu/room/layout.h"

/* [main] `own` NULL: none. Reads each *.layout of the two folders, in the order of their names; one of `own` takes the
 * place of one of the same name. MCU_ERROR_CONFIG names the file and what is wrong with it. */
McuLayouts *mcu_layouts_load(const char *own, GError **error);
