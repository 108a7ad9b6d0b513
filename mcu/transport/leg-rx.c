/* The path of a packet in, whole. [net]
 *
 * datagram -> first byte -> SRTP unprotect in place -> header -> track by payload type, of two
 * pictures by source -> statistics ->
 * (picture: ask again for what is missing, put in order) -> ring of the decoder. No allocation, no
 * lock, no log: what is not used is counted by reason. */
#include "mcu/rtp/demux.h"
#include "mcu/rtp/h264.h"
#include "mcu/rtp/vp8.h"
#include "mcu/transport/leg-priv.h"

#define ROUNDS_MAX 8       /* batches per wake-up, so that one leg cannot starve the others */
#define RELATCH_US 2000000 /* a track's source may change after so long a silence */
#define REORDER_WAIT_MIN_US 60000
#define REORDER_WAIT_MAX_US 350000

static void
drop(McuLeg *leg, McuDrop reason)
{
  mcu_net_thread_counters(leg->thread)->drops[reason]++;
}

/* How long a picture may wait for a lost packet: time for three requests, each a round trip and a tick,
 * which at 10 % loss both ways leaves one gap in some hundred losses. */
static gint64
reorder_wait(const McuLeg *leg)
{
  return CLAMP(MCU_NACK_FIRST_US + 3 * (leg->net.rtt_us + MCU_NET_TICK_US), REORDER_WAIT_MIN_US, REORDER_WAIT_MAX_US);
}

static gboolean
has_pt(const McuRxTrack *rx, guint8 pt)
{
  return rx->track.codec != MCU_CODEC_NONE && rx->track.pt == pt;
}

/* Two pictures in one payload type, which is what browsers send. Of a peer that tells nothing the second one is
 * whatever is not the first. */
static gboolean
is_content(const McuLeg *leg, const McuRtpHeader *header)
{
  const McuRxTrack *video = &leg->net.rx_video, *content = &leg->net.rx_content;
  McuRtpBelongs belongs = mcu_rtp_source_match(&leg->net.content_source, header);
  if (belongs != MCU_RTP_UNTOLD)
    return belongs == MCU_RTP_OWN;
  if (content->latched && content->ssrc == header->ssrc)
    return TRUE;
  return video->latched && video->ssrc != header->ssrc;
}

static McuRxTrack *
track_of(McuLeg *leg, const McuRtpHeader *header)
{
  McuRxTrack *video = &leg->net.rx_video, *content = &leg->net.rx_content;
  gboolean may_be_video = has_pt(video, header->pt), may_be_content = has_pt(content, header->pt);
  if (has_pt(&leg->net.rx_audio, header->pt))
    return &leg->net.rx_audio;
  if (may_be_video && may_be_content)
    return is_content(leg, header) ? content : video;
  /* What was on its way when presenting ended must not be taken for the camera. */
  if (may_be_video && !content->latched && content->ssrc != 0 && content->ssrc == header->ssrc)
    return NULL;
  return may_be_video ? video : may_be_content ? content : NULL;
}

/* The source of a track is the first that comes with its payload type; see RELATCH_US. */
static gboolean
latch(McuRxTrack *rx, guint32 ssrc, gint64 now_us)
{
  if (rx->latched && rx->ssrc == ssrc) {
    rx->last_us = now_us;
    return TRUE;
  }
  if (rx->latched && now_us - rx->last_us < RELATCH_US)
    return FALSE;
  guint32 clock_rate = rx->track.codec == MCU_CODEC_OPUS ? MCU_AUDIO_RATE : MCU_VIDEO_RATE;
  rx->latched = TRUE;
  rx->ssrc = ssrc;
  rx->last_us = now_us;
  mcu_receive_stats_init(&rx->stats, ssrc, clock_rate);
  mcu_nack_init(&rx->nack);
  if (rx->reorder != NULL)
    mcu_reorder_reset(rx->reorder);
  rx->keyframe_wanted = rx->reorder != NULL;
  return TRUE;
}

/* What a decoder must not see. */
static McuDrop
check_picture(McuCodec codec, const guint8 *payload, gsize size)
{
  if (codec == MCU_CODEC_H264) {
    McuDrop reason = mcu_h264_check(payload, size);
    if (reason == MCU_DROP_NONE && !mcu_h264_size_allowed(payload, size))
      reason = MCU_DROP_PICTURE_SIZE;
    return reason;
  }
  McuVp8Info info;
  McuDrop reason = mcu_vp8_parse(payload, size, &info);
  if (reason == MCU_DROP_NONE && info.frame_start && info.keyframe &&
      !mcu_picture_size_allowed(info.width, info.height))
    reason = MCU_DROP_PICTURE_SIZE;
  return reason;
}

