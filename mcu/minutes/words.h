/* The words of minutes. Pure; [any]. Never NULL. */
#pragma once

#include "mcu/room/roll.h"
#include "mcu/types.h"

/* "Chủ trì" ... */
const char *mcu_minutes_role(McuRole role);
/* "Có mặt" ... */
const char *mcu_minutes_status(McuRollStatus status);
