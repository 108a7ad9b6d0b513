/* plmosaic ! appsink, whose callback gives each frame (a reference) to the renditions that run. Owned by
 * the picture mix. The composing pipeline has base time 0 on the monotonic system clock: a frame's
 * PTS is the monotonic time of its tick, and ticks go on where they would be after a pause. */
#include "pipelines/view.h"

#include <gst/app/gstappsink.h>

#include "mcu/util/error.h"
#include "pipelines/bus-watch.h"
#include "pipelines/codec-elements.h"
#include "pipelines/mosaic.h"

#define REBUILD_MS 250
#define N_CODECS 2
#define SCALED_MAX 8 /* frames of a smaller rung in the hands of its encoders */

typedef struct {
  guint acquired;
  McuStream *stream;      /* made on first use */
  PlRendition *rendition; /* protected by PlView.lock; NULL while nobody has acquired it */
} Output;

typedef struct {
  Output outputs[N_CODECS];
  GstBufferPool *pool; /* of frames scaled down to it; made on first use, then kept */
  GstVideoInfo info;
} Rung;

struct PlView {
  PlViewConfig config;
  char *name;
  PlCanvas *canvas;

  GstElement *pipeline; /* NULL while waiting to be rebuilt */
  GstElement *mosaic;   /* borrowed from the pipeline */
  PlBusWatch *watch;
  guint rebuild_id;
  guint64 frames_before, late_before; /* of pipelines before this one */

  GMutex lock; /* between main and the composing thread; outside of PlRendition.lock */
  Rung rungs[MCU_N_RUNGS];
};

static const McuCodec codecs[N_CODECS] = {MCU_CODEC_H264, MCU_CODEC_VP8};

static const struct {
  guint width, height;
  guint percent; /* of the bitrate in 720 lines */
} sizes[MCU_N_RUNGS] = {
    [MCU_RUNG_1080] = {1920, 1080, 200},
    [MCU_RUNG_720] = {1280, 720, 100},
    [MCU_RUNG_360] = {640, 360, 36},
    [MCU_RUNG_180] = {320, 180, 14},
};

static gboolean build(PlView *view, GError **error);

/* --- [gst] from the canvas to the renditions ------------------------------------------------- */

/* NULL when its encoders still hold all buffers: they leave out this frame. */
static GstBuffer *
scaled(const Rung *rung, GstVideoFrame *frame)
{
  GstBufferPoolAcquireParams params = {.flags = GST_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT};
  GstBuffer *buffer = NULL;
  GstVideoFrame out;
  if (gst_buffer_pool_acquire_buffer(rung->pool, &buffer, &params) != GST_FLOW_OK)
    return NULL;
  if (!gst_video_frame_map(&out, (GstVideoInfo *)&rung->info, buffer, GST_MAP_WRITE)) {
    gst_buffer_unref(buffer);
    return NULL;
  }
  PlPlanes src = pl_planes_of_frame(frame), dst = pl_planes_of_frame(&out);
  pl_planes_scale(&src, (guint)GST_VIDEO_FRAME_WIDTH(frame), (guint)GST_VIDEO_FRAME_HEIGHT(frame), &dst,
                  (guint)GST_VIDEO_INFO_WIDTH(&rung->info), (guint)GST_VIDEO_INFO_HEIGHT(&rung->info));
  gst_video_frame_unmap(&out);
  gst_buffer_copy_into(buffer, frame->buffer, GST_BUFFER_COPY_TIMESTAMPS, 0, (gsize)-1);
  return buffer;
}

static void
push_locked(const Rung *rung, GstBuffer *buffer)
{
  for (guint i = 0; i < N_CODECS; i++)
    if (rung->outputs[i].rendition != NULL)
      pl_rendition_push(rung->outputs[i].rendition, buffer);
}

static gboolean
has_renditions(const Rung *rung)
{
  return rung->outputs[0].rendition != NULL || rung->outputs[1].rendition != NULL;
}

static void
give_out_locked(PlView *view, GstBuffer *buffer, GstVideoFrame *frame)
{
  guint width = (guint)GST_VIDEO_FRAME_WIDTH(frame);
  for (guint i = 0; i < MCU_N_RUNGS; i++) {
    const Rung *rung = &view->rungs[i];
    /* One larger than the canvas has just been acquired: it begins with the next tick. */
    if (!has_renditions(rung) || sizes[i].width > width)
      continue;
    if (sizes[i].width == width) {
      push_locked(rung, buffer);
    } else {
      g_autoptr(GstBuffer) small = scaled(rung, frame);
      if (small != NULL)
        push_locked(rung, small);
    }
  }
}

