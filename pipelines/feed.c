/* A source pad without an element. Owned by a decoder (decode.c). */
#include "pipelines/feed.h"

#include <stdatomic.h>

#include "pipelines/codec-elements.h"

/* Packets that may be on their way through depayloader and decoder at once. */
#define POOL_MAX 1024

struct PlFeed {
  McuRing *ring;
  McuCodec codec;
  GstPad *pad;
  GstBufferPool *pool;
  _Atomic gint64 requested_us; /* of the last key frame request; 0: none */
  atomic_bool wanted;          /* asked for before its time had come */

  struct {
    gboolean begun, failed;
    gsize frame_bytes; /* since the last marker */
    gboolean discont;
  } run; /* the thread of pl_feed_run() */
};

void
pl_feed_request_keyframe(PlFeed *feed)
{
  gint64 now = g_get_monotonic_time();
  gint64 last = atomic_load(&feed->requested_us);
  if (last != 0 && now - last < PL_KEYFRAME_REQUEST_US) {
    atomic_store(&feed->wanted, TRUE); /* pl_feed_run() asks again */
    return;
  }
  if (atomic_compare_exchange_strong(&feed->requested_us, &last, now)) {
    atomic_store(&feed->wanted, FALSE);
    mcu_ring_request_keyframe(feed->ring);
  }
}

/* Upstream events end here. */
static gboolean
on_event(GstPad *pad, GstObject *parent G_GNUC_UNUSED, GstEvent *event)
{
  if (GST_EVENT_TYPE(event) == GST_EVENT_CUSTOM_UPSTREAM && gst_event_has_name(event, "GstForceKeyUnit"))
    pl_feed_request_keyframe(gst_pad_get_element_private(pad));
  gst_event_unref(event);
  return TRUE;
}

PlFeed *
pl_feed_new(McuRing *ring, McuCodec codec, GstPad *sink)
{
  GstBufferPool *pool = gst_buffer_pool_new();
  GstStructure *config = gst_buffer_pool_get_config(pool);
  gst_buffer_pool_config_set_params(config, NULL, MCU_RTP_MAX, 0, POOL_MAX);
  if (!gst_buffer_pool_set_config(pool, config) || !gst_buffer_pool_set_active(pool, TRUE)) {
    gst_object_unref(pool);
    return NULL;
  }
  PlFeed *feed = g_new0(PlFeed, 1);
  feed->ring = mcu_ring_ref(ring);
  feed->codec = codec;
  feed->pool = pool;
  feed->pad = gst_object_ref_sink(gst_pad_new("feed", GST_PAD_SRC));
  gst_pad_set_element_private(feed->pad, feed);
  gst_pad_set_event_function(feed->pad, on_event);
  if (GST_PAD_LINK_FAILED(gst_pad_link(feed->pad, sink)))
    g_assert_not_reached(); /* a depayloader takes RTP */
  gst_pad_set_active(feed->pad, TRUE);
  return feed;
}

void
pl_feed_free(PlFeed *feed)
{
  if (feed == NULL)
    return;
  gst_pad_set_active(feed->pad, FALSE);
  g_autoptr(GstPad) sink = gst_pad_get_peer(feed->pad);
  if (sink != NULL)
    gst_pad_unlink(feed->pad, sink);
  gst_object_unref(feed->pad);
  gst_buffer_pool_set_active(feed->pool, FALSE);
  gst_object_unref(feed->pool);
  mcu_ring_unref(feed->ring);
  g_free(feed);
}

/* What every stream begins with; and the request for its first picture. Old packets are no use, but those that came
 * while this was made are: they may be the key frame of a screen, which has the next one only after a second. */
static void
begin(PlFeed *feed)
{
  const McuPacket *packet;
  gint64 since = g_get_monotonic_time() - PL_FEED_FRESH_US;
  feed->run.begun = feed->run.discont = TRUE;
  while ((packet = mcu_ring_peek(feed->ring)) != NULL && packet->arrival_us < since)
    mcu_ring_advance(feed->ring);
  g_autofree char *id = g_strdup_printf("feed-%p", (gpointer)feed);
  g_autoptr(GstCaps) caps = pl_codec_rtp_caps(feed->codec);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_pad_push_event(feed->pad, gst_event_new_stream_start(id));
  gst_pad_push_event(feed->pad, gst_event_new_caps(caps));
  gst_pad_push_event(feed->pad, gst_event_new_segment(&segment));
  pl_feed_request_keyframe(feed);
}

/* H.264: single NAL units, STAP-A and FU-A (RFC 6184 section 5.4, packetization-mode 1). The depayloader
 * ends with an error at the others and overreads at some; legs drop them too, but not only they fill rings. */
static gboolean
usable(const PlFeed *feed, const McuPacket *packet)
{
  if (packet->size <= MCU_RTP_HEADER)
    return FALSE;
  guint8 type = packet->data[MCU_RTP_HEADER] & 0x1f;
  return feed->codec != MCU_CODEC_H264 || (type >= 1 && type <= 24) || type == 28;
}

/* The oldest packet of the ring as a buffer; NULL when it is no use or the pool is exhausted. */
static GstBuffer *
take_packet(PlFeed *feed)
{
  const McuPacket *packet = mcu_ring_peek(feed->ring);
  GstBufferPoolAcquireParams params = {.flags = GST_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT};
  GstBuffer *buffer = NULL;

  feed->run.discont |= packet->discont;
  feed->run.frame_bytes += packet->size;
  if (feed->run.frame_bytes > PL_FRAME_MAX_BYTES) {
    feed->run.discont = TRUE;
    feed->run.frame_bytes = packet->size;
  }
  if (packet->marker)
    feed->run.frame_bytes = 0;

  if (!feed->run.failed && usable(feed, packet) &&
      gst_buffer_pool_acquire_buffer(feed->pool, &buffer, &params) == GST_FLOW_OK) {
    gst_buffer_fill(buffer, 0, packet->data, packet->size);
    gst_buffer_set_size(buffer, packet->size);
    if (packet->marker)
      GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_MARKER);
    if (feed->run.discont)
      GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DISCONT);
  }
  feed->run.discont = buffer == NULL;
  mcu_ring_advance(feed->ring);
  return buffer;
}

gboolean
pl_feed_run(PlFeed *feed)
{
  if (!feed->run.begun)
    begin(feed);
  while (mcu_ring_peek(feed->ring) != NULL) {
    GstBuffer *buffer = take_packet(feed);
    if (buffer != NULL && gst_pad_push(feed->pad, buffer) < GST_FLOW_OK)
      feed->run.failed = TRUE;
  }
  if (atomic_load(&feed->wanted))
    pl_feed_request_keyframe(feed);
  return atomic_load(&feed->wanted);
}
