/* A meeting: commands in, events out, and what the events mean for mix, store and members. Owned by
 * the bridge, on main; nothing here waits or touches media. */
#include "mcu/bridge/meeting.h"

#include <string.h>

#include "mcu/bridge/member-priv.h"
#include "mcu/bridge/recorder.h"
#include "mcu/bridge/roster.h"
#include "mcu/bridge/stage.h"
#include "mcu/store/store.h"
#include "mcu/util/error.h"

/* An empty meeting stays so long, for those who come back; and then so long for its recording. */
#define LINGER_US (10 * G_USEC_PER_SEC)
#define FINISH_US (10 * G_USEC_PER_SEC)

struct McuMeeting {
  McuBridge *bridge;
  char *id, *title, *uuid;

  McuRoom *room;
  McuMix *mix;
  McuStage *stage;   /* who is in the mix, and shown */
  McuRoster *roster; /* what the members are told of the sites */
  McuRecorder *recorder;
  GHashTable *members; /* site -> McuMember *, owned; one for each seat */

  gint64 next_seq;       /* of the event log */
  gint64 empty_since_us; /* 0: not empty */
};

static const McuMediaEngineOps *
engine_of(const McuMeeting *meeting)
{
  return meeting->bridge->config.engine;
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
close_member(McuMeeting *meeting, const char *site, int code, const char *why)
{
  McuMember *member = mcu_meeting_find(meeting, site);
  if (member == NULL)
    return;
  g_hash_table_remove(meeting->members, site);
  g_autoptr(GError) error = g_error_new_literal(MCU_ERROR, code, why);
  mcu_member_close(member, error);
}

/* After the room has applied `event`. */
static void
obey_event(McuMeeting *meeting, const McuRoomEvent *event)
{
  keep(meeting, event);
  mcu_stage_obey(meeting->stage, event);
  const McuRoomSeat *seat = mcu_room_find(meeting->room, event->site);
  if (seat != NULL)
    mcu_roster_set(meeting->roster, seat);
  if (event->type == MCU_ROOM_SEAT_REMOVED) {
    close_member(meeting, event->site, MCU_ERROR_TRANSPORT, "the connection was lost for too long");
    mcu_stage_remove(meeting->stage, event->site);
    mcu_roster_remove(meeting->roster, event->site);
  }
}

static gboolean
obey(McuMeeting *meeting, const McuRoomCommand *command, GError **error)
{
  g_autoptr(GArray) events = mcu_room_obey(meeting->room, command, mcu_bridge_now(meeting->bridge), error);
  if (events == NULL)
    return FALSE;
  for (guint i = 0; i < events->len; i++)
    obey_event(meeting, &g_array_index(events, McuRoomEvent, i));
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

static void
on_recorder_changed(gboolean on, const GError *error, gpointer user_data)
{
  McuMeeting *meeting = user_data;
  must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_RECORD, .on = on});
  GHashTableIter iter;
  gpointer member;
  g_hash_table_iter_init(&iter, meeting->members);
  while (g_hash_table_iter_next(&iter, NULL, &member))
    mcu_member_notify_recording(member, on, error);
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

gboolean
mcu_meeting_record(McuMeeting *meeting, const char *site, gboolean on, GError **error)
{
  g_message("%s/%s: recording %s", meeting->id, site, on ? "on" : "off");
  if (on)
    return mcu_recorder_start(meeting->recorder, meeting->mix, error);
  mcu_recorder_stop(meeting->recorder, meeting->mix);
  return TRUE;
}

/* --- life --------------------------------------------------------------------------------- */

McuMeeting *
mcu_meeting_new(McuBridge *bridge, const McuGrant *grant, GError **error)
{
  static const McuMixEvents mix_events = {.record_done = on_record_done, .picture_wanted = on_picture_wanted};
  static const McuRecorderEvents recorder_events = {.changed = on_recorder_changed};
  const McuMixConfig config = {
      .name = grant->meeting,
      .fps = MCU_VIDEO_FPS,
      .video_kbps = bridge->config.video_kbps,
      .site_kbps = bridge->config.site_kbps,
      .audio_kbps = bridge->config.audio_kbps,
      .max_heard = bridge->config.max_heard,
  };
  McuMeeting *meeting = g_new0(McuMeeting, 1);
  McuMix *mix = bridge->config.engine->mix_new(&config, &mix_events, meeting, error);
  if (mix == NULL) {
    g_free(meeting);
    return NULL;
  }
  meeting->bridge = bridge;
  meeting->id = g_strdup(grant->meeting);
  meeting->title = g_strdup(grant->meeting_title != NULL ? grant->meeting_title : grant->meeting);
  meeting->uuid = g_uuid_string_random();
  meeting->room = mcu_room_new(&(McuRoomLimits){
      .max_seats = bridge->config.max_members,
      .lost_grace_us = bridge->config.lost_grace_us,
  });
  meeting->mix = mix;
  meeting->stage = mcu_stage_new(bridge->config.engine, mix, bridge->config.max_visible);
  meeting->roster = mcu_roster_new();
  meeting->recorder = mcu_recorder_new(bridge, meeting->uuid, meeting->id, &recorder_events, meeting);
  meeting->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (bridge->config.store != NULL)
    mcu_store_meeting_opened(bridge->config.store, meeting->uuid, meeting->id, meeting->title, g_get_real_time());
  g_message("%s: meeting opened: %s", meeting->id, meeting->title);
  return meeting;
}

static void
close_all(McuMeeting *meeting, const GError *error)
{
  g_autoptr(GList) members = g_hash_table_get_values(meeting->members);
  g_hash_table_remove_all(meeting->members);
  for (GList *l = members; l != NULL; l = l->next)
    mcu_member_close(l->data, error);
}

void
mcu_meeting_free(McuMeeting *meeting, const GError *error)
{
  close_all(meeting, error);
  mcu_stage_clear(meeting->stage);
  mcu_recorder_stop(meeting->recorder, meeting->mix);
  engine_of(meeting)->mix_free(meeting->mix); /* finishes the file; may still say record_done */
  mcu_recorder_free(meeting->recorder);
  if (meeting->bridge->config.store != NULL)
    mcu_store_meeting_closed(meeting->bridge->config.store, meeting->uuid, g_get_real_time());
  g_message("%s: meeting closed", meeting->id);
  g_hash_table_unref(meeting->members);
  mcu_stage_free(meeting->stage);
  mcu_roster_free(meeting->roster);
  mcu_room_free(meeting->room);
  g_free(meeting->uuid);
  g_free(meeting->title);
  g_free(meeting->id);
  g_free(meeting);
}

/* --- joining and leaving ------------------------------------------------------------------ */

/* The seat of a site that was a site and comes back as an observer loses its tile. */
static void
settle_tile(McuMeeting *meeting, const char *site)
{
  const McuRoomSeat *seat = mcu_room_find(meeting->room, site);
  if (seat == NULL || !mcu_role_has_voice(seat->role))
    mcu_stage_remove(meeting->stage, site);
}

/* The first token may have come without it. */
static void
learn_title(McuMeeting *meeting, const McuGrant *grant)
{
  if (grant->meeting_title == NULL || strcmp(meeting->title, meeting->id) != 0)
    return;
  g_free(meeting->title);
  meeting->title = g_strdup(grant->meeting_title);
  if (meeting->bridge->config.store != NULL)
    mcu_store_meeting_titled(meeting->bridge->config.store, meeting->uuid, meeting->title);
}

gboolean
mcu_meeting_join(McuMeeting *meeting, McuMember *member, const McuGrant *grant, GError **error)
{
  const char *name = grant->site_name != NULL ? grant->site_name : grant->site;
  if (mcu_role_has_voice(grant->role) && !mcu_stage_add(meeting->stage, grant->site, name, error))
    return FALSE;
  /* The one before goes first: its leg feeds rings that the mix is about to lose. */
  const McuRoomCommand join = {.type = MCU_ROOM_JOIN,
                               .site = grant->site,
                               .name = name,
                               .role = grant->role,
                               .mic = mcu_role_has_voice(grant->role),
                               .camera = mcu_role_has_voice(grant->role)};
  if (!obey(meeting, &join, error)) {
    settle_tile(meeting, grant->site);
    return FALSE;
  }
  close_member(meeting, grant->site, MCU_ERROR_REPLACED, "the seat was taken by a newer connection of the site");
  settle_tile(meeting, grant->site);
  g_hash_table_insert(meeting->members, g_strdup(grant->site), member);
  meeting->empty_since_us = 0;
  learn_title(meeting, grant);
  g_message("%s/%s: joined (%u seats)", meeting->id, grant->site, mcu_room_n_seats(meeting->room));
  return TRUE;
}

void
mcu_meeting_leave(McuMeeting *meeting, McuMember *member)
{
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

void
mcu_meeting_set_lost(McuMeeting *meeting, const char *site, gboolean lost)
{
  const McuRoomSeat *seat = mcu_room_find(meeting->room, site);
  if (seat->lost == lost)
    return;
  g_message("%s/%s: %s", meeting->id, site, lost ? "lost" : "back");
  must_obey(meeting, &(McuRoomCommand){.type = lost ? MCU_ROOM_LOST : MCU_ROOM_BACK, .site = site});
}

void
mcu_meeting_set_media(McuMeeting *meeting, const char *site, gboolean mic, gboolean camera)
{
  must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_MEDIA, .site = site, .mic = !!mic, .camera = !!camera});
}

