/* Events to state: the only place where the state of a meeting changes. */
#include <string.h>

#include "mcu/room/room-priv.h"

/* --- microphones -------------------------------------------------------------------------- */

static void
settle_mic(const McuRoom *room, McuRoomSeat *seat)
{
  gboolean by_policy = mcu_room_policy_silences(room, seat->role) && !seat->floor && !seat->may_speak;
  seat->silenced = mcu_role_has_voice(seat->role) && (seat->muted || by_policy);
}

static void
settle_all_mics(McuRoom *room)
{
  for (guint i = 0; i < room->seats->len; i++)
    settle_mic(room, g_ptr_array_index(room->seats, i));
}

static void
set_muted(McuRoom *room, McuRoomSeat *seat, gboolean muted)
{
  seat->muted = muted;
  seat->may_speak = !muted;
  settle_mic(room, seat);
}

static void
set_all_muted(McuRoom *room, const McuRoomEvent *event)
{
  gboolean muted = event->type == MCU_ROOM_ALL_MUTED;
  g_auto(GStrv) except = g_strsplit(event->text != NULL ? event->text : "", " ", -1);
  for (guint i = 0; i < room->seats->len; i++) {
    McuRoomSeat *seat = g_ptr_array_index(room->seats, i);
    if (seat == room->chair || seat->floor || g_strv_contains((const char *const *)except, seat->site))
      continue;
    set_muted(room, seat, muted);
  }
}

static void
set_policy(McuRoom *room, const McuRoomEvent *event)
{
  room->policy = (McuMicPolicy)event->number;
  room->self_unmute = event->on;
  for (guint i = 0; i < room->seats->len; i++)
    ((McuRoomSeat *)g_ptr_array_index(room->seats, i))->may_speak = FALSE;
  settle_all_mics(room);
}

/* --- seats -------------------------------------------------------------------------------- */

static void
set_role(McuRoom *room, McuRoomSeat *seat, McuRole role)
{
  if (room->chair == seat)
    room->chair = NULL;
  room->n_tiles -= mcu_role_has_voice(seat->role);
  seat->role = role;
  room->n_tiles += mcu_role_has_voice(role);
  if (role == MCU_ROLE_CHAIR) {
    g_assert(room->chair == NULL);
    room->chair = seat;
  }
  settle_mic(room, seat);
}

static void
add_seat(McuRoom *room, const McuRoomEvent *event)
{
  McuRoomSeat *seat = g_new0(McuRoomSeat, 1);
  g_strlcpy(seat->site, event->site, sizeof seat->site);
  g_strlcpy(seat->name, event->name, sizeof seat->name);
  seat->role = MCU_ROLE_OBSERVER; /* until set_role() */
  seat->invited_as = event->invited_as;
  seat->mic = event->mic;
  seat->camera = event->camera;
  seat->since_us = event->time_us;
  g_ptr_array_add(room->seats, seat);
  g_hash_table_insert(room->by_site, seat->site, seat);
  set_role(room, seat, event->role);
}

static void
lower_hand(McuRoom *room, McuRoomSeat *seat)
{
  if (seat->hand_us != 0)
    g_ptr_array_remove(room->hands, seat);
  seat->hand_us = 0;
}

static void
remove_seat(McuRoom *room, McuRoomSeat *seat)
{
  g_assert(!seat->floor && room->presenter != seat);
  lower_hand(room, seat);
  if (room->chair == seat)
    room->chair = NULL;
  room->n_tiles -= mcu_role_has_voice(seat->role);
  room->n_lost -= seat->lost;
  g_hash_table_remove(room->by_site, seat->site);
  g_ptr_array_remove(room->seats, seat);
}

