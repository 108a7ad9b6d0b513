/* One signed-in client: a table of verbs, each a small function that asks the bridge, and the
 * bridge's events on their way back. [main] only. */
#include "mcu/signaling/session.h"

#include <string.h>

#include "mcu/signaling/bucket.h"
#include "mcu/signaling/message.h"
#include "mcu/util/error.h"

/* In the lobby one has a member, and still no seat; who is ADMITTED has it, and is told at the next tick. */
typedef enum { WAITING, QUEUED, LOBBY, ADMITTED, JOINED, ENDED } State;

#define LINE_LOSS_PERMILLE 10
#define LINE_RTT_MS 30
#define LINE_US (10 * G_USEC_PER_SEC)

struct McuSession {
  McuSessionConfig config;
  McuSessionOutput output;
  gpointer user_data;

  State state;
  McuMember *member;  /* owned from the LOBBY until JOINED is over; NULL before and after */
  gint64 deadline_us; /* WAITING: for the join; ADMITTED: to sit down */
  struct {
    McuTicket *ticket; /* owned */
    McuGrant grant;    /* checked */
    guint32 id;
    McuSwitch mic, camera;
    GQueue held; /* of GBytes: what came behind */
    gsize held_bytes;
  } queued;         /* until JOINED */
  guint candidates; /* since the last offer */
  McuLineInfo line; /* as last told, and when */
  gint64 line_us;
  McuBucket messages, offers, errors;
};

static gint64
now_of(const McuSession *session)
{
  return mcu_clock_now(session->config.clock);
}

static gint64
wall_ms_of(const McuSession *session)
{
  const McuClock *wall = session->config.wall;
  return (wall != NULL ? wall->now_us(wall->user_data) : g_get_real_time()) / 1000;
}

static void
send_text(McuSession *session, char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
  if (session->state != ENDED)
    session->output.send(session, bytes, session->user_data);
}

/* Its turn does not come, or has come. */
static void
leave_queue(McuSession *session)
{
  McuTicket *ticket = g_steal_pointer(&session->queued.ticket);
  if (ticket != NULL)
    mcu_ticket_cancel(ticket);
  mcu_grant_clear(&session->queued.grant);
}

static void
drop_held(McuSession *session)
{
  g_queue_clear_full(&session->queued.held, (GDestroyNotify)g_bytes_unref);
  session->queued.held_bytes = 0;
}

static void
end(McuSession *session, guint code)
{
  if (session->state == ENDED)
    return;
  session->state = ENDED;
  leave_queue(session);
  drop_held(session);
  session->output.close(session, code, session->user_data);
}

/* Ends it from our side: a client that breaks the rules has left its seat in order. */
static void
throw_out(McuSession *session, guint32 id, McuError code, const char *reason)
{
  g_autoptr(GError) error = g_error_new_literal(MCU_ERROR, code, reason);
  send_text(session, mcu_message_error(id, error));
  McuMember *member = g_steal_pointer(&session->member);
  end(session, MCU_CLOSE_POLICY);
  if (member != NULL)
    mcu_member_leave(member);
}

static void
answer_error(McuSession *session, guint32 id, const GError *error)
{
  if (!mcu_bucket_take(&session->errors, now_of(session)))
    throw_out(session, id, MCU_ERROR_RATE_LIMITED, "too many errors");
  else
    send_text(session, mcu_message_error(id, error));
}

/* --- events of the bridge: nothing of the meeting is said before `joined`, which tells all of it --- */

static void
on_sites_changed(McuMember *member G_GNUC_UNUSED, GBytes *text, gpointer user_data)
{
  McuSession *session = user_data;
  if (session->state == JOINED)
    session->output.send(session, text, session->user_data);
}

static void
on_picture_wanted(McuMember *member G_GNUC_UNUSED, const McuPicture *picture, gpointer user_data)
{
  McuSession *session = user_data;
  if (session->state == JOINED)
    send_text(session, mcu_message_picture(picture));
}

static void
on_recording_changed(McuMember *member G_GNUC_UNUSED, gboolean recording, const GError *error, gpointer user_data)
{
  McuSession *session = user_data;
  if (session->state == JOINED)
    send_text(session, mcu_message_recording(recording, error));
}

/* A line is told when it has changed to the eye, and now and then: hundreds of them that stay as they are would be
 * a message each every two seconds. */
static gboolean
is_worth_telling(const McuSession *session, const McuLineInfo *line)
{
  return session->line_us == 0 || line->quality != session->line.quality ||
         ABS((gint)line->loss_permille - (gint)session->line.loss_permille) >= LINE_LOSS_PERMILLE ||
         ABS((gint)line->rtt_ms - (gint)session->line.rtt_ms) >= LINE_RTT_MS ||
         now_of(session) - session->line_us >= LINE_US;
}

