/* McuMinutesRolls: the roll calls of a meeting, each with what was known last of each site. Part of
 * McuMinutes; pure. */
#pragma once

#include "mcu/minutes/row.h"
#include "mcu/room/roll.h"

typedef struct {
  char *site, *reason; /* "": none */
  McuRollStatus status;
  gboolean by_hand; /* else measured */
  gint64 time_us;
} McuMinutesMark;

typedef struct {
  gint64 opened_us, closed_us; /* closed 0: not when the log ends */
  GPtrArray *marks;            /* of McuMinutesMark *, in the order in which sites were first marked */
} McuMinutesRoll;

typedef struct McuMinutesRolls McuMinutesRolls;

McuMinutesRolls *mcu_minutes_rolls_new(void);
void mcu_minutes_rolls_free(McuMinutesRolls *rolls);
void mcu_minutes_rolls_apply(McuMinutesRolls *rolls, const McuMinutesRow *row);
/* McuMinutesRoll *, in order. */
const GPtrArray *mcu_minutes_rolls_list(const McuMinutesRolls *rolls);
