/* SimViewers: the members of a run who only receive (role observer), any number of them: signaling as everybody's,
 * media by SimTap. All [main]. */
#pragma once

#include <glib.h>

#include "report.h"
#include "site.h"

typedef struct SimViewers SimViewers;

/* `run` is borrowed. Each WATCHED_EVERYth authenticates all its packets. */
SimViewers *sim_viewers_new(const SimRun *run, guint n, GError **error);
void sim_viewers_free(SimViewers *viewers); /* NULL is fine */

/* The next one starts to join; FALSE when all have. */
gboolean sim_viewers_join_next(SimViewers *viewers);
guint sim_viewers_joined(const SimViewers *viewers);
/* All have joined or given up. */
gboolean sim_viewers_settled(const SimViewers *viewers);
/* Forgets all figures: what is measured begins now. */
void sim_viewers_restart(SimViewers *viewers);
void sim_viewers_report(SimViewers *viewers, SimReport *report);
/* All say good-bye; sim_viewers_free() afterwards. */
void sim_viewers_leave(SimViewers *viewers);
