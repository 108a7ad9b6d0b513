/* McuReceiveStats: what RFC 3550 wants to be known about one received source: extended sequence
 * number (A.1), loss (A.3), jitter (A.8), and the last sender report; from which the report blocks are
 * made. Embedded in its owner, one network thread, no allocation. */
#pragma once

#include <glib.h>

#include "mcu/rtp/rtcp.h"
#include "mcu/rtp/seq.h"
#include "mcu/util/drop.h"

typedef struct {
  guint32 ssrc;
  guint32 clock_rate;
  McuUnwrap unwrap;
  guint64 base;     /* first extended sequence number counted */
  guint64 received; /* since base, duplicates included (RFC 3550 A.3) */
  guint64 expected_prior, received_prior;
  guint64 lost_before; /* by earlier runs of the sequence */
  gint32 bad_next;     /* the number that would confirm a restart (A.1), -1: none */
  gboolean has_transit;
  guint32 transit;
  guint32 jitter_q4; /* RTP units x 16 */
  guint32 sr_middle;
  gint64 sr_us; /* monotonic time of its arrival, 0: none */
} McuReceiveStats;

/* [net] */
void mcu_receive_stats_init(McuReceiveStats *stats, guint32 ssrc, guint32 clock_rate);

/* [net] Counts one packet and gives its extended sequence number, for McuNack and McuReorder.
 * MCU_DROP_LATE: so far from the sequence that it is stray; two such in a row are a restart by the
 * sender (A.1), after which the extended numbers jump forward, never back. */
McuDrop mcu_receive_stats_packet(McuReceiveStats *stats, guint16 seq, guint32 timestamp, gint64 now_us,
                                 guint64 *out_seq);
/* [net] */
void mcu_receive_stats_sender_report(McuReceiveStats *stats, const McuRtcpSenderInfo *info, gint64 now_us);
/* [net] The report block for the interval since the last call. FALSE before the first packet. */
gboolean mcu_receive_stats_report(McuReceiveStats *stats, gint64 now_us, McuRtcpReport *out_report);

guint64 mcu_receive_stats_lost(const McuReceiveStats *stats);    /* [net] in total, never negative */
guint mcu_receive_stats_jitter_us(const McuReceiveStats *stats); /* [net] */
