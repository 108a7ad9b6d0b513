/* McuAgendaTimes: what a meeting's agenda planned, and how long each item took. An agenda that is changed while the
 * meeting goes on keeps the times of items that are still in it, by their titles; one that was dealt with and then
 * taken out stays, marked. Part of McuMinutes; pure. */
#pragma once

#include "mcu/minutes/row.h"

typedef struct {
  char *title, *who;
  guint planned_minutes;     /* 0: none */
  gint64 began_us, ended_us; /* first begun, last left; 0: never dealt with */
  gint64 total_us;
  gboolean dropped; /* no longer on the agenda */
} McuAgendaTime;

typedef struct McuAgendaTimes McuAgendaTimes;

McuAgendaTimes *mcu_agenda_times_new(void);
void mcu_agenda_times_free(McuAgendaTimes *times);
void mcu_agenda_times_apply(McuAgendaTimes *times, const McuMinutesRow *row);
void mcu_agenda_times_finish(McuAgendaTimes *times, gint64 time_us);
/* McuAgendaTime *: the agenda's items in order, then dropped ones. */
const GPtrArray *mcu_agenda_times_list(const McuAgendaTimes *times);
/* NULL: there is no such item now. */
const char *mcu_agenda_times_title(const McuAgendaTimes *times, gint64 index);
