/* A meeting's state: its life, and what may be asked of it. Owned by whoever made it; pure, so any one thread at a
 * time. */
#include "mcu/room/room.h"

#include <string.h>

#include "mcu/room/ids.h"
#include "mcu/room/room-priv.h"

static void
free_invited(gpointer data)
{
  McuRoomInvited *invited = data;
  g_clear_pointer(&invited->telephone, g_ref_string_release);
  g_clear_pointer(&invited->email, g_ref_string_release);
  g_free(invited);
}

static void
free_scene(gpointer data)
{
  McuRoomScene *scene = data;
  g_free(scene->name);
  g_ref_string_release(scene->scene);
  g_free(scene);
}

McuRoom *
mcu_room_new(const McuRoomLimits *limits)
{
  McuRoom *room = g_new0(McuRoom, 1);
  room->limits = *limits;
  room->seats = g_ptr_array_new_with_free_func(g_free);
  room->by_site = g_hash_table_new(g_str_hash, g_str_equal);
  room->hands = g_ptr_array_new();
  room->scenes = g_ptr_array_new_with_free_func(free_scene);
  room->invited = g_ptr_array_new_with_free_func(free_invited);
  room->by_invited = g_hash_table_new(g_str_hash, g_str_equal);
  room->lobby = g_ptr_array_new_with_free_func(g_free);
  room->admitted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  room->kept_out = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  room->chat = mcu_chat_new();
  room->votes = mcu_votes_new();
  room->roll = mcu_roll_new();
  room->agenda = mcu_agenda_new();
  room->documents = mcu_documents_new();
  room->may_present = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  room->aside = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  room->title = g_strdup("");
  room->self_unmute = TRUE;
  return room;
}

void
mcu_room_free(McuRoom *room)
{
  if (room == NULL)
    return;
  GRefString **texts[] = {&room->programme, &room->undo, &room->preview, &room->banner};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_clear_pointer(texts[i], g_ref_string_release);
  g_hash_table_unref(room->aside);
  g_hash_table_unref(room->may_present);
  mcu_documents_free(room->documents);
  mcu_agenda_free(room->agenda);
  mcu_roll_free(room->roll);
  mcu_votes_free(room->votes);
  mcu_chat_free(room->chat);
  g_hash_table_unref(room->kept_out);
  g_hash_table_unref(room->admitted);
  g_ptr_array_unref(room->lobby);
  g_hash_table_unref(room->by_invited);
  g_ptr_array_unref(room->invited);
  g_ptr_array_unref(room->scenes);
  g_ptr_array_unref(room->hands);
  g_hash_table_unref(room->by_site);
  g_ptr_array_unref(room->seats);
  g_free(room->title);
  g_free(room);
}

GArray *
mcu_room_obey(McuRoom *room, const McuRoomCommand *command, gint64 now_us, GError **error)
{
  GArray *events = mcu_room_events_new();
  if (!mcu_room_decide(room, command, now_us, events, error)) {
    g_array_unref(events);
    return NULL;
  }
  for (guint i = 0; i < events->len; i++)
    mcu_room_apply(room, &g_array_index(events, McuRoomEvent, i));
  return events;
}

/* --- seats -------------------------------------------------------------------------------- */

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

const McuRoomSeat *
mcu_room_chair(const McuRoom *room)
{
  return room->chair;
}

const McuRoomSeat *
mcu_room_floor(const McuRoom *room)
{
  return room->floor;
}

gint64
mcu_room_floor_since(const McuRoom *room)
{
  return room->floor_since_us;
}

guint
mcu_room_floor_limit(const McuRoom *room)
{
  return room->floor_limit_s;
}

guint
mcu_room_n_hands(const McuRoom *room)
{
  return room->hands->len;
}

const McuRoomSeat *
mcu_room_hand(const McuRoom *room, guint index)
{
  g_assert(index < room->hands->len);
  return g_ptr_array_index(room->hands, index);
}

