/* One list of members; a second of the same site replaces the first, as in the real bridge. Nothing
 * may be called from within an event: that is asserted here, where it is cheap to find. */
#include "fake-bridge.h"

#include <stdarg.h>
#include <string.h>

#include "mcu/util/error.h"

#define SEATS_MAX 8 /* of its rooms: more is not tried */

typedef struct {
  char *id, *title;
  gint64 planned_ms;
  McuRoom *room; /* its list, and whether it has ended */
} FakeMeeting;

struct McuBridge {
  GPtrArray *meetings; /* of FakeMeeting, owned, as they were made */
  GPtrArray *members;  /* owned */
  GString *log;
  GString *sites; /* as told last */
  char *fail_call;
  McuError fail_code;
  gboolean in_event, has_lobby;
  GQueue waiting; /* of McuTicket */
  guint source;   /* lets them in where a main loop runs; 0: nobody waits */
};

struct McuTicket {
  McuBridge *bridge;
  GList link;
  void (*turn)(gpointer user_data);
  gpointer user_data;
};

struct McuMember {
  McuBridge *bridge;
  McuGrant grant;
  const McuMemberEvents *events;
  gpointer user_data;
  gboolean mic, camera, recording, waits;
  gboolean has_picture;
  McuPicture picture;
  char *offer;
};

static void
member_free(gpointer data)
{
  McuMember *member = data;
  g_free(member->grant.meeting_title);
  g_free(member->grant.site_name);
  g_free(member->offer);
  g_free(member);
}

static void
meeting_free(gpointer data)
{
  FakeMeeting *meeting = data;
  g_free(meeting->id);
  g_free(meeting->title);
  mcu_room_free(meeting->room);
  g_free(meeting);
}

McuBridge *
fake_bridge_new(void)
{
  McuBridge *bridge = g_new0(McuBridge, 1);
  bridge->meetings = g_ptr_array_new_with_free_func(meeting_free);
  bridge->members = g_ptr_array_new_with_free_func(member_free);
  bridge->log = g_string_new(NULL);
  bridge->sites = g_string_new(NULL);
  g_queue_init(&bridge->waiting);
  return bridge;
}

void
mcu_bridge_free(McuBridge *bridge)
{
  if (bridge == NULL)
    return;
  g_assert(bridge->waiting.length == 0); /* they go before the bridge */
  if (bridge->source != 0)
    g_source_remove(bridge->source);
  g_ptr_array_unref(bridge->members);
  g_ptr_array_unref(bridge->meetings);
  g_string_free(bridge->log, TRUE);
  g_string_free(bridge->sites, TRUE);
  g_free(bridge->fail_call);
  g_free(bridge);
}

void
fake_bridge_fail(McuBridge *bridge, const char *call, McuError code)
{
  g_free(bridge->fail_call);
  bridge->fail_call = g_strdup(call);
  bridge->fail_code = code;
}

char *
fake_bridge_log(McuBridge *bridge)
{
  char *text = g_strdup(bridge->log->str);
  g_string_truncate(bridge->log, 0);
  return text;
}

guint
fake_bridge_members(McuBridge *bridge)
{
  return bridge->members->len;
}

McuMember *
fake_bridge_member(McuBridge *bridge, const char *site)
{
  for (guint i = 0; i < bridge->members->len; i++) {
    McuMember *member = bridge->members->pdata[i];
    if (strcmp(member->grant.site, site) == 0)
      return member;
  }
  return NULL;
}

const char *
fake_member_offer_text(McuMember *member)
{
  return member->offer;
}

/* Every function that does something passes here. */
static gboolean
called(McuBridge *bridge, const char *call, GError **error, const char *format, ...)
{
  g_assert(!bridge->in_event);
  va_list args;
  va_start(args, format);
  g_string_append_printf(bridge->log, "%s ", call);
  g_string_append_vprintf(bridge->log, format, args);
  g_string_append_c(bridge->log, '\n');
  va_end(args);
  if (g_strcmp0(bridge->fail_call, call) != 0)
    return TRUE;
  g_clear_pointer(&bridge->fail_call, g_free);
  g_set_error(error, MCU_ERROR, bridge->fail_code, "%s failed as the test wanted", call);
  return FALSE;
}

