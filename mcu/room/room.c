/* The state machine of a meeting. Owned by whoever made it; pure, so any one thread at a time. */
#include "mcu/room/room.h"

#include <string.h>

#include "mcu/util/error.h"

struct McuRoom {
  McuRoomLimits limits;
  GPtrArray *seats;    /* of McuRoomSeat *, in order, owned */
  GHashTable *by_site; /* site -> McuRoomSeat *, borrowed */
  guint n_tiles;
  guint n_lost;
  McuRoomSeat *floor; /* who has it; borrowed */
  gboolean recording;
};

McuRoom *
mcu_room_new(const McuRoomLimits *limits)
{
  McuRoom *room = g_new0(McuRoom, 1);
  room->limits = *limits;
  room->seats = g_ptr_array_new_with_free_func(g_free);
  room->by_site = g_hash_table_new(g_str_hash, g_str_equal);
  return room;
}

void
mcu_room_free(McuRoom *room)
{
  if (room == NULL)
    return;
  g_hash_table_unref(room->by_site);
  g_ptr_array_unref(room->seats);
  g_free(room);
}

guint
mcu_room_n_seats(const McuRoom *room)
{
  return room->seats->len;
}

guint
mcu_room_n_tiles(const McuRoom *room)
{
  return room->n_tiles;
}

const McuRoomSeat *
mcu_room_seat(const McuRoom *room, guint index)
{
  g_assert(index < room->seats->len);
  return g_ptr_array_index(room->seats, index);
}

const McuRoomSeat *
mcu_room_find(const McuRoom *room, const char *site)
{
  return g_hash_table_lookup(room->by_site, site);
}

gboolean
mcu_room_recording(const McuRoom *room)
{
  return room->recording;
}

gint64
mcu_room_next_expiry(const McuRoom *room)
{
  gint64 next = G_MAXINT64;
  if (room->n_lost == 0)
    return next;
  for (guint i = 0; i < room->seats->len; i++) {
    const McuRoomSeat *seat = mcu_room_seat(room, i);
    if (seat->lost)
      next = MIN(next, seat->since_us + room->limits.lost_grace_us);
  }
  return next;
}

/* --- decide ------------------------------------------------------------------------------- */

static gboolean
is_id(const char *id)
{
  if (id == NULL || *id == '\0' || strlen(id) > MCU_ID_MAX_BYTES || strcmp(id, ".") == 0 || strcmp(id, "..") == 0)
    return FALSE;
  for (const char *c = id; *c != '\0'; c++)
    if (!g_ascii_isalnum(*c) && strchr("._-", *c) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_name(const char *name)
{
  return name != NULL && *name != '\0' && g_utf8_validate(name, -1, NULL) &&
         g_utf8_strlen(name, -1) <= MCU_NAME_MAX_CHARS;
}

static void
emit(GArray *events, McuRoomEvent *event, McuRoomEventType type)
{
  event->type = type;
  g_array_append_val(events, *event);
}

/* The floor does not go with a seat. */
static void
emit_floor_taken(const McuRoomSeat *seat, const McuRoomEvent *of, GArray *events)
{
  if (!seat->floor)
    return;
  McuRoomEvent event = {.time_us = of->time_us};
  g_strlcpy(event.site, seat->site, sizeof event.site);
  emit(events, &event, MCU_ROOM_FLOOR_TAKEN);
}

static gboolean
decide_join(const McuRoom *room, const McuRoomCommand *command, McuRoomEvent *event, GArray *events, GError **error)
{
  if (!is_id(command->site) || !is_name(command->name)) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE, "a site needs an id and a name of legal form");
    return FALSE;
  }
  g_strlcpy(event->name, command->name, sizeof event->name);
  event->role = command->role;

  const McuRoomSeat *seat = mcu_room_find(room, command->site);
  if (seat != NULL) {
    /* The seat belongs to the site: microphone and camera stay as they were. */
    event->mic = seat->mic;
    event->camera = seat->camera;
    if (!mcu_role_has_voice(command->role))
      emit_floor_taken(seat, event, events);
    emit(events, event, MCU_ROOM_SEAT_REPLACED);
    if (seat->lost)
      emit(events, event, MCU_ROOM_SEAT_BACK);
    return TRUE;
  }
  if (room->seats->len >= room->limits.max_seats) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_FULL, "the meeting has its limit of %u seats", room->limits.max_seats);
    return FALSE;
  }
  event->mic = command->mic;
  event->camera = command->camera;
  emit(events, event, MCU_ROOM_SEAT_ADDED);
  return TRUE;
}

