/* A meeting: commands in, events out, and what the events mean for mix, store and members. Owned by
 * the bridge, on main; nothing here waits or touches media, but for the store, which has some milliseconds. */
#include "mcu/bridge/meeting.h"

#include <string.h>

#include "mcu/bridge/caller.h"
#include "mcu/bridge/member-priv.h"
#include "mcu/bridge/recorder.h"
#include "mcu/bridge/roster.h"
#include "mcu/bridge/stage.h"
#include "mcu/bridge/told-work.h"
#include "mcu/bridge/told.h"
#include "mcu/room/ballot-box.h"
#include "mcu/store/store.h"
#include "mcu/util/error.h"

/* An empty meeting stays so long, for those who come back; and then so long for its recording. */
#define LINGER_US (10 * G_USEC_PER_SEC)
#define FINISH_US (10 * G_USEC_PER_SEC)
/* Members are told of changes at most so often. */
#define TELL_US 100000
/* Behind the id of a meeting: that of its side room. No id that anybody may choose has such a sign. */
#define SIDE "~side"
/* Lines of the chat that whoever comes is told. */
#define CHAT_LINES 100

struct McuMeeting {
  McuBridge *bridge;
  char *id, *title, *uuid;

  McuRoom *room;
  McuRoster *roster; /* what the members are told of the sites */
  McuTold *told;     /* ... and of the rest */
  McuRecorder *recorder;
  GHashTable *members; /* site -> McuMember *, owned; one for each seat that is not lost for good */
  GHashTable *others;  /* key -> McuMember *, owned; in the lobby, and screens */

  McuCaller caller; /* of the spoken tour */
  McuBallotBox box;

  McuMix *mix; /* NULL with the stage: asleep */
  McuStage *stage;

  gint64 next_seq;       /* of the event log */
  gint64 empty_since_us; /* 0: not empty */
  guint tell_source;     /* 0: nothing to be told, or the heartbeat does */
  gint64 told_us;
  gboolean work_changed;    /* since it was told */
  gint64 work_told_wall_us; /* the clock that its times were told by */
};

static const McuMediaEngineOps *
engine_of(const McuMeeting *meeting)
{
  return meeting->bridge->config.engine;
}

static void
for_each(GHashTable *members, void (*act)(McuMember *member, gpointer data), gpointer data)
{
  GHashTableIter iter;
  gpointer member;
  g_hash_table_iter_init(&iter, members);
  while (g_hash_table_iter_next(&iter, NULL, &member))
    act(member, data);
}

/* --- telling ------------------------------------------------------------------------------ */

static void
tell_one(McuMember *member, gpointer text)
{
  mcu_member_notify_told(member, text);
}

static void
tell_one_at_desk(McuMember *member, gpointer text)
{
  if (mcu_role_has_desk(mcu_member_role(member)))
    mcu_member_notify_told(member, text);
}

static void
tell_body(McuMember *member, const char *type, const char *body)
{
  g_autoptr(GBytes) text = mcu_told_message(type, body);
  mcu_member_notify_told(member, text);
}

static void
follow_view(McuMember *member, gpointer data G_GNUC_UNUSED)
{
  mcu_member_follow_view(member);
}

/* Bridge time to Unix time. */
static gint64
wall_us(const McuMeeting *meeting)
{
  return g_get_real_time() - mcu_bridge_now(meeting->bridge);
}

static const char *
shown(const McuMeeting *meeting)
{
  return meeting->stage != NULL ? mcu_stage_shown(meeting->stage) : "[]";
}

/* The offset between two clocks is not the same to the last microsecond: times of one event shall be. */
static gint64
steady_wall_us(McuMeeting *meeting)
{
  gint64 now = wall_us(meeting);
  if (ABS(now - meeting->bridge->wall_us) > G_USEC_PER_SEC / 2)
    meeting->bridge->wall_us = now;
  return meeting->bridge->wall_us;
}

static void
settle_picture(McuMeeting *meeting)
{
  if (meeting->stage == NULL)
    return;
  mcu_stage_update(meeting->stage, meeting->room, mcu_bridge_now(meeting->bridge));
  for_each(meeting->members, follow_view, NULL);
}

typedef struct {
  McuMeeting *meeting;
  guint after;
  GBytes *all, *desk; /* NULL: nothing new */
} ChatNews;

static void
tell_chat_to(McuMember *member, gpointer data)
{
  const ChatNews *news = data;
  gboolean desk = mcu_role_has_desk(mcu_member_role(member));
  GBytes *text = desk ? news->desk : news->all;
  if (text != NULL)
    mcu_member_notify_told(member, text);
  if (desk)
    return;
  g_autofree char *own = mcu_told_chat(news->meeting->room, news->after, MCU_CHAT_KEPT, MCU_READER_OWN,
                                       mcu_member_site(member), steady_wall_us(news->meeting), FALSE);
  if (own != NULL)
    tell_body(member, "said", own);
}

static GBytes *
chat_message(McuMeeting *meeting, guint after, McuReader reader)
{
  g_autofree char *body =
      mcu_told_chat(meeting->room, after, MCU_CHAT_KEPT, reader, NULL, steady_wall_us(meeting), FALSE);
  return body != NULL ? mcu_told_message("said", body) : NULL;
}

static void
tell_chat(McuMeeting *meeting)
{
  guint after = mcu_told_take_chat(meeting->told, meeting->room);
  if (after == mcu_chat_n_said(mcu_room_chat(meeting->room)))
    return;
  g_autoptr(GBytes) all = chat_message(meeting, after, MCU_READER_ALL);
  g_autoptr(GBytes) desk = chat_message(meeting, after, MCU_READER_DESK);
  ChatNews news = {meeting, after, all, desk};
  for_each(meeting->members, tell_chat_to, &news);
}

static void
tell_ballot(McuMember *member, gpointer data)
{
  McuMeeting *meeting = data;
  g_autofree char *body = mcu_told_ballot(meeting->room, mcu_member_site(member));
  tell_body(member, "ballot", body);
}

