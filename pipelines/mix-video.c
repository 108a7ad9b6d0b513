/* plmosaic ! appsink, whose callback gives each frame (a reference) to the renditions that run. Owned by
 * a mix of engine.c. The composing pipeline has base time 0 on the monotonic system clock: a frame's
 * PTS is the monotonic time of its tick, and ticks go on where they would be after a pause. */
#include "pipelines/mix-video.h"

#include <gst/app/gstappsink.h>

#include "mcu/util/error.h"
#include "pipelines/bus-watch.h"
#include "pipelines/codec-elements.h"
#include "pipelines/mosaic.h"

#define REBUILD_MS 250

typedef struct {
  McuCodec codec;
  guint acquired;
  McuStream *stream;      /* made on first use */
  PlRendition *rendition; /* protected by PlVideoMix.lock; NULL while nobody has acquired it */
} Output;

struct PlVideoMix {
  PlVideoMixConfig config;
  char *name;
  PlWall *wall;

  GstElement *pipeline; /* NULL while waiting to be rebuilt */
  GstElement *mosaic;   /* borrowed from the pipeline */
  PlBusWatch *watch;
  guint rebuild_id;
  guint64 frames_before, late_before; /* of pipelines before this one */

  GMutex lock; /* between main and the composing thread; outside of PlRendition.lock */
  Output outputs[2];
};

static gboolean build(PlVideoMix *mix, GError **error);

/* [gst] */
static GstFlowReturn
on_frame(GstAppSink *sink, gpointer user_data)
{
  PlVideoMix *mix = user_data;
  g_autoptr(GstSample) sample = gst_app_sink_pull_sample(sink);
  if (sample == NULL)
    return GST_FLOW_OK; /* stopping */
  g_mutex_lock(&mix->lock);
  for (guint i = 0; i < G_N_ELEMENTS(mix->outputs); i++)
    if (mix->outputs[i].rendition != NULL)
      pl_rendition_push(mix->outputs[i].rendition, gst_sample_get_buffer(sample));
  g_mutex_unlock(&mix->lock);
  return GST_FLOW_OK;
}

static gboolean
wanted(const PlVideoMix *mix)
{
  return mix->outputs[0].acquired + mix->outputs[1].acquired > 0;
}

static void
update_state(PlVideoMix *mix)
{
  if (mix->pipeline != NULL)
    gst_element_set_state(mix->pipeline, wanted(mix) ? GST_STATE_PLAYING : GST_STATE_READY);
}

static void
tear_down(PlVideoMix *mix)
{
  if (mix->pipeline == NULL)
    return;
  g_clear_pointer(&mix->watch, pl_bus_watch_free);
  gst_element_set_state(mix->pipeline, GST_STATE_NULL);
  mix->frames_before += pl_mosaic_frames(mix->mosaic);
  mix->late_before += pl_mosaic_late(mix->mosaic);
  gst_clear_object(&mix->pipeline);
}

static gboolean
do_rebuild(gpointer user_data)
{
  PlVideoMix *mix = user_data;
  g_autoptr(GError) error = NULL;
  mix->rebuild_id = 0;
  if (!build(mix, &error))
    g_message("%s: %s", mix->name, error->message);
  return G_SOURCE_REMOVE;
}

static void
on_failed(const GError *error G_GNUC_UNUSED, gpointer user_data)
{
  PlVideoMix *mix = user_data;
  tear_down(mix);
  mix->rebuild_id = g_timeout_add(REBUILD_MS, do_rebuild, mix);
}

static gboolean
build(PlVideoMix *mix, GError **error)
{
  GstElement *sink = pl_codec_make("appsink", error);
  if (sink == NULL)
    return FALSE;
  g_object_set(sink, "sync", FALSE, "async", FALSE, "qos", FALSE, "enable-last-sample", FALSE, "max-buffers", 1, NULL);
  GstAppSinkCallbacks callbacks = {.new_sample = on_frame};
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, mix, NULL);

  mix->pipeline = gst_pipeline_new(mix->name);
  mix->mosaic = pl_mosaic_new(mix->wall, mix->config.fps);
  gst_bin_add_many(GST_BIN(mix->pipeline), mix->mosaic, sink, NULL);
  if (!gst_element_link(mix->mosaic, sink))
    g_assert_not_reached(); /* templates of fixed elements */

  g_autoptr(GstClock) clock = gst_system_clock_obtain();
  gst_pipeline_use_clock(GST_PIPELINE(mix->pipeline), clock);
  gst_element_set_start_time(mix->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time(mix->pipeline, 0);

  static const PlBusEvents events = {.failed = on_failed};
  mix->watch = pl_bus_watch_new(mix->pipeline, mix->name, &events, mix);
  update_state(mix);
  return TRUE;
}