static void
replace_seat(McuRoom *room, McuRoomSeat *seat, const McuRoomEvent *event)
{
  g_strlcpy(seat->name, event->name, sizeof seat->name);
  seat->invited_as = event->invited_as;
  seat->mic = event->mic;
  seat->camera = event->camera;
  if (seat->role != event->role)
    set_role(room, seat, event->role);
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

/* --- floor and hands ---------------------------------------------------------------------- */

static void
give_floor(McuRoom *room, McuRoomSeat *seat, const McuRoomEvent *event)
{
  g_assert(room->floor == NULL);
  seat->floor = TRUE;
  seat->muted = FALSE;
  room->floor = seat;
  room->floor_since_us = event->time_us;
  room->floor_limit_s = (guint)event->number;
  settle_mic(room, seat);
}

static void
take_floor(McuRoom *room, McuRoomSeat *seat)
{
  g_assert(room->floor == seat);
  seat->floor = FALSE;
  seat->may_speak = FALSE;
  room->floor = NULL;
  room->floor_since_us = 0;
  room->floor_limit_s = 0;
  settle_mic(room, seat);
}

static void
raise_hand(McuRoom *room, McuRoomSeat *seat, gint64 time_us)
{
  seat->hand_us = time_us != 0 ? time_us : 1; /* 0: down */
  g_ptr_array_add(room->hands, seat);
}

static void
move_hand(McuRoom *room, McuRoomSeat *seat, guint place)
{
  g_ptr_array_remove(room->hands, seat);
  g_ptr_array_insert(room->hands, (gint)MIN(place, room->hands->len), seat);
}

/* --- the picture -------------------------------------------------------------------------- */

static void
set_text(GRefString **text, GRefString *value)
{
  if (value != NULL)
    g_ref_string_acquire(value);
  g_clear_pointer(text, g_ref_string_release);
  *text = value;
}

static void
set_programme(McuRoom *room, GRefString *scene)
{
  g_autofree char *before = g_strdup(mcu_room_programme(room));
  g_clear_pointer(&room->undo, g_ref_string_release);
  room->undo = g_ref_string_new(before);
  set_text(&room->programme, scene);
}

static void
undo_programme(McuRoom *room)
{
  GRefString *present = room->programme != NULL ? room->programme : g_ref_string_new(MCU_LAYOUT_AUTO);
  room->programme = room->undo;
  room->undo = present;
}

static guint
find_scene(const McuRoom *room, const char *name)
{
  guint i = 0;
  while (i < room->scenes->len && strcmp(mcu_room_scene(room, i)->name, name) != 0)
    i++;
  return i;
}

static void
save_scene(McuRoom *room, const McuRoomEvent *event)
{
  guint index = find_scene(room, event->name);
  if (index < room->scenes->len) {
    McuRoomScene *scene = g_ptr_array_index(room->scenes, index);
    set_text(&scene->scene, event->text);
    return;
  }
  McuRoomScene *scene = g_new0(McuRoomScene, 1);
  scene->name = g_strdup(event->name);
  set_text(&scene->scene, event->text);
  g_ptr_array_add(room->scenes, scene);
}

static void
drop_scene(McuRoom *room, const char *name)
{
  guint index = find_scene(room, name);
  if (index < room->scenes->len)
    g_ptr_array_remove_index(room->scenes, index);
}

/* --- lists -------------------------------------------------------------------------------- */

static void
uninvite(McuRoom *room, const char *site)
{
  McuRoomInvited *invited = g_hash_table_lookup(room->by_invited, site);
  if (invited == NULL)
    return;
  g_hash_table_remove(room->by_invited, site);
  g_ptr_array_remove(room->invited, invited);
}

/* Who is there already keeps its place. */
static void
invite(McuRoom *room, const McuRoomEvent *event)
{
  McuRoomInvited *invited = g_hash_table_lookup(room->by_invited, event->site);
  if (invited == NULL) {
    invited = g_new0(McuRoomInvited, 1);
    g_strlcpy(invited->site, event->site, sizeof invited->site);
    g_ptr_array_add(room->invited, invited);
    g_hash_table_insert(room->by_invited, invited->site, invited);
  }
  g_strlcpy(invited->name, event->name, sizeof invited->name);
  g_strlcpy(invited->parent, event->other, sizeof invited->parent);
  invited->role = event->role;
  invited->level = (guint)event->number;
  set_text(&invited->telephone, event->text);
  set_text(&invited->email, event->more);
}

static void
leave_lobby(McuRoom *room, const char *site)
{
  const McuRoomGuest *guest = mcu_room_find_guest(room, site);
  if (guest != NULL)
    g_ptr_array_remove(room->lobby, (gpointer)guest);
}

static void
enter_lobby(McuRoom *room, const McuRoomEvent *event)
{
  leave_lobby(room, event->site);
  McuRoomGuest *guest = g_new0(McuRoomGuest, 1);
  g_strlcpy(guest->site, event->site, sizeof guest->site);
  g_strlcpy(guest->name, event->name, sizeof guest->name);
  guest->role = event->role;
  g_ptr_array_add(room->lobby, guest);
}

static void
remember(GHashTable *set, const char *site)
{
  if (g_hash_table_size(set) < MCU_ROOM_REMEMBERED_MAX)
    g_hash_table_add(set, g_strdup(site));
}

static void
set_title(McuRoom *room, const McuRoomEvent *event)
{
  g_free(room->title);
  room->title = g_strdup(event->name);
  room->planned_ms = event->number;
  room->made = TRUE;
}

/* --- the meeting's work ------------------------------------------------------------------- */

static void
set_member(GHashTable *set, const char *site, gboolean on)
{
  if (on)
    g_hash_table_add(set, g_strdup(site));
  else
    g_hash_table_remove(set, site);
}

static gboolean
apply_to_work(McuRoom *room, const McuRoomEvent *event)
{
  switch (event->type) {
  case MCU_ROOM_CHAT_SAID:
  case MCU_ROOM_CHAT_OPENED:
  case MCU_ROOM_ANNOUNCED:
    mcu_chat_apply(room->chat, event);
    return TRUE;
  case MCU_ROOM_VOTE_OPENED:
  case MCU_ROOM_VOTE_CAST:
  case MCU_ROOM_VOTE_USED:
  case MCU_ROOM_VOTE_RESTARTED:
  case MCU_ROOM_VOTE_CLOSED:
  case MCU_ROOM_VOTE_SHOWN:
    mcu_votes_apply(room->votes, event);
    return TRUE;
  case MCU_ROOM_ROLL_OPENED:
  case MCU_ROOM_ROLL_MARKED:
  case MCU_ROOM_ROLL_CLOSED:
  case MCU_ROOM_CALLS_BEGUN:
  case MCU_ROOM_CALLED:
  case MCU_ROOM_CALLS_PAUSED:
  case MCU_ROOM_CALLS_ENDED:
    mcu_roll_apply(room->roll, event);
    return TRUE;
  case MCU_ROOM_AGENDA_SET:
  case MCU_ROOM_AGENDA_AT:
    mcu_agenda_apply(room->agenda, event);
    return TRUE;
  case MCU_ROOM_DOCUMENT_ADDED:
  case MCU_ROOM_DOCUMENT_REMOVED:
  case MCU_ROOM_DOCUMENT_SHOWN:
    mcu_documents_apply(room->documents, event);
    return TRUE;
  case MCU_ROOM_PRESENTER_SET:
    set_member(room->may_present, event->site, event->on);
    return TRUE;
  case MCU_ROOM_ASIDE_SET:
    set_member(room->aside, event->site, event->on);
    return TRUE;
  default:
    return FALSE;
  }
}

/* --- events ------------------------------------------------------------------------------- */

static gboolean
apply_to_meeting(McuRoom *room, const McuRoomEvent *event)
{
  switch (event->type) {
  case MCU_ROOM_SEAT_ADDED:
    g_assert(mcu_room_find(room, event->site) == NULL);
    add_seat(room, event);
    return TRUE;
  case MCU_ROOM_RECORDING_ON:
  case MCU_ROOM_RECORDING_OFF:
    room->recording = event->type == MCU_ROOM_RECORDING_ON;
    return TRUE;
  case MCU_ROOM_POLICY_CHANGED:
    set_policy(room, event);
    return TRUE;
  case MCU_ROOM_ALL_MUTED:
  case MCU_ROOM_ALL_UNMUTED:
    set_all_muted(room, event);
    return TRUE;
  case MCU_ROOM_LOCKED:
    room->locked = event->on;
    return TRUE;
  case MCU_ROOM_LOBBY_ENTERED:
    enter_lobby(room, event);
    return TRUE;
  case MCU_ROOM_LOBBY_LEFT:
    leave_lobby(room, event->site);
    return TRUE;
  case MCU_ROOM_ADMITTED:
    g_hash_table_remove(room->kept_out, event->site);
    remember(room->admitted, event->site);
    return TRUE;
  case MCU_ROOM_KEPT_OUT:
    g_hash_table_remove(room->admitted, event->site);
    remember(room->kept_out, event->site);
    return TRUE;
  case MCU_ROOM_PARDONED:
    g_hash_table_remove(room->kept_out, event->site);
    return TRUE;
  case MCU_ROOM_PROGRAMME_SET:
    set_programme(room, event->text);
    return TRUE;
  case MCU_ROOM_PROGRAMME_UNDONE:
    undo_programme(room);
    return TRUE;
  case MCU_ROOM_PREVIEW_SET:
    set_text(&room->preview, event->text);
    return TRUE;
  case MCU_ROOM_SCENE_SAVED:
    save_scene(room, event);
    return TRUE;
  case MCU_ROOM_SCENE_DROPPED:
    drop_scene(room, event->name);
    return TRUE;
  case MCU_ROOM_LAYOUT_LOCKED:
    room->layout_locked = event->on;
    return TRUE;
  case MCU_ROOM_BANNER_SET:
    set_text(&room->banner, event->text);
    return TRUE;
  case MCU_ROOM_TOUR_SET:
    room->tour_s = (guint)event->number;
    return TRUE;
  case MCU_ROOM_MADE:
  case MCU_ROOM_PLANNED:
    set_title(room, event);
    return TRUE;
  case MCU_ROOM_INVITED:
    invite(room, event);
    return TRUE;
  case MCU_ROOM_UNINVITED:
    uninvite(room, event->site);
    return TRUE;
  case MCU_ROOM_ENDED:
    room->ended = TRUE;
    return TRUE;
  default:
    return FALSE;
  }
}

static void
apply_to_seat(McuRoom *room, McuRoomSeat *seat, const McuRoomEvent *event)
{
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
    give_floor(room, seat, event);
    break;
  case MCU_ROOM_FLOOR_TAKEN:
    take_floor(room, seat);
    break;
  case MCU_ROOM_HAND_RAISED:
    raise_hand(room, seat, event->time_us);
    break;
  case MCU_ROOM_HAND_LOWERED:
    lower_hand(room, seat);
    break;
  case MCU_ROOM_HAND_MOVED:
    move_hand(room, seat, (guint)event->number);
    break;
  case MCU_ROOM_SEAT_MUTED:
  case MCU_ROOM_SEAT_UNMUTED:
    set_muted(room, seat, event->type == MCU_ROOM_SEAT_MUTED);
    break;
  case MCU_ROOM_CONSENT_CHANGED:
    seat->consent = event->on;
    break;
  case MCU_ROOM_PRESENTING_ON:
    room->presenter = seat;
    break;
  case MCU_ROOM_PRESENTING_OFF:
    room->presenter = NULL;
    break;
  case MCU_ROOM_ROLE_CHANGED:
    set_role(room, seat, event->role);
    break;
  default:
    g_assert_not_reached();
  }
}