static void
on_line(McuMember *member G_GNUC_UNUSED, const McuLineInfo *line, gpointer user_data)
{
  McuSession *session = user_data;
  if (session->state != JOINED || !is_worth_telling(session, line))
    return;
  session->line = *line;
  session->line_us = now_of(session);
  send_text(session, mcu_message_line(line));
}

static void
on_media_state(McuMember *member G_GNUC_UNUSED, gboolean connected, const GError *error, gpointer user_data)
{
  McuSession *session = user_data;
  if (session->state == JOINED)
    send_text(session, mcu_message_connection(connected, error));
}

static void
on_closed(McuMember *member G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
  McuSession *session = user_data;
  session->member = NULL; /* freed by the bridge after we return */
  send_text(session, mcu_message_closed(error));
  end(session, MCU_CLOSE_NORMAL);
}

/* From within an event nothing may be asked of the bridge: the seat is taken at the next tick. */
static void
on_admitted(McuMember *member G_GNUC_UNUSED, gpointer user_data)
{
  McuSession *session = user_data;
  session->state = ADMITTED;
  session->deadline_us = now_of(session);
  session->output.deadline_changed(session, session->user_data);
}

static const McuMemberEvents member_events = {
    .sites_changed = on_sites_changed,
    .told = on_sites_changed, /* a text that is ready, too */
    .admitted = on_admitted,
    .picture_wanted = on_picture_wanted,
    .recording_changed = on_recording_changed,
    .line = on_line,
    .media_state = on_media_state,
    .closed = on_closed,
};

/* --- verbs: FALSE with `error` set is answered by `error` --- */

static void
apply_media(McuMember *member, McuSwitch mic, McuSwitch camera)
{
  if (mic != MCU_SWITCH_UNSET)
    mcu_member_set_mic(member, mic == MCU_SWITCH_ON);
  if (camera != MCU_SWITCH_UNSET)
    mcu_member_set_camera(member, camera == MCU_SWITCH_ON);
}

static void
send_joined(McuSession *session, guint32 id)
{
  McuMember *member = session->member;
  g_autofree char *state = mcu_member_state(member);
  g_autofree char *desk = mcu_member_desk(member);
  g_autofree char *work = mcu_member_work(member);
  McuJoinedInfo info = {
      .meeting = mcu_member_meeting(member),
      .meeting_title = mcu_member_meeting_title(member),
      .site = mcu_member_site(member),
      .site_name = mcu_member_site_name(member),
      .role = mcu_member_role(member),
      .recording = mcu_member_recording(member),
      .sites = mcu_member_sites(member),
      .state = state,
      .work = work,
      .desk = desk,
      .now_ms = wall_ms_of(session),
  };
  send_text(session, mcu_message_joined(id, &info));
}

static void obey_held(McuSession *session);

static void
take_seat(McuSession *session)
{
  if (mcu_role_has_voice(mcu_member_role(session->member)))
    apply_media(session->member, session->queued.mic, session->queued.camera);
  session->state = JOINED;
  send_joined(session, session->queued.id);
}

static gboolean
enter(McuSession *session, GError **error)
{
  McuMember *member = mcu_bridge_join(session->config.bridge, &session->queued.grant, &member_events, session, error);
  if (member == NULL)
    return FALSE;
  session->member = member;
  if (mcu_member_waits(member)) {
    session->state = LOBBY;
    send_text(session, mcu_message_waiting(session->queued.id));
  } else {
    take_seat(session);
  }
  return TRUE;
}

static void
on_turn(gpointer user_data)
{
  McuSession *session = user_data;
  g_autoptr(GError) error = NULL;
  session->queued.ticket = NULL;
  if (!enter(session, &error)) {
    session->state = WAITING; /* to try again, in time */
    session->deadline_us = now_of(session) + MCU_SESSION_JOIN_TIMEOUT_US;
    session->output.deadline_changed(session, session->user_data);
    answer_error(session, session->queued.id, error);
  }
  leave_queue(session);
  obey_held(session);
}

/* What the client says beside its token. */
static gboolean
complete_grant(McuGrant *grant, const McuMessage *message, GError **error)
{
  const char *meeting = message->join.meeting;
  if (grant->admin || (grant->by_list && meeting == NULL)) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_TOKEN_INVALID,
                        grant->admin ? "token: it opens no meeting" : "token: it needs a meeting beside it");
    return FALSE;
  }
  if (grant->by_list)
    g_strlcpy(grant->meeting, meeting, sizeof grant->meeting);
  if (meeting != NULL && strcmp(meeting, grant->meeting) != 0) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_FORBIDDEN, "the token is for another meeting");
    return FALSE;
  }
  g_strlcpy(grant->client, message->join.client != NULL ? message->join.client : "", sizeof grant->client);
  grant->replace = message->join.replace;
  grant->screen = message->join.screen;
  return TRUE;
}

