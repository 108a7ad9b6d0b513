/* What one decision works with: shared by decide.c (seats, microphones, floor, picture) and decide-work.c (chat, votes,
 * roll call, agenda, documents, presentation). */
#pragma once

#include "mcu/room/room-priv.h"

typedef struct {
  const McuRoom *room;
  const McuRoomCommand *command;
  gint64 now_us;
  GArray *events;
  GError **error;
} McuDecision;

/* Sets the error; always FALSE. */
gboolean mcu_decision_fail(const McuDecision *d, int code, const char *why);
/* Appends an event, to be filled in before the next. `site` may be NULL. */
McuRoomEvent *mcu_decision_emit(McuDecision *d, McuRoomEventType type, const char *site);
/* For an event; NULL and "" give NULL. */
GRefString *mcu_decision_text(const char *text);
/* The floor to `seat`, from whoever has it. */
void mcu_decision_give_floor(McuDecision *d, const McuRoomSeat *seat, gint64 limit_s);

/* For the commands from MCU_ROOM_CHAT on. */
gboolean mcu_decide_work(McuDecision *d);
/* The chair gives the floor by hand: who is called up waits. */
void mcu_decide_floor_by_hand(McuDecision *d);
/* The connection of `seat` goes, and what it shows with it. */
void mcu_decide_connection_gone(McuDecision *d, const McuRoomSeat *seat);
/* Before the meeting ends: what is still open is closed. */
void mcu_decide_work_end(McuDecision *d);
