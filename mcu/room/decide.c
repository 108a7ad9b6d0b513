/* Commands to events: what may be done, and what it means. Reads the state and never changes it. */
#include <string.h>

#include "mcu/room/decide-priv.h"
#include "mcu/room/ids.h"
#include "mcu/room/legal.h"
#include "mcu/util/error.h"

#define EXCEPT_MAX 256 /* ids excepted from a silence for all */

gboolean
mcu_decision_fail(const McuDecision *d, int code, const char *why)
{
  g_set_error_literal(d->error, MCU_ERROR, code, why);
  return FALSE;
}

McuRoomEvent *
mcu_decision_emit(McuDecision *d, McuRoomEventType type, const char *site)
{
  McuRoomEvent event = {.type = type, .time_us = d->now_us};
  g_strlcpy(event.site, site != NULL ? site : "", sizeof event.site);
  g_array_append_val(d->events, event);
  return &g_array_index(d->events, McuRoomEvent, d->events->len - 1);
}

GRefString *
mcu_decision_text(const char *text)
{
  return text != NULL && *text != '\0' ? g_ref_string_new(text) : NULL;
}

/* --- going ------------------------------------------------------------------------------- */

/* Floor and hand do not go with a seat, or with a role that has no voice. */
static void
emit_silent(McuDecision *d, const McuRoomSeat *seat)
{
  if (seat->floor)
    mcu_decision_emit(d, MCU_ROOM_FLOOR_TAKEN, seat->site);
  if (seat->hand_us != 0)
    mcu_decision_emit(d, MCU_ROOM_HAND_LOWERED, seat->site);
}

/* Who has the chair asks nobody for the floor. */
static void
emit_chair(McuDecision *d, const McuRoomSeat *seat)
{
  mcu_decision_emit(d, MCU_ROOM_ROLE_CHANGED, seat->site)->role = MCU_ROLE_CHAIR;
  if (seat->hand_us != 0)
    mcu_decision_emit(d, MCU_ROOM_HAND_LOWERED, seat->site);
}

/* A meeting does not lack a chair while one who was invited as such is there. */
static void
emit_successor(McuDecision *d, const McuRoomSeat *gone)
{
  if (gone->role != MCU_ROLE_CHAIR)
    return;
  for (guint i = 0; i < mcu_room_n_seats(d->room); i++) {
    const McuRoomSeat *seat = mcu_room_seat(d->room, i);
    if (seat == gone || seat->lost || seat->invited_as != MCU_ROLE_CHAIR)
      continue;
    emit_chair(d, seat);
    return;
  }
}

static void
emit_removed(McuDecision *d, const McuRoomSeat *seat, McuRoomReason reason)
{
  emit_silent(d, seat);
  mcu_decide_connection_gone(d, seat);
  mcu_decision_emit(d, MCU_ROOM_SEAT_REMOVED, seat->site)->reason = reason;
}

static void
decide_expire(McuDecision *d)
{
  const McuRoom *room = d->room;
  const McuRoomSeat *chair = NULL;
  if (room->n_lost == 0)
    return;
  for (guint i = 0; i < room->seats->len; i++) {
    const McuRoomSeat *seat = mcu_room_seat(room, i);
    if (!seat->lost || mcu_room_is_aside(room, seat->site) || d->now_us - seat->since_us < room->limits.lost_grace_us)
      continue; /* who is in the side room comes back */
    emit_removed(d, seat, MCU_ROOM_EXPIRED);
    if (seat == room->chair)
      chair = seat;
  }
  if (chair != NULL)
    emit_successor(d, chair);
}

/* --- coming ------------------------------------------------------------------------------- */

/* One chair: a second one who is invited as such waits as secretary for its turn. */
static McuRole
role_for(const McuRoom *room, const McuRoomSeat *seat, McuRole invited_as)
{
  if (invited_as == MCU_ROLE_CHAIR && room->chair != NULL && room->chair != seat)
    return MCU_ROLE_SECRETARY;
  return invited_as;
}

