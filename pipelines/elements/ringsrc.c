/* Lives in the pipeline of one decoder (decode.c). create() runs on that pipeline's one streaming
 * thread, which sleeps in mcu_ring_wait() while the site sends nothing. */
#include "pipelines/elements/ringsrc.h"

#include <gst/base/gstpushsrc.h>
#include <stdatomic.h>

#include "pipelines/codec-elements.h"

GST_DEBUG_CATEGORY_STATIC(ring_src_debug);
#define GST_CAT_DEFAULT ring_src_debug

/* Packets that may be on their way through depayloader and decoder at once. */
#define POOL_MAX 2048

typedef struct {
  GstPushSrc parent;

  McuRing *ring;
  McuCodec codec;
  GstBufferPool *pool;
  atomic_bool flushing;
  _Atomic gint64 requested_us; /* of the last key frame request */
  atomic_bool wanted;          /* asked for before its time had come */

  /* streaming thread */
  gsize frame_bytes; /* since the last marker */
  gboolean discont;
} PlRingSrc;

typedef struct {
  GstPushSrcClass parent;
} PlRingSrcClass;

G_DEFINE_TYPE(PlRingSrc, pl_ring_src, GST_TYPE_PUSH_SRC)

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("application/x-rtp"));

void
pl_ring_src_request_keyframe(GstElement *element)
{
  PlRingSrc *self = (PlRingSrc *)element;
  gint64 now = g_get_monotonic_time();
  gint64 last = atomic_load(&self->requested_us);
  if (last != 0 && now - last < PL_KEYFRAME_REQUEST_US) {
    atomic_store(&self->wanted, TRUE); /* create() asks again */
    return;
  }
  if (atomic_compare_exchange_strong(&self->requested_us, &last, now)) {
    atomic_store(&self->wanted, FALSE);
    mcu_ring_request_keyframe(self->ring);
  }
}

static GstCaps *
get_caps(GstBaseSrc *base, GstCaps *filter)
{
  PlRingSrc *self = (PlRingSrc *)base;
  GstCaps *caps = pl_codec_rtp_caps(self->codec);
  if (filter == NULL)
    return caps;
  GstCaps *both = gst_caps_intersect_full(filter, caps, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref(caps);
  return both;
}

static gboolean
start(GstBaseSrc *base)
{
  PlRingSrc *self = (PlRingSrc *)base;
  self->pool = gst_buffer_pool_new();
  GstStructure *config = gst_buffer_pool_get_config(self->pool);
  gst_buffer_pool_config_set_params(config, NULL, MCU_RTP_MAX, 0, POOL_MAX);
  if (!gst_buffer_pool_set_config(self->pool, config) || !gst_buffer_pool_set_active(self->pool, TRUE))
    return FALSE;
  self->discont = TRUE;
  self->frame_bytes = 0;
  atomic_store(&self->requested_us, 0);
  pl_ring_src_request_keyframe(GST_ELEMENT(self));
  return TRUE;
}

static gboolean
stop(GstBaseSrc *base)
{
  PlRingSrc *self = (PlRingSrc *)base;
  gst_buffer_pool_set_active(self->pool, FALSE);
  gst_clear_object(&self->pool);
  return TRUE;
}

static gboolean
unlock(GstBaseSrc *base)
{
  PlRingSrc *self = (PlRingSrc *)base;
  atomic_store(&self->flushing, TRUE);
  mcu_ring_interrupt(self->ring);
  return TRUE;
}

static gboolean
unlock_stop(GstBaseSrc *base)
{
  PlRingSrc *self = (PlRingSrc *)base;
  atomic_store(&self->flushing, FALSE);
  return TRUE;
}

/* Upstream events end here. */
static gboolean
on_event(GstBaseSrc *base, GstEvent *event)
{
  if (GST_EVENT_TYPE(event) == GST_EVENT_CUSTOM_UPSTREAM && gst_event_has_name(event, "GstForceKeyUnit")) {
    pl_ring_src_request_keyframe(GST_ELEMENT(base));
    return TRUE;
  }
  return GST_BASE_SRC_CLASS(pl_ring_src_parent_class)->event(base, event);
}

/* H.264: single NAL units, STAP-A and FU-A (RFC 6184 section 5.4, packetization-mode 1). The depayloader
 * ends with an error at the others and overreads at some; legs drop them too, but not only they fill rings. */
static gboolean
usable(const PlRingSrc *self, const McuPacket *packet)
{
  if (packet->size <= MCU_RTP_HEADER)
    return FALSE;
  guint8 type = packet->data[MCU_RTP_HEADER] & 0x1f;
  return self->codec != MCU_CODEC_H264 || (type >= 1 && type <= 24) || type == 28;
}

/* The oldest packet of the ring as a buffer; NULL when it is no use or the pool is exhausted. */
static GstBuffer *
take_packet(PlRingSrc *self)
{
  const McuPacket *packet = mcu_ring_peek(self->ring);
  GstBufferPoolAcquireParams params = {.flags = GST_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT};
  GstBuffer *buffer = NULL;

  self->discont |= packet->discont;
  self->frame_bytes += packet->size;
  if (self->frame_bytes > PL_FRAME_MAX_BYTES) {
    self->discont = TRUE;
    self->frame_bytes = packet->size;
  }
  if (packet->marker)
    self->frame_bytes = 0;

  if (usable(self, packet) && gst_buffer_pool_acquire_buffer(self->pool, &buffer, &params) == GST_FLOW_OK) {
    gst_buffer_fill(buffer, 0, packet->data, packet->size);
    gst_buffer_set_size(buffer, packet->size);
    if (packet->marker)
      GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_MARKER);
    if (self->discont)
      GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DISCONT);
  }
  self->discont = buffer == NULL;
  mcu_ring_advance(self->ring);
  return buffer;
}