/* Hundreds of votes and marks: made when one of them has changed, and not at each heartbeat to be compared. */
static void
tell_work(McuMeeting *meeting)
{
  gint64 wall = steady_wall_us(meeting);
  if (!meeting->work_changed && wall == meeting->work_told_wall_us)
    return;
  meeting->work_changed = FALSE;
  meeting->work_told_wall_us = wall;
  g_autoptr(GBytes) work = mcu_told_take_work(meeting->told, meeting->room, wall);
  if (work != NULL)
    for_each(meeting->members, tell_one, work);
  g_autoptr(GBytes) desk = mcu_told_take_desk_work(meeting->told, meeting->room, wall);
  if (desk != NULL)
    for_each(meeting->members, tell_one_at_desk, desk);
  tell_chat(meeting);
}

static void
tell(McuMeeting *meeting)
{
  meeting->told_us = mcu_bridge_now(meeting->bridge);
  g_autoptr(GBytes) state = mcu_told_take_state(meeting->told, meeting->room, steady_wall_us(meeting));
  if (state != NULL)
    for_each(meeting->members, tell_one, state);
  g_autoptr(GBytes) desk = mcu_told_take_desk(meeting->told, meeting->room, shown(meeting));
  if (desk != NULL)
    for_each(meeting->members, tell_one_at_desk, desk);
  tell_work(meeting);
}

static gboolean
on_tell(gpointer user_data)
{
  McuMeeting *meeting = user_data;
  meeting->tell_source = 0;
  tell(meeting);
  return G_SOURCE_REMOVE;
}

static void
tell_soon(McuMeeting *meeting)
{
  if (meeting->tell_source != 0)
    return;
  gint64 since_us = mcu_bridge_now(meeting->bridge) - meeting->told_us;
  guint wait_ms = since_us >= 0 && since_us < TELL_US ? (guint)((TELL_US - since_us) / 1000) : 0;
  meeting->tell_source = g_timeout_add(wait_ms, on_tell, meeting);
}

/* --- events ------------------------------------------------------------------------------- */

static void
keep(McuMeeting *meeting, const McuRoomEvent *event)
{
  McuStore *store = meeting->bridge->config.store;
  gint64 seq = meeting->next_seq++;
  if (store == NULL)
    return;
  g_autofree char *payload = mcu_room_event_payload(event);
  mcu_store_append_event(store, meeting->uuid, seq, g_get_real_time(), mcu_room_event_word(event->type), payload);
}

static void
close_other(McuMeeting *meeting, const char *key, int code, const char *why)
{
  gpointer member, stolen_key;
  if (!g_hash_table_steal_extended(meeting->others, key, &stolen_key, &member))
    return;
  g_free(stolen_key);
  g_autoptr(GError) error = g_error_new_literal(MCU_ERROR, code, why);
  mcu_member_close(member, error);
}

static void
close_member(McuMeeting *meeting, const char *site, int code, const char *why)
{
  McuMember *member = mcu_meeting_find(meeting, site);
  if (member == NULL)
    return;
  g_hash_table_remove(meeting->members, site);
  g_autoptr(GError) error = g_error_new_literal(MCU_ERROR, code, why);
  mcu_member_close(member, error);
}

/* What is presented is one more tile, which is there while `site` presents. */
static void
settle_content(McuMeeting *meeting, const char *site)
{
  const McuRoomSeat *presenter = mcu_room_presenter(meeting->room);
  McuMember *member = mcu_meeting_find(meeting, site);
  g_autoptr(GError) error = NULL;
  if (meeting->stage == NULL)
    return;
  if (!mcu_stage_set_content(meeting->stage, presenter != NULL ? presenter->site : NULL,
                             presenter != NULL ? presenter->name : NULL, &error))
    g_warning("%s/%s: what is presented has no place: %s", meeting->id, site, error->message);
  if (member != NULL)
    mcu_member_follow_content(member);
}

static void
close_screens(McuMeeting *meeting, const char *site)
{
  for (guint screen = MCU_SCREEN_WALL; screen <= MCU_SCREEN_PREVIEW; screen++) {
    g_autofree char *key = mcu_member_key(site, (McuScreen)screen);
    close_other(meeting, key, MCU_ERROR_FORBIDDEN, "the seat it belongs to has gone from the desk");
  }
}

/* The tile goes with the voice. */
static void
settle_tile(McuMeeting *meeting, const char *site)
{
  const McuRoomSeat *seat = mcu_room_find(meeting->room, site);
  if (meeting->stage != NULL && (seat == NULL || !mcu_role_has_voice(seat->role)))
    mcu_stage_remove(meeting->stage, site);
}

static void
obey_removed(McuMeeting *meeting, const McuRoomEvent *event)
{
  static const struct {
    int code;
    const char *why;
  } words[MCU_ROOM_N_REASONS] = {
      [MCU_ROOM_LEFT] = {MCU_ERROR_TRANSPORT, "the site has left"},
      [MCU_ROOM_EXPIRED] = {MCU_ERROR_TRANSPORT, "the connection was lost for too long"},
      [MCU_ROOM_REMOVED] = {MCU_ERROR_REFUSED, "the chair has removed the site"},
  };
  close_member(meeting, event->site, words[event->reason].code, words[event->reason].why);
  close_screens(meeting, event->site);
  settle_tile(meeting, event->site);
  mcu_roster_remove(meeting->roster, event->site);
  mcu_told_forget(meeting->told, event->site);
}

/* Whoever changes between having a voice and having none comes again: other media have to be agreed. */
static void
obey_role(McuMeeting *meeting, const McuRoomEvent *event)
{
  McuMember *member = mcu_meeting_find(meeting, event->site);
  settle_tile(meeting, event->site);
  if (!mcu_role_has_desk(event->role))
    close_screens(meeting, event->site);
  if (member == NULL)
    return;
  if (mcu_role_has_voice(member->role) != mcu_role_has_voice(event->role)) {
    close_member(meeting, event->site, MCU_ERROR_TRANSPORT, "its role has changed");
    return;
  }
  member->role = event->role;
  if (mcu_role_has_desk(event->role))
    mcu_member_welcome_desk(member);
}

