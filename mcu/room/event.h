/* McuRoomEvent: one thing that happened in a meeting. A plain value without pointers, so that it can
 * be copied, queued and compared. The log of a meeting is the sequence of these. Pure. */
#pragma once

#include <glib.h>

#include "mcu/types.h"

#define MCU_NAME_MAX_BYTES (MCU_NAME_MAX_CHARS * 4)

typedef enum {
  MCU_ROOM_SEAT_ADDED,    /* site, name, role, mic, camera */
  MCU_ROOM_SEAT_REMOVED,  /* site, reason */
  MCU_ROOM_SEAT_LOST,     /* site */
  MCU_ROOM_SEAT_BACK,     /* site */
  MCU_ROOM_SEAT_REPLACED, /* site, name, role: a newer connection has the seat */
  MCU_ROOM_MEDIA_CHANGED, /* site, mic, camera */
  MCU_ROOM_RECORDING_ON,  /* site that asked, "" for the bridge itself */
  MCU_ROOM_RECORDING_OFF, /* likewise */
  MCU_ROOM_FLOOR_GIVEN,   /* site: it has the floor now, and nobody else */
  MCU_ROOM_FLOOR_TAKEN,   /* site that had it: by the chair, for another, or because it goes */
  MCU_ROOM_N_EVENTS
} McuRoomEventType;

typedef enum {
  MCU_ROOM_LEFT,    /* orderly */
  MCU_ROOM_EXPIRED, /* lost for longer than the grace */
} McuRoomReason;

typedef struct {
  McuRoomEventType type;
  gint64 time_us; /* of the command that caused it */
  char site[MCU_ID_MAX_BYTES + 1];
  char name[MCU_NAME_MAX_BYTES + 1];
  McuRole role;
  McuRoomReason reason;
  gboolean mic, camera;
} McuRoomEvent;

/* [any] "seat-added" ...: the type in the event log. Never NULL. */
const char *mcu_room_event_word(McuRoomEventType type);
/* [any] "chair" ...: as in tokens and messages. Never NULL. */
const char *mcu_room_role_word(McuRole role);
/* [any] What the event says, without type and time, as one JSON object; caller frees. */
char *mcu_room_event_payload(const McuRoomEvent *event);
