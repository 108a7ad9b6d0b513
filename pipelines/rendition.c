/* appsrc ! encoder ! capsfilter ! payloader ! appsink; one streaming thread (appsrc's), which encodes,
 * cuts into packets and writes them. Owned by a mix (engine.c), which also rebuilds it on failure. */
#include "pipelines/rendition.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/rtp/gstrtpbuffer.h>
#include <gst/video/video.h>

#include "mcu/util/ring.h"
#include "pipelines/bus-watch.h"
#include "pipelines/codec-elements.h"
#include "pipelines/mosaic.h"

#define REBUILD_MS 1000

struct PlRendition {
  char *name;
  PlRenditionConfig config;
  McuStream *stream;

  GstElement *pipeline; /* NULL while waiting to be rebuilt */
  PlBusWatch *watch;
  guint rebuild_id;

  GMutex lock; /* protects the next two between main and the mosaic's thread; a leaf */
  GstElement *source;
  GstElement *encoder;
  PlKeyframePace pace; /* mosaic's thread */

  GMutex tap_lock; /* held during a call of the tap; a leaf */
  PlRenditionTap tap;
  gpointer tap_data;

  struct {
    gboolean keyframe;     /* of the frame being cut into packets */
    gboolean first_packet; /* its first packet was not written yet */
  } gst;
};

gboolean
pl_keyframe_pace(PlKeyframePace *pace, GstClockTime now, gboolean request)
{
  gboolean first = !GST_CLOCK_TIME_IS_VALID(pace->last);
  pace->wanted |= request;
  if (!first && (!pace->wanted || now < pace->last + PL_KEYFRAME_PACE))
    return FALSE;
  pace->last = now;
  pace->wanted = FALSE;
  return TRUE;
}

/* The encoder moves time stamps by 1,000 hours and its segment with them; running time stays. */
static GstClockTime
running_time(const GstSegment *segment, GstClockTime pts)
{
  return gst_segment_to_running_time(segment, GST_FORMAT_TIME, pts);
}

/* [gst] Between encoder and payloader, so in the thread and before the packets of the same frame. */
static GstPadProbeReturn
on_unit(GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  PlRendition *rendition = user_data;
  GstBuffer *unit = GST_PAD_PROBE_INFO_BUFFER(info);
  g_autoptr(GstEvent) event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;

  rendition->gst.keyframe = !GST_BUFFER_FLAG_IS_SET(unit, GST_BUFFER_FLAG_DELTA_UNIT);
  rendition->gst.first_packet = TRUE;
  if (event == NULL)
    return GST_PAD_PROBE_OK;
  gst_event_parse_segment(event, &segment);
  GstClockTime time = running_time(segment, GST_BUFFER_PTS(unit));

  g_mutex_lock(&rendition->tap_lock);
  if (rendition->tap != NULL)
    rendition->tap(unit, (gint64)(time / GST_USECOND), rendition->gst.keyframe, rendition->tap_data);
  g_mutex_unlock(&rendition->tap_lock);
  return GST_PAD_PROBE_OK;
}

static void
write_packet(PlRendition *rendition, GstBuffer *buffer, GstClockTime time)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  if (!gst_rtp_buffer_map(buffer, GST_MAP_READ, &rtp))
    return;

  guint64 tick = gst_util_uint64_scale_round(time, rendition->config.fps, GST_SECOND);
  McuStreamPacket packet = {
      .index = mcu_stream_head(rendition->stream),
      .timestamp = (guint32)(tick * (MCU_VIDEO_RATE / rendition->config.fps)),
      .capture_us = (gint64)(time / GST_USECOND),
      .size = (guint16)gst_rtp_buffer_get_payload_len(&rtp),
      .level = MCU_LEVEL_UNKNOWN,
      .marker = gst_rtp_buffer_get_marker(&rtp),
      .keyframe = rendition->gst.keyframe && rendition->gst.first_packet,
      .payload = gst_rtp_buffer_get_payload(&rtp),
  };
  rendition->gst.first_packet = FALSE;
  mcu_stream_write(rendition->stream, &packet);
  gst_rtp_buffer_unmap(&rtp);
}

static GstFlowReturn
on_sample(GstAppSink *sink, gpointer user_data)
{
  g_autoptr(GstSample) sample = gst_app_sink_pull_sample(sink);
  if (sample == NULL)
    return GST_FLOW_OK; /* stopping */
  GstBuffer *buffer = gst_sample_get_buffer(sample);
  write_packet(user_data, buffer, running_time(gst_sample_get_segment(sample), GST_BUFFER_PTS(buffer)));
  return GST_FLOW_OK;
}

static GstElement *
make_source(const PlRenditionConfig *config, GError **error)
{
  GstElement *source = pl_codec_make("appsrc", error);
  if (source == NULL)
    return NULL;
  g_autoptr(GstCaps) caps = pl_mosaic_caps(config->width, config->height, config->fps);
  g_object_set(source, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "block", FALSE, "max-buffers",
               G_GUINT64_CONSTANT(2), "max-bytes", G_GUINT64_CONSTANT(0), "max-time", G_GUINT64_CONSTANT(0),
               "leaky-type", GST_APP_LEAKY_TYPE_DOWNSTREAM, NULL);
  return source;
}