gint64
mcu_room_next_expiry(const McuRoom *room)
{
  gint64 next = G_MAXINT64;
  if (room->n_lost == 0)
    return next;
  for (guint i = 0; i < room->seats->len; i++) {
    const McuRoomSeat *seat = mcu_room_seat(room, i);
    if (seat->lost && !mcu_room_is_aside(room, seat->site))
      next = MIN(next, seat->since_us + room->limits.lost_grace_us);
  }
  return next;
}

/* --- the meeting -------------------------------------------------------------------------- */

const char *
mcu_room_title(const McuRoom *room)
{
  return room->title;
}

gboolean
mcu_room_is_made(const McuRoom *room)
{
  return room->made;
}

gint64
mcu_room_planned_ms(const McuRoom *room)
{
  return room->planned_ms;
}

gboolean
mcu_room_ended(const McuRoom *room)
{
  return room->ended;
}

gboolean
mcu_room_recording(const McuRoom *room)
{
  return room->recording;
}

gboolean
mcu_room_locked(const McuRoom *room)
{
  return room->locked;
}

McuMicPolicy
mcu_room_policy(const McuRoom *room)
{
  return room->policy;
}

gboolean
mcu_room_self_unmute(const McuRoom *room)
{
  return room->self_unmute;
}

McuRoomState
mcu_room_state(const McuRoom *room)
{
  if (room->ended)
    return MCU_STATE_ENDED;
  if (room->policy == MCU_MIC_CHAIR)
    return MCU_STATE_CHAIR;
  return room->policy == MCU_MIC_OPEN && room->self_unmute ? MCU_STATE_FREE : MCU_STATE_ASK;
}

gboolean
mcu_room_policy_silences(const McuRoom *room, McuRole role)
{
  switch (room->policy) {
  case MCU_MIC_PERMISSION:
    return role != MCU_ROLE_CHAIR && role != MCU_ROLE_SECRETARY;
  case MCU_MIC_CHAIR:
    return role != MCU_ROLE_CHAIR;
  default:
    return FALSE;
  }
}

/* --- the picture -------------------------------------------------------------------------- */

const char *
mcu_room_programme(const McuRoom *room)
{
  return room->programme != NULL ? room->programme : MCU_LAYOUT_AUTO;
}

const char *
mcu_room_preview(const McuRoom *room)
{
  return room->preview;
}

gboolean
mcu_room_can_undo(const McuRoom *room)
{
  return room->undo != NULL;
}

gboolean
mcu_room_layout_locked(const McuRoom *room)
{
  return room->layout_locked;
}

const char *
mcu_room_banner(const McuRoom *room)
{
  return room->banner != NULL ? room->banner : "";
}

guint
mcu_room_tour(const McuRoom *room)
{
  return room->tour_s;
}

guint
mcu_room_n_scenes(const McuRoom *room)
{
  return room->scenes->len;
}

const McuRoomScene *
mcu_room_scene(const McuRoom *room, guint index)
{
  g_assert(index < room->scenes->len);
  return g_ptr_array_index(room->scenes, index);
}

/* --- lists -------------------------------------------------------------------------------- */

guint
mcu_room_n_invited(const McuRoom *room)
{
  return room->invited->len;
}

const McuRoomInvited *
mcu_room_invited(const McuRoom *room, guint index)
{
  g_assert(index < room->invited->len);
  return g_ptr_array_index(room->invited, index);
}

const McuRoomInvited *
mcu_room_find_invited(const McuRoom *room, const char *site)
{
  return g_hash_table_lookup(room->by_invited, site);
}

guint
mcu_room_n_lobby(const McuRoom *room)
{
  return room->lobby->len;
}

const McuRoomGuest *
mcu_room_guest(const McuRoom *room, guint index)
{
  g_assert(index < room->lobby->len);
  return g_ptr_array_index(room->lobby, index);
}

const McuRoomGuest *
mcu_room_find_guest(const McuRoom *room, const char *site)
{
  for (guint i = 0; i < room->lobby->len; i++) {
    const McuRoomGuest *guest = g_ptr_array_index(room->lobby, i);
    if (strcmp(guest->site, site) == 0)
      return guest;
  }
  return NULL;
}

GPtrArray *
mcu_room_kept_out(const McuRoom *room)
{
  return mcu_ids_sorted(room->kept_out);
}
