/* A member: one signed-in connection of a site, from joining to its end. Owned by its meeting; the
 * signaling side holds a pointer until it has called leave or lost, or has got `closed`. All on
 * main. */
#include "mcu/bridge/member-priv.h"

#include <string.h>

#include "mcu/util/error.h"
#include "mcu/util/loop.h"

/* --- life --------------------------------------------------------------------------------- */

McuMember *
mcu_member_new(McuMeeting *meeting, const McuGrant *grant, const McuMemberEvents *events, gpointer user_data)
{
  McuMember *member = g_new0(McuMember, 1);
  member->meeting = meeting;
  member->role = grant->role;
  g_strlcpy(member->site, grant->site, sizeof member->site);
  g_strlcpy(member->client, grant->client, sizeof member->client);
  member->events = *events;
  member->user_data = user_data;
  member->view = MCU_VIEW_PROGRAMME;
  member->rung = MCU_RUNG_720;
  mcu_meeting_bridge(meeting)->n_members++;
  return member;
}

void
mcu_member_free(McuMember *member)
{
  if (member == NULL)
    return;
  McuBridge *bridge = mcu_meeting_bridge(member->meeting);
  mcu_member_drop_leg(member);
  mcu_budget_hold(&bridge->budget, &member->planned_kbps, 0);
  bridge->n_members--;
  g_free(member);
}

void
mcu_member_close(McuMember *member, const GError *error)
{
  g_message("%s/%s: closed: %s", mcu_meeting_id(member->meeting), member->site, error->message);
  if (!member->signaling_lost)
    member->events.closed(member, error, member->user_data);
  mcu_member_free(member);
}

void
mcu_member_leave(McuMember *member)
{
  MCU_ASSERT_MAIN();
  mcu_meeting_leave(member->meeting, member);
}

void
mcu_member_lost(McuMember *member)
{
  MCU_ASSERT_MAIN();
  g_message("%s/%s: its signaling connection ended", mcu_meeting_id(member->meeting), member->site);
  member->signaling_lost = TRUE;
  if (member->waits || member->screen != MCU_SCREEN_NONE) {
    mcu_meeting_leave(member->meeting, member); /* no seat: nothing to come back to */
    return;
  }
  mcu_member_poll(member, mcu_bridge_now(mcu_meeting_bridge(member->meeting)));
}

char *
mcu_member_key(const char *site, McuScreen screen)
{
  static const char *const words[] = {
      [MCU_SCREEN_NONE] = "lobby", [MCU_SCREEN_WALL] = "wall", [MCU_SCREEN_PREVIEW] = "preview"};
  return g_strdup_printf("%s~%s", site, words[screen]);
}

void
mcu_member_become_screen(McuMember *member, McuScreen screen, const char *key)
{
  member->screen = screen;
  member->role = MCU_ROLE_OBSERVER;
  g_strlcpy(member->site, key, sizeof member->site);
  member->view = screen == MCU_SCREEN_WALL ? MCU_VIEW_WALL : MCU_VIEW_PREVIEW;
  member->rung = screen == MCU_SCREEN_WALL ? MCU_RUNG_1080 : MCU_RUNG_360;
}

/* --- watching the leg --------------------------------------------------------------------- */

void
mcu_member_on_leg_state(McuLeg *leg, McuLegState state, const GError *error, gpointer user_data)
{
  McuMember *member = user_data;
  if (leg != member->leg)
    return; /* one that is just being made */

  if (state == MCU_LEG_CONNECTED) {
    g_message("%s/%s: media connected", mcu_meeting_id(member->meeting), member->site);
    member->connected_us = mcu_bridge_now(mcu_meeting_bridge(member->meeting));
    mcu_meeting_set_lost(member->meeting, member->site, FALSE);
    if (!member->signaling_lost)
      member->events.media_state(member, TRUE, NULL, member->user_data);
  } else if (state == MCU_LEG_FAILED) {
    g_message("%s/%s: media failed: %s", mcu_meeting_id(member->meeting), member->site,
              error != NULL ? error->message : "no reason given");
    member->leg_failed = TRUE;
    member->connected_us = 0;
    mcu_meeting_set_lost(member->meeting, member->site, TRUE);
    if (!member->signaling_lost)
      member->events.media_state(member, FALSE, error, member->user_data);
  }
}