PlVideoMix *
pl_video_mix_new(const PlVideoMixConfig *config, GError **error)
{
  PlVideoMix *mix = g_new0(PlVideoMix, 1);
  mix->name = g_strdup(config->name);
  mix->config = *config;
  mix->config.name = mix->name;
  mix->wall = pl_wall_new(config->width, config->height);
  mix->outputs[0].codec = MCU_CODEC_H264;
  mix->outputs[1].codec = MCU_CODEC_VP8;
  g_mutex_init(&mix->lock);
  if (!build(mix, error))
    g_clear_pointer(&mix, pl_video_mix_free);
  return mix;
}

void
pl_video_mix_free(PlVideoMix *mix)
{
  if (mix == NULL)
    return;
  if (mix->rebuild_id != 0)
    g_source_remove(mix->rebuild_id);
  tear_down(mix);
  for (guint i = 0; i < G_N_ELEMENTS(mix->outputs); i++) {
    pl_rendition_free(mix->outputs[i].rendition);
    mcu_stream_unref(mix->outputs[i].stream);
  }
  pl_wall_unref(mix->wall);
  g_mutex_clear(&mix->lock);
  g_free(mix->name);
  g_free(mix);
}

PlWall *
pl_video_mix_wall(PlVideoMix *mix)
{
  return mix->wall;
}

static Output *
find_output(PlVideoMix *mix, McuCodec codec)
{
  for (guint i = 0; i < G_N_ELEMENTS(mix->outputs); i++)
    if (mix->outputs[i].codec == codec)
      return &mix->outputs[i];
  return NULL;
}

McuStream *
pl_video_mix_acquire(PlVideoMix *mix, McuCodec codec, GError **error)
{
  Output *output = find_output(mix, codec);
  if (output == NULL) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_NO_COMMON_CODEC, "%d is not a video codec of the mixer", (int)codec);
    return NULL;
  }
  if (output->stream == NULL)
    output->stream = mcu_stream_new(MCU_MEDIA_VIDEO, codec, PL_RENDITION_SLOTS, 0);
  if (output->rendition == NULL) {
    g_autofree char *name = g_strdup_printf("%s-%s", mix->name, codec == MCU_CODEC_H264 ? "h264" : "vp8");
    PlRenditionConfig config = {.name = name,
                                .codec = codec,
                                .width = mix->config.width,
                                .height = mix->config.height,
                                .fps = mix->config.fps,
                                .kbps = mix->config.kbps};
    PlRendition *rendition = pl_rendition_new(&config, output->stream, error);
    if (rendition == NULL)
      return NULL;
    g_mutex_lock(&mix->lock);
    output->rendition = rendition;
    g_mutex_unlock(&mix->lock);
  }
  output->acquired++;
  update_state(mix);
  return output->stream;
}

void
pl_video_mix_release(PlVideoMix *mix, McuCodec codec)
{
  Output *output = find_output(mix, codec);
  g_assert(output != NULL && output->acquired > 0);
  if (--output->acquired > 0)
    return;
  g_mutex_lock(&mix->lock);
  PlRendition *rendition = g_steal_pointer(&output->rendition);
  g_mutex_unlock(&mix->lock);
  pl_rendition_free(rendition);
  update_state(mix);
}

void
pl_video_mix_set_tap(PlVideoMix *mix, McuCodec codec, PlRenditionTap tap, gpointer user_data)
{
  Output *output = find_output(mix, codec);
  g_assert(output != NULL && output->rendition != NULL);
  pl_rendition_set_tap(output->rendition, tap, user_data);
}

void
pl_video_mix_get_stats(PlVideoMix *mix, PlVideoMixStats *out_stats)
{
  *out_stats = (PlVideoMixStats){.frames = mix->frames_before, .late = mix->late_before};
  for (guint i = 0; i < G_N_ELEMENTS(mix->outputs); i++)
    out_stats->renditions += mix->outputs[i].acquired > 0;
  if (mix->pipeline == NULL)
    return;
  out_stats->frames += pl_mosaic_frames(mix->mosaic);
  out_stats->late += pl_mosaic_late(mix->mosaic);
}