static void
set_seat(McuMeeting *meeting, const McuRoomSeat *seat)
{
  if (meeting->stage != NULL)
    mcu_stage_set(meeting->stage, seat);
  mcu_roster_set(meeting->roster, seat);
}

static void
set_all_seats(McuMeeting *meeting)
{
  for (guint i = 0; i < mcu_room_n_seats(meeting->room); i++)
    set_seat(meeting, mcu_room_seat(meeting->room, i));
}

char *
mcu_meeting_side_id(const McuMeeting *meeting)
{
  return g_strconcat(meeting->id, SIDE, NULL);
}

static gboolean
is_side(const McuMeeting *meeting)
{
  return g_str_has_suffix(meeting->id, SIDE);
}

static McuMeeting *
find_side(const McuMeeting *meeting)
{
  g_autofree char *id = mcu_meeting_side_id(meeting);
  return g_hash_table_lookup(meeting->bridge->meetings, id);
}

void
mcu_meeting_send_away(McuMeeting *meeting, const char *site)
{
  close_member(meeting, site, MCU_ERROR_TRANSPORT, "it goes to another room of the meeting");
}

/* Its seat waits here for it as that of one who is lost, but for as long as it takes. */
static void
obey_aside(McuMeeting *meeting, const McuRoomEvent *event)
{
  McuMeeting *side = find_side(meeting);
  if (is_side(meeting))
    return;
  if (!event->on && side != NULL)
    mcu_meeting_send_away(side, event->site);
  if (!event->on || mcu_meeting_find(meeting, event->site) == NULL)
    return;
  mcu_meeting_send_away(meeting, event->site);
  mcu_meeting_set_lost(meeting, event->site, TRUE);
}

/* After the room has applied `event`. */
static void
obey_event(McuMeeting *meeting, const McuRoomEvent *event)
{
  const McuRoomSeat *seat = mcu_room_find(meeting->room, event->site);
  if (seat != NULL)
    set_seat(meeting, seat);
  switch (event->type) {
  case MCU_ROOM_SEAT_REMOVED:
    obey_removed(meeting, event);
    break;
  case MCU_ROOM_ROLE_CHANGED:
    obey_role(meeting, event);
    break;
  case MCU_ROOM_POLICY_CHANGED:
  case MCU_ROOM_ALL_MUTED:
  case MCU_ROOM_ALL_UNMUTED:
    set_all_seats(meeting);
    break;
  case MCU_ROOM_ASIDE_SET:
    obey_aside(meeting, event);
    break;
  case MCU_ROOM_PRESENTING_ON:
  case MCU_ROOM_PRESENTING_OFF:
    settle_content(meeting, event->site);
    break;
  case MCU_ROOM_VOTE_OPENED:
  case MCU_ROOM_VOTE_RESTARTED:
    for_each(meeting->members, tell_ballot, meeting);
    break;
  case MCU_ROOM_VOTE_CAST:
  case MCU_ROOM_VOTE_USED:
    if (mcu_meeting_find(meeting, event->site) != NULL)
      tell_ballot(mcu_meeting_find(meeting, event->site), meeting);
    break;
  default:
    break;
  }
}

/* The views may have to show otherwise, and not only at the next heartbeat. */
static gboolean
changes_picture(McuRoomEventType type)
{
  switch (type) {
  case MCU_ROOM_FLOOR_GIVEN:
  case MCU_ROOM_FLOOR_TAKEN:
  case MCU_ROOM_PROGRAMME_SET:
  case MCU_ROOM_PROGRAMME_UNDONE:
  case MCU_ROOM_PREVIEW_SET:
  case MCU_ROOM_BANNER_SET:
  case MCU_ROOM_TOUR_SET:
  case MCU_ROOM_LAYOUT_LOCKED:
  case MCU_ROOM_VOTE_SHOWN:
  case MCU_ROOM_PRESENTING_ON:
  case MCU_ROOM_PRESENTING_OFF:
    return TRUE;
  default:
    return FALSE;
  }
}

void
mcu_meeting_settle(McuMeeting *meeting)
{
  if (meeting->bridge->config.store != NULL)
    mcu_store_settle(meeting->bridge->config.store, meeting->bridge->config.settle_us);
}

/* What a desk decides over others is on disk before it takes effect. What sites do themselves (come and go, microphone,
 * hand) is written in the same order, but not waited for: 209 of them in one second would hold up the desk. */
static gboolean
waits_for_disk(const McuRoomCommand *command)
{
  return command->type == MCU_ROOM_END || (command->actor != NULL && !mcu_rights_is_own(command->type));
}

static gboolean
obey(McuMeeting *meeting, const McuRoomCommand *command, GError **error)
{
  g_autoptr(GArray) events = mcu_room_events_new();
  if (!mcu_room_decide(meeting->room, command, mcu_bridge_now(meeting->bridge), events, error))
    return FALSE;
  for (guint i = 0; i < events->len; i++)
    keep(meeting, &g_array_index(events, McuRoomEvent, i));
  if (events->len > 0 && waits_for_disk(command))
    mcu_meeting_settle(meeting);
  /* All of them first: what one means may need the state after the last. */
  for (guint i = 0; i < events->len; i++)
    mcu_room_apply(meeting->room, &g_array_index(events, McuRoomEvent, i));
  gboolean picture = FALSE;
  for (guint i = 0; i < events->len; i++) {
    const McuRoomEvent *event = &g_array_index(events, McuRoomEvent, i);
    obey_event(meeting, event);
    picture |= changes_picture(event->type);
    meeting->work_changed |= mcu_room_event_is_work(event->type);
  }
  if (picture)
    settle_picture(meeting);
  if (events->len > 0)
    tell_soon(meeting);
  return TRUE;
}

