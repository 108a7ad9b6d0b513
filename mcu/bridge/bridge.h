/* McuBridge: the meetings of this server and the members in them. Ties together the state of a
 * meeting (mcu/room), the legs (mcu/transport) and the mix (include/mcu/media-engine.h). All [main].
 *
 * A member is one signed-in connection of a site: signaling makes it after checking the token, and
 * gets its events. The seat belongs to the site: a second member of the same site replaces the
 * first (which gets `closed` with MCU_ERROR_REPLACED) and finds the same seat. */
#pragma once

#include <glib.h>

#include "mcu/media-engine.h"
#include "mcu/room/room.h"
#include "mcu/transport/net.h"
#include "mcu/util/clock.h"

typedef struct McuBridge McuBridge;
typedef struct McuMember McuMember;
typedef struct McuStore McuStore;
typedef struct McuTicket McuTicket; /* a place among those who wait to join */

/* A connection beside the seat that only receives. */
typedef enum { MCU_SCREEN_NONE, MCU_SCREEN_WALL, MCU_SCREEN_PREVIEW } McuScreen;

/* What a checked token says. */
typedef struct {
  char meeting[MCU_ID_MAX_BYTES + 1];
  char site[MCU_ID_MAX_BYTES + 1]; /* the seat; of observers too (no seat in the picture) */
  char *meeting_title;             /* UTF-8, NFC; NULL: as known, or the id */
  char *site_name;                 /* UTF-8, NFC, at most MCU_NAME_MAX_CHARS; NULL: the id */
  McuRole role;
  gint64 expires_s;                      /* Unix time */
  char belongs_to[MCU_ID_MAX_BYTES + 1]; /* the site beside which it watches; "": nobody */
  gboolean sends_only;                   /* receives nothing (WHIP): nothing is planned for it */
  gboolean admin;                        /* opens the administration, and no meeting: nothing else is set */
  gboolean by_list;                      /* a lasting link: the meeting must be there, and its list says the role */

  /* What the client says besides the token. */
  char client[MCU_ID_MAX_BYTES + 1]; /* which page or device it is; "": replaces whoever is there without asking */
  gboolean replace;                  /* it has asked */
  McuScreen screen;                  /* not a seat: one more screen of somebody at the desk */
} McuGrant;

typedef struct {
  McuNet *net;                     /* borrowed */
  const McuCert *cert;             /* borrowed */
  const McuMediaEngineOps *engine; /* borrowed */
  const McuLayouts *layouts;       /* borrowed; NULL: none but MCU_LAYOUT_AUTO */
  McuStore *store;                 /* borrowed; NULL: nothing is kept */
  const char *database;            /* the store's file: meetings that were open are brought back from it; NULL: none */
  gint64 settle_us;                /* for the disk to have an event before it takes effect */
  const char *data_dir;            /* recordings go to DATA/recordings/MEETING/ */
  const char *const *media_addresses;
  guint16 port_min, port_max;
  gboolean full_ice;
  guint video_kbps, audio_kbps;
  guint site_kbps;                 /* asked of each site's camera */
  guint content_kbps;              /* and of what it presents */
  guint max_meetings, max_members; /* members: legs of the whole bridge */
  guint max_heard, max_visible;
  guint max_mbps;        /* planned to be sent in all; 0: no limit */
  const McuClock *clock; /* borrowed; NULL: the kernel's */
  gint64 lost_grace_us;  /* a lost site's seat stays in the picture so long */
} McuBridgeConfig;

typedef struct {
  guint loss_permille; /* the worse of both directions, last interval */
  guint rtt_ms;
  guint quality; /* 0 none, 1 poor, 2 fair, 3 good */
} McuLineInfo;