static gboolean
lacks_chair(const McuRoom *room, McuRole invited_as)
{
  return room->chair == NULL && invited_as == MCU_ROLE_CHAIR;
}

static gboolean
must_wait(const McuRoom *room, const McuRoomCommand *command)
{
  if (mcu_role_has_desk(command->role) || g_hash_table_contains(room->admitted, command->site))
    return FALSE;
  /* A second screen comes in with the site that it belongs to. */
  const char *who = command->other != NULL ? command->other : command->site;
  if (command->other != NULL && mcu_room_find(room, who) != NULL)
    return FALSE;
  gboolean guest = room->invited->len > 0 && mcu_room_find_invited(room, who) == NULL;
  return room->locked || guest;
}

static gboolean
decide_wait(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  if (mcu_room_find_guest(d->room, command->site) == NULL && d->room->lobby->len >= MCU_ROOM_LOBBY_MAX)
    return mcu_decision_fail(d, MCU_ERROR_FULL, "the lobby is full");
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_LOBBY_ENTERED, command->site);
  g_strlcpy(event->name, command->name, sizeof event->name);
  event->role = command->role;
  return TRUE;
}

static void
emit_seat(McuDecision *d, McuRoomEventType type, const McuRoomSeat *seat, McuRole role)
{
  const McuRoomCommand *command = d->command;
  McuRoomEvent *event = mcu_decision_emit(d, type, command->site);
  g_strlcpy(event->name, command->name, sizeof event->name);
  event->role = role;
  event->invited_as = command->role;
  event->mic = seat != NULL ? seat->mic : !!command->mic;
  event->camera = seat != NULL ? seat->camera : !!command->camera;
}

/* What the chair has made of it stays as long as it is invited as before, and there is a chair. */
static McuRole
role_of_return(const McuDecision *d, const McuRoomSeat *seat)
{
  McuRole invited_as = d->command->role;
  gboolean stays = seat->invited_as == invited_as && !lacks_chair(d->room, invited_as);
  return stays ? seat->role : role_for(d->room, seat, invited_as);
}

static gboolean
decide_return(McuDecision *d, const McuRoomSeat *seat)
{
  McuRole role = role_of_return(d, seat);
  if (!mcu_role_has_voice(role))
    emit_silent(d, seat);
  mcu_decide_connection_gone(d, seat);
  emit_seat(d, MCU_ROOM_SEAT_REPLACED, seat, role);
  if (role != MCU_ROLE_CHAIR)
    emit_successor(d, seat);
  else if (seat->hand_us != 0)
    mcu_decision_emit(d, MCU_ROOM_HAND_LOWERED, seat->site);
  if (seat->lost)
    mcu_decision_emit(d, MCU_ROOM_SEAT_BACK, seat->site);
  return TRUE;
}

static gboolean
decide_join(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  const McuRoom *room = d->room;
  if (!mcu_is_legal_id(command->site) || !mcu_is_legal_name(command->name, MCU_NAME_MAX_CHARS))
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "a site needs an id and a name of legal form");
  if (g_hash_table_contains(room->kept_out, command->site) ||
      (command->other != NULL && g_hash_table_contains(room->kept_out, command->other)))
    return mcu_decision_fail(d, MCU_ERROR_REFUSED, "the site was removed from the meeting");
  const McuRoomSeat *seat = mcu_room_find(room, command->site);
  if (seat != NULL)
    return decide_return(d, seat);
  if (must_wait(room, command))
    return decide_wait(d);
  if (room->seats->len >= room->limits.max_seats) {
    g_set_error(d->error, MCU_ERROR, MCU_ERROR_FULL, "the meeting has its limit of %u seats", room->limits.max_seats);
    return FALSE;
  }
  if (mcu_room_find_guest(room, command->site) != NULL)
    mcu_decision_emit(d, MCU_ROOM_LOBBY_LEFT, command->site);
  emit_seat(d, MCU_ROOM_SEAT_ADDED, NULL, role_for(room, NULL, command->role));
  return TRUE;
}