/* What only those with a seat may ask for, or a screen. */
static gboolean
called_by(McuMember *member, const char *call, GError **error, const char *rest)
{
  g_assert(!member->waits);
  return called(member->bridge, call, error, "%s%s", member->grant.site, rest);
}

/* --- events --- */

static gboolean
has_seat(const McuMember *member)
{
  return !member->waits && member->grant.screen == MCU_SCREEN_NONE;
}

static const char *
list_sites(McuBridge *bridge)
{
  g_string_assign(bridge->sites, "[");
  for (guint i = 0; i < bridge->members->len; i++) {
    const McuMember *member = bridge->members->pdata[i];
    if (!has_seat(member))
      continue;
    g_string_append_printf(bridge->sites,
                           "%s{\"id\":\"%s\",\"name\":\"%s\",\"role\":\"%s\",\"present\":true,\"lost\":false,"
                           "\"mic\":%s,\"camera\":%s,\"floor\":false,\"silenced\":false,\"consent\":false}",
                           bridge->sites->len > 1 ? "," : "", member->grant.site, member->grant.site_name,
                           mcu_room_role_word(member->grant.role), member->mic ? "true" : "false",
                           member->camera ? "true" : "false");
  }
  return g_string_append_c(bridge->sites, ']')->str;
}

/* All of them every time: who counts changes tests the bridge. */
static void
tell_sites(McuMember *member, const char *gone)
{
  McuBridge *bridge = member->bridge;
  char *message = g_strdup_printf("{\"v\":1,\"type\":\"sites\",\"sites\":%s,\"gone\":[%s%s%s]}", list_sites(bridge),
                                  gone != NULL ? "\"" : "", gone != NULL ? gone : "", gone != NULL ? "\"" : "");
  g_autoptr(GBytes) text = g_bytes_new_take(message, strlen(message));
  bridge->in_event = TRUE;
  member->events->sites_changed(member, text, member->user_data);
  bridge->in_event = FALSE;
}

void
fake_member_sites_changed(McuMember *member)
{
  tell_sites(member, NULL);
}

void
fake_member_want(McuMember *member, const McuPicture *picture)
{
  member->has_picture = TRUE;
  member->picture = *picture;
  member->bridge->in_event = TRUE;
  member->events->picture_wanted(member, picture, member->user_data);
  member->bridge->in_event = FALSE;
}

void
fake_member_line(McuMember *member, const McuLineInfo *line)
{
  member->bridge->in_event = TRUE;
  member->events->line(member, line, member->user_data);
  member->bridge->in_event = FALSE;
}

void
fake_member_media_state(McuMember *member, gboolean connected, const GError *error)
{
  member->bridge->in_event = TRUE;
  member->events->media_state(member, connected, error, member->user_data);
  member->bridge->in_event = FALSE;
}

void
fake_member_recording(McuMember *member, gboolean on, const GError *error)
{
  member->recording = on;
  member->bridge->in_event = TRUE;
  member->events->recording_changed(member, on, error, member->user_data);
  member->bridge->in_event = FALSE;
}

void
fake_member_close(McuMember *member, const GError *error)
{
  McuBridge *bridge = member->bridge;
  gboolean nested = bridge->in_event;
  bridge->in_event = TRUE;
  member->events->closed(member, error, member->user_data);
  bridge->in_event = nested;
  g_ptr_array_remove(bridge->members, member);
}

static void
tell_all(McuBridge *bridge, const char *gone)
{
  for (guint i = 0; i < bridge->members->len; i++)
    if (has_seat(bridge->members->pdata[i]))
      tell_sites(bridge->members->pdata[i], gone);
}

void
fake_member_tell(McuMember *member, const char *message)
{
  g_autoptr(GBytes) text = g_bytes_new(message, strlen(message));
  member->bridge->in_event = TRUE;
  member->events->told(member, text, member->user_data);
  member->bridge->in_event = FALSE;
}

void
fake_member_admit(McuMember *member)
{
  g_assert(member->waits);
  member->waits = FALSE;
  member->bridge->in_event = TRUE;
  member->events->admitted(member, member->user_data);
  member->bridge->in_event = FALSE;
  tell_all(member->bridge, NULL);
}