static void
push(McuLeg *leg, McuRxTrack *rx, const McuPacket *packet)
{
  if (packet->size == MCU_RTP_HEADER)
    return; /* padding, sent to probe the line: it has a number but nothing to decode */
  if (mcu_ring_push(rx->ring, packet))
    rx->pushed = TRUE;
  else
    drop(leg, MCU_DROP_RING_FULL);
}

static void
release(McuLeg *leg, McuRxTrack *rx, gint64 now_us, gint64 wait_us)
{
  const McuPacket *packet;
  while ((packet = mcu_reorder_pop(rx->reorder, now_us, wait_us)) != NULL) {
    if (packet->discont)
      rx->keyframe_wanted = TRUE;
    push(leg, rx, packet);
  }
}

static void
order_picture(McuLeg *leg, McuRxTrack *rx, guint64 seq, const McuPacket *packet, gint64 now_us)
{
  if (!mcu_nack_packet(&rx->nack, seq, now_us))
    rx->keyframe_wanted = TRUE;
  McuDrop reason = mcu_reorder_insert(rx->reorder, seq, packet);
  if (reason == MCU_DROP_RING_FULL) {
    release(leg, rx, now_us, 0);
    reason = mcu_reorder_insert(rx->reorder, seq, packet);
  }
  if (reason != MCU_DROP_NONE)
    drop(leg, reason);
  release(leg, rx, now_us, reorder_wait(leg));
}

/* Whether anybody decodes the track. What was missing or waited for before a pause is forgotten after it. */
static gboolean
is_wanted(McuRxTrack *rx)
{
  gboolean wanted = rx->ring != NULL && mcu_ring_is_wanted(rx->ring);
  if (wanted && !rx->wanted) {
    mcu_nack_init(&rx->nack);
    if (rx->reorder != NULL)
      mcu_reorder_reset(rx->reorder);
  }
  rx->wanted = wanted;
  return wanted;
}

static McuDrop
receive_rtp(McuLeg *leg, guint8 *data, gsize size, gint64 now_us)
{
  if (size > MCU_RTP_MAX + MCU_SRTP_TRAILER)
    return MCU_DROP_OVERSIZED;
  if (leg->net.srtp == NULL)
    return MCU_DROP_BEFORE_KEYS;
  if (leg->net.rx_budget <= 0)
    return MCU_DROP_RATE;
  leg->net.rx_budget--;

  McuDrop reason = mcu_srtp_unprotect_rtp(leg->net.srtp, data, &size);
  if (reason != MCU_DROP_NONE)
    return reason;
  leg->net.last_rx_us = now_us;
  leg->net.stats.rx_packets++;
  leg->net.stats.rx_bytes += size;

  McuRtpHeader header;
  reason = mcu_rtp_parse(data, size, &header);
  if (reason != MCU_DROP_NONE)
    return reason;
  McuRxTrack *rx = track_of(leg, &header);
  if (rx == NULL)
    return MCU_DROP_PAYLOAD_TYPE;
  if (!latch(rx, header.ssrc, now_us))
    return MCU_DROP_SSRC;
  guint64 seq;
  reason = mcu_receive_stats_packet(&rx->stats, header.seq, header.timestamp, now_us, &seq);
  if (reason != MCU_DROP_NONE)
    return reason;

  gboolean audio = rx == &leg->net.rx_audio;
  if (audio)
    leg->net.stats.rx_audio_packets++;
  else
    leg->net.stats.rx_video_packets++;
  if (!is_wanted(rx))
    return MCU_DROP_NONE;

  if (!audio && header.payload_size > 0) {
    reason = check_picture(rx->track.codec, data + header.header_size, header.payload_size);
    if (reason != MCU_DROP_NONE)
      return reason;
  }
  McuPacket packet = {
      .arrival_us = now_us,
      .timestamp = header.timestamp,
      .seq = header.seq,
      .level = mcu_rtp_ext_level(&header, rx->track.ext_audio_level),
      .marker = header.marker != 0,
  };
  packet.size = (guint16)mcu_rtp_clean(data, &header, &packet.data);
  if (audio)
    push(leg, rx, &packet);
  else
    order_picture(leg, rx, seq, &packet, now_us);
  return MCU_DROP_NONE;
}

