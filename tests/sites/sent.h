/* SimSent: what one simulated site sent, and when. Written by the player's thread, read by the
 * probes' threads: from a frame number or an onset they find out how old it is. Lock-free. */
#pragma once

#include <glib.h>

typedef struct SimSent SimSent;

SimSent *sim_sent_new(guint n_frames); /* [main] n_frames: of the picture's loop */
void sim_sent_free(SimSent *sent);     /* [main] after player and probes have stopped */

void sim_sent_frame(SimSent *sent, guint frame, gint64 now_us);   /* [player] */
void sim_sent_onset(SimSent *sent, gint64 at_us);                 /* [player] */
void sim_sent_talking(SimSent *sent, gboolean on, gint64 now_us); /* [player] */

/* [any] How long before `at_us` this frame was last sent. FALSE when it never was. */
gboolean sim_sent_frame_age(SimSent *sent, guint frame, gint64 at_us, gint64 *out_age_us);
/* [any] The same for the last onset before `at_us`. FALSE when there was none within a second. */
gboolean sim_sent_onset_age(SimSent *sent, gint64 at_us, gint64 *out_age_us);
/* [any] Whether the site talked all the time from `from_us` to `to_us`. */
gboolean sim_sent_talked(SimSent *sent, gint64 from_us, gint64 to_us);