/* For commands about a seat that is known to be there. */
static void
must_obey(McuMeeting *meeting, const McuRoomCommand *command)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = obey(meeting, command, &error);
  g_assert_no_error(error);
  g_assert(ok);
}

/* --- recording ---------------------------------------------------------------------------- */

typedef struct {
  gboolean on;
  const GError *error;
} RecordingNews;

/* Screens are told what is in their pictures; whoever waits in the lobby nothing. */
static void
for_each_who_watches(McuMeeting *meeting, void (*act)(McuMember *member, gpointer data), gpointer data)
{
  GHashTableIter iter;
  gpointer member;
  for_each(meeting->members, act, data);
  g_hash_table_iter_init(&iter, meeting->others);
  while (g_hash_table_iter_next(&iter, NULL, &member))
    if (((McuMember *)member)->screen != MCU_SCREEN_NONE)
      act(member, data);
}

static void
tell_recording(McuMember *member, gpointer data)
{
  const RecordingNews *news = data;
  mcu_member_notify_recording(member, news->on, news->error);
}

/* When the bridge stops, the recording stays wanted: it goes on when the bridge is back. */
static void
on_recorder_changed(gboolean on, const GError *error, gpointer user_data)
{
  McuMeeting *meeting = user_data;
  RecordingNews news = {on, error};
  if (!mcu_room_ended(meeting->room) && !meeting->bridge->stopped)
    must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_RECORD, .on = on});
  for_each_who_watches(meeting, tell_recording, &news);
}

static void
on_record_done(McuMix *mix, const char *path, gint64 duration_us, const GError *error, gpointer user_data)
{
  McuMeeting *meeting = user_data;
  mcu_recorder_done(meeting->recorder, mix, path, duration_us, error);
}

static void
on_picture_wanted(McuMix *mix G_GNUC_UNUSED, McuMixSeat *seat, const McuPicture *picture, gpointer user_data)
{
  McuMeeting *meeting = user_data;
  const char *site = mcu_stage_site(meeting->stage, seat);
  McuMember *member = site != NULL ? mcu_meeting_find(meeting, site) : NULL;
  if (member != NULL)
    mcu_member_notify_picture(member, picture);
}

/* The room is told by the recorder, when it runs. */
static gboolean
command_record(McuMeeting *meeting, const McuRoomCommand *command, GError **error)
{
  g_autoptr(GArray) events = mcu_room_events_new();
  McuRoomCommand asked = *command;
  asked.site = command->actor;
  if (!mcu_room_decide(meeting->room, &asked, mcu_bridge_now(meeting->bridge), events, error))
    return FALSE;
  g_message("%s/%s: recording %s", meeting->id, command->actor, command->on ? "on" : "off");
  if (command->on)
    return mcu_recorder_start(meeting->recorder, meeting->mix, error);
  mcu_recorder_stop(meeting->recorder, meeting->mix);
  return TRUE;
}

/* --- sleep -------------------------------------------------------------------------------- */

static gboolean
wake(McuMeeting *meeting, GError **error)
{
  static const McuMixEvents mix_events = {.record_done = on_record_done, .picture_wanted = on_picture_wanted};
  const McuBridgeConfig *bridge = &meeting->bridge->config;
  if (meeting->mix != NULL)
    return TRUE;
  const McuMixConfig config = {
      .name = meeting->id,
      .fps = MCU_VIDEO_FPS,
      .video_kbps = bridge->video_kbps,
      .site_kbps = bridge->site_kbps,
      .audio_kbps = bridge->audio_kbps,
      .max_heard = bridge->max_heard,
  };
  McuMix *mix = bridge->engine->mix_new(&config, &mix_events, meeting, error);
  if (mix == NULL)
    return FALSE;
  McuStage *stage = mcu_stage_new(bridge->engine, mix, bridge->layouts, bridge->max_visible);
  for (guint i = 0; i < mcu_room_n_seats(meeting->room); i++) {
    const McuRoomSeat *seat = mcu_room_seat(meeting->room, i);
    if (!mcu_role_has_voice(seat->role))
      continue;
    if (!mcu_stage_add(stage, seat->site, seat->name, error)) {
      mcu_stage_free(stage);
      bridge->engine->mix_free(mix);
      return FALSE;
    }
    mcu_stage_set(stage, seat);
  }
  meeting->mix = mix;
  meeting->stage = stage;
  if (mcu_room_recording(meeting->room) && !mcu_recorder_start(meeting->recorder, mix, NULL))
    g_warning("%s: the recording that ran before could not be started again", meeting->id);
  if (mcu_room_n_seats(meeting->room) > 0)
    settle_picture(meeting);
  return TRUE;
}

static void
sleep_now(McuMeeting *meeting)
{
  if (meeting->mix == NULL)
    return;
  mcu_stage_clear(meeting->stage);
  McuMix *mix = meeting->mix;
  mcu_recorder_stop(meeting->recorder, mix);
  engine_of(meeting)->mix_free(mix); /* finishes the file; may still say record_done */
  meeting->mix = NULL;
  g_clear_pointer(&meeting->stage, mcu_stage_free);
}

/* --- life --------------------------------------------------------------------------------- */

McuMeeting *
mcu_meeting_new(McuBridge *bridge, const char *id, const char *title, const char *uuid)
{
  static const McuRecorderEvents recorder_events = {.changed = on_recorder_changed};
  McuMeeting *meeting = g_new0(McuMeeting, 1);
  meeting->bridge = bridge;
  meeting->id = g_strdup(id);
  meeting->title = g_strdup(title != NULL ? title : id);
  meeting->uuid = uuid != NULL ? g_strdup(uuid) : g_uuid_string_random();
  meeting->room = mcu_room_new(&(McuRoomLimits){
      .max_seats = bridge->config.max_members,
      .lost_grace_us = bridge->config.lost_grace_us,
      .layouts = bridge->config.layouts,
  });
  meeting->roster = mcu_roster_new();
  meeting->told = mcu_told_new();
  meeting->recorder = mcu_recorder_new(bridge, meeting->uuid, meeting->id, &recorder_events, meeting);
  meeting->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  meeting->others = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (bridge->config.store != NULL && uuid == NULL)
    mcu_store_meeting_opened(bridge->config.store, meeting->uuid, meeting->id, meeting->title, g_get_real_time());
  g_message("%s: meeting %s: %s", meeting->id, uuid == NULL ? "opened" : "brought back", meeting->title);
  return meeting;
}

