/* feed ! depayloader ! capsfilter ! (guard) ! decoder ! plslotsink. Owned by a seat's picture (mix-video.c),
 * controlled on main; all data flows on a thread of the pool. */
#include "pipelines/decode.h"

#include <stdatomic.h>

#include "mcu/util/error.h"
#include "pipelines/bus-watch.h"
#include "pipelines/codec-elements.h"
#include "pipelines/decode-pool.h"
#include "pipelines/elements/slotsink.h"
#include "pipelines/feed.h"
#include "pipelines/guard.h"

#define REBUILD_FIRST_MS 250
#define REBUILD_MAX_MS 8000

struct PlDecode {
  char *name;
  McuCodec codec;
  McuRing *ring;
  PlSlot *slot;

  PlDecodePool *pool;

  GstElement *pipeline; /* NULL while waiting to be rebuilt, as the four below */
  GstElement *sink;     /* borrowed from the pipeline */
  PlFeed *feed;
  PlDecodeJob *job;
  PlBusWatch *watch;
  guint rebuild_id;
  guint rebuild_ms;
  PlDecodeStats total; /* of pipelines before this one, and errors reported by the bus */

  struct {
    PlGuard *guard;
    _Atomic guint64 refused;
  } gst;
};

static gboolean build(PlDecode *decode, GError **error);

static void
tear_down(PlDecode *decode)
{
  if (decode->pipeline == NULL)
    return;
  g_clear_pointer(&decode->watch, pl_bus_watch_free);
  pl_decode_pool_remove(decode->pool, g_steal_pointer(&decode->job));
  gst_element_set_state(decode->pipeline, GST_STATE_NULL);
  g_clear_pointer(&decode->feed, pl_feed_free);
  decode->total.frames += pl_slot_sink_frames(decode->sink);
  decode->total.errors += pl_slot_sink_refused(decode->sink);
  gst_clear_object(&decode->pipeline);
  g_clear_pointer(&decode->gst.guard, pl_guard_free);
}

static gboolean
do_rebuild(gpointer user_data)
{
  PlDecode *decode = user_data;
  g_autoptr(GError) error = NULL;
  decode->rebuild_id = 0;
  decode->total.rebuilt++;
  if (!build(decode, &error))
    g_message("%s: %s", decode->name, error->message);
  return G_SOURCE_REMOVE;
}

static void
on_failed(const GError *error G_GNUC_UNUSED, gpointer user_data)
{
  PlDecode *decode = user_data;
  /* A pipeline that has worked starts again soon; one that fails at once, less and less often. */
  decode->rebuild_ms =
      pl_slot_sink_frames(decode->sink) > 0 ? REBUILD_FIRST_MS : MIN(decode->rebuild_ms * 2, REBUILD_MAX_MS);
  decode->total.errors++;
  tear_down(decode);
  decode->rebuild_id = g_timeout_add(decode->rebuild_ms, do_rebuild, decode);
}

static void
on_warned(gpointer user_data)
{
  PlDecode *decode = user_data;
  decode->total.errors++;
  pl_feed_request_keyframe(decode->feed);
}

/* [gst] Before the decoder: what it would choke on does not reach it. */
static GstPadProbeReturn
on_access_unit(GstPad *pad G_GNUC_UNUSED, GstPadProbeInfo *info, gpointer user_data)
{
  PlDecode *decode = user_data;
  GstMapInfo map;
  if (!gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ))
    return GST_PAD_PROBE_DROP;
  PlGuardResult result = pl_guard_check(decode->gst.guard, map.data, map.size, g_get_monotonic_time());
  gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);

  if (result == PL_GUARD_PASS)
    return GST_PAD_PROBE_OK;
  atomic_fetch_add_explicit(&decode->gst.refused, 1, memory_order_relaxed);
  /* `feed` is what pushes this, so it is there. */
  pl_feed_request_keyframe(decode->feed);
  return GST_PAD_PROBE_DROP;
}

static void
add_guard(PlDecode *decode, GstElement *decoder)
{
  decode->gst.guard = pl_guard_new(decode->codec);
  g_autoptr(GstPad) pad = gst_element_get_static_pad(decoder, "sink");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_access_unit, decode, NULL);
}

/* [decode] */
static gboolean
run_feed(gpointer feed)
{
  return pl_feed_run(feed);
}

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

  decode->pipeline = gst_pipeline_new(decode->name);
  decode->sink = pl_slot_sink_new(decode->slot);
  gst_bin_add_many(GST_BIN(decode->pipeline), depay, filter, decoder, decode->sink, NULL);
  if (!gst_element_link_many(depay, filter, decoder, decode->sink, NULL))
    g_assert_not_reached(); /* templates of fixed elements */
  g_autoptr(GstPad) entry = gst_element_get_static_pad(depay, "sink");
  decode->feed = pl_feed_new(decode->ring, decode->codec, entry);
  if (decode->feed == NULL) {
    gst_clear_object(&decode->pipeline);
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_INTERNAL, "no memory for packets");
    return FALSE;
  }
  add_guard(decode, decoder);

  static const PlBusEvents events = {.failed = on_failed, .warned = on_warned};
  decode->watch = pl_bus_watch_new(decode->pipeline, decode->name, &events, decode);
  gst_element_set_state(decode->pipeline, GST_STATE_PLAYING); /* failures come by the bus */
  decode->job = pl_decode_pool_add(decode->pool, decode->ring, run_feed, decode->feed);
  return TRUE;
}

PlDecode *
pl_decode_new(const char *name, McuCodec codec, McuRing *ring, PlSlot *slot, GError **error)
{
  PlDecode *decode = g_new0(PlDecode, 1);
  decode->name = g_strdup(name);
  decode->codec = codec;
  decode->ring = mcu_ring_ref(ring);
  decode->slot = pl_slot_ref(slot);
  decode->pool = pl_decode_pool_ref();
  decode->rebuild_ms = REBUILD_FIRST_MS;
  if (!build(decode, error))
    g_clear_pointer(&decode, pl_decode_free);
  return decode;
}

void
pl_decode_free(PlDecode *decode)
{
  if (decode == NULL)
    return;
  if (decode->rebuild_id != 0)
    g_source_remove(decode->rebuild_id);
  tear_down(decode);
  pl_decode_pool_unref(decode->pool);
  pl_slot_unref(decode->slot);
  mcu_ring_unref(decode->ring);
  g_free(decode->name);
  g_free(decode);
}

void
pl_decode_get_stats(PlDecode *decode, PlDecodeStats *out_stats)
{
  *out_stats = decode->total;
  out_stats->errors += atomic_load_explicit(&decode->gst.refused, memory_order_relaxed);
  if (decode->pipeline == NULL)
    return;
  out_stats->frames += pl_slot_sink_frames(decode->sink);
  out_stats->errors += pl_slot_sink_refused(decode->sink);
}