/* How long to wait for a packet: for ever, or until a postponed request may be made. */
static gint64
wait_us(PlRingSrc *self)
{
  if (!atomic_load(&self->wanted))
    return -1;
  pl_ring_src_request_keyframe(GST_ELEMENT(self));
  return atomic_load(&self->wanted) ? PL_KEYFRAME_REQUEST_US / 4 : -1;
}

static GstFlowReturn
create(GstPushSrc *push, GstBuffer **out_buffer)
{
  PlRingSrc *self = (PlRingSrc *)push;
  for (;;) {
    if (atomic_load(&self->flushing))
      return GST_FLOW_FLUSHING;
    if (mcu_ring_wait(self->ring, wait_us(self))) {
      *out_buffer = take_packet(self);
      if (*out_buffer != NULL)
        return GST_FLOW_OK;
    } else if (mcu_ring_is_closed(self->ring)) {
      return GST_FLOW_EOS;
    }
  }
}

static void
finalize(GObject *object)
{
  PlRingSrc *self = (PlRingSrc *)object;
  mcu_ring_unref(self->ring);
  G_OBJECT_CLASS(pl_ring_src_parent_class)->finalize(object);
}

static void
pl_ring_src_class_init(PlRingSrcClass *klass)
{
  GstBaseSrcClass *base = GST_BASE_SRC_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(ring_src_debug, "plringsrc", 0, "packets from a ring");
  G_OBJECT_CLASS(klass)->finalize = finalize;
  base->get_caps = get_caps;
  base->start = start;
  base->stop = stop;
  base->unlock = unlock;
  base->unlock_stop = unlock_stop;
  base->event = on_event;
  GST_PUSH_SRC_CLASS(klass)->create = create;
  gst_element_class_add_static_pad_template(GST_ELEMENT_CLASS(klass), &src_template);
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "Ring source", "Source/Network",
                                        "RTP packets from a ring", "Diemcau");
}

static void
pl_ring_src_init(PlRingSrc *self)
{
  gst_base_src_set_live(GST_BASE_SRC(self), TRUE);
  gst_base_src_set_format(GST_BASE_SRC(self), GST_FORMAT_TIME);
}

GstElement *
pl_ring_src_new(McuRing *ring, McuCodec codec)
{
  PlRingSrc *self = g_object_new(PL_TYPE_RING_SRC, NULL);
  self->ring = mcu_ring_ref(ring);
  self->codec = codec;
  return GST_ELEMENT(self);
}
