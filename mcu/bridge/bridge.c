/* The registry of meetings, the limits of the bridge, and its heartbeat. One per process, owned by
 * the server; all on main. */
#include "mcu/bridge/bridge-priv.h"

#include "mcu/bridge/member-priv.h"
#include "mcu/bridge/replay.h"
#include "mcu/util/error.h"
#include "mcu/util/loop.h"

gint64
mcu_bridge_now(const McuBridge *bridge)
{
  return mcu_clock_now(bridge->config.clock);
}

/* --- heartbeat ---------------------------------------------------------------------------- */

static void
free_meeting(McuMeeting *meeting, gboolean over, const char *why)
{
  g_autoptr(GError) error = g_error_new_literal(MCU_ERROR, MCU_ERROR_INTERNAL, why);
  mcu_meeting_free(meeting, error, over);
}

void
mcu_bridge_tick(McuBridge *bridge)
{
  gint64 now_us = mcu_bridge_now(bridge);
  bridge->ticks++;
  /* Who has not run cannot say that the others were silent. */
  if (bridge->last_tick_us != 0 && now_us - bridge->last_tick_us > 3 * MCU_BRIDGE_TICK_US)
    bridge->distrust_until_us = now_us + G_USEC_PER_SEC;
  bridge->last_tick_us = now_us;
  GHashTableIter iter;
  gpointer meeting;
  g_hash_table_iter_init(&iter, bridge->meetings);
  while (g_hash_table_iter_next(&iter, NULL, &meeting)) {
    if (mcu_meeting_tick(meeting, now_us, bridge->ticks))
      continue;
    g_hash_table_iter_remove(&iter);
    free_meeting(meeting, TRUE, "the meeting is over");
  }
}

static gboolean
on_timer(gpointer user_data)
{
  mcu_bridge_tick(user_data);
  return G_SOURCE_CONTINUE;
}

/* --- life --------------------------------------------------------------------------------- */

McuBridge *
mcu_bridge_new(const McuBridgeConfig *config, GError **error)
{
  MCU_ASSERT_MAIN();
  McuBridge *bridge = g_new0(McuBridge, 1);
  bridge->config = *config;
  bridge->data_dir = g_strdup(config->data_dir);
  bridge->media_addresses = g_strdupv((char **)config->media_addresses);
  bridge->config.data_dir = bridge->data_dir;
  bridge->config.media_addresses = (const char *const *)bridge->media_addresses;
  g_snprintf(bridge->cname, sizeof bridge->cname, "diemcau-%08x%08x", g_random_int(), g_random_int());
  bridge->meetings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  bridge->budget.limit_kbps = (guint64)config->max_mbps * 1000;
  bridge->admission = mcu_admission_new(config->max_members);
  bridge->timer = g_timeout_add(MCU_BRIDGE_TICK_US / 1000, on_timer, bridge);
  if (config->database != NULL && !mcu_replay_meetings(bridge, config->database, error)) {
    mcu_bridge_free(bridge);
    return NULL;
  }
  return bridge;
}

void
mcu_bridge_stop(McuBridge *bridge)
{
  MCU_ASSERT_MAIN();
  bridge->stopped = TRUE;
  /* Who waits hears in its turn that it is too late. */
  while (mcu_admission_next(bridge->admission))
    ;
  g_autoptr(GList) meetings = g_hash_table_get_values(bridge->meetings);
  g_hash_table_remove_all(bridge->meetings);
  for (GList *l = meetings; l != NULL; l = l->next)
    free_meeting(l->data, FALSE, "the bridge is stopping");
}

void
mcu_bridge_free(McuBridge *bridge)
{
  if (bridge == NULL)
    return;
  mcu_bridge_stop(bridge);
  g_assert(bridge->n_members == 0 && bridge->budget.planned_kbps == 0);
  g_source_remove(bridge->timer);
  if (bridge->admit_source != 0)
    g_source_remove(bridge->admit_source);
  mcu_admission_free(bridge->admission);
  g_hash_table_unref(bridge->meetings);
  g_strfreev(bridge->media_addresses);
  g_free(bridge->data_dir);
  g_free(bridge);
}

/* --- waiting to join ---------------------------------------------------------------------- */

gboolean
mcu_bridge_admit(McuBridge *bridge)
{
  for (guint i = 0; i < MCU_BRIDGE_ADMIT_PER_TURN; i++)
    if (!mcu_admission_next(bridge->admission))
      break;
  return mcu_admission_waiting(bridge->admission) > 0;
}

static gboolean
on_admit(gpointer user_data)
{
  McuBridge *bridge = user_data;
  if (mcu_bridge_admit(bridge))
    return G_SOURCE_CONTINUE;
  bridge->admit_source = 0;
  return G_SOURCE_REMOVE;
}

static McuAdmissionClass
class_of(McuBridge *bridge, const McuGrant *grant)
{
  if (grant->role == MCU_ROLE_CHAIR)
    return MCU_ADMISSION_CHAIR;
  McuMeeting *meeting = g_hash_table_lookup(bridge->meetings, grant->meeting);
  const McuRoomSeat *seat = meeting != NULL ? mcu_room_find(mcu_meeting_room(meeting), grant->site) : NULL;
  return seat != NULL && seat->floor ? MCU_ADMISSION_FLOOR : MCU_ADMISSION_OTHER;
}