/* Frees it. */
static void
go(McuMember *member, const char *call)
{
  McuBridge *bridge = member->bridge;
  g_autofree char *site = g_strdup(member->grant.site);
  gboolean had_seat = has_seat(member);
  called(bridge, call, NULL, "%s", site);
  g_ptr_array_remove(bridge->members, member);
  if (had_seat)
    tell_all(bridge, site);
}

/* --- mcu/bridge/bridge.h --- */

void
fake_bridge_lobby(McuBridge *bridge, gboolean on)
{
  bridge->has_lobby = on;
}

void
fake_bridge_turn(McuBridge *bridge)
{
  for (McuTicket *ticket; (ticket = g_queue_peek_head(&bridge->waiting)) != NULL;) {
    void (*turn)(gpointer user_data) = ticket->turn;
    gpointer user_data = ticket->user_data;
    mcu_ticket_cancel(ticket);
    turn(user_data);
  }
}

guint
fake_bridge_waiting(McuBridge *bridge)
{
  return bridge->waiting.length;
}

static gboolean
on_idle(gpointer user_data)
{
  McuBridge *bridge = user_data;
  bridge->source = 0;
  fake_bridge_turn(bridge);
  return G_SOURCE_REMOVE;
}

McuTicket *
mcu_bridge_wait(McuBridge *bridge, const McuGrant *grant, void (*turn)(gpointer user_data), gpointer user_data,
                GError **error)
{
  g_assert(!bridge->in_event && grant->site[0] != '\0');
  if (g_strcmp0(bridge->fail_call, "wait") == 0) {
    called(bridge, "wait", error, "%s", grant->site);
    return NULL;
  }
  McuTicket *ticket = g_new0(McuTicket, 1);
  ticket->bridge = bridge;
  ticket->turn = turn;
  ticket->user_data = user_data;
  ticket->link.data = ticket;
  g_queue_push_tail_link(&bridge->waiting, &ticket->link);
  if (bridge->source == 0)
    bridge->source = g_idle_add(on_idle, bridge);
  return ticket;
}

void
mcu_ticket_cancel(McuTicket *ticket)
{
  g_queue_unlink(&ticket->bridge->waiting, &ticket->link);
  g_free(ticket);
}

static const char *
screen_word(McuScreen screen)
{
  static const char *const words[] = {[MCU_SCREEN_WALL] = "wall", [MCU_SCREEN_PREVIEW] = "preview"};
  return words[screen];
}

/* As "join m1 xa-1 site", and behind it what the client has said. */
static gboolean
called_join(McuBridge *bridge, const McuGrant *grant, GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_printf(text, "%s %s %s", grant->meeting, grant->site,
                  grant->by_list ? "by-list" : mcu_room_role_word(grant->role));
  if (grant->client[0] != '\0')
    g_string_append_printf(text, " client=%s", grant->client);
  if (grant->replace)
    g_string_append(text, " replace");
  if (grant->screen != MCU_SCREEN_NONE)
    g_string_append_printf(text, " screen=%s", screen_word(grant->screen));
  return called(bridge, "join", error, "%s", text->str);
}

McuMember *
mcu_bridge_join(McuBridge *bridge, const McuGrant *grant, const McuMemberEvents *events, gpointer user_data,
                GError **error)
{
  if (!called_join(bridge, grant, error))
    return NULL;
  gboolean screen = grant->screen != MCU_SCREEN_NONE;
  McuMember *old = screen ? NULL : fake_bridge_member(bridge, grant->site);
  if (old != NULL) {
    g_autoptr(GError) replaced = g_error_new_literal(MCU_ERROR, MCU_ERROR_REPLACED, "joined elsewhere");
    fake_member_close(old, replaced);
  }
  McuMember *member = g_new0(McuMember, 1);
  member->bridge = bridge;
  member->grant = *grant;
  member->grant.meeting_title = g_strdup(grant->meeting_title != NULL ? grant->meeting_title : grant->meeting);
  member->grant.site_name = g_strdup(grant->site_name != NULL ? grant->site_name : grant->site);
  member->events = events;
  member->user_data = user_data;
  if (screen) {
    g_snprintf(member->grant.site, sizeof member->grant.site, "%s~%s", grant->site, screen_word(grant->screen));
    member->grant.role = MCU_ROLE_OBSERVER;
  }
  member->waits = bridge->has_lobby && !screen;
  member->mic = member->camera = mcu_role_has_voice(member->grant.role);
  g_ptr_array_add(bridge->members, member);
  if (has_seat(member))
    tell_all(bridge, NULL);
  return member;
}

