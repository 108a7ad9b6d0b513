/* SimWatch: looks for the sites' marks in the composed pictures that one probe receives. No thread,
 * clock or decoder of its own: pictures and times come in.
 *
 * A site's tile is expected where the bridge has asked that site for a picture fit for it: in the programme a
 * large and lively one, in the wall any. So it need not be known how the bridge chooses whom it shows. */
#pragma once

#include <glib.h>

#include "mark.h"
#include "report.h"
#include "world.h"

typedef struct SimWatch SimWatch;

SimWatch *sim_watch_new(SimWorld *world, McuView view);
void sim_watch_free(SimWatch *watch);
/* [owner] A decoded picture whose last packet arrived at `arrival_us`. */
void sim_watch_picture(SimWatch *watch, const SimLuma *picture, gint64 arrival_us);
/* [owner] Forgets all figures: what is measured begins now. */
void sim_watch_restart(SimWatch *watch);
/* [owner] Writes tiles, pictures and delays into the report, one SimSeenSite per site of the world (made
 * if not there yet). */
void sim_watch_report(const SimWatch *watch, SimProbeReport *report);