gboolean
mcu_meeting_floor(McuMeeting *meeting, const char *site, gboolean on, GError **error)
{
  if (!obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = site, .on = on}, error))
    return FALSE;
  g_message("%s/%s: floor %s", meeting->id, site, on ? "given" : "taken");
  return TRUE;
}

/* --- heartbeat ---------------------------------------------------------------------------- */

static void
tell_members(McuMeeting *meeting)
{
  g_autoptr(GBytes) text = mcu_roster_take_changes(meeting->roster);
  if (text == NULL)
    return;
  GHashTableIter iter;
  gpointer member;
  g_hash_table_iter_init(&iter, meeting->members);
  while (g_hash_table_iter_next(&iter, NULL, &member))
    mcu_member_notify_sites(member, text);
}

static void
poll_members(McuMeeting *meeting, gint64 now_us, gboolean line_too)
{
  GHashTableIter iter;
  gpointer member;
  g_hash_table_iter_init(&iter, meeting->members);
  while (g_hash_table_iter_next(&iter, NULL, &member)) {
    mcu_member_poll(member, now_us);
    if (line_too)
      mcu_member_poll_line(member);
  }
}

gboolean
mcu_meeting_tick(McuMeeting *meeting, gint64 now_us, guint ticks)
{
  if (ticks % 2 == 0)
    poll_members(meeting, now_us, ticks % 8 == 0);
  if (mcu_room_next_expiry(meeting->room) <= now_us)
    must_obey(meeting, &(McuRoomCommand){.type = MCU_ROOM_EXPIRE});
  mcu_stage_update(meeting->stage, meeting->room, now_us);
  tell_members(meeting);

  if (mcu_room_n_seats(meeting->room) > 0)
    return TRUE;
  if (meeting->empty_since_us == 0)
    meeting->empty_since_us = now_us;
  if (now_us - meeting->empty_since_us < LINGER_US)
    return TRUE;
  mcu_recorder_stop(meeting->recorder, meeting->mix);
  return mcu_recorder_busy(meeting->recorder) && now_us - meeting->empty_since_us < LINGER_US + FINISH_US;
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
  return mcu_stage_seat(meeting->stage, site);
}

const char *
mcu_meeting_sites(McuMeeting *meeting)
{
  return mcu_roster_list(meeting->roster);
}

void
mcu_meeting_add_stats(McuMeeting *meeting, McuBridgeStats *stats)
{
  McuMixStats mix = {0};
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