static GstFlowReturn
on_frame(GstAppSink *sink, gpointer user_data)
{
  PlView *view = user_data;
  g_autoptr(GstSample) sample = gst_app_sink_pull_sample(sink);
  if (sample == NULL)
    return GST_FLOW_OK; /* stopping */
  GstVideoInfo info;
  GstVideoFrame frame;
  GstBuffer *buffer = gst_sample_get_buffer(sample);
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) ||
      !gst_video_frame_map(&frame, &info, buffer, GST_MAP_READ))
    return GST_FLOW_ERROR; /* our own mosaic made it */
  g_mutex_lock(&view->lock);
  give_out_locked(view, buffer, &frame);
  g_mutex_unlock(&view->lock);
  gst_video_frame_unmap(&frame);
  return GST_FLOW_OK;
}

/* --- the composing pipeline ------------------------------------------------------------------ */

static guint
acquired(const Rung *rung)
{
  return rung->outputs[0].acquired + rung->outputs[1].acquired;
}

gboolean
pl_view_is_watched(const PlView *view)
{
  for (guint i = 0; i < MCU_N_RUNGS; i++)
    if (acquired(&view->rungs[i]) > 0)
      return TRUE;
  return FALSE;
}

/* Size and state by what is acquired. */
static void
follow(PlView *view)
{
  for (guint i = 0; i < MCU_N_RUNGS; i++) {
    if (acquired(&view->rungs[i]) == 0)
      continue;
    pl_canvas_resize(view->canvas, sizes[i].width, sizes[i].height);
    break;
  }
  if (view->pipeline != NULL)
    gst_element_set_state(view->pipeline, pl_view_is_watched(view) ? GST_STATE_PLAYING : GST_STATE_READY);
}

static void
tear_down(PlView *view)
{
  if (view->pipeline == NULL)
    return;
  g_clear_pointer(&view->watch, pl_bus_watch_free);
  gst_element_set_state(view->pipeline, GST_STATE_NULL);
  view->frames_before += pl_mosaic_frames(view->mosaic);
  view->late_before += pl_mosaic_late(view->mosaic);
  gst_clear_object(&view->pipeline);
}

static gboolean
do_rebuild(gpointer user_data)
{
  PlView *view = user_data;
  g_autoptr(GError) error = NULL;
  view->rebuild_id = 0;
  if (!build(view, &error))
    g_message("%s: %s", view->name, error->message);
  return G_SOURCE_REMOVE;
}

static void
on_failed(const GError *error G_GNUC_UNUSED, gpointer user_data)
{
  PlView *view = user_data;
  tear_down(view);
  view->rebuild_id = g_timeout_add(REBUILD_MS, do_rebuild, view);
}

static gboolean
build(PlView *view, GError **error)
{
  GstElement *sink = pl_codec_make("appsink", error);
  if (sink == NULL)
    return FALSE;
  g_object_set(sink, "sync", FALSE, "async", FALSE, "qos", FALSE, "enable-last-sample", FALSE, "max-buffers", 1, NULL);
  GstAppSinkCallbacks callbacks = {.new_sample = on_frame};
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, view, NULL);

  view->pipeline = gst_pipeline_new(view->name);
  view->mosaic = pl_mosaic_new(view->canvas, view->config.fps);
  gst_bin_add_many(GST_BIN(view->pipeline), view->mosaic, sink, NULL);
  if (!gst_element_link(view->mosaic, sink))
    g_assert_not_reached(); /* templates of fixed elements */

  g_autoptr(GstClock) clock = gst_system_clock_obtain();
  gst_pipeline_use_clock(GST_PIPELINE(view->pipeline), clock);
  gst_element_set_start_time(view->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time(view->pipeline, 0);

  static const PlBusEvents events = {.failed = on_failed};
  view->watch = pl_bus_watch_new(view->pipeline, view->name, &events, view);
  follow(view);
  return TRUE;
}

PlView *
pl_view_new(const PlViewConfig *config, GError **error)
{
  PlView *view = g_new0(PlView, 1);
  view->name = g_strdup(config->name);
  view->config = *config;
  view->config.name = view->name;
  view->canvas = pl_canvas_new(config->view, sizes[MCU_RUNG_180].width, sizes[MCU_RUNG_180].height);
  g_mutex_init(&view->lock);
  if (!build(view, error))
    g_clear_pointer(&view, pl_view_free);
  return view;
}

static void
free_rung(Rung *rung)
{
  for (guint i = 0; i < N_CODECS; i++) {
    pl_rendition_free(rung->outputs[i].rendition);
    mcu_stream_unref(rung->outputs[i].stream);
  }
  if (rung->pool != NULL)
    gst_buffer_pool_set_active(rung->pool, FALSE);
  gst_clear_object(&rung->pool);
}

