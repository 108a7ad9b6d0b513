/* SimWatch: looks for the sites' marks in the composed pictures that one probe receives. No thread,
 * clock or decoder of its own: pictures and times come in. */
#pragma once

#include <glib.h>

#include "mark.h"
#include "report.h"
#include "world.h"

typedef struct SimWatch SimWatch;

SimWatch *sim_watch_new(SimWorld *world);
void sim_watch_free(SimWatch *watch);
/* [owner] A decoded picture whose last packet arrived at `arrival_us`. */
void sim_watch_picture(SimWatch *watch, const SimLuma *picture, gint64 arrival_us);
/* [owner] Writes tiles, pictures and delays into the report, one SimSeenSite per site of the world (made
 * if not there yet). */
void sim_watch_report(const SimWatch *watch, SimProbeReport *report);
