/* McuNack: which packets of a video track to ask for again (RFC 4585 6.2.1), and when to stop. Knows
 * extended sequence numbers and time, holds no packets. Embedded, one network thread, no allocation. */
#pragma once

#include <glib.h>

#define MCU_NACK_WINDOW 512          /* packets back from the newest that may be asked for */
#define MCU_NACK_FIRST_US 10000      /* left for reordering before the first request */
#define MCU_NACK_REPEAT_MIN_US 20000 /* between requests for one packet: the round trip, at least this */
#define MCU_NACK_TRIES_MAX 10
#define MCU_NACK_AGE_MAX_US 500000 /* given up after this */

typedef struct {
  gint64 noticed_us; /* when its loss was seen */
  gint64 asked_us;   /* last request, with tries > 0 */
  guint8 tries;
  guint8 missing;
} McuNackSlot;

typedef struct {
  guint64 newest; /* 0: nothing seen */
  guint n_missing;
  guint64 given_up;  /* total, counts packets fallen out of the window too */
  guint64 recovered; /* total: arrived after having been asked for */
  McuNackSlot slots[MCU_NACK_WINDOW];
} McuNack;

void mcu_nack_init(McuNack *nack); /* [net] */

/* [net] A packet arrived. FALSE when it left a gap larger than the window: everything missing was
 * given up, ask for a key frame. */
gboolean mcu_nack_packet(McuNack *nack, guint64 seq, gint64 now_us);

/* [net] The sequence numbers to ask for now, in order, at most `max`; marks them as asked. `rtt_us` 0:
 * unknown. Those over their tries or age are given up on the way. */
guint mcu_nack_collect(McuNack *nack, gint64 now_us, gint64 rtt_us, guint16 *out_seqs, guint max);

/* [net] When mcu_nack_collect() may have work next; -1: nothing is missing. */
gint64 mcu_nack_deadline(const McuNack *nack, gint64 rtt_us);