void
mcu_room_apply(McuRoom *room, const McuRoomEvent *event)
{
  if (apply_to_meeting(room, event) || apply_to_work(room, event))
    return;
  McuRoomSeat *seat = g_hash_table_lookup(room->by_site, event->site);
  g_assert(seat != NULL);
  apply_to_seat(room, seat, event);
}

/* --- from a log --------------------------------------------------------------------------- */

static gboolean
fits_seat(const McuRoom *room, const McuRoomSeat *seat, const McuRoomEvent *event)
{
  gboolean takes_chair = event->role == MCU_ROLE_CHAIR && room->chair != NULL && room->chair != seat;
  switch (event->type) {
  case MCU_ROOM_SEAT_REMOVED:
    return !seat->floor && room->presenter != seat;
  case MCU_ROOM_PRESENTING_ON:
    return room->presenter == NULL && mcu_role_has_voice(seat->role);
  case MCU_ROOM_PRESENTING_OFF:
    return room->presenter == seat;
  case MCU_ROOM_SEAT_LOST:
    return !seat->lost;
  case MCU_ROOM_SEAT_BACK:
    return seat->lost;
  case MCU_ROOM_SEAT_REPLACED:
  case MCU_ROOM_ROLE_CHANGED:
    return !takes_chair &&
           ((!seat->floor && seat->hand_us == 0 && room->presenter != seat) || mcu_role_has_voice(event->role));
  case MCU_ROOM_FLOOR_GIVEN:
    return room->floor == NULL && seat->hand_us == 0 && mcu_role_has_voice(seat->role) && event->number >= 0 &&
           event->number <= MCU_ROOM_FLOOR_MAX_S;
  case MCU_ROOM_FLOOR_TAKEN:
    return room->floor == seat;
  case MCU_ROOM_HAND_RAISED:
    return seat->hand_us == 0 && !seat->floor && mcu_role_has_voice(seat->role);
  case MCU_ROOM_HAND_LOWERED:
    return seat->hand_us != 0;
  case MCU_ROOM_HAND_MOVED:
    return seat->hand_us != 0 && event->number >= 0 && event->number < G_MAXINT;
  default:
    return TRUE;
  }
}

