/* feed ! depayloader ! capsfilter ! (guard) ! decoder ! plslotsink. Owned by a seat's picture (picture.c), made and
 * freed on main without waiting: the pipeline lives on a thread of the pool, from its building to its end. A layout
 * that changes stops and starts a dozen decoders at once, which is nothing for main to do. */
#include "pipelines/decode.h"

#include <stdatomic.h>

#include "mcu/util/error.h"
#include "pipelines/codec-elements.h"
#include "pipelines/decode-pool.h"
#include "pipelines/elements/slotsink.h"
#include "pipelines/feed.h"
#include "pipelines/guard.h"

#define REBUILD_FIRST_US 250000
#define REBUILD_MAX_US (8 * G_USEC_PER_SEC)
/* What comes out of a decoder depends on what sites send: a line of the log each, at most. */
#define LOG_EVERY_US (10 * G_USEC_PER_SEC)

struct PlDecode {
  char *name;
  McuCodec codec;
  McuRing *ring;
  PlSlot *slot;
  PlDecodePool *pool; /* [main] */
  PlDecodeJob *job;   /* [main] */
  _Atomic guint64 frames, errors, rebuilt;

  struct {
    GstElement *pipeline; /* NULL: not built yet, or again, as the four below */
    GstElement *sink;     /* borrowed from the pipeline */
    GstBus *bus;
    PlFeed *feed;
    PlGuard *guard;
    gboolean failed; /* it has been built before */
    gint64 build_at_us, rebuild_us, logged_us;
    PlDecodeStats total; /* of pipelines before this one, and what guard and bus told */
  } decode;              /* [decode] */
};

/* [decode] */
static void
tear_down(PlDecode *decode)
{
  if (decode->decode.pipeline == NULL)
    return;
  gst_element_set_state(decode->decode.pipeline, GST_STATE_NULL);
  g_clear_pointer(&decode->decode.feed, pl_feed_free);
  decode->decode.total.frames += pl_slot_sink_frames(decode->decode.sink);
  decode->decode.total.errors += pl_slot_sink_refused(decode->decode.sink);
  gst_clear_object(&decode->decode.bus);
  gst_clear_object(&decode->decode.pipeline);
  g_clear_pointer(&decode->decode.guard, pl_guard_free);
}

/* [decode] One that has worked starts again soon; one that fails at once, less and less often. */
static void
fail(PlDecode *decode)
{
  gboolean worked = decode->decode.pipeline != NULL && pl_slot_sink_frames(decode->decode.sink) > 0;
  decode->decode.rebuild_us = worked ? REBUILD_FIRST_US : MIN(decode->decode.rebuild_us * 2, REBUILD_MAX_US);
  decode->decode.build_at_us = g_get_monotonic_time() + decode->decode.rebuild_us;
  decode->decode.failed = TRUE;
  decode->decode.total.errors++;
  tear_down(decode);
}

/* [decode] */
static void
log_error(PlDecode *decode, const GError *error)
{
  gint64 now = g_get_monotonic_time();
  if (decode->decode.logged_us != 0 && now - decode->decode.logged_us < LOG_EVERY_US)
    return;
  decode->decode.logged_us = now;
  g_message("%s: %s", decode->name, error->message);
}

/* [decode] Before the decoder: what it would choke on does not reach it. */
static GstPadProbeReturn
on_access_unit(GstPad *pad G_GNUC_UNUSED, GstPadProbeInfo *info, gpointer user_data)
{
  PlDecode *decode = user_data;
  GstMapInfo map;
  if (!gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ))
    return GST_PAD_PROBE_DROP;
  PlGuardResult result = pl_guard_check(decode->decode.guard, map.data, map.size, g_get_monotonic_time());
  gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);

  if (result == PL_GUARD_PASS)
    return GST_PAD_PROBE_OK;
  decode->decode.total.errors++;
  pl_feed_request_keyframe(decode->decode.feed); /* which is what pushes this, so it is there */
  return GST_PAD_PROBE_DROP;
}

static void
add_guard(PlDecode *decode, GstElement *decoder)
{
  decode->decode.guard = pl_guard_new(decode->codec);
  g_autoptr(GstPad) pad = gst_element_get_static_pad(decoder, "sink");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_access_unit, decode, NULL);
}

