/* Events as text for the log. Pure; any thread. */
#include "mcu/room/event.h"

#include "mcu/room/json.h"

static const char *const words[MCU_ROOM_N_EVENTS] = {
    [MCU_ROOM_SEAT_ADDED] = "seat-added",       [MCU_ROOM_SEAT_REMOVED] = "seat-removed",
    [MCU_ROOM_SEAT_LOST] = "seat-lost",         [MCU_ROOM_SEAT_BACK] = "seat-back",
    [MCU_ROOM_SEAT_REPLACED] = "seat-replaced", [MCU_ROOM_MEDIA_CHANGED] = "media-changed",
    [MCU_ROOM_RECORDING_ON] = "recording-on",   [MCU_ROOM_RECORDING_OFF] = "recording-off",
    [MCU_ROOM_FLOOR_GIVEN] = "floor-given",     [MCU_ROOM_FLOOR_TAKEN] = "floor-taken",
};

static const char *const roles[] = {
    [MCU_ROLE_CHAIR] = "chair",         [MCU_ROLE_SITE] = "site",         [MCU_ROLE_OBSERVER] = "observer",
    [MCU_ROLE_SECRETARY] = "secretary", [MCU_ROLE_OPERATOR] = "operator",
};

const char *
mcu_room_event_word(McuRoomEventType type)
{
  g_assert((guint)type < MCU_ROOM_N_EVENTS);
  return words[type];
}

const char *
mcu_room_role_word(McuRole role)
{
  g_assert((guint)role < G_N_ELEMENTS(roles));
  return roles[role];
}

char *
mcu_room_event_payload(const McuRoomEvent *event)
{
  GString *json = g_string_new(NULL);
  mcu_json_open(json);
  mcu_json_text(json, "site", event->site);
  switch (event->type) {
  case MCU_ROOM_SEAT_ADDED:
  case MCU_ROOM_SEAT_REPLACED:
    mcu_json_text(json, "name", event->name);
    mcu_json_text(json, "role", mcu_room_role_word(event->role));
    mcu_json_flag(json, "mic", event->mic);
    mcu_json_flag(json, "camera", event->camera);
    break;
  case MCU_ROOM_MEDIA_CHANGED:
    mcu_json_flag(json, "mic", event->mic);
    mcu_json_flag(json, "camera", event->camera);
    break;
  case MCU_ROOM_SEAT_REMOVED:
    mcu_json_text(json, "reason", event->reason == MCU_ROOM_EXPIRED ? "expired" : "left");
    break;
  default:
    break;
  }
  mcu_json_close(json);
  return g_string_free(json, FALSE);
}
