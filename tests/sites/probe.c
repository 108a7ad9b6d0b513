/* Decoders around SimWatch and SimListen. The lock protects both and the table of arrivals, which
 * three threads use: receiver, decoder, main. */
#include "probe.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <opus.h>

#include "listen.h"
#include "mcu/util/error.h"
#include "watch.h"

#define FRAMES 256     /* pictures between arrival and decoder */
#define CONCEAL_MAX 25 /* frames of sound made up in one gap */
#define DRAIN_TIMEOUT (5 * GST_SECOND)
#define TICKS_PER_SECOND G_GUINT64_CONSTANT(90000)

typedef struct {
  GstClockTime pts;
  gint64 arrival_us;
} Arrival;

struct SimProbe {
  GstElement *pipeline, *src;
  OpusDecoder *opus;

  /* Of the receiver's thread. */
  gboolean video_started, audio_started;
  guint64 video_ticks; /* RTP time, extended to 64 bits */
  guint32 video_timestamp;
  guint16 audio_seq;

  GMutex lock; /* the rest is protected by it */
  SimWatch *watch;
  SimListen *listen;
  Arrival arrivals[FRAMES];
  guint n_arrivals;
};

static gint64
arrival_of(const SimProbe *probe, GstClockTime pts)
{
  for (guint i = 0; i < FRAMES; i++)
    if (probe->arrivals[i].arrival_us != 0 && ABS(GST_CLOCK_DIFF(probe->arrivals[i].pts, pts)) < (gint64)GST_MSECOND)
      return probe->arrivals[i].arrival_us;
  return 0;
}

/* [gst] */
static GstFlowReturn
on_picture(GstAppSink *sink, gpointer user_data)
{
  SimProbe *probe = user_data;
  g_autoptr(GstSample) sample = gst_app_sink_pull_sample(sink);
  if (sample == NULL)
    return GST_FLOW_EOS;
  GstStructure *caps = gst_caps_get_structure(gst_sample_get_caps(sample), 0);
  GstBuffer *buffer = gst_sample_get_buffer(sample);
  int width = 0, height = 0;
  GstMapInfo map;
  if (!gst_structure_get_int(caps, "width", &width) || !gst_structure_get_int(caps, "height", &height) ||
      !gst_buffer_map(buffer, &map, GST_MAP_READ))
    return GST_FLOW_OK;

  /* The default layout of I420: luma first, lines rounded up to four bytes. */
  SimLuma luma = {map.data, GST_ROUND_UP_4((guint)width), (guint)width, (guint)height};
  if (map.size >= (gsize)luma.stride * luma.height) {
    g_mutex_lock(&probe->lock);
    gint64 arrival_us = arrival_of(probe, GST_BUFFER_PTS(buffer));
    if (arrival_us != 0)
      sim_watch_picture(probe->watch, &luma, arrival_us);
    g_mutex_unlock(&probe->lock);
  }
  gst_buffer_unmap(buffer, &map);
  return GST_FLOW_OK;
}

static gboolean
open_decoder(SimProbe *probe, McuCodec codec, GError **error)
{
  const char *decoder =
      codec == MCU_CODEC_VP8 ? "rtpvp8depay ! vp8dec threads=1" : "rtph264depay ! h264parse ! avdec_h264 max-threads=1";
  /* videoconvert passes I420 through, but gives it the default layout when the decoder's differs. */
  g_autofree char *text = g_strdup_printf(
      "appsrc name=src format=time is-live=true max-bytes=0 caps=application/x-rtp,media=video,payload=96,"
      "clock-rate=90000,encoding-name=%s ! %s ! videoconvert n-threads=1 ! video/x-raw,format=I420 ! "
      "appsink name=sink sync=false emit-signals=false",
      codec == MCU_CODEC_VP8 ? "VP8" : "H264", decoder);
  g_autoptr(GError) cause = NULL;
  probe->pipeline = gst_parse_launch_full(text, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &cause);
  if (probe->pipeline == NULL) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "probe: %s", cause->message);
    return FALSE;
  }
  probe->src = gst_bin_get_by_name(GST_BIN(probe->pipeline), "src");
  g_autoptr(GstElement) sink = gst_bin_get_by_name(GST_BIN(probe->pipeline), "sink");
  GstAppSinkCallbacks callbacks = {.new_sample = on_picture};
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, probe, NULL);
  gst_element_set_state(probe->pipeline, GST_STATE_PLAYING);
  return TRUE;
}