void
pl_view_free(PlView *view)
{
  if (view == NULL)
    return;
  if (view->rebuild_id != 0)
    g_source_remove(view->rebuild_id);
  tear_down(view);
  for (guint i = 0; i < MCU_N_RUNGS; i++)
    free_rung(&view->rungs[i]);
  pl_canvas_unref(view->canvas);
  g_mutex_clear(&view->lock);
  g_free(view->name);
  g_free(view);
}

PlCanvas *
pl_view_canvas(PlView *view)
{
  return view->canvas;
}

guint
pl_view_kbps(const PlView *view, McuRung rung)
{
  return view->config.kbps * sizes[rung].percent / 100;
}

/* --- renditions ------------------------------------------------------------------------------ */

static Output *
find_output(PlView *view, McuRung rung, McuCodec codec)
{
  for (guint i = 0; i < N_CODECS; i++)
    if (codecs[i] == codec)
      return &view->rungs[rung].outputs[i];
  return NULL;
}

static gboolean
ensure_pool(PlView *view, McuRung rung, GError **error)
{
  Rung *r = &view->rungs[rung];
  if (r->pool != NULL)
    return TRUE;
  g_autoptr(GstCaps) caps = pl_mosaic_caps(sizes[rung].width, sizes[rung].height, view->config.fps);
  gst_video_info_from_caps(&r->info, caps);
  GstBufferPool *pool = gst_buffer_pool_new();
  GstStructure *config = gst_buffer_pool_get_config(pool);
  gst_buffer_pool_config_set_params(config, caps, (guint)GST_VIDEO_INFO_SIZE(&r->info), 0, SCALED_MAX);
  if (!gst_buffer_pool_set_config(pool, config) || !gst_buffer_pool_set_active(pool, TRUE)) {
    gst_object_unref(pool);
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_INTERNAL, "no memory for pictures");
    return FALSE;
  }
  r->pool = pool;
  return TRUE;
}

static PlRendition *
make_rendition(PlView *view, McuRung rung, McuCodec codec, McuStream *stream, GError **error)
{
  const char *word = codec == MCU_CODEC_H264 ? "h264" : "vp8";
  g_autofree char *name = g_strdup_printf("%s-%u-%s", view->name, sizes[rung].height, word);
  PlRenditionConfig config = {.name = name,
                              .codec = codec,
                              .width = sizes[rung].width,
                              .height = sizes[rung].height,
                              .fps = view->config.fps,
                              .kbps = pl_view_kbps(view, rung)};
  return pl_rendition_new(&config, stream, error);
}

McuStream *
pl_view_acquire(PlView *view, McuRung rung, McuCodec codec, GError **error)
{
  g_assert((guint)rung < MCU_N_RUNGS);
  Output *output = find_output(view, rung, codec);
  if (output == NULL) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_NO_COMMON_CODEC, "%d is not a video codec of the mixer", (int)codec);
    return NULL;
  }
  if (!ensure_pool(view, rung, error))
    return NULL;
  if (output->stream == NULL)
    output->stream = mcu_stream_new(MCU_MEDIA_VIDEO, codec, PL_RENDITION_SLOTS, 0);
  if (output->rendition == NULL) {
    PlRendition *rendition = make_rendition(view, rung, codec, output->stream, error);
    if (rendition == NULL)
      return NULL;
    g_mutex_lock(&view->lock);
    output->rendition = rendition;
    g_mutex_unlock(&view->lock);
  }
  output->acquired++;
  follow(view);
  return output->stream;
}

void
pl_view_release(PlView *view, McuRung rung, McuCodec codec)
{
  Output *output = find_output(view, rung, codec);
  g_assert(output != NULL && output->acquired > 0);
  if (--output->acquired > 0)
    return;
  g_mutex_lock(&view->lock);
  PlRendition *rendition = g_steal_pointer(&output->rendition);
  g_mutex_unlock(&view->lock);
  pl_rendition_free(rendition);
  follow(view);
}

void
pl_view_set_tap(PlView *view, McuRung rung, McuCodec codec, PlRenditionTap tap, gpointer user_data)
{
  Output *output = find_output(view, rung, codec);
  g_assert(output != NULL && output->rendition != NULL);
  pl_rendition_set_tap(output->rendition, tap, user_data);
}

void
pl_view_get_stats(PlView *view, PlViewStats *out_stats)
{
  *out_stats = (PlViewStats){.frames = view->frames_before, .late = view->late_before};
  for (guint i = 0; i < MCU_N_RUNGS; i++)
    for (guint j = 0; j < N_CODECS; j++)
      out_stats->renditions += view->rungs[i].outputs[j].acquired > 0;
  if (view->pipeline == NULL)
    return;
  out_stats->frames += pl_mosaic_frames(view->mosaic);
  out_stats->late += pl_mosaic_late(view->mosaic);
}
