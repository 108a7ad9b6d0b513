/* One thread empties all rings every POLL_US: a wake-up per packet and site would cost more than all
 * the rest, and times of arrival are in the packets. The lock is held during a round. */
#include "inbox.h"

#include "mcu/rtp/h264.h"
#include "mcu/rtp/vp8.h"
#include "mcu/util/priority.h"

#define POLL_US 8000
#define SOUND_GAP_US 60000

struct SimInbox {
  McuRing *audio, *video;
  McuCodec video_codec;
  SimProbe *probe;

  /* The rest belongs to the receiver's thread. */
  SimInboxStats stats;
  gboolean video_started;
  guint32 video_timestamp;
  guint16 video_seq;
  gboolean in_keyframe; /* a key frame began and all its packets so far are there */
  guint16 sound_seq;
};

struct SimReceiver {
  GThread *thread;
  GMutex lock; /* the rest, inboxes included, is protected by it */
  gboolean stop;
  GPtrArray *inboxes;
};

static gboolean
starts_keyframe(const SimInbox *inbox, const McuPacket *packet)
{
  const guint8 *payload = packet->data + MCU_RTP_HEADER;
  gsize size = packet->size - MCU_RTP_HEADER;
  return inbox->video_codec == MCU_CODEC_VP8 ? mcu_vp8_starts_keyframe(payload, size)
                                             : mcu_h264_starts_keyframe(payload, size);
}

static void
read_video(SimInbox *inbox, const McuPacket *packet)
{
  gboolean in_order = inbox->video_started && packet->seq == (guint16)(inbox->video_seq + 1);
  gboolean new_frame = !inbox->video_started || packet->timestamp != inbox->video_timestamp;
  if (packet->discont)
    inbox->stats.video_gaps++;
  if (new_frame)
    inbox->in_keyframe = starts_keyframe(inbox, packet);
  else if (!in_order || packet->discont)
    inbox->in_keyframe = FALSE;
  inbox->video_started = TRUE;
  inbox->video_seq = packet->seq;
  inbox->video_timestamp = packet->timestamp;
  if (!packet->marker)
    return;

  SimInboxStats *stats = &inbox->stats;
  if (stats->first_frame_us == 0 && inbox->in_keyframe)
    stats->first_frame_us = packet->arrival_us;
  if (stats->first_frame_us == 0)
    return;
  stats->last_frame_us = packet->arrival_us;
  if (stats->from_us == 0)
    stats->from_us = packet->arrival_us;
  else
    stats->frames++;
}

static void
read_sound(SimInbox *inbox, const McuPacket *packet)
{
  SimInboxStats *stats = &inbox->stats;
  if (stats->sound_packets++ > 0) {
    gint16 step = (gint16)(packet->seq - inbox->sound_seq);
    if (step <= 0)
      return; /* late or twice: its place has been counted as lost */
    stats->sound_lost += (guint64)step - 1;
    gint64 gap = packet->arrival_us - stats->last_sound_us - MCU_AUDIO_FRAME_US;
    stats->sound_gap_max_us = MAX(stats->sound_gap_max_us, gap);
    stats->sound_gaps += gap > SOUND_GAP_US;
  }
  inbox->sound_seq = packet->seq;
  stats->last_sound_us = packet->arrival_us;
}

static void
read_inbox(SimInbox *inbox)
{
  const McuPacket *packet;
  while ((packet = mcu_ring_peek(inbox->video)) != NULL) {
    read_video(inbox, packet);
    if (inbox->probe != NULL && !sim_probe_video(inbox->probe, packet))
      mcu_ring_request_keyframe(inbox->video);
    mcu_ring_advance(inbox->video);
  }
  while ((packet = mcu_ring_peek(inbox->audio)) != NULL) {
    read_sound(inbox, packet);
    if (inbox->probe != NULL)
      sim_probe_audio(inbox->probe, packet);
    mcu_ring_advance(inbox->audio);
  }
}

static gpointer
run(gpointer data)
{
  SimReceiver *receiver = data;
  mcu_priority_raise();
  for (gboolean stop = FALSE; !stop;) {
    g_mutex_lock(&receiver->lock);
    stop = receiver->stop;
    for (guint i = 0; i < receiver->inboxes->len; i++)
      read_inbox(receiver->inboxes->pdata[i]);
    g_mutex_unlock(&receiver->lock);
    g_usleep(POLL_US);
  }
  return NULL;
}

SimReceiver *
sim_receiver_new(void)
{
  SimReceiver *receiver = g_new0(SimReceiver, 1);
  g_mutex_init(&receiver->lock);
  receiver->inboxes = g_ptr_array_new();
  receiver->thread = g_thread_new("receiver", run, receiver);
  return receiver;
}

void
sim_receiver_free(SimReceiver *receiver)
{
  if (receiver == NULL)
    return;
  g_mutex_lock(&receiver->lock);
  receiver->stop = TRUE;
  g_mutex_unlock(&receiver->lock);
  g_thread_join(receiver->thread);
  g_assert(receiver->inboxes->len == 0);
  g_ptr_array_unref(receiver->inboxes);
  g_mutex_clear(&receiver->lock);
  g_free(receiver);
}

SimInbox *
sim_receiver_add(SimReceiver *receiver, McuRing *audio, McuRing *video, McuCodec video_codec, SimProbe *probe)
{
  SimInbox *inbox = g_new0(SimInbox, 1);
  inbox->audio = mcu_ring_ref(audio);
  inbox->video = mcu_ring_ref(video);
  inbox->video_codec = video_codec;
  inbox->probe = probe;
  g_mutex_lock(&receiver->lock);
  g_ptr_array_add(receiver->inboxes, inbox);
  g_mutex_unlock(&receiver->lock);
  return inbox;
}

void
sim_receiver_remove(SimReceiver *receiver, SimInbox *inbox)
{
  if (inbox == NULL)
    return;
  g_mutex_lock(&receiver->lock);
  gboolean known = g_ptr_array_remove_fast(receiver->inboxes, inbox);
  g_mutex_unlock(&receiver->lock);
  g_assert(known);
  mcu_ring_unref(inbox->audio);
  mcu_ring_unref(inbox->video);
  g_free(inbox);
}

void
sim_receiver_restart(SimReceiver *receiver)
{
  g_mutex_lock(&receiver->lock);
  for (guint i = 0; i < receiver->inboxes->len; i++) {
    SimInbox *inbox = receiver->inboxes->pdata[i];
    SimInboxStats before = inbox->stats;
    inbox->stats = (SimInboxStats){
        .first_frame_us = before.first_frame_us,
        .last_sound_us = before.last_sound_us,
        .sound_packets = before.sound_packets > 0, /* the next has one before it */
    };
    if (inbox->probe != NULL)
      sim_probe_restart(inbox->probe);
  }
  g_mutex_unlock(&receiver->lock);
}

void
sim_inbox_get_stats(SimReceiver *receiver, SimInbox *inbox, SimInboxStats *out_stats)
{
  g_mutex_lock(&receiver->lock);
  *out_stats = inbox->stats;
  g_mutex_unlock(&receiver->lock);
}