SimProbe *
sim_probe_new(SimWorld *world, guint own, McuView view, McuCodec video_codec, GError **error)
{
  SimProbe *probe = g_new0(SimProbe, 1);
  g_mutex_init(&probe->lock);
  probe->watch = sim_watch_new(world, view);
  probe->listen = sim_listen_new(world, own);
  int status;
  probe->opus = opus_decoder_create(MCU_AUDIO_RATE, 1, &status);
  if (probe->opus == NULL)
    g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "opus: %s", opus_strerror(status));
  if (probe->opus == NULL || !open_decoder(probe, video_codec, error)) {
    sim_probe_free(probe);
    return NULL;
  }
  return probe;
}

void
sim_probe_free(SimProbe *probe)
{
  if (probe == NULL)
    return;
  if (probe->pipeline != NULL) {
    gst_element_set_state(probe->pipeline, GST_STATE_NULL);
    gst_object_unref(probe->src);
    gst_object_unref(probe->pipeline);
  }
  if (probe->opus != NULL)
    opus_decoder_destroy(probe->opus);
  sim_watch_free(probe->watch);
  sim_listen_free(probe->listen);
  g_mutex_clear(&probe->lock);
  g_free(probe);
}

gboolean
sim_probe_video(SimProbe *probe, const McuPacket *packet)
{
  if (probe->video_started)
    probe->video_ticks += (guint64)(gint64)(gint32)(packet->timestamp - probe->video_timestamp);
  else
    probe->video_ticks = TICKS_PER_SECOND; /* room for a timestamp that goes back */
  probe->video_started = TRUE;
  probe->video_timestamp = packet->timestamp;
  GstClockTime pts = gst_util_uint64_scale(probe->video_ticks, GST_SECOND, TICKS_PER_SECOND);

  if (packet->marker) {
    g_mutex_lock(&probe->lock);
    probe->arrivals[probe->n_arrivals++ % FRAMES] = (Arrival){pts, packet->arrival_us};
    g_mutex_unlock(&probe->lock);
  }
  GstBuffer *buffer = gst_buffer_new_memdup(packet->data, packet->size);
  /* The payload type of the pipeline's caps; the marker bit stays. */
  GstMapInfo map;
  if (gst_buffer_map(buffer, &map, GST_MAP_WRITE)) {
    map.data[1] = (guint8)((packet->marker ? 0x80 : 0) | 96);
    gst_buffer_unmap(buffer, &map);
  }
  GST_BUFFER_PTS(buffer) = pts;
  gst_app_src_push_buffer(GST_APP_SRC(probe->src), buffer);
  return !packet->discont;
}

static void
decode_sound(SimProbe *probe, const guint8 *payload, int size, gint64 arrival_us)
{
  float samples[5760]; /* the longest Opus packet: 120 ms */
  int n = opus_decode_float(probe->opus, payload, size, samples, payload ? 5760 : MCU_AUDIO_FRAME_SAMPLES, 0);
  g_mutex_lock(&probe->lock);
  for (int at = 0; at + MCU_AUDIO_FRAME_SAMPLES <= n; at += MCU_AUDIO_FRAME_SAMPLES)
    sim_listen_frame(probe->listen, samples + at, arrival_us);
  g_mutex_unlock(&probe->lock);
}

void
sim_probe_audio(SimProbe *probe, const McuPacket *packet)
{
  gint16 step = probe->audio_started ? (gint16)(packet->seq - probe->audio_seq) : 1;
  if (step <= 0)
    return;
  for (gint16 i = (gint16)MIN(step - 1, CONCEAL_MAX); i > 0; i--)
    decode_sound(probe, NULL, 0, packet->arrival_us - i * MCU_AUDIO_FRAME_US);
  probe->audio_started = TRUE;
  probe->audio_seq = packet->seq;
  decode_sound(probe, packet->data + MCU_RTP_HEADER, packet->size - MCU_RTP_HEADER, packet->arrival_us);
}

void
sim_probe_drain(SimProbe *probe)
{
  gst_app_src_end_of_stream(GST_APP_SRC(probe->src));
  g_autoptr(GstBus) bus = gst_element_get_bus(probe->pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered(bus, DRAIN_TIMEOUT, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_clear_message(&message);
}

void
sim_probe_restart(SimProbe *probe)
{
  g_mutex_lock(&probe->lock);
  sim_watch_restart(probe->watch);
  sim_listen_restart(probe->listen);
  g_mutex_unlock(&probe->lock);
}

void
sim_probe_report(SimProbe *probe, SimProbeReport *report)
{
  g_mutex_lock(&probe->lock);
  sim_watch_report(probe->watch, report);
  sim_listen_report(probe->listen, report);
  g_mutex_unlock(&probe->lock);
}