/* What would be forgotten is refused instead. */
static gboolean
is_full(GHashTable *remembered, const char *site)
{
  return g_hash_table_size(remembered) >= MCU_ROOM_REMEMBERED_MAX && !g_hash_table_contains(remembered, site);
}

static gboolean
decide_admit(McuDecision *d)
{
  const char *site = d->command->site;
  if (site == NULL || mcu_room_find_guest(d->room, site) == NULL)
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "no such site in the lobby");
  if (d->command->on && is_full(d->room->admitted, site))
    return mcu_decision_fail(d, MCU_ERROR_FULL, "the meeting has let in as many sites as it can remember");
  mcu_decision_emit(d, MCU_ROOM_LOBBY_LEFT, site);
  if (d->command->on)
    mcu_decision_emit(d, MCU_ROOM_ADMITTED, site);
  return TRUE;
}

static gboolean
decide_let_in(McuDecision *d)
{
  const char *site = d->command->site;
  if (site == NULL || !g_hash_table_contains(d->room->kept_out, site))
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "no such site is kept out");
  mcu_decision_emit(d, MCU_ROOM_PARDONED, site);
  return TRUE;
}

/* --- microphones, hands, the floor -------------------------------------------------------- */

static gboolean
decide_media(McuDecision *d, const McuRoomSeat *seat)
{
  const McuRoomCommand *command = d->command;
  if (!mcu_role_has_voice(seat->role))
    return mcu_decision_fail(d, MCU_ERROR_FORBIDDEN, "who only watches sends nothing");
  if (!seat->mic != !command->mic || !seat->camera != !command->camera) {
    McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_MEDIA_CHANGED, seat->site);
    event->mic = !!command->mic;
    event->camera = !!command->camera;
  }
  /* The chair's word holds until the site unmutes itself, where it may. */
  if (command->mic && seat->muted && mcu_rights_allow(MCU_ROOM_SPEAK, seat->role, mcu_room_state(d->room)))
    mcu_decision_emit(d, MCU_ROOM_SEAT_UNMUTED, seat->site);
  return TRUE;
}

void
mcu_decision_give_floor(McuDecision *d, const McuRoomSeat *seat, gint64 limit_s)
{
  if (d->room->floor != NULL)
    mcu_decision_emit(d, MCU_ROOM_FLOOR_TAKEN, d->room->floor->site);
  if (seat->hand_us != 0)
    mcu_decision_emit(d, MCU_ROOM_HAND_LOWERED, seat->site);
  mcu_decision_emit(d, MCU_ROOM_FLOOR_GIVEN, seat->site)->number = limit_s;
}

static gboolean
decide_floor(McuDecision *d, const McuRoomSeat *seat)
{
  const McuRoomCommand *command = d->command;
  if (!command->on) {
    if (seat->floor)
      mcu_decision_emit(d, MCU_ROOM_FLOOR_TAKEN, seat->site);
    return TRUE;
  }
  if (command->number < 0 || command->number > MCU_ROOM_FLOOR_MAX_S)
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "a turn has at most a day");
  if (!mcu_role_has_voice(seat->role))
    return mcu_decision_fail(d, MCU_ERROR_FORBIDDEN, "an observer does not speak");
  if (seat->floor && d->room->floor_limit_s == (guint)command->number)
    return TRUE;
  mcu_decide_floor_by_hand(d);
  mcu_decision_give_floor(d, seat, command->number);
  return TRUE;
}