static void
decide_expire(const McuRoom *room, McuRoomEvent *event, GArray *events)
{
  if (room->n_lost == 0)
    return;
  event->reason = MCU_ROOM_EXPIRED;
  for (guint i = 0; i < room->seats->len; i++) {
    const McuRoomSeat *seat = mcu_room_seat(room, i);
    if (!seat->lost || event->time_us - seat->since_us < room->limits.lost_grace_us)
      continue;
    g_strlcpy(event->site, seat->site, sizeof event->site);
    emit_floor_taken(seat, event, events);
    emit(events, event, MCU_ROOM_SEAT_REMOVED);
  }
}

static gboolean
decide_floor(const McuRoom *room, const McuRoomSeat *seat, gboolean on, McuRoomEvent *event, GArray *events,
             GError **error)
{
  if (!on) {
    emit_floor_taken(seat, event, events);
    return TRUE;
  }
  if (!mcu_role_has_voice(seat->role)) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_FORBIDDEN, "an observer does not speak");
    return FALSE;
  }
  if (seat->floor)
    return TRUE;
  if (room->floor != NULL)
    emit_floor_taken(room->floor, event, events);
  emit(events, event, MCU_ROOM_FLOOR_GIVEN);
  return TRUE;
}

static gboolean
decide_of_seat(const McuRoom *room, const McuRoomCommand *command, McuRoomEvent *event, GArray *events, GError **error)
{
  const McuRoomSeat *seat = command->site != NULL ? mcu_room_find(room, command->site) : NULL;
  if (seat == NULL) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "no such site in the meeting");
    return FALSE;
  }
  switch (command->type) {
  case MCU_ROOM_LEAVE:
    event->reason = MCU_ROOM_LEFT;
    emit_floor_taken(seat, event, events);
    emit(events, event, MCU_ROOM_SEAT_REMOVED);
    break;
  case MCU_ROOM_LOST:
    if (!seat->lost)
      emit(events, event, MCU_ROOM_SEAT_LOST);
    break;
  case MCU_ROOM_BACK:
    if (seat->lost)
      emit(events, event, MCU_ROOM_SEAT_BACK);
    break;
  case MCU_ROOM_MEDIA:
    event->mic = command->mic;
    event->camera = command->camera;
    if (!seat->mic != !command->mic || !seat->camera != !command->camera)
      emit(events, event, MCU_ROOM_MEDIA_CHANGED);
    break;
  case MCU_ROOM_FLOOR:
    return decide_floor(room, seat, command->on, event, events, error);
  default:
    g_assert_not_reached();
  }
  return TRUE;
}

gboolean
mcu_room_decide(const McuRoom *room, const McuRoomCommand *command, gint64 now_us, GArray *events, GError **error)
{
  McuRoomEvent event = {.time_us = now_us};
  if (command->site != NULL)
    g_strlcpy(event.site, command->site, sizeof event.site);

  switch (command->type) {
  case MCU_ROOM_JOIN:
    return decide_join(room, command, &event, events, error);
  case MCU_ROOM_RECORD:
    if (!room->recording != !command->on)
      emit(events, &event, command->on ? MCU_ROOM_RECORDING_ON : MCU_ROOM_RECORDING_OFF);
    return TRUE;
  case MCU_ROOM_EXPIRE:
    decide_expire(room, &event, events);
    return TRUE;
  case MCU_ROOM_LEAVE:
  case MCU_ROOM_LOST:
  case MCU_ROOM_BACK:
  case MCU_ROOM_MEDIA:
  case MCU_ROOM_FLOOR:
    return decide_of_seat(room, command, &event, events, error);
  }
  g_assert_not_reached();
}