/* [decode] */
static gboolean
build(PlDecode *decode, GError **error)
{
  GstElement *depay = pl_codec_make_depayloader(decode->codec, error);
  GstElement *decoder = depay ? pl_codec_make_decoder(decode->codec, error) : NULL;
  GstElement *filter = decoder ? pl_codec_make("capsfilter", error) : NULL;
  if (filter == NULL) {
    gst_clear_object(&depay);
    gst_clear_object(&decoder);
    return FALSE;
  }
  g_autoptr(GstCaps) caps = pl_codec_stream_caps(decode->codec);
  g_object_set(filter, "caps", caps, NULL);

  GstElement *pipeline = gst_pipeline_new(decode->name), *sink = pl_slot_sink_new(decode->slot);
  gst_bin_add_many(GST_BIN(pipeline), depay, filter, decoder, sink, NULL);
  if (!gst_element_link_many(depay, filter, decoder, sink, NULL))
    g_assert_not_reached(); /* templates of fixed elements */
  g_autoptr(GstPad) entry = gst_element_get_static_pad(depay, "sink");
  decode->decode.feed = pl_feed_new(decode->ring, decode->codec, entry);
  if (decode->decode.feed == NULL) {
    gst_object_unref(pipeline);
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_INTERNAL, "no memory for packets");
    return FALSE;
  }
  decode->decode.pipeline = pipeline;
  decode->decode.sink = sink;
  decode->decode.bus = gst_element_get_bus(pipeline);
  add_guard(decode, decoder);
  gst_element_set_state(pipeline, GST_STATE_PLAYING); /* failures come by the bus */
  return TRUE;
}

/* [decode] TRUE: there is a pipeline. */
static gboolean
have_pipeline(PlDecode *decode)
{
  g_autoptr(GError) error = NULL;
  if (decode->decode.pipeline != NULL)
    return TRUE;
  if (g_get_monotonic_time() < decode->decode.build_at_us)
    return FALSE;
  decode->decode.total.rebuilt += decode->decode.failed;
  if (build(decode, &error))
    return TRUE;
  log_error(decode, error);
  fail(decode);
  return FALSE;
}

/* [decode] FALSE: the pipeline does not go on. */
static gboolean
hear(PlDecode *decode, GstMessage *message)
{
  g_autoptr(GError) error = NULL;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) { /* one frame or so was not usable */
    decode->decode.total.errors++;
    pl_feed_request_keyframe(decode->decode.feed);
  }
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR)
    return TRUE;
  gst_message_parse_error(message, &error, NULL);
  log_error(decode, error);
  return FALSE;
}

static void
look_at_bus(PlDecode *decode)
{
  GstMessage *message;
  gboolean goes_on = TRUE;
  while (goes_on && (message = gst_bus_pop(decode->decode.bus)) != NULL) {
    goes_on = hear(decode, message);
    gst_message_unref(message);
  }
  if (!goes_on)
    fail(decode);
}

/* [decode] */
static void
publish(PlDecode *decode)
{
  PlDecodeStats stats = decode->decode.total;
  if (decode->decode.pipeline != NULL) {
    stats.frames += pl_slot_sink_frames(decode->decode.sink);
    stats.errors += pl_slot_sink_refused(decode->decode.sink);
  }
  atomic_store_explicit(&decode->frames, stats.frames, memory_order_relaxed);
  atomic_store_explicit(&decode->errors, stats.errors, memory_order_relaxed);
  atomic_store_explicit(&decode->rebuilt, stats.rebuilt, memory_order_relaxed);
}

static gboolean
run(gpointer data)
{
  PlDecode *decode = data;
  gboolean again = TRUE;
  if (have_pipeline(decode)) {
    again = pl_feed_run(decode->decode.feed);
    look_at_bus(decode);
  } else {
    while (mcu_ring_peek(decode->ring) != NULL)
      mcu_ring_advance(decode->ring); /* it begins with a key frame */
  }
  publish(decode);
  return again || decode->decode.pipeline == NULL;
}

/* [decode] */
static void
ended(gpointer data)
{
  PlDecode *decode = data;
  tear_down(decode);
  pl_slot_unref(decode->slot);
  mcu_ring_unref(decode->ring);
  g_free(decode->name);
  g_free(decode);
}

PlDecode *
pl_decode_new(const char *name, McuCodec codec, McuRing *ring, PlSlot *slot, GError **error)
{
  if (codec != MCU_CODEC_H264 && codec != MCU_CODEC_VP8) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_INTERNAL, "not a codec of pictures");
    return NULL;
  }
  PlDecode *decode = g_new0(PlDecode, 1);
  decode->name = g_strdup(name);
  decode->codec = codec;
  decode->ring = mcu_ring_ref(ring);
  decode->slot = pl_slot_ref(slot);
  decode->pool = pl_decode_pool_ref();
  decode->decode.rebuild_us = REBUILD_FIRST_US;
  decode->job = pl_decode_pool_add(decode->pool, ring, run, ended, decode);
  return decode;
}

void
pl_decode_free(PlDecode *decode)
{
  if (decode == NULL)
    return;
  PlDecodePool *pool = decode->pool;
  pl_decode_pool_remove(pool, decode->job); /* and its thread frees the rest */
  pl_decode_pool_unref(pool);
}

void
pl_decode_get_stats(PlDecode *decode, PlDecodeStats *out_stats)
{
  out_stats->frames = atomic_load_explicit(&decode->frames, memory_order_relaxed);
  out_stats->errors = atomic_load_explicit(&decode->errors, memory_order_relaxed);
  out_stats->rebuilt = atomic_load_explicit(&decode->rebuilt, memory_order_relaxed);
}
