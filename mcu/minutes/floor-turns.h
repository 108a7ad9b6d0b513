/* McuFloorTurns: who spoke, in which order and how long. Part of McuMinutes; pure. */
#pragma once

#include "mcu/minutes/row.h"

typedef struct {
  char *site;
  gint64 began_us, ended_us;
} McuFloorTurn;

typedef struct {
  const char *site; /* borrowed */
  guint n_turns;
  gint64 total_us;
} McuFloorTime;

typedef struct McuFloorTurns McuFloorTurns;

McuFloorTurns *mcu_floor_turns_new(void);
void mcu_floor_turns_free(McuFloorTurns *turns);
void mcu_floor_turns_apply(McuFloorTurns *turns, const McuMinutesRow *row);
void mcu_floor_turns_finish(McuFloorTurns *turns, gint64 time_us);

/* McuFloorTurn *, in order. */
const GPtrArray *mcu_floor_turns_list(const McuFloorTurns *turns);
/* McuFloorTime *, in the order of their first turns; the caller unrefs, before the turns go. */
GPtrArray *mcu_floor_turns_sum(const McuFloorTurns *turns);
