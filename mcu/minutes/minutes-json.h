/* Minutes as JSON, for programs: all that they hold, the log too; Times are Unix
 * milliseconds, null: none. [any] */
#pragma once

#include "mcu/minutes/minutes.h"

GBytes *mcu_minutes_to_json(const McuMinutes *minutes);
