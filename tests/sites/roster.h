/* SimRoster: the list of seats as the bridge tells it: all of them when one has joined, changes afterwards.
 * Pure. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct SimRoster SimRoster;

SimRoster *sim_roster_new(void);
void sim_roster_free(SimRoster *roster); /* NULL is fine */

/* [owner] `sites` of `joined`: everybody; what was known before is forgotten. */
void sim_roster_set(SimRoster *roster, const json_t *sites);
/* [owner] `sites` and `gone` of `sites`: who is new or has changed, and who is no more. NULL is fine. */
void sim_roster_change(SimRoster *roster, const json_t *sites, const json_t *gone);

/* [owner] Seats that can be in a picture: not those of observers. Present or lost. */
guint sim_roster_seats(const SimRoster *roster);