static gboolean
do_join(McuSession *session, const McuMessage *message, GError **error)
{
  if (session->member != NULL) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_ALREADY_JOINED, "already joined");
    return FALSE;
  }
  McuGrant grant;
  if (!mcu_token_check(session->config.token_key, message->join.token, wall_ms_of(session) / 1000, &grant, error))
    return FALSE;
  if (!complete_grant(&grant, message, error)) {
    mcu_grant_clear(&grant);
    return FALSE;
  }
  McuTicket *ticket = mcu_bridge_wait(session->config.bridge, &grant, on_turn, session, error);
  if (ticket == NULL) {
    mcu_grant_clear(&grant);
    return FALSE;
  }
  session->queued.ticket = ticket;
  session->queued.grant = grant;
  session->queued.id = message->id;
  session->queued.mic = message->join.mic;
  session->queued.camera = message->join.camera;
  session->state = QUEUED;
  return TRUE;
}

static gboolean
do_offer(McuSession *session, const McuMessage *message, GError **error)
{
  if (!mcu_bucket_take(&session->offers, now_of(session))) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_RATE_LIMITED, "too many offers");
    return FALSE;
  }
  session->candidates = 0;
  const char *sdp = message->offer.sdp;
  g_autofree char *answer = mcu_member_offer(session->member, sdp, strlen(sdp), error);
  if (answer == NULL)
    return FALSE;
  send_text(session, mcu_message_answer(message->id, answer));
  McuPicture picture;
  if (mcu_member_wanted(session->member, &picture))
    send_text(session, mcu_message_picture(&picture));
  return TRUE;
}

static gboolean
do_candidate(McuSession *session, const McuMessage *message, GError **error)
{
  const char *candidate = message->candidate.candidate;
  /* What is over the limit is ignored like a candidate we cannot use: a machine with many
   * interfaces is no attacker, and the pair that works is found from its checks. */
  if (candidate[0] != '\0' && session->candidates++ < MCU_CANDIDATES_MAX &&
      !mcu_member_add_candidate(session->member, candidate, error))
    return FALSE;
  send_text(session, mcu_message_ok(message->id));
  return TRUE;
}

static gboolean
do_media(McuSession *session, const McuMessage *message, GError **error)
{
  if (!mcu_role_has_voice(mcu_member_role(session->member))) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_FORBIDDEN, "an observer sends nothing");
    return FALSE;
  }
  apply_media(session->member, message->media.mic, message->media.camera);
  send_text(session, mcu_message_ok(message->id));
  return TRUE;
}

static gboolean
do_watch(McuSession *session, const McuMessage *message, GError **error)
{
  if (!mcu_member_watch(session->member, message->watch.view, message->watch.rung, error))
    return FALSE;
  send_text(session, mcu_message_ok(message->id));
  return TRUE;
}

/* A command may be the end of the membership: `closed` has been said then. */
static gboolean
do_command(McuSession *session, const McuMessage *message, GError **error)
{
  McuRoomCommand command = message->command.room;
  /* Ending one's own turn needs no desk. */
  if (command.type == MCU_ROOM_FLOOR && !command.on && !mcu_role_has_desk(mcu_member_role(session->member)) &&
      strcmp(command.site, mcu_member_site(session->member)) == 0)
    command.type = MCU_ROOM_YIELD;
  if (!mcu_member_command(session->member, &command, error))
    return FALSE;
  send_text(session, mcu_message_ok(message->id));
  return TRUE;
}

static gboolean
do_leave(McuSession *session, const McuMessage *message, GError **error G_GNUC_UNUSED)
{
  send_text(session, mcu_message_ok(message->id));
  McuMember *member = g_steal_pointer(&session->member);
  end(session, MCU_CLOSE_NORMAL);
  if (member != NULL)
    mcu_member_leave(member);
  return TRUE;
}

static gboolean
do_ping(McuSession *session, const McuMessage *message, GError **error G_GNUC_UNUSED)
{
  send_text(session, mcu_message_pong(message->id, wall_ms_of(session)));
  return TRUE;
}

static const struct {
  gboolean (*handle)(McuSession *session, const McuMessage *message, GError **error);
  gboolean needs_member;
} verbs[MCU_N_MESSAGES] = {
    [MCU_MESSAGE_JOIN] = {do_join, FALSE},          [MCU_MESSAGE_OFFER] = {do_offer, TRUE},
    [MCU_MESSAGE_CANDIDATE] = {do_candidate, TRUE}, [MCU_MESSAGE_MEDIA] = {do_media, TRUE},
    [MCU_MESSAGE_COMMAND] = {do_command, TRUE},     [MCU_MESSAGE_LEAVE] = {do_leave, TRUE},
    [MCU_MESSAGE_PING] = {do_ping, FALSE},          [MCU_MESSAGE_WATCH] = {do_watch, TRUE},
};