static void
close_table(GHashTable *table, const GError *error)
{
  g_autoptr(GList) members = g_hash_table_get_values(table);
  g_hash_table_remove_all(table);
  for (GList *l = members; l != NULL; l = l->next)
    mcu_member_close(l->data, error);
}

static void
close_all(McuMeeting *meeting, const GError *error)
{
  close_table(meeting->members, error);
  close_table(meeting->others, error);
}

void
mcu_meeting_free(McuMeeting *meeting, const GError *error, gboolean over)
{
  close_all(meeting, error);
  sleep_now(meeting);
  mcu_recorder_free(meeting->recorder);
  if (meeting->bridge->config.store != NULL && over)
    mcu_store_meeting_closed(meeting->bridge->config.store, meeting->uuid, g_get_real_time());
  g_message("%s: meeting %s", meeting->id, over ? "closed" : "put by");
  if (meeting->tell_source != 0)
    g_source_remove(meeting->tell_source);
  g_hash_table_unref(meeting->others);
  g_hash_table_unref(meeting->members);
  mcu_told_free(meeting->told);
  mcu_roster_free(meeting->roster);
  mcu_room_free(meeting->room);
  g_free(meeting->uuid);
  g_free(meeting->title);
  g_free(meeting->id);
  g_free(meeting);
}

gboolean
mcu_meeting_replay(McuMeeting *meeting, const McuRoomEvent *event)
{
  return mcu_room_replay(meeting->room, event);
}

void
mcu_meeting_replayed(McuMeeting *meeting, gint64 next_seq)
{
  meeting->next_seq = next_seq;
  /* It ended, and the bridge before it could say so: nobody is there, and no command is taken. */
  if (mcu_room_ended(meeting->room))
    return;
  while (mcu_room_n_lobby(meeting->room) > 0) {
    g_autofree char *site = g_strdup(mcu_room_guest(meeting->room, 0)->site);
    must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_ADMIT, .site = site});
  }
  for (guint i = 0; i < mcu_room_n_seats(meeting->room); i++) {
    const McuRoomSeat *seat = mcu_room_seat(meeting->room, i);
    if (!seat->lost)
      must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_LOST, .site = seat->site});
    mcu_roster_set(meeting->roster, seat);
  }
  mcu_told_take_chat(meeting->told, meeting->room);
  /* What was in the box is gone with the bridge before; all vote again, and are told so. */
  must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_VOTE_RESTART});
  if (mcu_room_is_made(meeting->room)) {
    g_free(meeting->title);
    meeting->title = g_strdup(mcu_room_title(meeting->room));
  }
}

/* --- joining and leaving ------------------------------------------------------------------ */

/* The first token may have come without it. */
static void
learn_title(McuMeeting *meeting, const McuGrant *grant)
{
  if (grant->meeting_title == NULL || strcmp(meeting->title, meeting->id) != 0 || mcu_room_is_made(meeting->room))
    return;
  g_free(meeting->title);
  meeting->title = g_strdup(grant->meeting_title);
  if (meeting->bridge->config.store != NULL)
    mcu_store_meeting_titled(meeting->bridge->config.store, meeting->uuid, meeting->title);
}

/* A device that is connected is not thrown out without somebody having been asked. */
static gboolean
may_replace(McuMeeting *meeting, const McuGrant *grant, GError **error)
{
  const McuMember *before = mcu_meeting_find(meeting, grant->site);
  const McuRoomSeat *seat = mcu_room_find(meeting->room, grant->site);
  if (before == NULL || before->signaling_lost || seat->lost || grant->replace || grant->client[0] == '\0' ||
      strcmp(before->client, grant->client) == 0)
    return TRUE;
  g_set_error_literal(error, MCU_ERROR, MCU_ERROR_OCCUPIED, "another device of the site is in the meeting");
  return FALSE;
}

/* A site of the list has the name and role that the list gives it. */
static McuRoomCommand
make_join(const McuMeeting *meeting, const McuGrant *grant)
{
  const McuRoomInvited *invited = mcu_room_find_invited(meeting->room, grant->site);
  McuRole role = invited != NULL && grant->by_list ? invited->role : grant->role;
  const char *name = grant->site_name != NULL ? grant->site_name : grant->site;
  return (McuRoomCommand){
      .type = MCU_ROOM_JOIN,
      .site = grant->site,
      .name = invited != NULL ? invited->name : name,
      .role = role,
      .other = grant->belongs_to[0] != '\0' ? grant->belongs_to : NULL,
      .mic = mcu_role_has_voice(role),
      .camera = mcu_role_has_voice(role),
  };
}

static gboolean
join_screen(McuMeeting *meeting, McuMember *member, const McuGrant *grant, GError **error)
{
  const McuRoomSeat *seat = mcu_room_find(meeting->room, grant->site);
  if (seat == NULL || !mcu_rights_allow(MCU_ROOM_WATCH_DESK, seat->role, mcu_room_state(meeting->room))) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_FORBIDDEN, "a screen belongs to somebody who is at the desk");
    return FALSE;
  }
  g_autofree char *key = mcu_member_key(grant->site, grant->screen);
  close_other(meeting, key, MCU_ERROR_REPLACED, "the screen was opened elsewhere");
  mcu_member_become_screen(member, grant->screen, key);
  g_hash_table_insert(meeting->others, g_steal_pointer(&key), member);
  return TRUE;
}

