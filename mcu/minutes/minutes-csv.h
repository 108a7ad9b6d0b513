/* Minutes as one table for spreadsheets: sections one below the other, each with its name, the names of its columns and
 * its rows, and an empty line behind it; the log is the last. UTF-8 with its mark. [any] */
#pragma once

#include "mcu/minutes/minutes.h"

GBytes *mcu_minutes_to_csv(const McuMinutes *minutes);
