/* See receive-stats.h. Runs on the network threads, once per packet. */
#include "mcu/rtp/receive-stats.h"

/* RFC 3550 A.1: MAX_DROPOUT, MAX_MISORDER. The latter is larger than there, as retransmissions come
 * back that late. */
#define DROPOUT_MAX 3000
#define MISORDER_MAX 1024

/* A transit change longer than this is a jump of the sender's clock and says nothing of the network. */
#define JITTER_STEP_MAX_S 5

void
mcu_receive_stats_init(McuReceiveStats *stats, guint32 ssrc, guint32 clock_rate)
{
  *stats = (McuReceiveStats){.ssrc = ssrc, .clock_rate = clock_rate, .bad_next = -1};
}

static gint64
run_lost(const McuReceiveStats *stats)
{
  guint64 expected = stats->unwrap.highest == 0 ? 0 : stats->unwrap.highest - stats->base + 1;

  return (gint64)(expected - stats->received);
}

static void
start_run(McuReceiveStats *stats, guint64 seq)
{
  stats->lost_before = mcu_receive_stats_lost(stats);
  stats->unwrap.highest = seq;
  stats->base = seq;
  stats->received = 0;
  stats->expected_prior = 0;
  stats->received_prior = 0;
  stats->has_transit = FALSE;
  stats->bad_next = -1;
}

/* RFC 3550 A.1 without its probation: the packets are authenticated. */
static gboolean
follow(McuReceiveStats *stats, guint16 wire_seq, guint64 *out_seq)
{
  guint64 highest = stats->unwrap.highest;
  guint64 seq = mcu_unwrap_seq_peek(&stats->unwrap, wire_seq);

  if (highest == 0) {
    start_run(stats, seq);
  } else if (seq > highest + DROPOUT_MAX || seq + MISORDER_MAX < highest) {
    if (stats->bad_next != wire_seq) {
      stats->bad_next = (guint16)(wire_seq + 1);
      return FALSE;
    }
    /* Two in a row: the sender started again. Extended numbers go on upwards. */
    if (seq <= highest)
      seq += 0x10000;
    start_run(stats, seq);
  } else {
    stats->unwrap.highest = MAX(highest, seq);
    if (seq < stats->base)
      stats->base = seq; /* the first ones came out of order */
  }
  stats->bad_next = -1;
  *out_seq = seq;
  return TRUE;
}

/* RFC 3550 A.8, with packets in order only: a retransmission is late for another reason. */
static void
update_jitter(McuReceiveStats *stats, guint32 timestamp, gint64 now_us)
{
  guint64 arrival = (guint64)now_us / G_USEC_PER_SEC * stats->clock_rate +
                    (guint64)now_us % G_USEC_PER_SEC * stats->clock_rate / G_USEC_PER_SEC;
  guint32 transit = (guint32)arrival - timestamp;

  if (stats->has_transit) {
    gint64 step = ABS((gint64)mcu_timestamp_diff(transit, stats->transit));
    if (step <= (gint64)stats->clock_rate * JITTER_STEP_MAX_S)
      stats->jitter_q4 += (guint32)step - ((stats->jitter_q4 + 8) >> 4);
  }
  stats->has_transit = TRUE;
  stats->transit = transit;
}

McuDrop
mcu_receive_stats_packet(McuReceiveStats *stats, guint16 seq, guint32 timestamp, gint64 now_us, guint64 *out_seq)
{
  guint64 before = stats->unwrap.highest;

  if (!follow(stats, seq, out_seq))
    return MCU_DROP_LATE;
  stats->received++;
  if (stats->unwrap.highest != before)
    update_jitter(stats, timestamp, now_us);
  return MCU_DROP_NONE;
}

void
mcu_receive_stats_sender_report(McuReceiveStats *stats, const McuRtcpSenderInfo *info, gint64 now_us)
{
  stats->sr_middle = mcu_ntp_middle(info->ntp);
  stats->sr_us = now_us;
}

/* RFC 3550 A.3; the share of the interval, of 256. */
static guint8
interval_fraction(McuReceiveStats *stats)
{
  guint64 expected = stats->unwrap.highest - stats->base + 1;
  gint64 expected_interval = (gint64)(expected - stats->expected_prior);
  gint64 lost_interval = expected_interval - (gint64)(stats->received - stats->received_prior);

  stats->expected_prior = expected;
  stats->received_prior = stats->received;
  if (expected_interval <= 0 || lost_interval <= 0)
    return 0;
  return (guint8)MIN(lost_interval * 256 / expected_interval, 255);
}

gboolean
mcu_receive_stats_report(McuReceiveStats *stats, gint64 now_us, McuRtcpReport *out_report)
{
  if (stats->unwrap.highest == 0)
    return FALSE;
  *out_report = (McuRtcpReport){
      .ssrc = stats->ssrc,
      .fraction_lost = interval_fraction(stats),
      .lost = (gint32)CLAMP((gint64)stats->lost_before + run_lost(stats), -0x800000, 0x7fffff),
      .highest_seq = (guint32)(stats->unwrap.highest - 0x10000),
      .jitter = stats->jitter_q4 >> 4,
      .lsr = stats->sr_us != 0 ? stats->sr_middle : 0,
      .dlsr = stats->sr_us != 0 ? mcu_ntp_short_from_us(now_us - stats->sr_us) : 0,
  };
  return TRUE;
}

guint64
mcu_receive_stats_lost(const McuReceiveStats *stats)
{
  return stats->lost_before + (guint64)MAX(run_lost(stats), 0);
}

guint
mcu_receive_stats_jitter_us(const McuReceiveStats *stats)
{
  if (stats->clock_rate == 0)
    return 0;
  return (guint)((guint64)(stats->jitter_q4 >> 4) * G_USEC_PER_SEC / stats->clock_rate);
}