static gboolean
decide_hand(McuDecision *d, const McuRoomSeat *seat)
{
  gboolean up = d->command->type == MCU_ROOM_HAND && d->command->on;
  gboolean may_ask = mcu_role_has_voice(seat->role) && seat->role != MCU_ROLE_CHAIR;
  if (up && may_ask && !seat->floor && seat->hand_us == 0)
    mcu_decision_emit(d, MCU_ROOM_HAND_RAISED, seat->site);
  else if (!up && seat->hand_us != 0)
    mcu_decision_emit(d, MCU_ROOM_HAND_LOWERED, seat->site);
  return TRUE;
}

static gboolean
decide_queue(McuDecision *d, const McuRoomSeat *seat)
{
  if (seat->hand_us == 0)
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "its hand is not up");
  if (d->command->number < 0 || d->command->number > MCU_INVITED_MAX)
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "not a place in the queue");
  guint last = mcu_room_n_hands(d->room) - 1;
  if (mcu_room_hand(d->room, (guint)MIN(d->command->number, last)) != seat)
    mcu_decision_emit(d, MCU_ROOM_HAND_MOVED, seat->site)->number = d->command->number;
  return TRUE;
}

static gboolean
decide_silence(McuDecision *d, const McuRoomSeat *seat)
{
  gboolean muted = !!d->command->on;
  if (!mcu_role_has_voice(seat->role))
    return mcu_decision_fail(d, MCU_ERROR_FORBIDDEN, "it has no microphone here");
  if (muted ? !seat->muted : seat->silenced)
    mcu_decision_emit(d, muted ? MCU_ROOM_SEAT_MUTED : MCU_ROOM_SEAT_UNMUTED, seat->site);
  return TRUE;
}

static gboolean
decide_silence_all(McuDecision *d)
{
  const char *except = d->command->text != NULL ? d->command->text : "";
  if (strlen(except) > EXCEPT_MAX * (MCU_ID_MAX_BYTES + 1))
    return mcu_decision_fail(d, MCU_ERROR_TOO_LARGE, "too many exceptions");
  if (*except != '\0' && !mcu_ids_are_legal(except, EXCEPT_MAX))
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "the exceptions are ids of sites");
  mcu_decision_emit(d, d->command->on ? MCU_ROOM_ALL_MUTED : MCU_ROOM_ALL_UNMUTED, NULL)->text =
      mcu_decision_text(except);
  return TRUE;
}

static gboolean
decide_policy(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  if (command->number < 0 || command->number >= MCU_N_MIC_POLICIES)
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "no such policy");
  if ((McuMicPolicy)command->number == d->room->policy && !command->on == !d->room->self_unmute)
    return TRUE;
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_POLICY_CHANGED, NULL);
  event->number = command->number;
  event->on = !!command->on;
  return TRUE;
}

/* --- roles -------------------------------------------------------------------------------- */

static gboolean
decide_role(McuDecision *d, const McuRoomSeat *seat)
{
  McuRole role = d->command->role;
  if (role == MCU_ROLE_CHAIR || seat->role == MCU_ROLE_CHAIR)
    return mcu_decision_fail(d, MCU_ERROR_FORBIDDEN, "the chair is handed over, not given");
  if (role == seat->role)
    return TRUE;
  if (!mcu_role_has_voice(role)) {
    emit_silent(d, seat);
    mcu_decide_connection_gone(d, seat);
  }
  mcu_decision_emit(d, MCU_ROOM_ROLE_CHANGED, seat->site)->role = role;
  return TRUE;
}

static gboolean
decide_hand_over(McuDecision *d, const McuRoomSeat *seat)
{
  const McuRoomSeat *chair = d->room->chair;
  if (seat == chair)
    return TRUE;
  if (seat->lost || !mcu_role_has_voice(seat->role))
    return mcu_decision_fail(d, MCU_ERROR_FORBIDDEN, "the chair is somebody who is there and has a voice");
  if (chair != NULL)
    mcu_decision_emit(d, MCU_ROOM_ROLE_CHANGED, chair->site)->role = MCU_ROLE_SECRETARY;
  emit_chair(d, seat);
  return TRUE;
}

/* --- the picture -------------------------------------------------------------------------- */

