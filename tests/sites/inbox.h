/* SimReceiver: reads what all sites receive, on one thread, and counts it; a probe's packets go on to
 * its SimProbe. SimInbox: one site's two rings. */
#pragma once

#include <glib.h>

#include "mcu/util/ring.h"
#include "probe.h"

typedef struct SimReceiver SimReceiver;
typedef struct SimInbox SimInbox;

typedef struct {
  gint64 first_frame_us; /* arrival of the first complete key frame's last packet; 0: none yet */
  /* The rest is counted from it, or from sim_receiver_restart() on. */
  gint64 from_us, last_frame_us; /* of the frames: RTP markers */
  guint64 frames;                /* after that at from_us */
  guint64 video_gaps;            /* places where packets were lost for good */
  guint64 sound_packets, sound_lost;
  gint64 last_sound_us;
  gint64 sound_gap_max_us; /* longest time beyond the usual 20 ms without a packet */
  guint64 sound_gaps;      /* of more than 60 ms */
} SimInboxStats;

SimReceiver *sim_receiver_new(void);           /* [main] */
void sim_receiver_free(SimReceiver *receiver); /* [main] all inboxes removed before */

/* [main] Takes references of the rings; `probe` (may be NULL) is borrowed until removal. */
SimInbox *sim_receiver_add(SimReceiver *receiver, McuRing *audio, McuRing *video, McuCodec video_codec,
                           SimProbe *probe);
/* [main] Nothing is read after it. Frees the inbox. NULL is fine. */
void sim_receiver_remove(SimReceiver *receiver, SimInbox *inbox);
/* [main] Forgets all figures, the probes' too: what is measured begins now. */
void sim_receiver_restart(SimReceiver *receiver);
void sim_inbox_get_stats(SimReceiver *receiver, SimInbox *inbox, SimInboxStats *out_stats); /* [main] */
