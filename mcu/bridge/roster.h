/* McuRoster: the list of sites as the members are told: all of it in `joined`, and what has changed in
 * `sites` (docs/protocol.md), each made once for everybody. The text of a site is made when the site
 * changes, so that a storm of joins costs each site's text once. Owned by a meeting; pure. */
#pragma once

#include "mcu/room/room.h"

typedef struct McuRoster McuRoster;

McuRoster *mcu_roster_new(void);
void mcu_roster_free(McuRoster *roster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuRoster, mcu_roster_free)

/* A seat is new (then it stands behind all others), or something about it may have changed. */
void mcu_roster_set(McuRoster *roster, const McuRoomSeat *seat);
void mcu_roster_remove(McuRoster *roster, const char *site);

/* The list as JSON, in order; borrowed until the next change. */
const char *mcu_roster_list(McuRoster *roster);
/* The message `sites`: what has changed since the last time; the caller unrefs. NULL: nothing. */
GBytes *mcu_roster_take_changes(McuRoster *roster);