static gboolean
fits(const McuRoom *room, const McuRoomEvent *event)
{
  McuSceneSpec spec;
  const McuRoomSeat *seat = mcu_room_find(room, event->site);
  if (room->ended)
    return FALSE;
  switch (event->type) {
  case MCU_ROOM_SEAT_ADDED:
    return seat == NULL && (event->role != MCU_ROLE_CHAIR || room->chair == NULL);
  case MCU_ROOM_PROGRAMME_SET:
  case MCU_ROOM_PREVIEW_SET:
    return event->text != NULL && mcu_scene_spec_parse(event->text, &spec, NULL);
  case MCU_ROOM_SCENE_SAVED:
    return event->text != NULL && mcu_scene_spec_parse(event->text, &spec, NULL) &&
           (room->scenes->len < MCU_ROOM_SCENES_MAX || find_scene(room, event->name) < room->scenes->len);
  case MCU_ROOM_PROGRAMME_UNDONE:
    return room->undo != NULL;
  case MCU_ROOM_ENDED:
    return room->seats->len == 0;
  case MCU_ROOM_SEAT_REMOVED:
  case MCU_ROOM_SEAT_LOST:
  case MCU_ROOM_SEAT_BACK:
  case MCU_ROOM_SEAT_REPLACED:
  case MCU_ROOM_MEDIA_CHANGED:
  case MCU_ROOM_FLOOR_GIVEN:
  case MCU_ROOM_FLOOR_TAKEN:
  case MCU_ROOM_HAND_RAISED:
  case MCU_ROOM_HAND_LOWERED:
  case MCU_ROOM_HAND_MOVED:
  case MCU_ROOM_SEAT_MUTED:
  case MCU_ROOM_SEAT_UNMUTED:
  case MCU_ROOM_CONSENT_CHANGED:
  case MCU_ROOM_ROLE_CHANGED:
  case MCU_ROOM_PRESENTING_ON:
  case MCU_ROOM_PRESENTING_OFF:
    return seat != NULL && fits_seat(room, seat, event);
  case MCU_ROOM_PRESENTER_SET:
    return g_hash_table_size(room->may_present) < MCU_INVITED_MAX || !event->on;
  case MCU_ROOM_ASIDE_SET:
    return g_hash_table_size(room->aside) < MCU_INVITED_MAX || !event->on;
  default:
    return mcu_chat_fits(room->chat, event) && mcu_votes_fits(room->votes, event) && mcu_roll_fits(room->roll, event) &&
           mcu_agenda_fits(room->agenda, event) && mcu_documents_fits(room->documents, event);
  }
}

gboolean
mcu_room_replay(McuRoom *room, const McuRoomEvent *event)
{
  if (!mcu_room_event_is_sound(event) || !fits(room, event))
    return FALSE;
  mcu_room_apply(room, event);
  return TRUE;
}
