/* Reports and feedback of a leg. [net]
 *
 * In: what the peer reports of our packets, what it missed, key frames it wants. A report or request
 * counts only for an SSRC of this leg; BYE is ignored, because ending a call is signaling's affair.
 * Out: reports every second, REMB for the rate we want, requests for what we missed. */
#include "mcu/transport/leg-priv.h"

#define NACKS_MAX 64
#define RTT_SMOOTH 8 /* RFC 6298's alpha */

/* Sender reports are stamped by the monotonic clock, put at the wall clock's place once: a step of the
 * wall clock must not tear sound and picture apart. */
static guint64
ntp_of(gint64 monotonic_us)
{
  static gsize once;
  static gint64 offset_us;
  if (g_once_init_enter(&once)) {
    offset_us = g_get_real_time() - g_get_monotonic_time();
    g_once_init_leave(&once, 1);
  }
  return mcu_ntp_from_unix_us(monotonic_us + offset_us);
}

static McuTxTrack *
tx_of(McuLeg *leg, guint32 ssrc)
{
  if (leg->net.tx_audio.track.codec != MCU_CODEC_NONE && leg->net.tx_audio.track.send_ssrc == ssrc)
    return &leg->net.tx_audio;
  if (leg->net.tx_video.track.codec != MCU_CODEC_NONE && leg->net.tx_video.track.send_ssrc == ssrc)
    return &leg->net.tx_video;
  return NULL;
}

static McuRxTrack *
rx_of(McuLeg *leg, guint32 ssrc)
{
  if (leg->net.rx_audio.latched && leg->net.rx_audio.ssrc == ssrc)
    return &leg->net.rx_audio;
  if (leg->net.rx_video.latched && leg->net.rx_video.ssrc == ssrc)
    return &leg->net.rx_video;
  if (leg->net.rx_content.latched && leg->net.rx_content.ssrc == ssrc)
    return &leg->net.rx_content;
  return NULL;
}

static void
receive_reports(McuLeg *leg, const McuRtcpPacket *packet, gint64 now_us)
{
  McuRtcpReport report;
  guint worst = 0;
  gboolean any = FALSE;
  for (guint i = 0; mcu_rtcp_read_report(packet, i, &report); i++) {
    if (tx_of(leg, report.ssrc) == NULL)
      continue;
    any = TRUE;
    worst = MAX(worst, report.fraction_lost * 1000u / 256);
    gint64 rtt_us = mcu_rtcp_rtt_us(&report, ntp_of(now_us));
    if (rtt_us >= 0)
      leg->net.rtt_us = leg->net.rtt_us == 0 ? rtt_us : leg->net.rtt_us + (rtt_us - leg->net.rtt_us) / RTT_SMOOTH;
  }
  if (any)
    leg->net.stats.remote_loss_permille = worst;
}

static void
receive_sender_info(McuLeg *leg, const McuRtcpPacket *packet, gint64 now_us)
{
  McuRtcpSenderInfo info;
  McuRxTrack *rx = rx_of(leg, packet->ssrc);
  if (rx != NULL && mcu_rtcp_read_sender_info(packet, &info))
    mcu_receive_stats_sender_report(&rx->stats, &info, now_us);
}

static void
receive_nack(McuLeg *leg, const McuRtcpPacket *packet)
{
  guint16 seqs[NACKS_MAX];
  McuTxTrack *tx = tx_of(leg, packet->media_ssrc);
  if (tx == NULL)
    return;
  leg->net.stats.nacks_received++;
  mcu_leg_tx_resend(leg, tx, seqs, mcu_rtcp_read_nack(packet, seqs, NACKS_MAX));
}

static void
give_keyframe(McuLeg *leg, guint32 ssrc)
{
  McuTxTrack *tx = tx_of(leg, ssrc);
  if (tx != &leg->net.tx_video || tx->shared == NULL)
    return;
  leg->net.stats.keyframe_requests_received++;
  mcu_stream_request_keyframe(tx->shared); /* merged and paced by the encoder */
}