static void
seat_member(McuMeeting *meeting, McuMember *member, const McuRoomSeat *seat)
{
  close_member(meeting, seat->site, MCU_ERROR_REPLACED, "the seat was taken by a newer connection of the site");
  settle_tile(meeting, seat->site);
  member->role = seat->role;
  member->waits = FALSE;
  g_hash_table_insert(meeting->members, g_strdup(seat->site), member);
  meeting->empty_since_us = 0;
  g_message("%s/%s: joined (%u seats)", meeting->id, seat->site, mcu_room_n_seats(meeting->room));
  if (mcu_room_presenter(meeting->room) == seat)
    settle_content(meeting, seat->site);
}

static void
let_wait(McuMeeting *meeting, McuMember *member)
{
  g_autofree char *key = mcu_member_key(member->site, MCU_SCREEN_NONE);
  close_other(meeting, key, MCU_ERROR_REPLACED, "the site waits elsewhere");
  member->waits = TRUE;
  meeting->empty_since_us = 0;
  g_message("%s/%s: waits in the lobby", meeting->id, member->site);
  g_hash_table_insert(meeting->others, g_steal_pointer(&key), member);
}

/* The tile is there before the room says that the seat is, so that a failure leaves no trace. */
static gboolean
take_seat(McuMeeting *meeting, McuMember *member, const McuRoomCommand *join, GError **error)
{
  /* One that the chair has given a voice comes with the role of its invitation. */
  const McuRoomSeat *before = mcu_room_find(meeting->room, join->site);
  gboolean voice = mcu_role_has_voice(join->role) || (before != NULL && mcu_role_has_voice(before->role));
  if (voice && !mcu_stage_add(meeting->stage, join->site, join->name, error))
    return FALSE;
  if (!obey(meeting, join, error)) {
    settle_tile(meeting, join->site);
    return FALSE;
  }
  const McuRoomSeat *seat = mcu_room_find(meeting->room, join->site);
  if (seat != NULL) {
    seat_member(meeting, member, seat);
  } else {
    settle_tile(meeting, join->site);
    let_wait(meeting, member);
  }
  return TRUE;
}

gboolean
mcu_meeting_join(McuMeeting *meeting, McuMember *member, const McuGrant *grant, GError **error)
{
  if (!wake(meeting, error))
    return FALSE;
  if (grant->screen != MCU_SCREEN_NONE)
    return join_screen(meeting, member, grant, error);
  if (!may_replace(meeting, grant, error))
    return FALSE;
  const McuRoomCommand join = make_join(meeting, grant);
  if (!take_seat(meeting, member, &join, error))
    return FALSE;
  learn_title(meeting, grant);
  /* The pages of those in the side room say so. */
  if (is_side(meeting) && mcu_room_find(meeting->room, grant->site) != NULL)
    obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_ASIDE, .site = grant->site, .on = TRUE}, NULL);
  return TRUE;
}

static void
leave_lobby(McuMeeting *meeting, const char *site)
{
  if (mcu_room_find_guest(meeting->room, site) != NULL)
    must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_ADMIT, .site = site, .on = FALSE});
}

static void
leave_other(McuMeeting *meeting, McuMember *member)
{
  g_autofree char *site = g_strdup(member->site);
  gboolean waited = member->waits;
  g_autofree char *key = waited ? mcu_member_key(site, MCU_SCREEN_NONE) : g_strdup(site);
  g_hash_table_remove(meeting->others, key);
  mcu_member_free(member);
  if (waited)
    leave_lobby(meeting, site);
}

void
mcu_meeting_leave(McuMeeting *meeting, McuMember *member)
{
  if (member->waits || member->screen != MCU_SCREEN_NONE) {
    leave_other(meeting, member);
    return;
  }
  char site[MCU_ID_MAX_BYTES + 1];
  g_strlcpy(site, member->site, sizeof site);
  g_message("%s/%s: left", meeting->id, site);
  g_hash_table_remove(meeting->members, site);
  mcu_member_free(member); /* before the seat: it listens to the seat's sound */
  must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_LEAVE, .site = site});
}

McuMember *
mcu_meeting_find(McuMeeting *meeting, const char *site)
{
  return g_hash_table_lookup(meeting->members, site);
}

/* --- commands ----------------------------------------------------------------------------- */

/* Who was admitted takes its seat at once; who was refused is told. */
static void
answer_guest(McuMeeting *meeting, const char *site, gboolean admitted)
{
  g_autofree char *key = mcu_member_key(site, MCU_SCREEN_NONE);
  McuMember *member = g_hash_table_lookup(meeting->others, key);
  if (member == NULL)
    return;
  if (!admitted) {
    close_other(meeting, key, MCU_ERROR_REFUSED, "the chair has not admitted the site");
    return;
  }
  g_autoptr(GError) error = NULL;
  const McuRoomCommand join = {
      .type = MCU_ROOM_JOIN,
      .site = site,
      .name = member->lobby_name,
      .role = member->role,
      .mic = mcu_role_has_voice(member->role),
      .camera = mcu_role_has_voice(member->role),
  };
  g_hash_table_remove(meeting->others, key);
  if (!take_seat(meeting, member, &join, &error))
    mcu_member_close(member, error);
  else if (!member->waits)
    mcu_member_notify_admitted(member);
}

static gboolean
command_admit(McuMeeting *meeting, const McuRoomCommand *command, GError **error)
{
  g_autofree char *site = g_strdup(command->site); /* the room's own text may go */
  const McuRoomGuest *guest = site != NULL ? mcu_room_find_guest(meeting->room, site) : NULL;
  g_autofree char *name = guest != NULL ? g_strdup(guest->name) : NULL;
  if (!obey(meeting, command, error))
    return FALSE;
  g_autofree char *key = mcu_member_key(site, MCU_SCREEN_NONE);
  McuMember *member = g_hash_table_lookup(meeting->others, key);
  if (member != NULL)
    g_strlcpy(member->lobby_name, name, sizeof member->lobby_name);
  answer_guest(meeting, site, command->on);
  return TRUE;
}

