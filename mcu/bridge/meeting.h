/* McuMeeting: one meeting: its state (McuRoom), its mix while somebody is there, its members, its recording, its line
 * in the store. Obeys commands: decides by the room, keeps the events, applies them, and does what they mean for the
 * mix and the members. Owned by the bridge; all [main].
 *
 * A meeting that was made (McuRoom MADE) lives until it is ended, and sleeps without a mix while nobody is there; one
 * that began with a token lives from its first join to some time after its last leave. */
#pragma once

#include "mcu/bridge/bridge-priv.h"
#include "mcu/room/room.h"

/* `uuid` NULL: a new one, and the store is told that it opens. */
McuMeeting *mcu_meeting_new(McuBridge *bridge, const char *id, const char *title, const char *uuid);
/* Closes the members that are still there with `error`, ends the recording. `over`: it does not come back when the
 * bridge starts again. */
void mcu_meeting_free(McuMeeting *meeting, const GError *error, gboolean over);
/* Brings an event of the log back (replay.c); FALSE: it cannot be of this meeting. */
gboolean mcu_meeting_replay(McuMeeting *meeting, const McuRoomEvent *event);
/* After the last: whoever was there is taken for lost. The log goes on at `next_seq`. */
void mcu_meeting_replayed(McuMeeting *meeting, gint64 next_seq);

/* Gives `member` (of `grant`'s site) the site's seat, or a place in the lobby, or makes it a screen, and is its owner
 * from now on; closes the member who had it. On error `member` stays the caller's. */
gboolean mcu_meeting_join(McuMeeting *meeting, McuMember *member, const McuGrant *grant, GError **error);
/* The site goes; frees the member. */
void mcu_meeting_leave(McuMeeting *meeting, McuMember *member);
McuMember *mcu_meeting_find(McuMeeting *meeting, const char *site); /* by its seat */

/* Any command of a member or (`actor` NULL) of the bridge. */
gboolean mcu_meeting_command(McuMeeting *meeting, const McuRoomCommand *command, GError **error);
/* Until what was decided is on disk, or the time for that is over: after commands without an `actor`. */
void mcu_meeting_settle(McuMeeting *meeting);
void mcu_meeting_set_lost(McuMeeting *meeting, const char *site, gboolean lost);
void mcu_meeting_set_media(McuMeeting *meeting, const char *site, gboolean mic, gboolean camera);

/* FALSE: the meeting is over, to be freed. */
gboolean mcu_meeting_tick(McuMeeting *meeting, gint64 now_us, guint ticks);

McuBridge *mcu_meeting_bridge(const McuMeeting *meeting);
const char *mcu_meeting_id(const McuMeeting *meeting);
/* The side room of a meeting is a meeting of its own, with its own sound and picture: this is its name, which no site
 * can ask for. Caller frees. */
char *mcu_meeting_side_id(const McuMeeting *meeting);
/* The connection of `site` goes, so that it comes again, to where it belongs now. */
void mcu_meeting_send_away(McuMeeting *meeting, const char *site);
const char *mcu_meeting_uuid(const McuMeeting *meeting);
const char *mcu_meeting_title(const McuMeeting *meeting);
const McuRoom *mcu_meeting_room(const McuMeeting *meeting);
McuMix *mcu_meeting_mix(const McuMeeting *meeting);                                /* NULL: it sleeps */
McuMixSeat *mcu_meeting_mix_seat(const McuMeeting *meeting, const char *site);     /* NULL: none in the picture */
McuMixSeat *mcu_meeting_content_seat(const McuMeeting *meeting, const char *site); /* NULL: it does not present */
gboolean mcu_meeting_has_speaker_view(const McuMeeting *meeting);
const char *mcu_meeting_sites(McuMeeting *meeting); /* the list as JSON; borrowed until the next change */
char *mcu_meeting_state(McuMeeting *meeting);       /* bodies of the messages; caller frees */
char *mcu_meeting_desk(McuMeeting *meeting);
/* Members of `joined`, with a comma before each: work, chat, ballot, and for a desk desk-work. Caller frees. */
char *mcu_meeting_work(McuMeeting *meeting, const char *site, gboolean desk);
/* Tells a member that has just come to the desk of the work. */
void mcu_meeting_welcome_desk(McuMeeting *meeting, McuMember *member);
GBytes *mcu_meeting_lines(McuMeeting *meeting); /* all known so far; NULL: none. The caller unrefs */
void mcu_meeting_add_stats(McuMeeting *meeting, McuBridgeStats *stats);
