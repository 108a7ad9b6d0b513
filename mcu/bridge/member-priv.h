/* McuMember spans three files: member.c (its life and its events), negotiate.c (its leg) and watch.c
 * (the picture it receives). */
#pragma once

#include "mcu/bridge/line.h"
#include "mcu/bridge/meeting.h"
#include "mcu/sdp/sdp.h"

struct McuMember {
  McuMeeting *meeting; /* borrowed: it owns us */
  McuRole role;
  char site[MCU_ID_MAX_BYTES + 1];
  McuMemberEvents events;
  gpointer user_data;
  gboolean signaling_lost; /* then no event goes out */

  /* the connection */
  McuLeg *leg;
  gboolean leg_failed; /* freed at the next poll, not from within its own event */
  gint64 connected_us; /* 0: not (yet) */
  guint32 audio_ssrc, video_ssrc;
  char remote_ufrag[257], remote_pwd[257];
  guint8 remote_fingerprint[32];
  guint n_candidates;
  char mid[MCU_SDP_MID_BYTES]; /* of the first line, for fragments */
  guint64 session_id, session_version;
  McuSdpAgreed agreed;
  McuRing *audio_ring, *video_ring;
  McuCodec video_ring_codec;
  gboolean negotiating;  /* an offer is being answered */
  guint remb_kbps;       /* as the leg was told */
  gboolean sends;        /* sound or picture ought to come ... */
  gint64 sends_since_us; /* ... for so long */
  McuLine line;

  /* what it receives */
  McuView view;
  McuRung rung;
  McuRendition sending; /* acquired; MCU_CODEC_NONE: none */
  McuStream *sending_stream;
  guint planned_kbps; /* held in the bridge's budget */
};

/* --- member.c ----------------------------------------------------------------------------- */

McuMember *mcu_member_new(McuMeeting *meeting, const McuGrant *grant, const McuMemberEvents *events,
                          gpointer user_data);
void mcu_member_free(McuMember *member); /* without an event */
/* Tells the owner, unless its signaling is gone, and frees. */
void mcu_member_close(McuMember *member, const GError *error);
/* Every 500 ms: lost or back. */
void mcu_member_poll(McuMember *member, gint64 now_us);
/* Every 2 s: quality of the line. */
void mcu_member_poll_line(McuMember *member);
void mcu_member_notify_sites(McuMember *member, GBytes *text);
void mcu_member_notify_picture(McuMember *member, const McuPicture *picture);
void mcu_member_notify_recording(McuMember *member, gboolean on, const GError *error);
void mcu_member_on_leg_state(McuLeg *leg, McuLegState state, const GError *error, gpointer user_data);

/* --- negotiate.c -------------------------------------------------------------------------- */

void mcu_member_drop_leg(McuMember *member);
/* For clients that do not obey `picture`: asks by REMB for what is wanted. Touches nothing else. */
void mcu_member_apply_rate(McuMember *member);

/* --- watch.c ------------------------------------------------------------------------------ */

/* Plans what `agreed` means for the bridge's line. MCU_ERROR_FULL; then the plan stays as it was. */
gboolean mcu_member_plan(McuMember *member, const McuSdpAgreed *agreed, GError **error);
/* The rendition chosen, in the codec agreed, to the leg. */
gboolean mcu_member_send_video(McuMember *member, GError **error);
/* The rendition is let go; the leg may live on for a moment. */
void mcu_member_release_video(McuMember *member);