static McuDrop
receive_rtcp(McuLeg *leg, guint8 *data, gsize size, gint64 now_us)
{
  if (leg->net.srtp == NULL)
    return MCU_DROP_BEFORE_KEYS;
  if (leg->net.rx_budget <= 0)
    return MCU_DROP_RATE;
  leg->net.rx_budget--;
  McuDrop reason = mcu_srtp_unprotect_rtcp(leg->net.srtp, data, &size);
  if (reason != MCU_DROP_NONE)
    return reason;
  leg->net.last_rx_us = now_us;
  reason = mcu_rtcp_check(data, size);
  if (reason == MCU_DROP_NONE)
    mcu_leg_rtcp_receive(leg, data, size, now_us);
  return reason;
}

static void
receive(McuLeg *leg, guint8 *data, gsize size, gint64 now_us)
{
  McuDrop reason = MCU_DROP_NONE;
  switch (mcu_demux(data, size)) {
  case MCU_DEMUX_RTP:
    reason = receive_rtp(leg, data, size, now_us);
    break;
  case MCU_DEMUX_RTCP:
    reason = receive_rtcp(leg, data, size, now_us);
    break;
  case MCU_DEMUX_DTLS:
    mcu_leg_net_dtls(leg, data, size, now_us);
    break;
  case MCU_DEMUX_STUN: /* libnice's, which gave it to us: not STUN after all */
    reason = MCU_DROP_STUN;
    break;
  case MCU_DEMUX_NONE:
    reason = size == 0 ? MCU_DROP_EMPTY : MCU_DROP_UNKNOWN;
    break;
  }
  if (reason != MCU_DROP_NONE)
    drop(leg, reason);
}

static void
wake(McuRxTrack *rx)
{
  if (!rx->pushed)
    return;
  rx->pushed = FALSE;
  mcu_ring_wake(rx->ring);
}

void
mcu_leg_rx_datagram(McuLeg *leg, guint8 *data, gsize size, gint64 now_us)
{
  McuNetCounters *counters = mcu_net_thread_counters(leg->thread);
  counters->rx_packets++;
  counters->rx_bytes += size;
  if (size == 0)
    drop(leg, MCU_DROP_OVERSIZED);
  else
    receive(leg, data, size, now_us);
}

void
mcu_leg_rx_done(McuLeg *leg)
{
  wake(&leg->net.rx_audio);
  wake(&leg->net.rx_video);
  wake(&leg->net.rx_content);
}

void
mcu_leg_rx_readable(McuLeg *leg, gint64 now_us)
{
  McuIceDatagram *datagrams = mcu_net_thread_space(leg->thread)->datagrams;
  McuNetCounters *counters = mcu_net_thread_counters(leg->thread);

  for (guint round = 0; round < ROUNDS_MAX; round++) {
    guint n = mcu_ice_receive(leg->ice, datagrams, MCU_NET_RX_BATCH, counters->drops);
    for (guint i = 0; i < n; i++)
      mcu_leg_rx_datagram(leg, datagrams[i].data, datagrams[i].size, now_us);
    if (n < MCU_NET_RX_BATCH)
      break;
  }
  mcu_leg_rx_done(leg);
}

static void
release_late(McuLeg *leg, McuRxTrack *rx, gint64 now_us)
{
  if (rx->reorder == NULL)
    return;
  release(leg, rx, now_us, reorder_wait(leg));
  wake(rx);
}

void
mcu_leg_rx_release(McuLeg *leg, gint64 now_us)
{
  release_late(leg, &leg->net.rx_video, now_us);
  release_late(leg, &leg->net.rx_content, now_us);
}

void
mcu_leg_rx_set_track(McuRxTrack *rx, const McuLegTrack *track, McuMediaKind kind)
{
  McuRing *ring = track->ring != NULL ? mcu_ring_ref(track->ring) : NULL;
  gboolean same = rx->ring == ring && rx->track.codec == track->codec && rx->track.pt == track->pt;
  mcu_ring_unref(rx->ring);
  rx->ring = ring;
  rx->track = *track;
  rx->pushed = FALSE;
  if (same)
    return;
  rx->latched = rx->wanted = FALSE;
  g_clear_pointer(&rx->reorder, mcu_reorder_free);
  if (kind == MCU_MEDIA_VIDEO && ring != NULL)
    rx->reorder = mcu_reorder_new(MCU_REORDER_SLOTS);
}

void
mcu_leg_rx_clear(McuRxTrack *rx)
{
  g_clear_pointer(&rx->ring, mcu_ring_unref);
  g_clear_pointer(&rx->reorder, mcu_reorder_free);
  rx->track.codec = MCU_CODEC_NONE;
}