static gboolean
obey(McuSession *session, const McuMessage *message, GError **error)
{
  if (verbs[message->type].needs_member && session->member == NULL) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_NOT_JOINED, "join first");
    return FALSE;
  }
  return verbs[message->type].handle(session, message, error);
}

static void
receive(McuSession *session, const char *text, gsize size)
{
  McuMessage message;
  guint32 id = 0;
  g_autoptr(GError) error = NULL;
  if (!mcu_message_parse(text, size, &message, &id, &error)) {
    answer_error(session, id, error);
    return;
  }
  if (!obey(session, &message, &error))
    answer_error(session, id, error);
  mcu_message_clear(&message);
}

static void
hold(McuSession *session, const char *text, gsize size)
{
  GQueue *held = &session->queued.held;
  if (held->length >= MCU_SESSION_HELD_MESSAGES || size > MCU_SESSION_HELD_BYTES - session->queued.held_bytes) {
    throw_out(session, 0, MCU_ERROR_RATE_LIMITED, "too much before joined");
    return;
  }
  g_queue_push_tail(held, g_bytes_new(text, size));
  session->queued.held_bytes += size;
}

static gboolean
holds(const McuSession *session)
{
  return session->state == QUEUED || session->state == LOBBY || session->state == ADMITTED;
}

/* One of them may be a join again, and then the rest waits on. */
static void
obey_held(McuSession *session)
{
  while (!holds(session) && session->queued.held.length > 0) {
    g_autoptr(GBytes) bytes = g_queue_pop_head(&session->queued.held);
    gsize size;
    const char *text = g_bytes_get_data(bytes, &size);
    session->queued.held_bytes -= size;
    receive(session, text, size);
  }
}

/* In the lobby one may still ping and leave. */
static gboolean
is_goodbye(const McuSession *session, const char *text, gsize size)
{
  McuMessage message;
  guint32 id;
  if (session->member == NULL || !mcu_message_parse(text, size, &message, &id, NULL))
    return FALSE;
  gboolean may = message.type == MCU_MESSAGE_LEAVE || message.type == MCU_MESSAGE_PING;
  mcu_message_clear(&message);
  return may;
}

void
mcu_session_receive(McuSession *session, const char *text, gsize size)
{
  if (session->state == ENDED)
    return;
  if (!mcu_bucket_take(&session->messages, now_of(session)))
    throw_out(session, 0, MCU_ERROR_RATE_LIMITED, "too many messages");
  else if (holds(session) && !is_goodbye(session, text, size))
    hold(session, text, size);
  else
    receive(session, text, size);
}

/* --- life --- */

McuSession *
mcu_session_new(const McuSessionConfig *config, const McuSessionOutput *output, gpointer user_data)
{
  McuSession *session = g_new0(McuSession, 1);
  session->config = *config;
  session->output = *output;
  session->user_data = user_data;
  g_queue_init(&session->queued.held);
  gint64 now_us = now_of(session);
  session->deadline_us = now_us + MCU_SESSION_JOIN_TIMEOUT_US;
  mcu_bucket_init(&session->messages, MCU_SESSION_MESSAGES_PER_S, MCU_SESSION_MESSAGES_BURST, now_us);
  mcu_bucket_init(&session->offers, 1, MCU_SESSION_OFFERS_BURST, now_us);
  mcu_bucket_init(&session->errors, 1, MCU_SESSION_ERRORS_BURST, now_us);
  return session;
}

void
mcu_session_free(McuSession *session)
{
  if (session == NULL)
    return;
  session->state = ENDED;
  leave_queue(session);
  drop_held(session);
  McuMember *member = g_steal_pointer(&session->member);
  if (member != NULL)
    mcu_member_leave(member);
  g_free(session);
}

void
mcu_session_lost(McuSession *session)
{
  session->state = ENDED;
  leave_queue(session);
  drop_held(session);
  McuMember *member = g_steal_pointer(&session->member);
  if (member != NULL)
    mcu_member_lost(member);
}

gint64
mcu_session_deadline(const McuSession *session)
{
  return session->state == WAITING || session->state == ADMITTED ? session->deadline_us : G_MAXINT64;
}

void
mcu_session_tick(McuSession *session)
{
  if (now_of(session) < mcu_session_deadline(session))
    return;
  if (session->state == WAITING) {
    throw_out(session, 0, MCU_ERROR_NOT_JOINED, "no join in time");
  } else {
    take_seat(session);
    obey_held(session);
  }
}