void
mcu_leg_rtcp_receive(McuLeg *leg, const guint8 *data, gsize size, gint64 now_us)
{
  McuRtcpIter iter;
  McuRtcpPacket packet;
  guint32 ssrc;
  guint8 number;

  mcu_rtcp_iter_init(&iter, data, size);
  while (mcu_rtcp_iter_next(&iter, &packet)) {
    switch (packet.kind) {
    case MCU_RTCP_SR:
      receive_sender_info(leg, &packet, now_us);
      receive_reports(leg, &packet, now_us);
      break;
    case MCU_RTCP_RR:
      receive_reports(leg, &packet, now_us);
      break;
    case MCU_RTCP_NACK:
      receive_nack(leg, &packet);
      break;
    case MCU_RTCP_PLI:
      give_keyframe(leg, packet.media_ssrc);
      break;
    case MCU_RTCP_FIR:
      for (guint i = 0; mcu_rtcp_read_fir(&packet, i, &ssrc, &number); i++)
        give_keyframe(leg, ssrc);
      break;
    case MCU_RTCP_SDES:
    case MCU_RTCP_BYE:
    case MCU_RTCP_REMB: /* a shared encoder is never turned down for one receiver */
    case MCU_RTCP_OTHER:
      break;
    }
  }
}

static void
send_rtcp(McuLeg *leg, McuRtcpWriter *writer)
{
  gsize size = writer->size;
  if (size > 0 && mcu_srtp_protect_rtcp(leg->net.srtp, writer->data, &size))
    mcu_leg_net_send(leg, writer->data, size);
}

/* RFC 3550 6.4.1: the RTP timestamp stands for the same instant as the NTP time. */
static McuRtcpSenderInfo
sender_info(const McuTxTrack *tx, gint64 now_us)
{
  guint rate = tx->track.codec == MCU_CODEC_OPUS ? MCU_AUDIO_RATE : MCU_VIDEO_RATE;
  gint64 passed = (now_us - tx->last_capture_us) * rate / G_USEC_PER_SEC;
  return (McuRtcpSenderInfo){.ntp = ntp_of(now_us),
                             .rtp_timestamp = tx->last_timestamp + (guint32)passed,
                             .packets = tx->packets,
                             .octets = tx->octets};
}

/* RTCP comes from the SSRC of the track that is sent; from the sound's when nothing is. */
static guint32
own_ssrc(const McuLeg *leg)
{
  return leg->net.tx_audio.track.send_ssrc != 0 ? leg->net.tx_audio.track.send_ssrc : leg->net.tx_video.track.send_ssrc;
}

static void
add_loss(McuLeg *leg, const McuRxTrack *rx)
{
  if (rx->latched)
    leg->net.stats.rx_lost += mcu_receive_stats_lost(&rx->stats);
}

/* What the peer is to keep to for all its pictures together (draft-alvestrand-rmcat-remb). */
static void
ask_rate(const McuLeg *leg, McuRtcpWriter *writer)
{
  const McuRxTrack *pictures[] = {&leg->net.rx_video, &leg->net.rx_content};
  guint32 ssrcs[G_N_ELEMENTS(pictures)];
  guint n = 0;
  guint64 kbps = 0;
  for (guint i = 0; i < G_N_ELEMENTS(pictures); i++) {
    if (!pictures[i]->track.remb || pictures[i]->track.remb_kbps == 0)
      continue;
    kbps += pictures[i]->track.remb_kbps; /* also of one that is about to begin */
    if (pictures[i]->latched)
      ssrcs[n++] = pictures[i]->ssrc;
  }
  /* A screen has to be there at once when it comes: its peer learns early how much its line may be taken for. */
  gboolean early = kbps > 0 && leg->net.rx_content.track.codec != MCU_CODEC_NONE;
  if (n > 0 || early)
    mcu_rtcp_write_remb(writer, own_ssrc(leg), kbps * 1000, ssrcs, n);
}

