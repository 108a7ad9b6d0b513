/* Events as text for the log. Pure; any thread. */
#include "mcu/room/event.h"

static const char *const words[MCU_ROOM_N_EVENTS] = {
    [MCU_ROOM_SEAT_ADDED] = "seat-added",       [MCU_ROOM_SEAT_REMOVED] = "seat-removed",
    [MCU_ROOM_SEAT_LOST] = "seat-lost",         [MCU_ROOM_SEAT_BACK] = "seat-back",
    [MCU_ROOM_SEAT_REPLACED] = "seat-replaced", [MCU_ROOM_MEDIA_CHANGED] = "media-changed",
    [MCU_ROOM_RECORDING_ON] = "recording-on",   [MCU_ROOM_RECORDING_OFF] = "recording-off",
};

static const char *const roles[] = {
    [MCU_ROLE_CHAIR] = "chair",
    [MCU_ROLE_SITE] = "site",
    [MCU_ROLE_OBSERVER] = "observer",
};

const char *
mcu_room_event_word(McuRoomEventType type)
{
  g_assert((guint)type < MCU_ROOM_N_EVENTS);
  return words[type];
}

/* RFC 8259 section 7. */
static void
append_text(GString *json, const char *key, const char *text)
{
  g_string_append_printf(json, ",\"%s\":\"", key);
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\')
      g_string_append_printf(json, "\\%c", *c);
    else if ((guchar)*c < 0x20)
      g_string_append_printf(json, "\\u%04x", (guint)(guchar)*c);
    else
      g_string_append_c(json, *c);
  }
  g_string_append_c(json, '"');
}

static void
append_flag(GString *json, const char *key, gboolean value)
{
  g_string_append_printf(json, ",\"%s\":%s", key, value ? "true" : "false");
}

char *
mcu_room_event_payload(const McuRoomEvent *event)
{
  GString *json = g_string_new(NULL);
  append_text(json, "site", event->site);
  switch (event->type) {
  case MCU_ROOM_SEAT_ADDED:
  case MCU_ROOM_SEAT_REPLACED:
    append_text(json, "name", event->name);
    append_text(json, "role", roles[event->role]);
    append_flag(json, "mic", event->mic);
    append_flag(json, "camera", event->camera);
    break;
  case MCU_ROOM_MEDIA_CHANGED:
    append_flag(json, "mic", event->mic);
    append_flag(json, "camera", event->camera);
    break;
  case MCU_ROOM_SEAT_REMOVED:
    append_text(json, "reason", event->reason == MCU_ROOM_EXPIRED ? "expired" : "left");
    break;
  default:
    break;
  }
  json->str[0] = '{'; /* in place of the first comma */
  g_string_append_c(json, '}');
  return g_string_free(json, FALSE);
}