/* In one form, so that the log has no two for the same. NULL on error; caller frees. */
static char *
check_scene(const McuDecision *d, const char *text)
{
  McuSceneSpec spec;
  if (text == NULL || !mcu_scene_spec_parse(text, &spec, d->error)) {
    if (text == NULL)
      mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "there is no such scene");
    return NULL;
  }
  const McuLayout *layout =
      d->room->limits.layouts != NULL ? mcu_layouts_find(d->room->limits.layouts, spec.layout) : NULL;
  if (d->room->limits.layouts != NULL && layout == NULL) {
    mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "there is no such layout");
    return NULL;
  }
  if (layout != NULL && layout->n_panes > 0)
    spec.n_panes = MIN(spec.n_panes, layout->n_panes);
  return mcu_scene_spec_text(&spec);
}

static gboolean
decide_programme(McuDecision *d, const char *text)
{
  g_autofree char *scene = check_scene(d, text);
  if (scene == NULL)
    return FALSE;
  if (strcmp(scene, mcu_room_programme(d->room)) != 0)
    mcu_decision_emit(d, MCU_ROOM_PROGRAMME_SET, NULL)->text = g_ref_string_new(scene);
  return TRUE;
}

static gboolean
decide_preview(McuDecision *d)
{
  g_autofree char *scene = check_scene(d, d->command->text);
  if (scene == NULL)
    return FALSE;
  if (g_strcmp0(scene, d->room->preview) != 0)
    mcu_decision_emit(d, MCU_ROOM_PREVIEW_SET, NULL)->text = g_ref_string_new(scene);
  return TRUE;
}

static gboolean
decide_undo(McuDecision *d)
{
  if (d->room->undo == NULL)
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "there is nothing to bring back");
  mcu_decision_emit(d, MCU_ROOM_PROGRAMME_UNDONE, NULL);
  return TRUE;
}

static gboolean
has_scene(const McuRoom *room, const char *name)
{
  for (guint i = 0; name != NULL && i < room->scenes->len; i++)
    if (strcmp(mcu_room_scene(room, i)->name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
decide_save_scene(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  if (!mcu_is_legal_name(command->name, MCU_NAME_MAX_CHARS))
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "a scene needs a name of legal form");
  if (!has_scene(d->room, command->name) && d->room->scenes->len >= MCU_ROOM_SCENES_MAX)
    return mcu_decision_fail(d, MCU_ERROR_FULL, "the meeting has as many scenes as it may have");
  g_autofree char *scene = check_scene(d, command->text != NULL ? command->text : d->room->preview);
  if (scene == NULL)
    return FALSE;
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_SCENE_SAVED, NULL);
  g_strlcpy(event->name, command->name, sizeof event->name);
  event->text = g_ref_string_new(scene);
  return TRUE;
}

static gboolean
decide_drop_scene(McuDecision *d)
{
  if (!has_scene(d->room, d->command->name))
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "there is no such scene");
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_SCENE_DROPPED, NULL);
  g_strlcpy(event->name, d->command->name, sizeof event->name);
  return TRUE;
}

static gboolean
decide_banner(McuDecision *d)
{
  const char *text = d->command->text != NULL ? d->command->text : "";
  if (*text != '\0' && !mcu_is_legal_name(text, MCU_BANNER_MAX_CHARS))
    return mcu_decision_fail(d, MCU_ERROR_TOO_LARGE,
                             "the banner has at most " G_STRINGIFY(MCU_BANNER_MAX_CHARS) " characters");
  if (strcmp(text, mcu_room_banner(d->room)) != 0)
    mcu_decision_emit(d, MCU_ROOM_BANNER_SET, NULL)->text = mcu_decision_text(text);
  return TRUE;
}

