/* Runs once, at start, on main. */
#include "mcu/bridge/replay.h"

#include "mcu/bridge/meeting.h"
#include "mcu/bridge/replay-event.h"
#include "mcu/store/store.h"
#include "mcu/util/error.h"

static gboolean
replay_row(McuMeeting *meeting, const McuStoreEvent *row, gint64 wall_us, GError **error)
{
  McuRoomEvent event;
  if (!mcu_replay_event(row->type, row->payload, &event, error))
    return FALSE;
  event.time_us = row->time_us - wall_us;
  gboolean fits = mcu_meeting_replay(meeting, &event);
  mcu_room_event_clear(&event);
  if (!fits)
    g_set_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE, "does not follow from what was before: %s", row->type);
  return fits;
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
