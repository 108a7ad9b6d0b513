/* Tally: what the listeners of a run received between two instants, in figures. Pure. */
#pragma once

#include <glib.h>

typedef struct {
  guint64 packets, bytes;     /* of media, as received */
  guint64 frames, video_gaps; /* see SimInboxStats */
  guint64 sound_lost;
} TallyCount;

typedef struct {
  guint listeners;
  double seconds;
  guint64 packets;
  double packet_bytes;          /* mean */
  double least, median, most;   /* packets per second and listener */
  double fps_least, fps_median; /* complete or not: RTP markers */
  guint64 video_gaps, sound_lost;
} Tally;

/* [any] Of `n` listeners; `n` 0 gives zeros. */
void tally(const TallyCount *before, const TallyCount *after, guint n, double seconds, Tally *out_tally);
