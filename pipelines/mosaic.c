/* Lives in a mix's composing pipeline (engine.c). create() runs on its streaming thread: waits for
 * the tick, composes into a buffer of its own pool, goes on. Nothing here allocates but after the start and
 * when the canvas has got another size. */
#include "pipelines/mosaic.h"

#include <gst/base/gstpushsrc.h>
#include <stdatomic.h>

GST_DEBUG_CATEGORY_STATIC(mosaic_debug);
#define GST_CAT_DEFAULT mosaic_debug

/* Frames in the hands of encoders (each holds at most 3) and one being drawn. */
#define POOL_MAX 12
#define NO_TICK G_MAXUINT64

typedef struct {
  GstPushSrc parent;

  PlCanvas *canvas;
  guint fps;
  GstBufferPool *pool;
  GstVideoInfo info;

  GstClockID wait;   /* protected by the object lock */
  gboolean flushing; /* likewise */

  guint64 tick; /* the last one made; streaming thread */
  _Atomic guint64 frames;
  _Atomic guint64 late;
} PlMosaic;

typedef struct {
  GstPushSrcClass parent;
} PlMosaicClass;

G_DEFINE_TYPE(PlMosaic, pl_mosaic, GST_TYPE_PUSH_SRC)

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("video/x-raw, format=I420"));

GstCaps *
pl_mosaic_caps(guint width, guint height, guint fps)
{
  return gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, (int)width, "height",
                             G_TYPE_INT, (int)height, "framerate", GST_TYPE_FRACTION, (int)fps, 1, "pixel-aspect-ratio",
                             GST_TYPE_FRACTION, 1, 1, "interlace-mode", G_TYPE_STRING, "progressive", "colorimetry",
                             G_TYPE_STRING, "bt601", NULL);
}

/* Caps are set in create(), by the size of the canvas. */
static gboolean
negotiate(GstBaseSrc *base G_GNUC_UNUSED)
{
  return TRUE;
}

static void
drop_pool(PlMosaic *self)
{
  if (self->pool != NULL)
    gst_buffer_pool_set_active(self->pool, FALSE); /* buffers under way come back to be freed */
  gst_clear_object(&self->pool);
}

/* Pool and caps of the canvas's present size. */
static gboolean
follow_size(PlMosaic *self)
{
  guint width, height;
  pl_canvas_get_size(self->canvas, &width, &height);
  if (self->pool != NULL && (guint)GST_VIDEO_INFO_WIDTH(&self->info) == width &&
      (guint)GST_VIDEO_INFO_HEIGHT(&self->info) == height)
    return TRUE;
  drop_pool(self);
  g_autoptr(GstCaps) caps = pl_mosaic_caps(width, height, self->fps);
  if (!gst_video_info_from_caps(&self->info, caps) || !gst_base_src_set_caps(GST_BASE_SRC(self), caps))
    return FALSE;
  self->pool = gst_buffer_pool_new();
  GstStructure *config = gst_buffer_pool_get_config(self->pool);
  gst_buffer_pool_config_set_params(config, caps, (guint)GST_VIDEO_INFO_SIZE(&self->info), 3, POOL_MAX);
  return gst_buffer_pool_set_config(self->pool, config) && gst_buffer_pool_set_active(self->pool, TRUE);
}

static gboolean
start(GstBaseSrc *base)
{
  PlMosaic *self = (PlMosaic *)base;
  self->tick = NO_TICK;
  return TRUE;
}

static gboolean
stop(GstBaseSrc *base)
{
  drop_pool((PlMosaic *)base);
  return TRUE;
}

static gboolean
unlock(GstBaseSrc *base)
{
  PlMosaic *self = (PlMosaic *)base;
  GST_OBJECT_LOCK(self);
  self->flushing = TRUE;
  if (self->wait != NULL)
    gst_clock_id_unschedule(self->wait);
  GST_OBJECT_UNLOCK(self);
  return TRUE;
}

static gboolean
unlock_stop(GstBaseSrc *base)
{
  PlMosaic *self = (PlMosaic *)base;
  GST_OBJECT_LOCK(self);
  self->flushing = FALSE;
  GST_OBJECT_UNLOCK(self);
  return TRUE;
}

static GstClockTime
time_of_tick(const PlMosaic *self, guint64 tick)
{
  return gst_util_uint64_scale(tick, GST_SECOND, self->fps);
}

/* FALSE when flushing. */
static gboolean
wait_until(PlMosaic *self, GstClock *clock, GstClockTime time)
{
  GST_OBJECT_LOCK(self);
  if (self->flushing) {
    GST_OBJECT_UNLOCK(self);
    return FALSE;
  }
  GstClockID id = self->wait = gst_clock_new_single_shot_id(clock, time);
  GST_OBJECT_UNLOCK(self);

  GstClockReturn result = gst_clock_id_wait(id, NULL);

  GST_OBJECT_LOCK(self);
  self->wait = NULL;
  GST_OBJECT_UNLOCK(self);
  gst_clock_id_unref(id);
  return result != GST_CLOCK_UNSCHEDULED;
}