McuTicket *
mcu_bridge_wait(McuBridge *bridge, const McuGrant *grant, void (*turn)(gpointer user_data), gpointer user_data,
                GError **error)
{
  MCU_ASSERT_MAIN();
  McuTicket *ticket = NULL;
  if (!bridge->stopped)
    ticket = mcu_admission_add(bridge->admission, class_of(bridge, grant), turn, user_data);
  if (ticket == NULL) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_FULL, "%s",
                bridge->stopped ? "the bridge is stopping" : "too many are waiting to join");
    return NULL;
  }
  /* The priority of everything else on main: those who are in are served between the turns. */
  if (bridge->admit_source == 0)
    bridge->admit_source = g_idle_add_full(G_PRIORITY_DEFAULT, on_admit, bridge, NULL);
  return ticket;
}

/* --- joining ------------------------------------------------------------------------------ */

McuMeeting *
mcu_bridge_add_meeting(McuBridge *bridge, const char *id, const char *title, const char *uuid, GError **error)
{
  if (g_hash_table_size(bridge->meetings) >= bridge->config.max_meetings) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_FULL, "the bridge holds its limit of %u meetings",
                bridge->config.max_meetings);
    return NULL;
  }
  McuMeeting *meeting = mcu_meeting_new(bridge, id, title, uuid);
  g_hash_table_insert(bridge->meetings, g_strdup(id), meeting);
  return meeting;
}

/* Who was sent there joins the side room, by the link it has. */
static McuMeeting *
find_side(McuBridge *bridge, McuMeeting *meeting, GError **error)
{
  g_autofree char *id = mcu_meeting_side_id(meeting);
  McuMeeting *side = g_hash_table_lookup(bridge->meetings, id);
  return side != NULL ? side : mcu_bridge_add_meeting(bridge, id, mcu_meeting_title(meeting), NULL, error);
}

static McuMeeting *
find_or_make_meeting(McuBridge *bridge, const McuGrant *grant, GError **error)
{
  McuMeeting *meeting = g_hash_table_lookup(bridge->meetings, grant->meeting);
  if (meeting != NULL && mcu_room_is_aside(mcu_meeting_room(meeting), grant->site))
    return find_side(bridge, meeting, error);
  if (meeting != NULL)
    return meeting;
  if (grant->by_list || grant->screen != MCU_SCREEN_NONE) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such meeting");
    return NULL;
  }
  return mcu_bridge_add_meeting(bridge, grant->meeting, grant->meeting_title, NULL, error);
}

/* Until its offer says more: the programme and its sound. */
static guint
plan_for(const McuBridge *bridge, const McuGrant *grant)
{
  return grant->sends_only ? 0 : mcu_budget_need(bridge->config.video_kbps, bridge->config.audio_kbps);
}

static gboolean
has_room(McuBridge *bridge, const McuGrant *grant, GError **error)
{
  if (bridge->stopped) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_FULL, "the bridge is stopping");
    return FALSE;
  }
  /* Who comes back replaces, and so needs no more. */
  McuMeeting *meeting = g_hash_table_lookup(bridge->meetings, grant->meeting);
  gboolean screen = grant->screen != MCU_SCREEN_NONE;
  const McuMember *before = meeting != NULL && !screen ? mcu_meeting_find(meeting, grant->site) : NULL;
  if (before == NULL && bridge->n_members >= bridge->config.max_members) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_FULL, "the bridge has its limit of %u members", bridge->config.max_members);
    return FALSE;
  }
  return mcu_budget_fits(&bridge->budget, before != NULL ? before->planned_kbps : 0, plan_for(bridge, grant), error);
}

McuMember *
mcu_bridge_join(McuBridge *bridge, const McuGrant *grant, const McuMemberEvents *events, gpointer user_data,
                GError **error)
{
  MCU_ASSERT_MAIN();
  if (!has_room(bridge, grant, error))
    return NULL;
  McuMeeting *meeting = find_or_make_meeting(bridge, grant, error);
  if (meeting == NULL)
    return NULL;
  McuMember *member = mcu_member_new(meeting, grant, events, user_data);
  mcu_budget_hold(&bridge->budget, &member->planned_kbps, plan_for(bridge, grant));
  if (!mcu_meeting_join(meeting, member, grant, error)) {
    mcu_member_free(member);
    return NULL; /* a meeting made for nobody goes by itself */
  }
  return member;
}

/* --- statistics --------------------------------------------------------------------------- */

void
mcu_bridge_get_stats(McuBridge *bridge, McuBridgeStats *out_stats)
{
  *out_stats = (McuBridgeStats){.members = bridge->n_members,
                                .waiting = mcu_admission_waiting(bridge->admission),
                                .planned_kbps = bridge->budget.planned_kbps};
  GHashTableIter iter;
  gpointer meeting;
  g_hash_table_iter_init(&iter, bridge->meetings);
  while (g_hash_table_iter_next(&iter, NULL, &meeting))
    mcu_meeting_add_stats(meeting, out_stats);
  mcu_net_get_stats(bridge->config.net, &out_stats->net);
}