static gboolean
decide_tour(McuDecision *d)
{
  gint64 seconds = d->command->number;
  if (seconds != 0 && (seconds < 2 || seconds > MCU_SHOW_SECONDS_MAX))
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "a tour shows each site for 2 seconds to an hour");
  if (seconds != d->room->tour_s)
    mcu_decision_emit(d, MCU_ROOM_TOUR_SET, NULL)->number = seconds;
  return TRUE;
}

/* --- the meeting -------------------------------------------------------------------------- */

static gboolean
decide_switch(McuDecision *d, gboolean is_on, McuRoomEventType type)
{
  if (!is_on != !d->command->on)
    mcu_decision_emit(d, type, NULL)->on = !!d->command->on;
  return TRUE;
}

static gboolean
decide_record(McuDecision *d)
{
  const char *site = d->command->site;
  if (site != NULL && *site != '\0' && !mcu_is_legal_id(site))
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "the site that asks has no id of legal form");
  if (!d->room->recording != !d->command->on)
    mcu_decision_emit(d, d->command->on ? MCU_ROOM_RECORDING_ON : MCU_ROOM_RECORDING_OFF, site);
  return TRUE;
}

static gboolean
decide_title(McuDecision *d, McuRoomEventType type)
{
  const McuRoomCommand *command = d->command;
  if (!mcu_is_legal_name(command->name, MCU_TITLE_MAX_CHARS) || command->number < 0)
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "a meeting needs a title of legal form");
  McuRoomEvent *event = mcu_decision_emit(d, type, NULL);
  g_strlcpy(event->name, command->name, sizeof event->name);
  event->number = command->number;
  return TRUE;
}

static gboolean
is_contact(const char *text)
{
  return text == NULL || (strlen(text) <= MCU_CONTACT_MAX_BYTES && g_utf8_validate(text, -1, NULL));
}

/* Who is there already and is invited to the chair only now has it, if nobody else has, or is the next to have it. */
static void
emit_heir(McuDecision *d)
{
  const McuRoomSeat *seat = mcu_room_find(d->room, d->command->site);
  if (seat == NULL)
    return;
  if (seat->invited_as != MCU_ROLE_CHAIR) {
    McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_SEAT_REPLACED, seat->site);
    g_strlcpy(event->name, seat->name, sizeof event->name);
    event->role = seat->role;
    event->invited_as = MCU_ROLE_CHAIR;
    event->mic = seat->mic;
    event->camera = seat->camera;
  }
  if (d->room->chair == NULL && !seat->lost)
    emit_chair(d, seat);
}

static gboolean
decide_invite(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  const char *parent = command->other != NULL ? command->other : "";
  if (!mcu_is_legal_id(command->site) || !mcu_is_legal_name(command->name, MCU_NAME_MAX_CHARS) ||
      (*parent != '\0' && !mcu_is_legal_id(parent)) || !is_contact(command->text) || !is_contact(command->more) ||
      command->number < 0 || command->number > 99)
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE,
                             "an invited site needs id, name, level and parent of legal form");
  if (mcu_room_find_invited(d->room, command->site) == NULL && d->room->invited->len >= MCU_INVITED_MAX)
    return mcu_decision_fail(d, MCU_ERROR_FULL, "the list has as many sites as it may have");
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_INVITED, command->site);
  g_strlcpy(event->name, command->name, sizeof event->name);
  g_strlcpy(event->other, parent, sizeof event->other);
  event->role = command->role;
  event->number = command->number;
  event->text = mcu_decision_text(command->text);
  event->more = mcu_decision_text(command->more);
  if (command->role == MCU_ROLE_CHAIR)
    emit_heir(d);
  return TRUE;
}

static gboolean
decide_uninvite(McuDecision *d)
{
  if (d->command->site != NULL && mcu_room_find_invited(d->room, d->command->site) != NULL)
    mcu_decision_emit(d, MCU_ROOM_UNINVITED, d->command->site);
  return TRUE;
}

