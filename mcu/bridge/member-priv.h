/* McuMember spans three files: member.c (its life and its events), negotiate.c (its leg) and watch.c
 * (the picture it receives). */
#pragma once

#include "mcu/bridge/line.h"
#include "mcu/bridge/meeting.h"
#include "mcu/sdp/sdp.h"

#define MCU_KEY_MAX_BYTES (MCU_ID_MAX_BYTES + 16)

struct McuMember {
  McuMeeting *meeting; /* borrowed: it owns us */
  McuRole role;        /* of its seat; an observer's for a screen */
  McuScreen screen;    /* not NONE: it has no seat, and `site` is its key */
  gboolean waits;      /* in the lobby: it has no seat yet */
  char lobby_name[MCU_NAME_MAX_BYTES + 1];
  char client[MCU_ID_MAX_BYTES + 1];
  char site[MCU_KEY_MAX_BYTES + 1];
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
  McuRing *content_ring; /* of what it presents; NULL: it does not, or the connection has no second picture */
  McuCodec content_ring_codec;
  gboolean negotiating;  /* an offer is being answered */
  guint remb_kbps;       /* as the leg was told */
  gboolean sends;        /* sound or picture ought to come ... */
  gint64 sends_since_us; /* ... for so long */
  McuLine line;
  guint quality; /* of it, as told last */

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
/* What a member without a seat is known by among the others: no site has such an id. Caller frees. */
char *mcu_member_key(const char *site, McuScreen screen);
void mcu_member_become_screen(McuMember *member, McuScreen screen, const char *key);
void mcu_member_notify_told(McuMember *member, GBytes *text);
void mcu_member_notify_admitted(McuMember *member);
/* It has come to the desk: is told of what is there. */
void mcu_member_welcome_desk(McuMember *member);
void mcu_member_notify_sites(McuMember *member, GBytes *text);
void mcu_member_notify_picture(McuMember *member, const McuPicture *picture);
void mcu_member_notify_recording(McuMember *member, gboolean on, const GError *error);
void mcu_member_on_leg_state(McuLeg *leg, McuLegState state, const GError *error, gpointer user_data);

/* --- negotiate.c -------------------------------------------------------------------------- */

void mcu_member_drop_leg(McuMember *member);
/* For clients that do not obey `picture`: asks by REMB for what is wanted. Touches nothing else. */
void mcu_member_apply_rate(McuMember *member);
/* It presents, or does so no more: the second picture of its leg goes where it is seen, or nowhere. */
void mcu_member_follow_content(McuMember *member);

/* --- watch.c ------------------------------------------------------------------------------ */

/* Plans what `agreed` means for the bridge's line. MCU_ERROR_FULL; then the plan stays as it was. */
gboolean mcu_member_plan(McuMember *member, const McuSdpAgreed *agreed, GError **error);
/* The rendition chosen, in the codec agreed, to the leg. */
gboolean mcu_member_send_video(McuMember *member, GError **error);
/* The floor has come or gone, or the layout: it may have to see another view. */
void mcu_member_follow_view(McuMember *member);
/* The rendition is let go; the leg may live on for a moment. */
void mcu_member_release_video(McuMember *member);
