/* What the clear headers of one stream's packets say: frames, gaps, loss. Pure. */
#pragma once

#include <glib.h>

typedef struct {
  guint64 packets, lost, frames;
  gint64 last_us;
  gint64 gap_max_us; /* longest time between two packets */
  gint64 from_us;    /* arrival of the first frame that ended; frames counts those after it */
  gint64 last_frame_us;
  gboolean started;
  guint16 seq;
} SimTapCount;

void sim_tap_count(SimTapCount *count, guint16 seq, gboolean marker, gint64 arrival_us);
/* Forgets all but where the stream is. */
void sim_tap_count_restart(SimTapCount *count);