static gboolean
decide_end(McuDecision *d)
{
  mcu_decide_work_end(d);
  for (guint i = 0; i < d->room->seats->len; i++)
    emit_removed(d, mcu_room_seat(d->room, i), MCU_ROOM_REMOVED);
  for (guint i = 0; i < mcu_room_n_lobby(d->room); i++)
    mcu_decision_emit(d, MCU_ROOM_LOBBY_LEFT, mcu_room_guest(d->room, i)->site);
  if (d->room->recording)
    mcu_decision_emit(d, MCU_ROOM_RECORDING_OFF, NULL);
  mcu_decision_emit(d, MCU_ROOM_ENDED, NULL);
  return TRUE;
}

/* --- commands about a seat ---------------------------------------------------------------- */

static gboolean
decide_remove(McuDecision *d, const McuRoomSeat *seat)
{
  if (seat->role == MCU_ROLE_CHAIR)
    return mcu_decision_fail(d, MCU_ERROR_FORBIDDEN, "the chair cannot be removed");
  if (d->command->on && is_full(d->room->kept_out, seat->site))
    return mcu_decision_fail(d, MCU_ERROR_FULL, "the meeting keeps out as many sites as it can remember");
  emit_removed(d, seat, MCU_ROOM_REMOVED);
  if (d->command->on)
    mcu_decision_emit(d, MCU_ROOM_KEPT_OUT, seat->site);
  return TRUE;
}

static gboolean
decide_leave(McuDecision *d, const McuRoomSeat *seat)
{
  emit_removed(d, seat, MCU_ROOM_LEFT);
  emit_successor(d, seat);
  return TRUE;
}

static void
decide_line(McuDecision *d, const McuRoomSeat *seat)
{
  gboolean lost = d->command->type == MCU_ROOM_LOST;
  if (!seat->lost == !lost)
    return;
  if (lost)
    mcu_decide_connection_gone(d, seat);
  mcu_decision_emit(d, lost ? MCU_ROOM_SEAT_LOST : MCU_ROOM_SEAT_BACK, seat->site);
  if (!lost && lacks_chair(d->room, seat->invited_as))
    emit_chair(d, seat);
}

static gboolean
decide_of_seat(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  const McuRoomSeat *seat = command->site != NULL ? mcu_room_find(d->room, command->site) : NULL;
  if (seat == NULL)
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "no such site in the meeting");
  switch (command->type) {
  case MCU_ROOM_LEAVE:
    return decide_leave(d, seat);
  case MCU_ROOM_LOST:
  case MCU_ROOM_BACK:
    decide_line(d, seat);
    return TRUE;
  case MCU_ROOM_MEDIA:
    return decide_media(d, seat);
  case MCU_ROOM_FLOOR:
    return decide_floor(d, seat);
  case MCU_ROOM_YIELD:
    if (seat->floor)
      mcu_decision_emit(d, MCU_ROOM_FLOOR_TAKEN, seat->site);
    return TRUE;
  case MCU_ROOM_HAND:
  case MCU_ROOM_LOWER:
    return decide_hand(d, seat);
  case MCU_ROOM_QUEUE:
    return decide_queue(d, seat);
  case MCU_ROOM_SILENCE:
    return decide_silence(d, seat);
  case MCU_ROOM_CONSENT:
    if (!seat->consent != !command->on)
      mcu_decision_emit(d, MCU_ROOM_CONSENT_CHANGED, seat->site)->on = !!command->on;
    return TRUE;
  case MCU_ROOM_REMOVE:
    return decide_remove(d, seat);
  case MCU_ROOM_ROLE:
    return decide_role(d, seat);
  case MCU_ROOM_HAND_OVER:
    return decide_hand_over(d, seat);
  default:
    g_assert_not_reached();
  }
}

/* --- the door ----------------------------------------------------------------------------- */

