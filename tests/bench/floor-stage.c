/* As GstHarness does it, without its queue: that would be work that nobody has to do. */
#include "floor-stage.h"

#include "mcu/util/error.h"

struct FloorStage {
  GstElement *element;
  GstPad *src, *sink; /* ours, on either side of it */
  FloorOutput output;
  gpointer user_data;
  GstVideoInfo info;
};

static GstFlowReturn
on_buffer(GstPad *pad, GstObject *parent G_GNUC_UNUSED, GstBuffer *buffer)
{
  FloorStage *stage = gst_pad_get_element_private(pad);
  stage->output(buffer, stage->user_data);
  return GST_FLOW_OK;
}

static gboolean
on_event(GstPad *pad, GstObject *parent G_GNUC_UNUSED, GstEvent *event)
{
  FloorStage *stage = gst_pad_get_element_private(pad);
  GstCaps *caps;
  if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
    gst_event_parse_caps(event, &caps);
    if (gst_structure_has_name(gst_caps_get_structure(caps, 0), "video/x-raw"))
      gst_video_info_from_caps(&stage->info, caps);
  }
  gst_event_unref(event);
  return TRUE;
}

/* Strides as the decoder likes them, as plslotsink allows: no copy of the picture. */
static gboolean
on_query(GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION)
    return gst_pad_query_default(pad, parent, query);
  gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, NULL);
  return TRUE;
}

static gboolean
join(FloorStage *stage, GstCaps *in)
{
  g_autoptr(GstPad) sink = gst_element_get_static_pad(stage->element, "sink");
  g_autoptr(GstPad) src = gst_element_get_static_pad(stage->element, "src");
  if (gst_pad_link(stage->src, sink) != GST_PAD_LINK_OK || gst_pad_link(src, stage->sink) != GST_PAD_LINK_OK)
    return FALSE;
  gst_pad_set_active(stage->sink, TRUE);
  gst_pad_set_active(stage->src, TRUE);
  if (gst_element_set_state(stage->element, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    return FALSE;

  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  return gst_pad_push_event(stage->src, gst_event_new_stream_start("floor")) &&
         gst_pad_push_event(stage->src, gst_event_new_caps(in)) &&
         gst_pad_push_event(stage->src, gst_event_new_segment(&segment));
}

FloorStage *
floor_stage_new(GstElement *element, GstCaps *in, GstCaps *out, FloorOutput output, gpointer user_data, GError **error)
{
  FloorStage *stage = g_new0(FloorStage, 1);
  stage->element = gst_object_ref_sink(element);
  stage->output = output;
  stage->user_data = user_data;
  stage->src = gst_object_ref_sink(gst_pad_new("src", GST_PAD_SRC));
  /* The template is what the element is told that comes after it takes. */
  g_autoptr(GstPadTemplate) template =
      gst_object_ref_sink(gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, out));
  stage->sink = gst_object_ref_sink(gst_pad_new_from_template(template, "sink"));
  gst_pad_set_element_private(stage->sink, stage);
  gst_pad_set_chain_function(stage->sink, on_buffer);
  gst_pad_set_event_function(stage->sink, on_event);
  gst_pad_set_query_function(stage->sink, on_query);
  if (!join(stage, in)) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "%s does not start", GST_OBJECT_NAME(element));
    g_clear_pointer(&stage, floor_stage_free);
  }
  return stage;
}

void
floor_stage_free(FloorStage *stage)
{
  if (stage == NULL)
    return;
  gst_element_set_state(stage->element, GST_STATE_NULL);
  gst_pad_set_active(stage->src, FALSE);
  gst_pad_set_active(stage->sink, FALSE);
  gst_object_unref(stage->src);
  gst_object_unref(stage->sink);
  gst_object_unref(stage->element);
  g_free(stage);
}

gboolean
floor_stage_push(FloorStage *stage, GstBuffer *buffer, GError **error)
{
  GstFlowReturn flow = gst_pad_push(stage->src, buffer);
  if (flow == GST_FLOW_OK)
    return TRUE;
  g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "%s: %s", GST_OBJECT_NAME(stage->element), gst_flow_get_name(flow));
  return FALSE;
}

const GstVideoInfo *
floor_stage_info(const FloorStage *stage)
{
  return &stage->info;
}