static GstElement *
make_sink(PlRendition *rendition, GError **error)
{
  GstElement *sink = pl_codec_make("appsink", error);
  if (sink == NULL)
    return NULL;
  g_object_set(sink, "sync", FALSE, "async", FALSE, "qos", FALSE, "enable-last-sample", FALSE, NULL);
  GstAppSinkCallbacks callbacks = {.new_sample = on_sample};
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, rendition, NULL);
  return sink;
}

static gboolean build(PlRendition *rendition, GError **error);

static void
tear_down(PlRendition *rendition)
{
  g_mutex_lock(&rendition->lock);
  rendition->source = rendition->encoder = NULL;
  g_mutex_unlock(&rendition->lock);
  if (rendition->pipeline == NULL)
    return;
  g_clear_pointer(&rendition->watch, pl_bus_watch_free);
  gst_element_set_state(rendition->pipeline, GST_STATE_NULL);
  gst_clear_object(&rendition->pipeline);
}

static gboolean
do_rebuild(gpointer user_data)
{
  PlRendition *rendition = user_data;
  g_autoptr(GError) error = NULL;
  rendition->rebuild_id = 0;
  if (!build(rendition, &error))
    g_message("%s: %s", rendition->name, error->message);
  return G_SOURCE_REMOVE;
}

static void
on_failed(const GError *error G_GNUC_UNUSED, gpointer user_data)
{
  PlRendition *rendition = user_data;
  tear_down(rendition);
  rendition->rebuild_id = g_timeout_add(REBUILD_MS, do_rebuild, rendition);
}

static gboolean
build(PlRendition *rendition, GError **error)
{
  const PlRenditionConfig *config = &rendition->config;
  GstElement *elements[5] = {NULL};
  g_autoptr(GstCaps) caps = pl_codec_encoded_caps(config->codec);

  if ((elements[0] = make_source(config, error)) == NULL ||
      (elements[1] = pl_codec_make_encoder(config->codec, config->kbps, config->fps, error)) == NULL ||
      (elements[2] = pl_codec_make("capsfilter", error)) == NULL ||
      (elements[3] = pl_codec_make_payloader(config->codec, error)) == NULL ||
      (elements[4] = make_sink(rendition, error)) == NULL) {
    for (guint i = 0; i < G_N_ELEMENTS(elements); i++)
      gst_clear_object(&elements[i]);
    return FALSE;
  }
  g_object_set(elements[2], "caps", caps, NULL);

  rendition->pipeline = gst_pipeline_new(rendition->name);
  gst_bin_add_many(GST_BIN(rendition->pipeline), elements[0], elements[1], elements[2], elements[3], elements[4], NULL);
  if (!gst_element_link_many(elements[0], elements[1], elements[2], elements[3], elements[4], NULL))
    g_assert_not_reached(); /* templates of fixed elements */
  g_autoptr(GstPad) pad = gst_element_get_static_pad(elements[2], "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_unit, rendition, NULL);

  static const PlBusEvents events = {.failed = on_failed};
  rendition->watch = pl_bus_watch_new(rendition->pipeline, rendition->name, &events, rendition);
  gst_element_set_state(rendition->pipeline, GST_STATE_PLAYING); /* failures come by the bus */

  g_mutex_lock(&rendition->lock);
  rendition->pace = (PlKeyframePace){.last = GST_CLOCK_TIME_NONE};
  rendition->source = elements[0];
  rendition->encoder = elements[1];
  g_mutex_unlock(&rendition->lock);
  return TRUE;
}

PlRendition *
pl_rendition_new(const PlRenditionConfig *config, McuStream *stream, GError **error)
{
  PlRendition *rendition = g_new0(PlRendition, 1);
  rendition->name = g_strdup(config->name);
  rendition->config = *config;
  rendition->config.name = rendition->name;
  rendition->stream = mcu_stream_ref(stream);
  g_mutex_init(&rendition->lock);
  g_mutex_init(&rendition->tap_lock);
  if (!build(rendition, error))
    g_clear_pointer(&rendition, pl_rendition_free);
  return rendition;
}

void
pl_rendition_free(PlRendition *rendition)
{
  if (rendition == NULL)
    return;
  if (rendition->rebuild_id != 0)
    g_source_remove(rendition->rebuild_id);
  tear_down(rendition);
  mcu_stream_unref(rendition->stream);
  g_mutex_clear(&rendition->lock);
  g_mutex_clear(&rendition->tap_lock);
  g_free(rendition->name);
  g_free(rendition);
}

void
pl_rendition_set_tap(PlRendition *rendition, PlRenditionTap tap, gpointer user_data)
{
  g_mutex_lock(&rendition->tap_lock);
  rendition->tap = tap;
  rendition->tap_data = user_data;
  g_mutex_unlock(&rendition->tap_lock);
}

static void
force_keyframe(GstElement *encoder)
{
  g_autoptr(GstPad) pad = gst_element_get_static_pad(encoder, "src");
  gst_pad_send_event(pad, gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, FALSE, 0));
}

void
pl_rendition_push(PlRendition *rendition, GstBuffer *frame)
{
  g_mutex_lock(&rendition->lock);
  if (rendition->source != NULL) {
    gboolean request = mcu_stream_take_keyframe_request(rendition->stream);
    if (pl_keyframe_pace(&rendition->pace, GST_BUFFER_PTS(frame), request))
      force_keyframe(rendition->encoder);
    gst_app_src_push_buffer(GST_APP_SRC(rendition->source), gst_buffer_ref(frame));
  }
  g_mutex_unlock(&rendition->lock);
}