void
mcu_member_leave(McuMember *member)
{
  go(member, "leave");
}

void
mcu_member_lost(McuMember *member)
{
  go(member, "lost");
}

char *
mcu_member_offer(McuMember *member, const char *sdp, gsize size, GError **error)
{
  if (!called_by(member, "offer", error, ""))
    return NULL;
  g_free(member->offer);
  member->offer = g_strndup(sdp, size);
  return g_strdup("v=0\r\ns=answer\r\n");
}

gboolean
mcu_member_add_candidate(McuMember *member, const char *candidate, GError **error)
{
  g_autofree char *rest = g_strconcat(" ", candidate, NULL);
  return called_by(member, "candidate", error, rest);
}

char *
mcu_member_restart_ice(McuMember *member, const char *fragment G_GNUC_UNUSED, gsize size G_GNUC_UNUSED, GError **error)
{
  if (!called(member->bridge, "restart", error, "%s", member->grant.site))
    return NULL;
  return g_strdup("a=ice-ufrag:new1\r\na=ice-pwd:0123456789012345678901\r\n");
}

void
mcu_member_set_mic(McuMember *member, gboolean on)
{
  called_by(member, "mic", NULL, on ? " on" : " off");
  member->mic = on;
}

void
mcu_member_set_camera(McuMember *member, gboolean on)
{
  called_by(member, "camera", NULL, on ? " on" : " off");
  member->camera = on;
}

gboolean
mcu_member_watch(McuMember *member, McuView view, McuRung rung, GError **error)
{
  static const char *const words[MCU_N_VIEWS] = {
      [MCU_VIEW_PROGRAMME] = "programme", [MCU_VIEW_WALL] = "wall", [MCU_VIEW_PREVIEW] = "preview"};
  g_autofree char *rest = g_strdup_printf(" %s %d", words[view], (int)rung);
  return called_by(member, "watch", error, rest);
}

/* As "floor xa-1 xa-2 on 120 text". */
gboolean
mcu_member_command(McuMember *member, const McuRoomCommand *command, GError **error)
{
  if (!has_seat(member)) { /* as the bridge does */
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_FORBIDDEN, "who has no seat gives no commands");
    return FALSE;
  }
  g_autoptr(GString) text = g_string_new(NULL);
  const char *const words[] = {command->site, command->name, command->text};
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (words[i] != NULL)
      g_string_append_printf(text, " %s", words[i]);
  g_string_append(text, command->on ? " on" : " off");
  if (command->number != 0)
    g_string_append_printf(text, " %d", (int)command->number);
  if (command->type == MCU_ROOM_ROLE)
    g_string_append_printf(text, " %s", mcu_room_role_word(command->role));
  if (!called_by(member, mcu_rights_word(command->type), error, text->str))
    return FALSE;
  if (command->type == MCU_ROOM_RECORD)
    member->recording = command->on;
  return TRUE;
}

gboolean
mcu_member_waits(const McuMember *member)
{
  return member->waits;
}

char *
mcu_member_state(McuMember *member G_GNUC_UNUSED)
{
  return g_strdup("{\"policy\":\"open\",\"selfUnmute\":true,\"locked\":false,\"banner\":\"\",\"chair\":null,"
                  "\"floor\":null,\"queue\":[],\"tour\":0}");
}

char *
mcu_member_work(McuMember *member G_GNUC_UNUSED)
{
  return g_strdup("");
}

char *
mcu_member_desk(McuMember *member)
{
  if (!mcu_role_has_desk(member->grant.role))
    return NULL;
  return g_strdup("{\"programme\":{\"layout\":\"auto\",\"letterbox\":false,\"labels\":true,\"border\":true,"
                  "\"panes\":[]},\"preview\":null,\"canUndo\":false,\"layoutLocked\":false,\"scenes\":[],"
                  "\"lobby\":[],\"keptOut\":[],\"shown\":[]}");
}