/* From within an event only the functions that return something about a member may be called. */
typedef struct {
  /* `text` is the message `sites`, the same bytes for all members: to be sent as it is. At most once per
   * heartbeat. */
  void (*sites_changed)(McuMember *member, GBytes *text, gpointer user_data);
  /* Likewise `state`, and for those at the desk `desk` and `lines`. */
  void (*told)(McuMember *member, GBytes *text, gpointer user_data);
  /* It waited in the lobby (mcu_member_waits()) and has its seat now. */
  void (*admitted)(McuMember *member, gpointer user_data);
  /* What is wanted of its camera from now on; see mcu_member_wanted(). */
  void (*picture_wanted)(McuMember *member, const McuPicture *picture, gpointer user_data);
  void (*recording_changed)(McuMember *member, gboolean recording, const GError *error, gpointer user_data);
  void (*line)(McuMember *member, const McuLineInfo *line, gpointer user_data); /* every 2 s */
  void (*media_state)(McuMember *member, gboolean connected, const GError *error, gpointer user_data);
  /* The member is over (replaced, removed, server stopping): it is freed after this returns. */
  void (*closed)(McuMember *member, const GError *error, gpointer user_data);
} McuMemberEvents;

/* --- meetings that are made -------------------------------------------------------------------- */

typedef struct {
  char *id, *title;
  gint64 planned_ms; /* Unix; 0: for no time */
  guint invited, present;
} McuMeetingInfo;

void mcu_meeting_info_free(McuMeetingInfo *info);

/* `id` NULL: one is made up, and told by `*out_id` (caller frees). MCU_ERROR_BAD_MESSAGE, _FULL, _CONFLICT (there is
 * one of that id). */
gboolean mcu_bridge_make_meeting(McuBridge *bridge, const char *id, const char *title, gint64 planned_ms, char **out_id,
                                 GError **error);
/* As a new one, with list, scenes and rules of `from`. MCU_ERROR_NOT_FOUND, and as above. */
gboolean mcu_bridge_copy_meeting(McuBridge *bridge, const char *from, const char *id, const char *title,
                                 gint64 planned_ms, char **out_id, GError **error);
/* `title` NULL, `planned_ms` -1: stays. MCU_ERROR_NOT_FOUND, _BAD_MESSAGE. */
gboolean mcu_bridge_change_meeting(McuBridge *bridge, const char *id, const char *title, gint64 planned_ms,
                                   GError **error);
gboolean mcu_bridge_end_meeting(McuBridge *bridge, const char *id, GError **error);
/* McuMeetingInfo, the caller unrefs the array: all, or those on whose list `site` is (NULL: all). */
GPtrArray *mcu_bridge_list_meetings(McuBridge *bridge, const char *site);
/* NULL: there is none. Caller frees. */
McuMeetingInfo *mcu_bridge_find_meeting(McuBridge *bridge, const char *id);
/* The room of a meeting, to read its list; NULL: there is none. Borrowed until the next turn of the loop. */
const McuRoom *mcu_bridge_room(McuBridge *bridge, const char *id);

/* One site of a list. */
typedef struct {
  char *site, *name, *parent, *telephone, *email; /* parent and contacts "": none */
  guint level;
  McuRole role;
} McuInvitation;

/* Which holding of the meeting this is, in the store; NULL: there is none of that id. Borrowed. */
const char *mcu_bridge_meeting_uuid(McuBridge *bridge, const char *id);
/* A command of the bridge itself, which no member may give. As mcu_member_command(); MCU_ERROR_NOT_FOUND. */
gboolean mcu_bridge_command(McuBridge *bridge, const char *id, const McuRoomCommand *command, GError **error);

/* The whole list, in its order: who is not in it any more is invited no longer. Either all of it or, on error, nothing.
 * MCU_ERROR_NOT_FOUND, _BAD_MESSAGE, _TOO_LARGE. */
gboolean mcu_bridge_invite(McuBridge *bridge, const char *id, const McuInvitation *list, guint n, GError **error);

McuBridge *mcu_bridge_new(const McuBridgeConfig *config, GError **error);
void mcu_bridge_free(McuBridge *bridge); /* stops first, if that has not been done */
/* Ends meetings and recordings: every member gets `closed`; joining fails from now on. */
void mcu_bridge_stop(McuBridge *bridge);