static void
send_report(McuLeg *leg, gint64 now_us)
{
  guint8 buffer[MCU_RTCP_SIZE + MCU_SRTP_TRAILER];
  McuRtcpWriter writer;
  McuRtcpReport reports[3];
  guint n = 0;
  McuRxTrack *received[] = {&leg->net.rx_audio, &leg->net.rx_video, &leg->net.rx_content};
  for (guint i = 0; i < G_N_ELEMENTS(received); i++)
    if (received[i]->latched && mcu_receive_stats_report(&received[i]->stats, now_us, &reports[n]))
      n++;

  mcu_rtcp_writer_init(&writer, buffer, MCU_RTCP_SIZE);
  guint32 ssrc = own_ssrc(leg);
  const McuTxTrack *sent[] = {&leg->net.tx_audio, &leg->net.tx_video};
  gboolean reported = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(sent); i++) {
    if (!sent[i]->started)
      continue;
    McuRtcpSenderInfo info = sender_info(sent[i], now_us);
    mcu_rtcp_write_sr(&writer, sent[i]->track.send_ssrc, &info, reports, reported ? 0 : n);
    reported = TRUE;
  }
  if (!reported)
    mcu_rtcp_write_rr(&writer, ssrc, reports, n);
  mcu_rtcp_write_sdes(&writer, ssrc, leg->net.cname);
  ask_rate(leg, &writer);
  send_rtcp(leg, &writer);
}

static gboolean
wants_keyframe(McuRxTrack *rx, gint64 now_us)
{
  if (mcu_ring_take_keyframe_request(rx->ring))
    rx->keyframe_wanted = TRUE;
  if (!rx->keyframe_wanted || now_us - rx->keyframe_asked_us < MCU_KEYFRAME_ASK_US)
    return FALSE;
  rx->keyframe_wanted = FALSE;
  rx->keyframe_asked_us = now_us;
  return TRUE;
}

/* What is missing of a picture: packets, or so much that a key frame is. */
static void
send_requests(McuLeg *leg, McuRxTrack *rx, gint64 now_us)
{
  if (!rx->latched || !rx->wanted || rx->reorder == NULL)
    return;

  guint8 buffer[MCU_RTCP_SIZE + MCU_SRTP_TRAILER];
  McuRtcpWriter writer;
  mcu_rtcp_writer_init(&writer, buffer, MCU_RTCP_SIZE);
  guint16 seqs[NACKS_MAX];
  guint n = mcu_nack_collect(&rx->nack, now_us, leg->net.rtt_us, seqs, NACKS_MAX);
  guint32 ssrc = own_ssrc(leg);
  if (n > 0 && rx->track.nack && mcu_rtcp_write_nack(&writer, ssrc, rx->ssrc, seqs, n))
    leg->net.stats.nacks_sent++;
  if (wants_keyframe(rx, now_us)) {
    if (rx->track.pli)
      mcu_rtcp_write_pli(&writer, ssrc, rx->ssrc);
    else if (rx->track.fir)
      mcu_rtcp_write_fir(&writer, ssrc, rx->ssrc, leg->net.fir_number++);
  }
  send_rtcp(leg, &writer);
}

void
mcu_leg_rtcp_tick(McuLeg *leg, gint64 now_us)
{
  if (leg->net.srtp == NULL)
    return;
  send_requests(leg, &leg->net.rx_video, now_us);
  send_requests(leg, &leg->net.rx_content, now_us);
  if (now_us < leg->net.next_report_us)
    return;
  /* RFC 3550 6.2: not all at the same time. */
  leg->net.next_report_us = now_us + MCU_REPORT_US / 2 + g_random_int_range(0, MCU_REPORT_US);
  send_report(leg, now_us);
  leg->net.stats.rx_lost = 0;
  add_loss(leg, &leg->net.rx_audio);
  add_loss(leg, &leg->net.rx_video);
  add_loss(leg, &leg->net.rx_content);
  leg->net.stats.rx_jitter_us = leg->net.rx_audio.latched ? mcu_receive_stats_jitter_us(&leg->net.rx_audio.stats) : 0;
  leg->net.stats.rtt_ms = (guint)(leg->net.rtt_us / 1000);
}
