/* SimProbe: a simulated site that decodes what it receives and checks it. Packets come from the
 * receiver's thread; pictures are decoded on a thread of GStreamer's. */
#pragma once

#include <glib.h>

#include "mcu/util/ring.h"
#include "report.h"
#include "world.h"

typedef struct SimProbe SimProbe;

/* [main] `own`: index of its site in the world, G_MAXUINT for an observer. `view`: what it watches. */
SimProbe *sim_probe_new(SimWorld *world, guint own, McuView view, McuCodec video_codec, GError **error);
void sim_probe_free(SimProbe *probe); /* after its inbox is removed */

/* [receiver] FALSE: a key frame is needed. */
gboolean sim_probe_video(SimProbe *probe, const McuPacket *packet);
void sim_probe_audio(SimProbe *probe, const McuPacket *packet);

/* [main] Forgets all figures: what is measured begins now. */
void sim_probe_restart(SimProbe *probe);

/* [main] After its inbox is removed: waits until what came in is decoded. */
void sim_probe_drain(SimProbe *probe);
void sim_probe_report(SimProbe *probe, SimProbeReport *report); /* [main] */