/* --- apply -------------------------------------------------------------------------------- */

static void
add_seat(McuRoom *room, const McuRoomEvent *event)
{
  g_assert(mcu_room_find(room, event->site) == NULL);
  McuRoomSeat *seat = g_new0(McuRoomSeat, 1);
  g_strlcpy(seat->site, event->site, sizeof seat->site);
  g_strlcpy(seat->name, event->name, sizeof seat->name);
  seat->role = event->role;
  seat->mic = event->mic;
  seat->camera = event->camera;
  seat->since_us = event->time_us;
  g_ptr_array_add(room->seats, seat);
  g_hash_table_insert(room->by_site, seat->site, seat);
  room->n_tiles += mcu_role_has_voice(seat->role);
}

static void
remove_seat(McuRoom *room, McuRoomSeat *seat)
{
  g_assert(!seat->floor);
  room->n_tiles -= mcu_role_has_voice(seat->role);
  room->n_lost -= seat->lost;
  g_hash_table_remove(room->by_site, seat->site);
  g_ptr_array_remove(room->seats, seat);
}

static void
replace_seat(McuRoom *room, McuRoomSeat *seat, const McuRoomEvent *event)
{
  g_strlcpy(seat->name, event->name, sizeof seat->name);
  room->n_tiles -= mcu_role_has_voice(seat->role);
  seat->role = event->role;
  room->n_tiles += mcu_role_has_voice(seat->role);
}

static void
set_lost(McuRoom *room, McuRoomSeat *seat, gboolean lost, gint64 time_us)
{
  g_assert(seat->lost != lost);
  seat->lost = lost;
  seat->since_us = time_us;
  if (lost)
    room->n_lost++;
  else
    room->n_lost--;
}

static void
set_floor(McuRoom *room, McuRoomSeat *seat, gboolean on)
{
  g_assert(room->floor == (on ? NULL : seat));
  seat->floor = on;
  room->floor = on ? seat : NULL;
}

void
mcu_room_apply(McuRoom *room, const McuRoomEvent *event)
{
  McuRoomSeat *seat = g_hash_table_lookup(room->by_site, event->site);
  switch (event->type) {
  case MCU_ROOM_SEAT_ADDED:
    add_seat(room, event);
    return;
  case MCU_ROOM_RECORDING_ON:
  case MCU_ROOM_RECORDING_OFF:
    room->recording = event->type == MCU_ROOM_RECORDING_ON;
    return;
  default:
    break;
  }

  g_assert(seat != NULL);
  switch (event->type) {
  case MCU_ROOM_SEAT_REMOVED:
    remove_seat(room, seat);
    break;
  case MCU_ROOM_SEAT_LOST:
  case MCU_ROOM_SEAT_BACK:
    set_lost(room, seat, event->type == MCU_ROOM_SEAT_LOST, event->time_us);
    break;
  case MCU_ROOM_SEAT_REPLACED:
    replace_seat(room, seat, event);
    break;
  case MCU_ROOM_MEDIA_CHANGED:
    seat->mic = event->mic;
    seat->camera = event->camera;
    break;
  case MCU_ROOM_FLOOR_GIVEN:
  case MCU_ROOM_FLOOR_TAKEN:
    set_floor(room, seat, event->type == MCU_ROOM_FLOOR_GIVEN);
    break;
  default:
    g_assert_not_reached();
  }
}

GArray *
mcu_room_obey(McuRoom *room, const McuRoomCommand *command, gint64 now_us, GError **error)
{
  GArray *events = g_array_new(FALSE, TRUE, sizeof(McuRoomEvent));
  if (!mcu_room_decide(room, command, now_us, events, error)) {
    g_array_unref(events);
    return NULL;
  }
  for (guint i = 0; i < events->len; i++)
    mcu_room_apply(room, &g_array_index(events, McuRoomEvent, i));
  return events;
}
