/* McuMeeting: one meeting: its state (McuRoom), its mix, its members, its recording, its line in the
 * store. Obeys commands: decides by the room, applies the events, and does what they mean for the
 * mix, the store and the members. Owned by the bridge; all [main]. */
#pragma once

#include "mcu/bridge/bridge-priv.h"
#include "mcu/room/room.h"

McuMeeting *mcu_meeting_new(McuBridge *bridge, const McuGrant *grant, GError **error);
/* Closes the members that are still there with `error`, ends the recording. */
void mcu_meeting_free(McuMeeting *meeting, const GError *error);

/* Gives `member` (of `grant`'s site) the site's seat, and is its owner from now on; closes the member
 * who had it. On error `member` stays the caller's. */
gboolean mcu_meeting_join(McuMeeting *meeting, McuMember *member, const McuGrant *grant, GError **error);
/* The site goes; frees the member. */
void mcu_meeting_leave(McuMeeting *meeting, McuMember *member);
McuMember *mcu_meeting_find(McuMeeting *meeting, const char *site);

void mcu_meeting_set_lost(McuMeeting *meeting, const char *site, gboolean lost);
void mcu_meeting_set_media(McuMeeting *meeting, const char *site, gboolean mic, gboolean camera);
gboolean mcu_meeting_record(McuMeeting *meeting, const char *site, gboolean on, GError **error);
gboolean mcu_meeting_floor(McuMeeting *meeting, const char *site, gboolean on, GError **error);

/* FALSE: the meeting is over, to be freed. */
gboolean mcu_meeting_tick(McuMeeting *meeting, gint64 now_us, guint ticks);

McuBridge *mcu_meeting_bridge(const McuMeeting *meeting);
const char *mcu_meeting_id(const McuMeeting *meeting);
const char *mcu_meeting_title(const McuMeeting *meeting);
const McuRoom *mcu_meeting_room(const McuMeeting *meeting);
McuMix *mcu_meeting_mix(const McuMeeting *meeting);
McuMixSeat *mcu_meeting_mix_seat(const McuMeeting *meeting, const char *site); /* NULL: none in the picture */
const char *mcu_meeting_sites(McuMeeting *meeting); /* the list as JSON; borrowed until the next change */
void mcu_meeting_add_stats(McuMeeting *meeting, McuBridgeStats *stats);