/* What was chosen in secret goes into the box and nowhere else. */
static gboolean
command_vote(McuMeeting *meeting, const McuRoomCommand *command, GError **error)
{
  const McuVote *vote = mcu_votes_open(mcu_room_votes(meeting->room));
  gboolean secret = vote != NULL && vote->secret;
  if (!obey(meeting, command, error))
    return FALSE;
  if (secret)
    mcu_ballot_box_put(&meeting->box, (guint)command->number, (guint)command->count);
  return TRUE;
}

/* For a command after which no vote is open: what was counted comes with it. */
static gboolean
obey_counted(McuMeeting *meeting, const McuRoomCommand *command, GError **error)
{
  const McuVote *vote = mcu_votes_open(mcu_room_votes(meeting->room));
  g_autofree char *count = vote != NULL && vote->secret ? mcu_ballot_box_count(&meeting->box, vote) : NULL;
  McuRoomCommand counted = *command;
  counted.text = count;
  return obey(meeting, &counted, error);
}

static gboolean
command_end(McuMeeting *meeting, const McuRoomCommand *command, GError **error)
{
  g_autoptr(GArray) events = mcu_room_events_new();
  if (!mcu_room_decide(meeting->room, command, mcu_bridge_now(meeting->bridge), events, error))
    return FALSE;
  g_message("%s: ended by %s", meeting->id, command->actor != NULL ? command->actor : "the bridge");
  /* Told why before their seats go. The one who ends it hears it as well. */
  g_autoptr(GError) ended = g_error_new_literal(MCU_ERROR, MCU_ERROR_ENDED, "the meeting has been ended");
  mcu_recorder_stop(meeting->recorder, meeting->mix);
  close_all(meeting, ended);
  McuMeeting *side = find_side(meeting);
  if (side != NULL)
    mcu_meeting_command(side, &(McuRoomCommand){.type = MCU_ROOM_END}, NULL);
  return obey_counted(meeting, command, error);
}

gboolean
mcu_meeting_command(McuMeeting *meeting, const McuRoomCommand *command, GError **error)
{
  gboolean ok;
  if (command->type == MCU_ROOM_RECORD)
    ok = command_record(meeting, command, error);
  else if (command->type == MCU_ROOM_ADMIT)
    ok = command_admit(meeting, command, error);
  else if (command->type == MCU_ROOM_END)
    ok = command_end(meeting, command, error);
  else if (command->type == MCU_ROOM_VOTE)
    ok = command_vote(meeting, command, error);
  else if (command->type == MCU_ROOM_VOTE_CLOSE)
    ok = obey_counted(meeting, command, error);
  else
    ok = obey(meeting, command, error);
  if (ok && command->actor != NULL)
    g_message("%s/%s: %s %s%s", meeting->id, command->actor, mcu_rights_word(command->type),
              command->site != NULL ? command->site : "", command->on ? " on" : "");
  return ok;
}

void
mcu_meeting_set_lost(McuMeeting *meeting, const char *site, gboolean lost)
{
  const McuRoomSeat *seat = mcu_room_find(meeting->room, site);
  if (seat == NULL || seat->lost == lost)
    return;
  g_message("%s/%s: %s", meeting->id, site, lost ? "lost" : "back");
  must_obey(meeting, &(McuRoomCommand){.type = lost ? MCU_ROOM_LOST : MCU_ROOM_BACK, .site = site});
}

void
mcu_meeting_set_media(McuMeeting *meeting, const char *site, gboolean mic, gboolean camera)
{
  must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_MEDIA, .site = site, .mic = !!mic, .camera = !!camera});
}

/* --- heartbeat ---------------------------------------------------------------------------- */

static void
tell_sites(McuMember *member, gpointer text)
{
  mcu_member_notify_sites(member, text);
}

static void
poll_member(McuMember *member, gpointer now_us)
{
  mcu_member_poll(member, *(gint64 *)now_us);
}

static void
poll_line(McuMember *member, gpointer data)
{
  McuMeeting *meeting = data;
  mcu_member_poll_line(member);
  mcu_told_line(meeting->told, member->site, member->quality);
}

static void
poll_members(McuMeeting *meeting, gint64 now_us, gboolean line_too)
{
  for_each(meeting->members, poll_member, &now_us);
  for_each(meeting->others, poll_member, &now_us);
  if (!line_too)
    return;
  for_each(meeting->members, poll_line, meeting);
  g_autoptr(GBytes) lines = mcu_told_take_lines(meeting->told, FALSE);
  if (lines != NULL)
    for_each(meeting->members, tell_one_at_desk, lines);
}

/* FALSE: it is over. One that was made sleeps. */
static gboolean
tick_empty(McuMeeting *meeting, gint64 now_us)
{
  gboolean over = mcu_room_ended(meeting->room) || !mcu_room_is_made(meeting->room);
  if (meeting->empty_since_us == 0)
    meeting->empty_since_us = now_us;
  if (now_us - meeting->empty_since_us < (mcu_room_ended(meeting->room) ? 0 : LINGER_US))
    return TRUE;
  if (meeting->mix == NULL)
    return !over;
  mcu_recorder_stop(meeting->recorder, meeting->mix);
  if (mcu_recorder_busy(meeting->recorder) && now_us - meeting->empty_since_us < LINGER_US + FINISH_US)
    return TRUE;
  sleep_now(meeting);
  return !over;
}

/* --- what goes on by itself --------------------------------------------------------------- */

