/* SimListen: looks for the sites' tones in the sound that one probe receives. No thread, clock or
 * decoder of its own: 20 ms of samples and times come in. */
#pragma once

#include <glib.h>

#include "mcu/types.h"
#include "report.h"
#include "world.h"

typedef struct SimListen SimListen;

/* `own`: index of the probe's own site in the world, which it must not hear; G_MAXUINT: none. */
SimListen *sim_listen_new(SimWorld *world, guint own);
void sim_listen_free(SimListen *listen);
/* [owner] The next MCU_AUDIO_FRAME_SAMPLES samples, which came in a packet that arrived then. */
void sim_listen_frame(SimListen *listen, const float *samples, gint64 arrival_us);
/* [owner] Forgets all figures: what is measured begins now. */
void sim_listen_restart(SimListen *listen);
/* [owner] After sim_watch_report(): adds tones, silence and delays. */
void sim_listen_report(const SimListen *listen, SimProbeReport *report);
