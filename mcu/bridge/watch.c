/* What a member receives: the view and the size it has chosen, in the codec agreed. Part of McuMember,
 * all on main. */
#include "mcu/bridge/member-priv.h"
#include "mcu/util/error.h"
#include "mcu/util/loop.h"

static const McuMediaEngineOps *
engine_of(const McuMember *member)
{
  return mcu_meeting_bridge(member->meeting)->config.engine;
}

/* Who has the floor may have a picture of its own in place of the programme. */
static McuView
effective_view(const McuMember *member)
{
  if (member->view != MCU_VIEW_PROGRAMME || !mcu_meeting_has_speaker_view(member->meeting))
    return member->view;
  const McuRoomSeat *seat = mcu_room_find(mcu_meeting_room(member->meeting), member->site);
  return seat != NULL && seat->floor ? MCU_VIEW_SPEAKER : MCU_VIEW_PROGRAMME;
}

/* --- the budget --------------------------------------------------------------------------- */

gboolean
mcu_member_plan(McuMember *member, const McuSdpAgreed *agreed, GError **error)
{
  McuBridge *bridge = mcu_meeting_bridge(member->meeting);
  const McuRendition rendition = {effective_view(member), member->rung, agreed->video.codec};
  guint video = agreed->video_send ? engine_of(member)->video_kbps(mcu_meeting_mix(member->meeting), &rendition) : 0;
  guint wanted = mcu_budget_need(video, agreed->audio_send ? bridge->config.audio_kbps : 0);
  if (!mcu_budget_fits(&bridge->budget, member->planned_kbps, wanted, error))
    return FALSE;
  mcu_budget_hold(&bridge->budget, &member->planned_kbps, wanted);
  return TRUE;
}

/* --- the rendition ------------------------------------------------------------------------ */

void
mcu_member_release_video(McuMember *member)
{
  if (member->sending.codec != MCU_CODEC_NONE)
    engine_of(member)->video_release(mcu_meeting_mix(member->meeting), &member->sending);
  member->sending.codec = MCU_CODEC_NONE;
  member->sending_stream = NULL;
}

static gboolean
same(const McuRendition *left, const McuRendition *right)
{
  return left->codec == right->codec &&
         (left->codec == MCU_CODEC_NONE || (left->view == right->view && left->rung == right->rung));
}

/* The new one is there before the old one goes: it may be its encoder that somebody else starts anew. */
static gboolean
change_rendition(McuMember *member, const McuRendition *wanted, GError **error)
{
  McuStream *stream = NULL;
  if (wanted->codec != MCU_CODEC_NONE) {
    stream = engine_of(member)->video_acquire(mcu_meeting_mix(member->meeting), wanted, error);
    if (stream == NULL && wanted->codec == member->sending.codec)
      return FALSE; /* the old one goes on */
  }
  mcu_leg_send_video(member->leg, stream);
  mcu_member_release_video(member);
  if (stream == NULL)
    return wanted->codec == MCU_CODEC_NONE;
  member->sending = *wanted;
  member->sending_stream = stream;
  return TRUE;
}

gboolean
mcu_member_send_video(McuMember *member, GError **error)
{
  const McuRendition wanted = {effective_view(member), member->rung,
                               member->agreed.video_send ? member->agreed.video.codec : MCU_CODEC_NONE};
  if (!same(&wanted, &member->sending))
    return change_rendition(member, &wanted, error);
  mcu_leg_send_video(member->leg, member->sending_stream);
  return TRUE;
}

/* --- the choice --------------------------------------------------------------------------- */

static gboolean
follow_choice(McuMember *member, GError **error)
{
  if (member->leg == NULL || member->leg_failed)
    return TRUE; /* the next offer does */
  guint planned = member->planned_kbps;
  if (!mcu_member_plan(member, &member->agreed, error))
    return FALSE;
  if (mcu_member_send_video(member, error))
    return TRUE;
  mcu_budget_hold(&mcu_meeting_bridge(member->meeting)->budget, &member->planned_kbps, planned);
  return FALSE;
}

void
mcu_member_follow_view(McuMember *member)
{
  g_autoptr(GError) error = NULL;
  if (member->sending.codec == MCU_CODEC_NONE || member->sending.view == effective_view(member))
    return;
  if (!follow_choice(member, &error))
    g_message("%s/%s: no other picture: %s", mcu_meeting_id(member->meeting), member->site, error->message);
}

/* A screen stays what it is. */
static gboolean
may_watch(const McuMember *member, McuView view)
{
  if (member->screen != MCU_SCREEN_NONE)
    return view == member->view;
  return view == MCU_VIEW_PROGRAMME ||
         (view != MCU_VIEW_SPEAKER &&
          mcu_rights_allow(MCU_ROOM_WATCH_DESK, member->role, mcu_room_state(mcu_meeting_room(member->meeting))));
}

gboolean
mcu_member_watch(McuMember *member, McuView view, McuRung rung, GError **error)
{
  MCU_ASSERT_MAIN();
  if (!may_watch(member, view)) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_FORBIDDEN, "that picture is for those at the desk");
    return FALSE;
  }
  if (view == member->view && rung == member->rung)
    return TRUE;
  const McuView old_view = member->view;
  const McuRung old_rung = member->rung;
  member->view = view;
  member->rung = rung;
  if (follow_choice(member, error))
    return TRUE;
  member->view = old_view;
  member->rung = old_rung;
  return FALSE;
}