static void
tick_calls(McuMeeting *meeting, gint64 now_us)
{
  const McuRollCalls *calls = mcu_roll_calls(mcu_room_roll(meeting->room));
  if (!calls->on)
    return;
  McuMixSeat *seat = mcu_meeting_mix_seat(meeting, calls->site);
  gint64 speech_us = seat != NULL ? engine_of(meeting)->seat_speech_us(seat) : 0;
  McuCallerVerdict verdict = mcu_caller_watch(&meeting->caller, meeting->room, speech_us, now_us);
  if (verdict == MCU_CALLER_WAITS)
    return;
  g_message("%s: %s %s", meeting->id, calls->site, verdict == MCU_CALLER_ANSWERED ? "has answered" : "did not answer");
  must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_CALLS_NEXT, .on = verdict == MCU_CALLER_ANSWERED});
}

static void
tick_vote(McuMeeting *meeting, gint64 now_us)
{
  const McuVote *vote = mcu_votes_open(mcu_room_votes(meeting->room));
  if (vote == NULL || vote->limit_s == 0 || now_us - vote->opened_us < (gint64)vote->limit_s * G_USEC_PER_SEC)
    return;
  g_autoptr(GError) error = NULL;
  if (!obey_counted(meeting, &(McuRoomCommand){.type = MCU_ROOM_VOTE_CLOSE}, &error))
    g_warning("%s: the vote is not closed: %s", meeting->id, error->message);
}

gboolean
mcu_meeting_tick(McuMeeting *meeting, gint64 now_us, guint ticks)
{
  tick_calls(meeting, now_us);
  tick_vote(meeting, now_us);
  if (ticks % 8 == 0 && mcu_roll_is_open(mcu_room_roll(meeting->room)))
    must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_ROLL_MEASURE});
  if (ticks % 2 == 0)
    poll_members(meeting, now_us, ticks % 8 == 0);
  if (mcu_room_next_expiry(meeting->room) <= now_us)
    must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_EXPIRE});
  settle_picture(meeting);
  g_autoptr(GBytes) sites = mcu_roster_take_changes(meeting->roster);
  if (sites != NULL)
    for_each_who_watches(meeting, tell_sites, sites);
  tell(meeting);

  if (mcu_room_n_seats(meeting->room) > 0 || g_hash_table_size(meeting->others) > 0)
    return TRUE;
  return tick_empty(meeting, now_us);
}

/* --- questions ---------------------------------------------------------------------------- */

McuBridge *
mcu_meeting_bridge(const McuMeeting *meeting)
{
  return meeting->bridge;
}

const char *
mcu_meeting_id(const McuMeeting *meeting)
{
  return meeting->id;
}

const char *
mcu_meeting_uuid(const McuMeeting *meeting)
{
  return meeting->uuid;
}

const char *
mcu_meeting_title(const McuMeeting *meeting)
{
  return meeting->title;
}

const McuRoom *
mcu_meeting_room(const McuMeeting *meeting)
{
  return meeting->room;
}

McuMix *
mcu_meeting_mix(const McuMeeting *meeting)
{
  return meeting->mix;
}

McuMixSeat *
mcu_meeting_mix_seat(const McuMeeting *meeting, const char *site)
{
  return meeting->stage != NULL ? mcu_stage_seat(meeting->stage, site) : NULL;
}

McuMixSeat *
mcu_meeting_content_seat(const McuMeeting *meeting, const char *site)
{
  return meeting->stage != NULL ? mcu_stage_content(meeting->stage, site) : NULL;
}

gboolean
mcu_meeting_has_speaker_view(const McuMeeting *meeting)
{
  return meeting->stage != NULL && mcu_stage_has_speaker_view(meeting->stage);
}

const char *
mcu_meeting_sites(McuMeeting *meeting)
{
  return mcu_roster_list(meeting->roster);
}

char *
mcu_meeting_state(McuMeeting *meeting)
{
  return mcu_told_state(meeting->room, steady_wall_us(meeting));
}

char *
mcu_meeting_desk(McuMeeting *meeting)
{
  return mcu_told_desk(meeting->room, shown(meeting));
}

char *
mcu_meeting_work(McuMeeting *meeting, const char *site, gboolean desk)
{
  gint64 wall = steady_wall_us(meeting);
  McuReader reader = desk ? MCU_READER_DESK : MCU_READER_SITE;
  g_autofree char *work = mcu_told_work(meeting->room, wall);
  g_autofree char *chat = mcu_told_chat(meeting->room, 0, CHAT_LINES, reader, site, wall, TRUE);
  g_autofree char *ballot = mcu_told_ballot(meeting->room, site);
  g_autofree char *desk_work = desk ? mcu_told_desk_work(meeting->room, wall) : NULL;
  return g_strdup_printf(",\"work\":%s,\"chat\":%s,\"ballot\":%s%s%s", work, chat, ballot, desk ? ",\"deskWork\":" : "",
                         desk ? desk_work : "");
}

void
mcu_meeting_welcome_desk(McuMeeting *meeting, McuMember *member)
{
  gint64 wall = steady_wall_us(meeting);
  g_autofree char *work = mcu_told_desk_work(meeting->room, wall);
  g_autofree char *chat = mcu_told_chat(meeting->room, 0, CHAT_LINES, MCU_READER_DESK, NULL, wall, TRUE);
  tell_body(member, "desk-work", work);
  tell_body(member, "said", chat);
}

GBytes *
mcu_meeting_lines(McuMeeting *meeting)
{
  return mcu_told_take_lines(meeting->told, TRUE);
}

void
mcu_meeting_add_stats(McuMeeting *meeting, McuBridgeStats *stats)
{
  McuMixStats mix = {0};
  if (meeting->mix != NULL)
    engine_of(meeting)->get_stats(meeting->mix, &mix);
  stats->meetings++;
  stats->seats += mcu_room_n_tiles(meeting->room);
  stats->recordings += mcu_room_recording(meeting->room);
  stats->mix.seats += mix.seats;
  stats->mix.pictures += mix.pictures;
  stats->mix.heard += mix.heard;
  stats->mix.renditions += mix.renditions;
  stats->mix.frames_composed += mix.frames_composed;
  stats->mix.ticks_late += mix.ticks_late;
  stats->mix.decode_errors += mix.decode_errors;
  stats->mix.recording |= mix.recording;
}