gboolean
mcu_member_wanted(const McuMember *member, McuPicture *out_picture)
{
  if (member->has_picture)
    *out_picture = member->picture;
  return member->has_picture;
}

McuRole
mcu_member_role(const McuMember *member)
{
  return member->grant.role;
}

const char *
mcu_member_site(const McuMember *member)
{
  return member->grant.site;
}

const char *
mcu_member_site_name(const McuMember *member)
{
  return member->grant.site_name;
}

const char *
mcu_member_meeting(const McuMember *member)
{
  return member->grant.meeting;
}

const char *
mcu_member_meeting_title(const McuMember *member)
{
  return member->grant.meeting_title;
}

gboolean
mcu_member_recording(const McuMember *member)
{
  return member->recording;
}

const char *
mcu_member_sites(McuMember *member)
{
  g_assert(!member->bridge->in_event);
  return list_sites(member->bridge);
}

void
mcu_bridge_get_stats(McuBridge *bridge, McuBridgeStats *out_stats)
{
  memset(out_stats, 0, sizeof *out_stats);
  out_stats->meetings = 1;
  out_stats->members = bridge->members->len;
  out_stats->net.drops[MCU_DROP_AUTH] = 7;
}

/* --- meetings that are made: remembered, with a real room for the list --- */

static FakeMeeting *
find_meeting(McuBridge *bridge, const char *id, GError **error)
{
  for (guint i = 0; i < bridge->meetings->len; i++) {
    FakeMeeting *meeting = bridge->meetings->pdata[i];
    if (strcmp(meeting->id, id) == 0)
      return meeting;
  }
  g_set_error_literal(error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such meeting");
  return NULL;
}

static void
tell_room(FakeMeeting *meeting, const McuRoomCommand *command)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) events = mcu_room_obey(meeting->room, command, 1, &error);
  g_assert_no_error(error);
  g_assert_nonnull(events);
}

static guint
count_members(McuBridge *bridge, const char *meeting)
{
  guint n = 0;
  for (guint i = 0; i < bridge->members->len; i++)
    n += strcmp(((McuMember *)bridge->members->pdata[i])->grant.meeting, meeting) == 0;
  return n;
}

static McuMeetingInfo *
info_new(McuBridge *bridge, const FakeMeeting *meeting)
{
  McuMeetingInfo *info = g_new0(McuMeetingInfo, 1);
  info->id = g_strdup(meeting->id);
  info->title = g_strdup(meeting->title);
  info->planned_ms = meeting->planned_ms;
  info->invited = mcu_room_n_invited(meeting->room);
  info->present = count_members(bridge, meeting->id);
  return info;
}

void
mcu_meeting_info_free(McuMeetingInfo *info)
{
  if (info == NULL)
    return;
  g_free(info->id);
  g_free(info->title);
  g_free(info);
}

gboolean
mcu_bridge_make_meeting(McuBridge *bridge, const char *id, const char *title, gint64 planned_ms, char **out_id,
                        GError **error)
{
  g_autofree char *made_up = g_strdup_printf("made-%u", bridge->meetings->len + 1);
  id = id != NULL ? id : made_up;
  if (!called(bridge, "make", error, "%s \"%s\" %" G_GINT64_FORMAT, id, title, planned_ms))
    return FALSE;
  if (find_meeting(bridge, id, NULL) != NULL) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_CONFLICT, "there is a meeting of that id");
    return FALSE;
  }
  FakeMeeting *meeting = g_new0(FakeMeeting, 1);
  meeting->id = g_strdup(id);
  meeting->title = g_strdup(title);
  meeting->planned_ms = planned_ms;
  meeting->room = mcu_room_new(&(McuRoomLimits){.max_seats = SEATS_MAX});
  g_ptr_array_add(bridge->meetings, meeting);
  *out_id = g_strdup(id);
  return TRUE;
}

