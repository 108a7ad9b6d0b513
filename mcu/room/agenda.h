/* McuAgenda: what a meeting is about, item by item, and where it is. Part of a room's state: changed by its events
 * alone. Pure. */
#pragma once

#include "mcu/room/event.h"

#define MCU_AGENDA_MAX 50
#define MCU_AGENDA_TITLE_MAX_CHARS 200
#define MCU_AGENDA_MINUTES_MAX 1440

typedef struct McuAgenda McuAgenda;

typedef struct {
  guint minutes; /* planned; 0: not said */
  char *title;
  char *who; /* the rapporteur; may be empty */
} McuAgendaItem;

McuAgenda *mcu_agenda_new(void);
void mcu_agenda_free(McuAgenda *agenda);

guint mcu_agenda_n(const McuAgenda *agenda);
const McuAgendaItem *mcu_agenda_item(const McuAgenda *agenda, guint index);
gint mcu_agenda_at(const McuAgenda *agenda); /* index; -1: none is current */
gint64 mcu_agenda_since(const McuAgenda *agenda);

/* Whether it is lines "MINUTES\tTITLE\tWHO"; NULL and "": no items. */
gboolean mcu_agenda_is_legal(const char *text);

gboolean mcu_agenda_fits(const McuAgenda *agenda, const McuRoomEvent *event);
void mcu_agenda_apply(McuAgenda *agenda, const McuRoomEvent *event);
void mcu_agenda_describe(const McuAgenda *agenda, GString *text);