/* What should come by what was agreed, what the site says of itself, and what is wanted of it. */
static gboolean
ought_to_send(const McuMember *member, const McuRoomSeat *seat)
{
  McuPicture picture;
  return (member->agreed.audio_recv && seat->mic) ||
         (seat->camera && mcu_member_wanted(member, &picture) && picture.kbps > 0);
}

/* Who was silent because nothing was wanted of it has its time to begin. */
static void
note_sends(McuMember *member, const McuRoomSeat *seat, gint64 now_us)
{
  gboolean sends = ought_to_send(member, seat);
  if (sends && !member->sends)
    member->sends_since_us = now_us;
  member->sends = sends;
}

/* Not from within its own event. */
static void
drop_failed_leg(McuMember *member)
{
  if (!member->leg_failed || member->leg == NULL)
    return;
  mcu_member_drop_leg(member);
  member->leg_failed = TRUE; /* until the next offer */
}

void
mcu_member_poll(McuMember *member, gint64 now_us)
{
  if (member->waits || member->screen != MCU_SCREEN_NONE) {
    drop_failed_leg(member);
    return;
  }
  const McuRoomSeat *seat = mcu_room_find(mcu_meeting_room(member->meeting), member->site);
  note_sends(member, seat, now_us);
  McuLineSigns signs = {
      .signaling = !member->signaling_lost,
      .failed = member->leg_failed,
      .connected = member->connected_us != 0,
      .sends = member->sends,
      .lost = seat->lost,
  };
  if (signs.connected) {
    McuLegStats stats;
    mcu_leg_get_stats(member->leg, &stats);
    gint64 since_us = MAX(stats.last_rx_us, member->connected_us);
    signs.silent_us = now_us - (signs.sends ? MAX(since_us, member->sends_since_us) : since_us);
  }
  drop_failed_leg(member);
  gboolean lost = mcu_line_is_lost(&signs);
  gboolean by_silence = lost && signs.connected && !signs.failed;
  if (by_silence && now_us < mcu_meeting_bridge(member->meeting)->distrust_until_us)
    return;
  mcu_meeting_set_lost(member->meeting, member->site, lost);
}

void
mcu_member_poll_line(McuMember *member)
{
  if (member->signaling_lost)
    return;
  McuLineSample sample = {.connected = member->connected_us != 0};
  if (sample.connected) {
    McuLegStats stats;
    mcu_leg_get_stats(member->leg, &stats);
    sample.rx_packets = stats.rx_packets;
    sample.rx_lost = stats.rx_lost;
    sample.remote_loss_permille = stats.remote_loss_permille;
    sample.rtt_ms = stats.rtt_ms;
    sample.jitter_us = stats.rx_jitter_us;
  }
  McuLineInfo info;
  mcu_line_update(&member->line, &sample, &info);
  member->quality = info.quality;
  member->events.line(member, &info, member->user_data);
}

/* --- events ------------------------------------------------------------------------------- */

void
mcu_member_notify_sites(McuMember *member, GBytes *text)
{
  if (!member->signaling_lost)
    member->events.sites_changed(member, text, member->user_data);
}

void
mcu_member_notify_picture(McuMember *member, const McuPicture *picture)
{
  McuPicture wanted;
  if (member->negotiating || !mcu_member_wanted(member, &wanted))
    return; /* the answer is followed by it */
  mcu_member_apply_rate(member);
  if (!member->signaling_lost)
    member->events.picture_wanted(member, picture, member->user_data);
}

void
mcu_member_notify_recording(McuMember *member, gboolean on, const GError *error)
{
  if (!member->signaling_lost)
    member->events.recording_changed(member, on, error, member->user_data);
}

void
mcu_member_notify_told(McuMember *member, GBytes *text)
{
  if (!member->signaling_lost)
    member->events.told(member, text, member->user_data);
}