gboolean
mcu_bridge_copy_meeting(McuBridge *bridge, const char *from, const char *id, const char *title, gint64 planned_ms,
                        char **out_id, GError **error)
{
  FakeMeeting *source = find_meeting(bridge, from, error);
  if (source == NULL || !called(bridge, "copy", error, "%s", from) ||
      !mcu_bridge_make_meeting(bridge, id, title, planned_ms, out_id, error))
    return FALSE;
  FakeMeeting *copy = find_meeting(bridge, *out_id, NULL);
  for (guint i = 0; i < mcu_room_n_invited(source->room); i++) {
    const McuRoomInvited *site = mcu_room_invited(source->room, i);
    tell_room(copy, &(McuRoomCommand){.type = MCU_ROOM_INVITE,
                                      .site = site->site,
                                      .name = site->name,
                                      .role = site->role,
                                      .other = site->parent,
                                      .number = site->level,
                                      .text = site->telephone,
                                      .more = site->email});
  }
  return TRUE;
}

gboolean
mcu_bridge_change_meeting(McuBridge *bridge, const char *id, const char *title, gint64 planned_ms, GError **error)
{
  FakeMeeting *meeting = find_meeting(bridge, id, error);
  if (meeting == NULL ||
      !called(bridge, "change", error, "%s \"%s\" %" G_GINT64_FORMAT, id, title != NULL ? title : "", planned_ms))
    return FALSE;
  if (title != NULL) {
    g_free(meeting->title);
    meeting->title = g_strdup(title);
  }
  if (planned_ms >= 0)
    meeting->planned_ms = planned_ms;
  return TRUE;
}

gboolean
mcu_bridge_end_meeting(McuBridge *bridge, const char *id, GError **error)
{
  FakeMeeting *meeting = find_meeting(bridge, id, error);
  if (meeting == NULL || !called(bridge, "end", error, "%s", id))
    return FALSE;
  tell_room(meeting, &(McuRoomCommand){.type = MCU_ROOM_END});
  return TRUE;
}

GPtrArray *
mcu_bridge_list_meetings(McuBridge *bridge, const char *site)
{
  GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)mcu_meeting_info_free);
  for (guint i = 0; i < bridge->meetings->len; i++) {
    FakeMeeting *meeting = bridge->meetings->pdata[i];
    if (!mcu_room_ended(meeting->room) && (site == NULL || mcu_room_find_invited(meeting->room, site) != NULL))
      g_ptr_array_add(list, info_new(bridge, meeting));
  }
  return list;
}

McuMeetingInfo *
mcu_bridge_find_meeting(McuBridge *bridge, const char *id)
{
  FakeMeeting *meeting = find_meeting(bridge, id, NULL);
  return meeting != NULL ? info_new(bridge, meeting) : NULL;
}

const char *
mcu_bridge_meeting_uuid(McuBridge *bridge, const char *id)
{
  return mcu_bridge_room(bridge, id) != NULL ? "uuid-of-it" : NULL;
}

gboolean
mcu_bridge_command(McuBridge *bridge, const char *id, const McuRoomCommand *command, GError **error)
{
  McuRoom *room = (McuRoom *)mcu_bridge_room(bridge, id);
  g_autoptr(GArray) events = room != NULL ? mcu_room_obey(room, command, 1, error) : NULL;
  if (room == NULL)
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such meeting");
  return events != NULL;
}

const McuRoom *
mcu_bridge_room(McuBridge *bridge, const char *id)
{
  FakeMeeting *meeting = find_meeting(bridge, id, NULL);
  return meeting != NULL ? meeting->room : NULL;
}

gboolean
mcu_bridge_invite(McuBridge *bridge, const char *id, const McuInvitation *list, guint n, GError **error)
{
  FakeMeeting *meeting = find_meeting(bridge, id, error);
  if (meeting == NULL || !called(bridge, "invite", error, "%s %u", id, n))
    return FALSE;
  mcu_room_free(meeting->room);
  meeting->room = mcu_room_new(&(McuRoomLimits){.max_seats = SEATS_MAX});
  for (guint i = 0; i < n; i++)
    tell_room(meeting, &(McuRoomCommand){.type = MCU_ROOM_INVITE,
                                         .site = list[i].site,
                                         .name = list[i].name,
                                         .role = list[i].role,
                                         .other = list[i].parent,
                                         .number = list[i].level,
                                         .text = list[i].telephone,
                                         .more = list[i].email});
  return TRUE;
}
