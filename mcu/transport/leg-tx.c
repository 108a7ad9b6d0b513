/* The path of a packet out, whole. [net]
 *
 * stream -> our SSRC, sequence number, timestamp, payload type, extensions -> SRTP protect in the
 * thread's batch, which takes the packets of all its legs -> sendmmsg. No allocation, no lock, no log.
 *
 * Receivers see one continuous source per track, whatever streams it is fed from. A resent packet is
 * made again from the stream's history and is the same to the byte, which SRTP demands. */
#include <string.h>

#include "mcu/transport/leg-priv.h"

#define CATCH_UP_US 500000   /* a key frame not older than this is sent with all that followed it */
#define ASK_AGAIN_US 1000000 /* for a key frame */
#define PLAYOUT_MAX_MS 100   /* asked of browsers by the playout-delay extension */
#define PACKET_ROOM (MCU_RTP_HEADER + MCU_RTP_EXT_MAX + MCU_RTP_PAYLOAD_MAX + MCU_SRTP_TRAILER)

static guint32
clock_rate(const McuTxTrack *tx)
{
  return tx->track.codec == MCU_CODEC_OPUS ? MCU_AUDIO_RATE : MCU_VIDEO_RATE;
}

/* Puts the packet into the thread's batch; FALSE when its payload was overwritten meanwhile. */
static gboolean
append(McuLeg *leg, const McuTxTrack *tx, const McuStream *stream, const McuStreamPacket *packet, guint16 seq,
       guint32 timestamp)
{
  guint8 *data = mcu_net_thread_room(leg->thread, PACKET_ROOM);
  gsize size = mcu_rtp_write_header(data, tx->track.pt, packet->marker, seq, timestamp, tx->track.send_ssrc);
  McuRtpExtSend ext = {
      .level_id = tx->track.ext_audio_level,
      .level = packet->level,
      .voice = packet->level < 127,
      .playout_delay_id = tx->track.ext_playout_delay,
      .playout_max_ms = PLAYOUT_MAX_MS,
  };
  size += mcu_rtp_ext_write(data, &ext);
  memcpy(data + size, packet->payload, packet->size);
  size += packet->size;
  if (!mcu_stream_still(stream, packet->index) || !mcu_srtp_protect_rtp(leg->net.srtp, data, &size))
    return FALSE;
  if (!mcu_ice_queue(leg->ice, mcu_net_thread_batch(leg->thread), data, size)) {
    mcu_net_thread_counters(leg->thread)->drops[MCU_DROP_SEND]++;
    return TRUE; /* lost on the way, as far as the peer can tell */
  }
  leg->net.stats.tx_packets++;
  leg->net.stats.tx_bytes += size;
  return TRUE;
}

/* Timestamps go on from where the last stream ended, by the time between the two pictures or sounds. */
static void
join_timestamps(McuTxTrack *tx, const McuStreamPacket *first)
{
  if (!tx->started) {
    tx->started = TRUE;
    tx->offset = g_random_int();
    tx->seq = (guint16)(g_random_int() & 0x7fff); /* low, so that SRTP's rollover cannot be misjudged at once */
    return;
  }
  gint64 passed_us = MAX(first->capture_us - tx->last_capture_us, 0);
  guint32 target = tx->last_timestamp + (guint32)MAX(passed_us * clock_rate(tx) / G_USEC_PER_SEC, 1);
  tx->offset = target - first->timestamp;
}

static void
send_packet(McuLeg *leg, McuTxTrack *tx, const McuStream *stream, const McuStreamPacket *packet)
{
  guint32 timestamp = packet->timestamp + tx->offset;
  guint16 seq = tx->seq++;
  tx->sent[seq & tx->sent_mask] =
      (McuSent){.index = packet->index, .timestamp = timestamp, .seq = seq, .valid = TRUE, .own = stream == tx->own};
  tx->last_timestamp = timestamp;
  tx->last_capture_us = packet->capture_us;
  if (append(leg, tx, stream, packet, seq, timestamp)) {
    tx->packets++;
    tx->octets += packet->size;
  }
}

/* Sound: each tick of the shared mix, or the own mix where it has that tick. */
static void
pump_audio(McuLeg *leg, McuTxTrack *tx)
{
  for (guint64 head = mcu_stream_head(tx->shared); tx->next < head; tx->next++) {
    McuStreamPacket packet;
    const McuStream *stream = tx->own;
    if (stream == NULL || !mcu_stream_read(stream, tx->next, &packet)) {
      stream = tx->shared;
      if (!mcu_stream_read(stream, tx->next, &packet))
        continue; /* a tick the mixer left out, or too long ago: the receiver conceals it */
    }
    if (tx->waiting) {
      tx->waiting = FALSE;
      join_timestamps(tx, &packet);
    }
    send_packet(leg, tx, stream, &packet);
  }
}

static void
wait_for_keyframe(McuTxTrack *tx, gint64 now_us)
{
  tx->waiting = TRUE;
  tx->asked_us = now_us;
  mcu_stream_request_keyframe(tx->shared);
}

static gboolean
find_start(McuTxTrack *tx, gint64 now_us)
{
  guint64 index;
  gint64 written_us;
  McuStreamPacket packet;
  if (mcu_stream_last_keyframe(tx->shared, &index, &written_us) &&
      (index >= tx->next || now_us - written_us <= CATCH_UP_US) && mcu_stream_read(tx->shared, index, &packet)) {
    tx->waiting = FALSE;
    tx->next = index;
    join_timestamps(tx, &packet);
    return TRUE;
  }
  if (now_us - tx->asked_us > ASK_AGAIN_US)
    wait_for_keyframe(tx, now_us);
  return FALSE;
}

