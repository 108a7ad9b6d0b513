/* The only file here that sees jansson: payloads were written by us, but what comes from a disk may be anything. */
#include "mcu/bridge/replay.h"

#include <jansson.h>
#include <string.h>

#include "mcu/bridge/meeting.h"
#include "mcu/store/store.h"
#include "mcu/util/error.h"

#define PAYLOAD_MAX_BYTES (64 * 1024)

static gboolean
fail(GError **error, const char *what, const char *where)
{
  g_set_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE, "%s: %s", what, where);
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

static gboolean
read_members(json_t *tree, McuRoomEvent *event, GError **error)
{
  const char *key;
  json_t *value;
  json_object_foreach(tree, key, value)
  {
    if (!set_member(event, key, value))
      return fail(error, "an event has no such member", key);
  }
  /* A log of before roles could change. */
  if (json_object_get(tree, "invited-as") == NULL)
    event->invited_as = event->role;
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
    ok = fail(error, "members are missing", type);
  if (!ok)
    mcu_room_event_clear(out_event);
  return ok;
}

/* --- meetings ----------------------------------------------------------------------------- */

static gboolean
replay_row(McuMeeting *meeting, const McuStoreEvent *row, gint64 wall_us, GError **error)
{
  McuRoomEvent event;
  if (!mcu_replay_event(row->type, row->payload, &event, error))
    return FALSE;
  event.time_us = row->time_us - wall_us;
  gboolean fits = mcu_meeting_replay(meeting, &event);
  mcu_room_event_clear(&event);
  return fits || fail(error, "does not follow from what was before", row->type);
}

/* Up to the first event that does not fit: what the meeting was then is better than nothing. */
static void
replay_meeting(McuBridge *bridge, const char *database, const McuStoreMeeting *row)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) events = mcu_store_read_events(database, row->uuid, &error);
  McuMeeting *meeting = events != NULL ? mcu_bridge_add_meeting(bridge, row->id, row->title, row->uuid, &error) : NULL;
  gint64 wall_us = g_get_real_time() - mcu_bridge_now(bridge);
  for (guint i = 0; meeting != NULL && i < events->len && error == NULL; i++) {
    const McuStoreEvent *event = g_ptr_array_index(events, i);
    replay_row(meeting, event, wall_us, &error);
  }
  if (error != NULL)
    g_warning("%s: not all of the meeting could be brought back: %s", row->id, error->message);
  if (meeting == NULL)
    return;
  const McuStoreEvent *last = events->len > 0 ? g_ptr_array_index(events, events->len - 1) : NULL;
  mcu_meeting_replayed(meeting, last != NULL ? last->seq + 1 : 0);
}

gboolean
mcu_replay_meetings(McuBridge *bridge, const char *database, GError **error)
{
  g_autoptr(GPtrArray) meetings = mcu_store_read_open_meetings(database, error);
  if (meetings == NULL)
    return FALSE;
  for (guint i = meetings->len; i > 0; i--) {
    const McuStoreMeeting *meeting = g_ptr_array_index(meetings, i - 1);
    /* The newest of an id, should one before it never have been closed. */
    if (!g_hash_table_contains(bridge->meetings, meeting->id))
      replay_meeting(bridge, database, meeting);
  }
  return TRUE;
}