static gboolean
check_right(const McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  if (command->actor == NULL)
    return TRUE;
  const McuRoomSeat *actor = mcu_room_find(d->room, command->actor);
  if (actor == NULL)
    return mcu_decision_fail(d, MCU_ERROR_NOT_JOINED, "who gives the command has no seat");
  if (!mcu_rights_allow(command->type, actor->role, mcu_room_state(d->room)) ||
      (mcu_rights_is_own(command->type) && g_strcmp0(command->site, command->actor) != 0)) {
    g_set_error(d->error, MCU_ERROR, MCU_ERROR_FORBIDDEN, "\"%s\" is not for the role %s here",
                mcu_rights_word(command->type), mcu_room_role_word(actor->role));
    return FALSE;
  }
  return TRUE;
}

gboolean
mcu_room_decide(const McuRoom *room, const McuRoomCommand *command, gint64 now_us, GArray *events, GError **error)
{
  McuDecision d = {room, command, now_us, events, error};
  g_assert((guint)command->role < MCU_N_ROLES);
  if (room->ended && command->type != MCU_ROOM_LEAVE)
    return mcu_decision_fail(&d, MCU_ERROR_ENDED, "the meeting is over");
  if (!check_right(&d))
    return FALSE;
  switch (command->type) {
  case MCU_ROOM_JOIN:
    return decide_join(&d);
  case MCU_ROOM_EXPIRE:
    decide_expire(&d);
    return TRUE;
  case MCU_ROOM_RECORD:
    return decide_record(&d);
  case MCU_ROOM_POLICY:
    return decide_policy(&d);
  case MCU_ROOM_SILENCE_ALL:
    return decide_silence_all(&d);
  case MCU_ROOM_LOCK:
    return decide_switch(&d, room->locked, MCU_ROOM_LOCKED);
  case MCU_ROOM_ADMIT:
    return decide_admit(&d);
  case MCU_ROOM_LET_IN:
    return decide_let_in(&d);
  case MCU_ROOM_SHOW:
    return decide_programme(&d, command->text);
  case MCU_ROOM_PREVIEW:
    return decide_preview(&d);
  case MCU_ROOM_TAKE:
    return decide_programme(&d, room->preview);
  case MCU_ROOM_UNDO:
    return decide_undo(&d);
  case MCU_ROOM_SAVE_SCENE:
    return decide_save_scene(&d);
  case MCU_ROOM_DROP_SCENE:
    return decide_drop_scene(&d);
  case MCU_ROOM_LOCK_LAYOUT:
    return decide_switch(&d, room->layout_locked, MCU_ROOM_LAYOUT_LOCKED);
  case MCU_ROOM_BANNER:
    return decide_banner(&d);
  case MCU_ROOM_TOUR:
    return decide_tour(&d);
  case MCU_ROOM_END:
    return decide_end(&d);
  case MCU_ROOM_MAKE:
  case MCU_ROOM_PLAN:
    return decide_title(&d, command->type == MCU_ROOM_MAKE ? MCU_ROOM_MADE : MCU_ROOM_PLANNED);
  case MCU_ROOM_INVITE:
    return decide_invite(&d);
  case MCU_ROOM_UNINVITE:
    return decide_uninvite(&d);
  case MCU_ROOM_LEAVE:
  case MCU_ROOM_LOST:
  case MCU_ROOM_BACK:
  case MCU_ROOM_MEDIA:
  case MCU_ROOM_FLOOR:
  case MCU_ROOM_YIELD:
  case MCU_ROOM_HAND:
  case MCU_ROOM_LOWER:
  case MCU_ROOM_QUEUE:
  case MCU_ROOM_SILENCE:
  case MCU_ROOM_CONSENT:
  case MCU_ROOM_REMOVE:
  case MCU_ROOM_ROLE:
  case MCU_ROOM_HAND_OVER:
    return decide_of_seat(&d);
  case MCU_ROOM_SPEAK:
  case MCU_ROOM_CHAT_ALL:
  case MCU_ROOM_WATCH_DESK:
  case MCU_ROOM_N_COMMANDS:
    g_assert_not_reached();
  default:
    return mcu_decide_work(&d);
  }
}
