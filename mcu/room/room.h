/* McuRoom: the state of one meeting: who has a seat, in which order, with what, and whether it is
 * recorded. No socket, no clock, no thread: a command and its time go in, events come out, and the
 * state changes only by applying events. So the log of events is the meeting:
 *
 *   decide: (state, command) -> events, or an error and none     apply: (state, event) -> state
 *
 * Invariants: one seat per site; seats keep their order of arrival; `lost` seats have the time they
 * were lost; one seat at most has the floor; never more seats than the limit. */
#pragma once

#include <glib.h>

#include "mcu/room/event.h"

typedef struct McuRoom McuRoom;

typedef struct {
  guint max_seats;
  gint64 lost_grace_us; /* a lost seat is removed after this */
} McuRoomLimits;

typedef struct {
  char site[MCU_ID_MAX_BYTES + 1];
  char name[MCU_NAME_MAX_BYTES + 1];
  McuRole role;
  gboolean lost;
  gboolean mic, camera;
  gboolean floor;  /* may speak: one seat at most, never an observer's */
  gint64 since_us; /* joined; or lost, while it is */
} McuRoomSeat;

typedef enum {
  MCU_ROOM_JOIN,   /* site, name, role, mic, camera. A site that has a seat takes it over as it is */
  MCU_ROOM_LEAVE,  /* site */
  MCU_ROOM_LOST,   /* site: its connection is gone */
  MCU_ROOM_BACK,   /* site: it is there again */
  MCU_ROOM_MEDIA,  /* site, mic, camera */
  MCU_ROOM_RECORD, /* site (or ""), on. The right to do so is checked by who gives the command */
  MCU_ROOM_FLOOR,  /* site, on: gives it the floor, from whoever has it, or takes it. The right: likewise */
  MCU_ROOM_EXPIRE, /* remove those lost for too long */
} McuRoomCommandType;

typedef struct {
  McuRoomCommandType type;
  const char *site, *name;
  McuRole role;
  gboolean mic, camera;
  gboolean on;
} McuRoomCommand;

McuRoom *mcu_room_new(const McuRoomLimits *limits);
void mcu_room_free(McuRoom *room);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuRoom, mcu_room_free)

/* Appends the events (McuRoomEvent values) that obeying `command` at `now_us` means; none when it
 * changes nothing. MCU_ERROR_FULL, MCU_ERROR_NOT_FOUND (no such seat), MCU_ERROR_BAD_MESSAGE (no id
 * or name of legal form), MCU_ERROR_FORBIDDEN (the floor for an observer); then nothing is appended. The state stays as
 * it is. */
gboolean mcu_room_decide(const McuRoom *room, const McuRoomCommand *command, gint64 now_us, GArray *events,
                         GError **error);
/* `event` comes from mcu_room_decide() on the same state, or from the log of it. */
void mcu_room_apply(McuRoom *room, const McuRoomEvent *event);
/* Decides and applies; the caller frees the array of events. NULL on error. */
GArray *mcu_room_obey(McuRoom *room, const McuRoomCommand *command, gint64 now_us, GError **error);

guint mcu_room_n_seats(const McuRoom *room);
/* Seats without those of observers: tiles of the picture. */
guint mcu_room_n_tiles(const McuRoom *room);
/* In order; borrowed until the next apply. */
const McuRoomSeat *mcu_room_seat(const McuRoom *room, guint index);
const McuRoomSeat *mcu_room_find(const McuRoom *room, const char *site); /* NULL when there is none */
gboolean mcu_room_recording(const McuRoom *room);
/* When the next seat expires; G_MAXINT64: none is lost. */
gint64 mcu_room_next_expiry(const McuRoom *room);