/* TRUE when there is more to send. */
static gboolean
pump_video(McuLeg *leg, McuTxTrack *tx, gint64 now_us)
{
  if (tx->waiting && !find_start(tx, now_us))
    return FALSE;
  guint64 head = mcu_stream_head(tx->shared);
  guint64 stop = MIN(head, tx->next + MCU_PACE_PACKETS);
  for (; tx->next < stop; tx->next++) {
    McuStreamPacket packet;
    if (!mcu_stream_read(tx->shared, tx->next, &packet)) {
      tx->next = head; /* this thread slept longer than the history is long */
      wait_for_keyframe(tx, now_us);
      return FALSE;
    }
    send_packet(leg, tx, tx->shared, &packet);
  }
  return tx->next < head;
}

#define CACHE_LINE 64

void
mcu_leg_tx_prefetch(const McuLeg *leg)
{
  const char *from = (const char *)&leg->net.tx_audio, *to = (const char *)(&leg->net.tx_video + 1);
  __builtin_prefetch(leg);
  __builtin_prefetch(&leg->net);
  for (; from < to; from += CACHE_LINE)
    __builtin_prefetch(from, 1);
}

void
mcu_leg_tx_prefetch_path(const McuLeg *leg)
{
  mcu_ice_prefetch(leg->ice);
  if (leg->net.srtp != NULL)
    mcu_srtp_prefetch(leg->net.srtp);
}

gboolean
mcu_leg_tx_pump(McuLeg *leg, gint64 now_us)
{
  gboolean more = FALSE;
  if (leg->net.srtp == NULL || leg->net.state != MCU_LEG_CONNECTED)
    return FALSE;
  if (leg->net.tx_audio.shared != NULL && leg->net.tx_audio.track.codec != MCU_CODEC_NONE)
    pump_audio(leg, &leg->net.tx_audio);
  if (leg->net.tx_video.shared != NULL && leg->net.tx_video.track.codec != MCU_CODEC_NONE)
    more = pump_video(leg, &leg->net.tx_video, now_us);
  return more;
}

void
mcu_leg_tx_resend(McuLeg *leg, McuTxTrack *tx, const guint16 *seqs, guint n)
{
  if (tx->shared == NULL || tx->waiting || leg->net.srtp == NULL)
    return;
  for (guint i = 0; i < n && leg->net.resend_budget > 0; i++) {
    const McuSent *sent = &tx->sent[seqs[i] & tx->sent_mask];
    McuStream *stream = sent->own ? tx->own : tx->shared;
    McuStreamPacket packet;
    if (!sent->valid || sent->seq != seqs[i] || stream == NULL || !mcu_stream_read(stream, sent->index, &packet))
      continue;
    leg->net.resend_budget--;
    if (append(leg, tx, stream, &packet, sent->seq, sent->timestamp))
      leg->net.stats.retransmitted++;
  }
}

void
mcu_leg_tx_set_track(McuTxTrack *tx, const McuLegTrack *track, McuMediaKind kind)
{
  tx->track = *track;
  tx->track.ring = NULL;
  if (tx->sent == NULL) {
    guint n = kind == MCU_MEDIA_AUDIO ? MCU_SENT_AUDIO : MCU_SENT_VIDEO;
    tx->sent = g_new0(McuSent, n);
    tx->sent_mask = n - 1;
  }
}

static void
subscribe(McuLeg *leg, McuStream *stream)
{
  if (stream != NULL)
    mcu_stream_subscribe(mcu_stream_ref(stream), mcu_net_thread_index(leg->thread),
                         mcu_net_thread_wake_fd(leg->thread));
}

static void
unsubscribe(McuLeg *leg, McuStream *stream)
{
  if (stream == NULL)
    return;
  mcu_stream_unsubscribe(stream, mcu_net_thread_index(leg->thread));
  mcu_stream_unref(stream);
}

void
mcu_leg_tx_restart(McuTxTrack *tx)
{
  if (tx->shared == NULL)
    return;
  tx->next = mcu_stream_head(tx->shared);
  tx->waiting = TRUE;
  tx->asked_us = G_MININT64 / 2; /* never */
}

void
mcu_leg_tx_set_streams(McuLeg *leg, McuTxTrack *tx, McuStream *shared, McuStream *own)
{
  McuStream *old_shared = tx->shared, *old_own = tx->own;
  subscribe(leg, shared);
  /* The own stream is written before the shared one in each tick, whose flush wakes us for both. */
  tx->shared = shared;
  tx->own = own != NULL ? mcu_stream_ref(own) : NULL;
  if (shared != old_shared || own != old_own) {
    /* Its numbers meant packets of the streams before. */
    if (tx->sent != NULL)
      memset(tx->sent, 0, (tx->sent_mask + 1) * sizeof *tx->sent);
  }
  if (shared != old_shared)
    mcu_leg_tx_restart(tx);
  unsubscribe(leg, old_shared);
  mcu_stream_unref(old_own);
}

void
mcu_leg_tx_clear(McuLeg *leg, McuTxTrack *tx)
{
  unsubscribe(leg, tx->shared);
  mcu_stream_unref(tx->own);
  tx->shared = tx->own = NULL;
  g_clear_pointer(&tx->sent, g_free);
  tx->track.codec = MCU_CODEC_NONE;
}