void
mcu_member_notify_admitted(McuMember *member)
{
  if (!member->signaling_lost)
    member->events.admitted(member, member->user_data);
}

void
mcu_member_welcome_desk(McuMember *member)
{
  g_autofree char *body = mcu_meeting_desk(member->meeting);
  g_autofree char *text = g_strdup_printf("{\"v\":1,\"type\":\"desk\",%s", body + 1);
  g_autoptr(GBytes) desk = g_bytes_new(text, strlen(text));
  g_autoptr(GBytes) lines = mcu_meeting_lines(member->meeting);
  mcu_member_notify_told(member, desk);
  if (lines != NULL)
    mcu_member_notify_told(member, lines);
  mcu_meeting_welcome_desk(member->meeting, member);
}

/* --- commands and questions --------------------------------------------------------------- */

void
mcu_member_set_mic(McuMember *member, gboolean on)
{
  MCU_ASSERT_MAIN();
  if (member->screen != MCU_SCREEN_NONE)
    return;
  const McuRoomSeat *seat = mcu_room_find(mcu_meeting_room(member->meeting), member->site);
  mcu_meeting_set_media(member->meeting, member->site, on, seat->camera);
}

void
mcu_member_set_camera(McuMember *member, gboolean on)
{
  MCU_ASSERT_MAIN();
  if (member->screen != MCU_SCREEN_NONE)
    return;
  const McuRoomSeat *seat = mcu_room_find(mcu_meeting_room(member->meeting), member->site);
  mcu_meeting_set_media(member->meeting, member->site, seat->mic, on);
}

gboolean
mcu_member_waits(const McuMember *member)
{
  return member->waits;
}

gboolean
mcu_member_command(McuMember *member, const McuRoomCommand *command, GError **error)
{
  MCU_ASSERT_MAIN();
  McuRoomCommand given = *command;
  if (member->waits || member->screen != MCU_SCREEN_NONE) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_FORBIDDEN, "who has no seat gives no commands");
    return FALSE;
  }
  g_autofree char *actor = g_strdup(member->site); /* the command may be its end */
  given.actor = actor;
  if (mcu_rights_is_own(command->type))
    given.site = actor;
  return mcu_meeting_command(member->meeting, &given, error);
}

char *
mcu_member_state(McuMember *member)
{
  return mcu_meeting_state(member->meeting);
}

char *
mcu_member_work(McuMember *member)
{
  MCU_ASSERT_MAIN();
  return mcu_meeting_work(member->meeting, member->site, mcu_role_has_desk(member->role));
}

char *
mcu_member_desk(McuMember *member)
{
  return mcu_role_has_desk(member->role) ? mcu_meeting_desk(member->meeting) : NULL;
}

gboolean
mcu_member_wanted(const McuMember *member, McuPicture *out_picture)
{
  McuMixSeat *seat = mcu_meeting_mix_seat(member->meeting, member->site);
  if (seat == NULL || !member->agreed.video_recv || member->leg == NULL || member->leg_failed)
    return FALSE;
  mcu_meeting_bridge(member->meeting)->config.engine->seat_wanted(seat, out_picture);
  return TRUE;
}

McuRole
mcu_member_role(const McuMember *member)
{
  return member->role;
}

const char *
mcu_member_site(const McuMember *member)
{
  return member->site;
}

const char *
mcu_member_site_name(const McuMember *member)
{
  const McuRoomSeat *seat = mcu_room_find(mcu_meeting_room(member->meeting), member->site);
  return seat != NULL ? seat->name : member->site; /* none: just being closed */
}

const char *
mcu_member_meeting(const McuMember *member)
{
  return mcu_meeting_id(member->meeting);
}

const char *
mcu_member_meeting_title(const McuMember *member)
{
  return mcu_meeting_title(member->meeting);
}

gboolean
mcu_member_recording(const McuMember *member)
{
  return mcu_room_recording(mcu_meeting_room(member->meeting));
}

const char *
mcu_member_sites(McuMember *member)
{
  return mcu_meeting_sites(member->meeting);
}