/* The tick after the last one; the next in the future when that one is over by more than a period. */
static guint64
next_tick(PlMosaic *self, GstClockTime running)
{
  guint64 current = gst_util_uint64_scale(running, self->fps, GST_SECOND);
  if (self->tick == NO_TICK || self->tick > current + self->fps)
    return current + 1; /* just started, or the clock was set back */
  if (running > time_of_tick(self, self->tick + 2)) {
    atomic_fetch_add_explicit(&self->late, 1, memory_order_relaxed);
    return current + 1;
  }
  return self->tick + 1;
}

static GstBuffer *
compose(PlMosaic *self, GstClockTime base_time)
{
  GstBufferPoolAcquireParams params = {.flags = GST_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT};
  GstBuffer *buffer = NULL;
  GstVideoFrame frame;

  if (gst_buffer_pool_acquire_buffer(self->pool, &buffer, &params) != GST_FLOW_OK)
    return NULL;
  if (!gst_video_frame_map(&frame, &self->info, buffer, GST_MAP_WRITE)) {
    gst_buffer_unref(buffer);
    return NULL;
  }
  PlPlanes planes = pl_planes_of_frame(&frame);
  GstClockTime time = time_of_tick(self, self->tick);
  gboolean fits =
      pl_canvas_compose(self->canvas, (gint64)((base_time + time) / GST_USECOND),
                        (guint)GST_VIDEO_INFO_WIDTH(&self->info), (guint)GST_VIDEO_INFO_HEIGHT(&self->info), &planes);
  gst_video_frame_unmap(&frame);
  if (!fits) { /* it got another size just now */
    gst_buffer_unref(buffer);
    return NULL;
  }

  GST_BUFFER_PTS(buffer) = time;
  GST_BUFFER_DURATION(buffer) = time_of_tick(self, self->tick + 1) - time;
  GST_BUFFER_OFFSET(buffer) = self->tick;
  return buffer;
}

static GstFlowReturn
create(GstPushSrc *push, GstBuffer **out_buffer)
{
  PlMosaic *self = (PlMosaic *)push;
  g_autoptr(GstClock) clock = gst_element_get_clock(GST_ELEMENT(self));
  if (clock == NULL)
    return GST_FLOW_ERROR; /* no live source without a clock: our own bug */

  for (;;) {
    GstClockTime base_time = gst_element_get_base_time(GST_ELEMENT(self));
    GstClockTime now = gst_clock_get_time(clock);
    self->tick = next_tick(self, now > base_time ? now - base_time : 0);
    if (!wait_until(self, clock, base_time + time_of_tick(self, self->tick)))
      return GST_FLOW_FLUSHING;
    if (!follow_size(self))
      return GST_FLOW_NOT_NEGOTIATED;
    *out_buffer = compose(self, base_time);
    if (*out_buffer != NULL)
      break;
    /* Every buffer is still with an encoder that does not keep up: this tick is left out. */
    atomic_fetch_add_explicit(&self->late, 1, memory_order_relaxed);
  }
  atomic_fetch_add_explicit(&self->frames, 1, memory_order_relaxed);
  return GST_FLOW_OK;
}

static void
finalize(GObject *object)
{
  PlMosaic *self = (PlMosaic *)object;
  pl_canvas_unref(self->canvas);
  G_OBJECT_CLASS(pl_mosaic_parent_class)->finalize(object);
}

static void
pl_mosaic_class_init(PlMosaicClass *klass)
{
  GstBaseSrcClass *base = GST_BASE_SRC_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(mosaic_debug, "plmosaic", 0, "composed picture");
  G_OBJECT_CLASS(klass)->finalize = finalize;
  base->negotiate = negotiate;
  base->start = start;
  base->stop = stop;
  base->unlock = unlock;
  base->unlock_stop = unlock_stop;
  GST_PUSH_SRC_CLASS(klass)->create = create;
  gst_element_class_add_static_pad_template(GST_ELEMENT_CLASS(klass), &src_template);
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "Mosaic", "Source/Video",
                                        "Composes the newest frames at each tick", "Diemcau");
}

static void
pl_mosaic_init(PlMosaic *self)
{
  gst_base_src_set_live(GST_BASE_SRC(self), TRUE);
  gst_base_src_set_format(GST_BASE_SRC(self), GST_FORMAT_TIME);
}

GstElement *
pl_mosaic_new(PlCanvas *canvas, guint fps)
{
  PlMosaic *self = g_object_new(PL_TYPE_MOSAIC, NULL);
  self->canvas = pl_canvas_ref(canvas);
  self->fps = fps;
  return GST_ELEMENT(self);
}

guint64
pl_mosaic_frames(GstElement *element)
{
  return atomic_load_explicit(&((PlMosaic *)element)->frames, memory_order_relaxed);
}

guint64
pl_mosaic_late(GstElement *element)
{
  return atomic_load_explicit(&((PlMosaic *)element)->late, memory_order_relaxed);
}
