/* The only file here that sees jansson: payloads were written by us, but what comes from a disk may be anything. */
#include "mcu/bridge/replay-event.h"

#include <jansson.h>
#include <string.h>

#include "mcu/util/error.h"

#define PAYLOAD_MAX_BYTES (512 * 1024) /* a vote names each of the 5,000 who have one */

static gboolean
fail(GError **error, const char *what, const char *where)
{
  g_autofree char *shown = g_utf8_make_valid(where, (gssize)MIN(strlen(where), 80));
  g_set_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE, "%s: %s", what, shown);
  return FALSE;
}

static gboolean
set_member(McuRoomEvent *event, const char *key, const json_t *value)
{
  if (json_is_string(value))
    return strlen(json_string_value(value)) == json_string_length(value) &&
           mcu_room_event_set_text(event, key, json_string_value(value));
  if (json_is_boolean(value))
    return mcu_room_event_set_flag(event, key, json_is_true(value));
  return json_is_integer(value) && mcu_room_event_set_number(event, key, json_integer_value(value));
}

/* Members that logs of earlier versions lack: the role could not change then, and a turn had no limit. */
static guint
add_missing(const json_t *tree, McuRoomEvent *event)
{
  guint n = 0;
  if (mcu_room_event_has(event->type, "invited-as") && json_object_get(tree, "invited-as") == NULL) {
    event->invited_as = event->role;
    n++;
  }
  if (event->type == MCU_ROOM_FLOOR_GIVEN && json_object_get(tree, "number") == NULL)
    n++;
  return n;
}

static gboolean
read_members(json_t *tree, McuRoomEvent *event, GError **error)
{
  const char *key;
  json_t *value;
  json_object_foreach(tree, key, value)
  {
    if (!mcu_room_event_has(event->type, key))
      return fail(error, "an event has no such member", key);
    if (!set_member(event, key, value))
      return fail(error, "a member is of another kind or too long", key);
  }
  if (json_object_size(tree) + add_missing(tree, event) != mcu_room_event_n_members(event->type))
    return fail(error, "a member is missing", mcu_room_event_word(event->type));
  return TRUE;
}

gboolean
mcu_replay_event(const char *type, const char *payload, McuRoomEvent *out_event, GError **error)
{
  *out_event = (McuRoomEvent){0};
  if (!mcu_room_event_type_parse(type, &out_event->type))
    return fail(error, "no such event", type);
  if (strlen(payload) > PAYLOAD_MAX_BYTES)
    return fail(error, "too long", type);
  json_t *tree = json_loads(payload, JSON_REJECT_DUPLICATES, NULL);
  gboolean ok = json_is_object(tree) ? read_members(tree, out_event, error) : fail(error, "not an object", type);
  json_decref(tree);
  if (ok && !mcu_room_event_is_sound(out_event))
    ok = fail(error, "a member is over its limit or of no legal form", type);
  if (!ok)
    mcu_room_event_clear(out_event);
  return ok;
}
