/* A bridge without media: the functions of mcu/bridge/bridge.h, linked in place of the real ones to
 * test signaling. It remembers what was asked, in words, and sends the events a test wants. */
#pragma once

#include "mcu/bridge/bridge.h"
#include "mcu/util/error.h"

McuBridge *fake_bridge_new(void);
/* The next call of this kind fails with `code`: "join", "offer", "candidate", "restart", "record". */
void fake_bridge_fail(McuBridge *bridge, const char *call, McuError code);
/* What was called since the last time, one per line ("join m1 xa-1 site", "mic xa-1 on"); caller frees. */
char *fake_bridge_log(McuBridge *bridge);
guint fake_bridge_members(McuBridge *bridge);
/* The member of `site`, NULL when there is none. */
McuMember *fake_bridge_member(McuBridge *bridge, const char *site);
/* The SDP that came with the last offer of `member`. */
const char *fake_member_offer_text(McuMember *member);

/* Events to the member. */
void fake_member_sites_changed(McuMember *member);
void fake_member_line(McuMember *member, const McuLineInfo *line);
void fake_member_media_state(McuMember *member, gboolean connected, const GError *error);
void fake_member_recording(McuMember *member, gboolean on, const GError *error);
/* Ends it as the bridge would; frees it. */
void fake_member_close(McuMember *member, const GError *error);
