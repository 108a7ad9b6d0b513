/* PlPlayout: one site's sound from RTP packets, as they come, to 20 ms of samples at each tick. A
 * jitter buffer, the decoder and what is made up for packets that are missing. It never waits: a
 * tick gets 960 samples whatever has arrived. The delay follows the measured jitter and the
 * sender's clock by whole frames, put in or taken out in silence or at a place of equal pitch.
 *
 * Times come in from outside. Everything is [mix thread]; nothing allocates but the constructor
 * and the first pull (the decoder). Packets and time are bounded whatever is sent. */
#pragma once

#include <glib.h>

#include "mcu/util/ring.h"
#include "pipelines/shelf.h"

#define PL_PLAYOUT_PACKETS PL_SHELF_PACKETS

typedef struct PlPlayout PlPlayout;

typedef struct {
  guint64 packets;           /* pushed */
  guint64 decoded;           /* packets */
  guint64 concealed;         /* 20 ms frames made up, lost or late alike */
  guint64 recovered;         /* gaps filled from the in-band FEC of the next packet */
  guint64 late;              /* packets behind what had been played */
  guint64 duplicates;        /* packets */
  guint64 dropped;           /* packets: flood, or far off the line */
  guint64 decode_errors;     /* packets that are not Opus */
  guint64 jumps;             /* new time line or source taken over */
  guint64 inserted, removed; /* frames, to steer the delay */
} PlPlayoutStats;

PlPlayout *pl_playout_new(void);
void pl_playout_free(PlPlayout *playout);
/* Forgets source, packets and line, for a new connection. Counts stay. */
void pl_playout_reset(PlPlayout *playout);

/* Copies the packet; any bytes are fine. FALSE when it is of no use. */
gboolean pl_playout_push(PlPlayout *playout, const McuPacket *packet);
/* Instead of the push of a packet that is certain not to be played: nobody listens, and its level says that it is
 * quieter than any beginning of a word. Only its time is learnt from, for the jitter of the line. */
#define PL_PLAYOUT_SILENT_LEVEL 85 /* -dBov; above it is silence */
void pl_playout_note(PlPlayout *playout, const McuPacket *packet);
/* The next MCU_AUDIO_FRAME_SAMPLES. FALSE when they are silence because there is nothing to play. */
gboolean pl_playout_pull(PlPlayout *playout, gint64 now_us, float *out);
/* The same time passes without anybody listening: nothing is decoded, and 100 ms are kept, so that the next
 * pull can begin with the quiet beginning of a word. */
void pl_playout_skip(PlPlayout *playout, gint64 now_us);

/* How long the earliest packets of this line wait now before they are played; 0: not playing. */
gint64 pl_playout_delay_us(const PlPlayout *playout);
guint pl_playout_target_ms(const PlPlayout *playout);
guint pl_playout_waiting(const PlPlayout *playout); /* packets held */
const PlPlayoutStats *pl_playout_stats(const PlPlayout *playout);