/* Asks to join: `turn` is called once, later, from the main loop, and is the time to call
 * mcu_bridge_join(). The chair is let in first, then who has the floor, then the others in the order
 * they came, a few in each turn of the loop. MCU_ERROR_FULL: as many wait as may be members. */
McuTicket *mcu_bridge_wait(McuBridge *bridge, const McuGrant *grant, void (*turn)(gpointer user_data),
                           gpointer user_data, GError **error);
/* Before the turn: it does not come. */
void mcu_ticket_cancel(McuTicket *ticket);
/* A valid token names a meeting that the holder of the key wanted: it is made on first joining, and
 * closed some time after the last has left. MCU_ERROR_FULL. */
McuMember *mcu_bridge_join(McuBridge *bridge, const McuGrant *grant, const McuMemberEvents *events, gpointer user_data,
                           GError **error);

/* Leaves orderly: the site goes from the picture at once. Frees the member. */
void mcu_member_leave(McuMember *member);
/* The signaling connection ended without a word. Media goes on as long as it flows; the seat is
 * shown as lost when it stops. Frees the member when the grace is over; no event comes after. */
void mcu_member_lost(McuMember *member);

/* Offer in, answer out (caller frees); MCU_ERROR_FULL when what it would receive is more than the bridge
 * may send: then everything stays as it was. Again for a renegotiation or after a leg failed: then a new
 * leg is made. `send`/`receive` restrict it (WHIP: only receive from the client; WHEP: only send). */
char *mcu_member_offer(McuMember *member, const char *sdp, gsize size, GError **error);
gboolean mcu_member_add_candidate(McuMember *member, const char *candidate, GError **error);
/* ICE restart by trickle fragment (WHIP PATCH): new credentials of the client in, ours out (caller
 * frees; application/trickle-ice-sdpfrag). */
char *mcu_member_restart_ice(McuMember *member, const char *fragment, gsize size, GError **error);

/* TRUE: it is in the lobby, and may only leave, until `admitted` or `closed`. */
gboolean mcu_member_waits(const McuMember *member);
/* A command of the member: its `actor` is set here, and for commands about oneself its `site`. Errors of
 * mcu_room_decide(), MCU_ERROR_RECORDING. FORBIDDEN for screens and who waits. */
gboolean mcu_member_command(McuMember *member, const McuRoomCommand *command, GError **error);
/* The bodies of `state` and of `desk` (NULL: not for its role), as told last; caller frees. */
char *mcu_member_state(McuMember *member);
char *mcu_member_desk(McuMember *member);
/* Further members of `joined`, with a comma before each; caller frees. */
char *mcu_member_work(McuMember *member);

void mcu_member_set_mic(McuMember *member, gboolean on);
void mcu_member_set_camera(McuMember *member, gboolean on);

/* What it receives from now on, as long as it is a member: programme, 720 lines at first. Wall and
 * preview are for those at the desk (MCU_ERROR_FORBIDDEN); MCU_ERROR_FULL as for offers. */
gboolean mcu_member_watch(McuMember *member, McuView view, McuRung rung, GError **error);
/* What is wanted of its camera; to be told after each answer, for a new connection of a site starts from
 * nothing. FALSE: it sends none. */
gboolean mcu_member_wanted(const McuMember *member, McuPicture *out_picture);

McuRole mcu_member_role(const McuMember *member);
const char *mcu_member_site(const McuMember *member);
const char *mcu_member_site_name(const McuMember *member);
const char *mcu_member_meeting(const McuMember *member);
const char *mcu_member_meeting_title(const McuMember *member);
gboolean mcu_member_recording(const McuMember *member);
/* The list of all sites as JSON, in the order of the seats: the value of `sites` in `joined`. Borrowed
 * until the next change. */
const char *mcu_member_sites(McuMember *member);

/* For /metrics and /healthz. */
typedef struct {
  guint meetings, members, seats, recordings;
  guint waiting;        /* to join */
  guint64 planned_kbps; /* to be sent to the members */
  McuMixStats mix;      /* summed over meetings */
  McuNetStats net;
} McuBridgeStats;
void mcu_bridge_get_stats(McuBridge *bridge, McuBridgeStats *out_stats);
