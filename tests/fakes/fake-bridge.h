/* A bridge without media: the functions of mcu/bridge/bridge.h, linked in place of the real ones to
 * test signaling. It remembers what was asked, in words, and sends the events a test wants. Who waits to
 * join is let in by fake_bridge_turn(), or by the main loop where one runs. */
#pragma once

#include "mcu/bridge/bridge.h"
#include "mcu/util/error.h"

McuBridge *fake_bridge_new(void);
/* The next call of this kind fails with `code`: "wait", "join", "offer",
 * "candidate", "restart", "watch", "make", "copy", "change", "end", "invite", or the word of a command: "floor" ... */
void fake_bridge_fail(McuBridge *bridge, const char *call, McuError code);
/* What was called since the last time, one per line; caller frees. As "join m1 xa-1 site", behind it what the client
 * said ("client=ID", "replace", "screen=wall"), "mic xa-1 on", "floor xa-1 xa-2 on 120". */
char *fake_bridge_log(McuBridge *bridge);
guint fake_bridge_members(McuBridge *bridge);
/* Everybody who waits has his turn. */
void fake_bridge_turn(McuBridge *bridge);
guint fake_bridge_waiting(McuBridge *bridge);
/* Who joins while it is `on` waits to be admitted. */
void fake_bridge_lobby(McuBridge *bridge, gboolean on);
/* The member of `site`, NULL when there is none. A screen's is SITE~wall or SITE~preview. */
McuMember *fake_bridge_member(McuBridge *bridge, const char *site);
/* The SDP that came with the last offer of `member`. */
const char *fake_member_offer_text(McuMember *member);

/* Events to the member. */
void fake_member_tell(McuMember *member, const char *message);
/* It has waited. */
void fake_member_admit(McuMember *member);
void fake_member_sites_changed(McuMember *member);
/* ... and what mcu_member_wanted() says from now on. */
void fake_member_want(McuMember *member, const McuPicture *picture);
void fake_member_line(McuMember *member, const McuLineInfo *line);
void fake_member_media_state(McuMember *member, gboolean connected, const GError *error);
void fake_member_recording(McuMember *member, gboolean on, const GError *error);
/* Ends it as the bridge would; frees it. */
void fake_member_close(McuMember *member, const GError *error);
