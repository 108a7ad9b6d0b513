/* The end of a decoder's pipeline; render() runs on its one streaming thread. */
#include "pipelines/elements/slotsink.h"

#include <gst/base/gstbasesink.h>
#include <stdatomic.h>

typedef struct {
  GstBaseSink parent;

  PlSlot *slot;
  _Atomic guint64 frames;
  _Atomic guint64 refused;

  /* streaming thread */
  GstVideoInfo info;
  gboolean usable;
} PlSlotSink;

typedef struct {
  GstBaseSinkClass parent;
} PlSlotSinkClass;

G_DEFINE_TYPE(PlSlotSink, pl_slot_sink, GST_TYPE_BASE_SINK)

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS("video/x-raw"));

static gboolean
set_caps(GstBaseSink *base, GstCaps *caps)
{
  PlSlotSink *self = (PlSlotSink *)base;
  self->usable = gst_video_info_from_caps(&self->info, caps) &&
                 GST_VIDEO_INFO_FORMAT(&self->info) == GST_VIDEO_FORMAT_I420 &&
                 GST_VIDEO_INFO_WIDTH(&self->info) >= 2 && GST_VIDEO_INFO_HEIGHT(&self->info) >= 2 &&
                 GST_VIDEO_INFO_WIDTH(&self->info) <= PL_PICTURE_MAX_WIDTH &&
                 GST_VIDEO_INFO_HEIGHT(&self->info) <= PL_PICTURE_MAX_HEIGHT;
  return TRUE;
}

/* Strides and planes as the decoder likes them: no copy between its memory and the slot. */
static gboolean
propose_allocation(GstBaseSink *base G_GNUC_UNUSED, GstQuery *query)
{
  gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, NULL);
  return TRUE;
}

static GstFlowReturn
render(GstBaseSink *base, GstBuffer *buffer)
{
  PlSlotSink *self = (PlSlotSink *)base;
  if (!self->usable || GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_CORRUPTED)) {
    atomic_fetch_add_explicit(&self->refused, 1, memory_order_relaxed);
    return GST_FLOW_OK;
  }
  pl_slot_put(self->slot, pl_frame_new(gst_buffer_ref(buffer), &self->info, g_get_monotonic_time()));
  atomic_fetch_add_explicit(&self->frames, 1, memory_order_relaxed);
  return GST_FLOW_OK;
}

static void
finalize(GObject *object)
{
  PlSlotSink *self = (PlSlotSink *)object;
  pl_slot_unref(self->slot);
  G_OBJECT_CLASS(pl_slot_sink_parent_class)->finalize(object);
}

static void
pl_slot_sink_class_init(PlSlotSinkClass *klass)
{
  GstBaseSinkClass *base = GST_BASE_SINK_CLASS(klass);
  G_OBJECT_CLASS(klass)->finalize = finalize;
  base->set_caps = set_caps;
  base->propose_allocation = propose_allocation;
  base->render = render;
  gst_element_class_add_static_pad_template(GST_ELEMENT_CLASS(klass), &sink_template);
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "Slot sink", "Sink/Video", "Keeps the newest frame",
                                        "Diemcau");
}

static void
pl_slot_sink_init(PlSlotSink *self)
{
  g_object_set(self, "sync", FALSE, "async", FALSE, "qos", FALSE, "enable-last-sample", FALSE, NULL);
}

GstElement *
pl_slot_sink_new(PlSlot *slot)
{
  PlSlotSink *self = g_object_new(PL_TYPE_SLOT_SINK, NULL);
  self->slot = pl_slot_ref(slot);
  return GST_ELEMENT(self);
}

guint64
pl_slot_sink_frames(GstElement *element)
{
  return atomic_load_explicit(&((PlSlotSink *)element)->frames, memory_order_relaxed);
}

guint64
pl_slot_sink_refused(GstElement *element)
{
  return atomic_load_explicit(&((PlSlotSink *)element)->refused, memory_order_relaxed);
}
