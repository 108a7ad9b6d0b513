/* GStreamer and libopus, used beforehand only: nothing here runs while sites are sending. Each
 * pipeline is fed and drained by the thread that made it. */
#include "encode.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <math.h>
#include <opus.h>
#include <string.h>

#include "mcu/rtp/h264.h"
#include "mcu/rtp/vp8.h"
#include "mcu/util/error.h"
#include "mcu/util/ring.h"

#define KEYFRAME_FRAMES_MIN 10
#define PULL_TIMEOUT (30 * GST_SECOND) /* a decoder or encoder that hangs is an error, not a wait */

struct SimEncoder {
  McuCodec codec;
  guint width, height, n_frames;
  GstClockTime frame_ns;
  guint pushed;
  GstClockTime first_pts; /* x264enc starts far from 0, so that decoding times are never negative */
  GstElement *pipeline, *src, *sink;
};

static GstElement *
parse_pipeline(const char *text, GError **error)
{
  g_autoptr(GError) parse_error = NULL;
  GstElement *pipeline = gst_parse_launch_full(text, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &parse_error);
  if (pipeline == NULL)
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s", parse_error->message);
  return pipeline;
}

static void
stop_pipeline(GstElement *pipeline)
{
  if (pipeline == NULL)
    return;
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

/* What the pipeline's bus says is wrong, if it says so. */
static void
take_bus_error(GstElement *pipeline, const char *what, GError **error)
{
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
  g_autoptr(GstMessage) message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
  g_autoptr(GError) cause = NULL;
  if (message != NULL)
    gst_message_parse_error(message, &cause, NULL);
  g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s: %s", what, cause ? cause->message : "no output");
}

SimEncoder *
sim_encoder_new(McuCodec codec, const SimSize *size, guint n_frames, GError **error)
{
  guint width = size->width, height = size->height, key_interval = MAX(size->fps, KEYFRAME_FRAMES_MIN);
  g_autofree char *encoder_text = NULL;
  if (codec == MCU_CODEC_H264)
    encoder_text = g_strdup_printf(
        "x264enc speed-preset=ultrafast tune=zerolatency bitrate=%u vbv-buf-capacity=1000 key-int-max=%u "
        "bframes=0 trellis=false threads=1 sliced-threads=false option-string=scenecut=0:min-keyint=%u ! "
        "video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au ! "
        "rtph264pay config-interval=-1 aggregate-mode=zero-latency mtu=%d pt=96 ssrc=1",
        size->kbps, key_interval, key_interval, MCU_RTP_PAYLOAD_MAX + MCU_RTP_HEADER);
  else
    encoder_text =
        g_strdup_printf("vp8enc deadline=1 cpu-used=14 threads=1 target-bitrate=%u end-usage=cbr keyframe-max-dist=%u "
                        "min-quantizer=4 max-quantizer=56 error-resilient=default lag-in-frames=0 ! "
                        "rtpvp8pay picture-id-mode=none mtu=%d pt=96 ssrc=1",
                        size->kbps * 1000, key_interval, MCU_RTP_PAYLOAD_MAX + MCU_RTP_HEADER);
  g_autofree char *text = g_strdup_printf("appsrc name=src format=time block=true max-bytes=%u "
                                          "caps=video/x-raw,format=I420,width=%u,height=%u,framerate=%u/1,"
                                          "colorimetry=bt601 ! %s ! appsink name=sink sync=false buffer-list=false",
                                          width * height * 12, width, height, size->fps, encoder_text);

  GstElement *pipeline = parse_pipeline(text, error);
  if (pipeline == NULL)
    return NULL;
  SimEncoder *encoder = g_new0(SimEncoder, 1);
  encoder->codec = codec;
  encoder->width = width;
  encoder->height = height;
  encoder->n_frames = n_frames;
  encoder->frame_ns = GST_SECOND / size->fps;
  encoder->first_pts = GST_CLOCK_TIME_NONE;
  encoder->pipeline = pipeline;
  encoder->src = gst_bin_get_by_name(GST_BIN(pipeline), "src");
  encoder->sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  return encoder;
}

void
sim_encoder_free(SimEncoder *encoder)
{
  if (encoder == NULL)
    return;
  stop_pipeline(encoder->pipeline);
  gst_object_unref(encoder->src);
  gst_object_unref(encoder->sink);
  g_free(encoder);
}

gboolean
sim_encoder_push(SimEncoder *encoder, const SimPicture *picture, GError **error)
{
  g_assert(picture->width == encoder->width && picture->height == encoder->height);
  /* The width is a multiple of eight, so GStreamer's default strides are ours: no padding. */
  gsize size = sim_picture_size(picture->width, picture->height);
  GstBuffer *buffer = gst_buffer_new_memdup(picture->y, size);
  GST_BUFFER_PTS(buffer) = encoder->pushed * encoder->frame_ns;
  GST_BUFFER_DURATION(buffer) = encoder->frame_ns;
  encoder->pushed++;
  if (gst_app_src_push_buffer(GST_APP_SRC(encoder->src), buffer) != GST_FLOW_OK) {
    take_bus_error(encoder->pipeline, "encoder", error);
    return FALSE;
  }
  return TRUE;
}

static gboolean
starts_keyframe(McuCodec codec, const guint8 *payload, gsize size)
{
  return codec == MCU_CODEC_VP8 ? mcu_vp8_starts_keyframe(payload, size) : mcu_h264_starts_keyframe(payload, size);
}

static gboolean
add_sample(SimEncoder *encoder, SimClipBuilder *builder, GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer(sample);
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ))
    return FALSE;
  gboolean good = map.size > MCU_RTP_HEADER && GST_BUFFER_PTS_IS_VALID(buffer);
  if (good) {
    if (!GST_CLOCK_TIME_IS_VALID(encoder->first_pts))
      encoder->first_pts = GST_BUFFER_PTS(buffer);
    const guint8 *payload = map.data + MCU_RTP_HEADER;
    gsize size = map.size - MCU_RTP_HEADER;
    GstClockTime at = GST_BUFFER_PTS(buffer) - encoder->first_pts + encoder->frame_ns / 2;
    SimClipPacket packet = {.payload = payload,
                            .size = (guint16)size,
                            .frame = (guint16)(at / encoder->frame_ns),
                            .marker = map.data[1] >> 7,
                            .keyframe = starts_keyframe(encoder->codec, payload, size)};
    sim_clip_builder_add(builder, &packet);
  }
  gst_buffer_unmap(buffer, &map);
  return good;
}

SimClip *
sim_encoder_finish(SimEncoder *encoder, GError **error)
{
  SimClipBuilder *builder = sim_clip_builder_new(encoder->codec, encoder->width, encoder->height, encoder->n_frames);
  gst_app_src_end_of_stream(GST_APP_SRC(encoder->src));

  for (;;) {
    GstSample *sample = gst_app_sink_try_pull_sample(GST_APP_SINK(encoder->sink), PULL_TIMEOUT);
    if (sample == NULL)
      break;
    gboolean good = add_sample(encoder, builder, sample);
    gst_sample_unref(sample);
    if (!good)
      break;
  }
  if (!gst_app_sink_is_eos(GST_APP_SINK(encoder->sink))) {
    sim_clip_builder_free(builder);
    take_bus_error(encoder->pipeline, "encoder", error);
    return NULL;
  }
  return sim_clip_builder_finish(builder, error);
}

/* RFC 6464: -dBov of the frame's RMS, 0 .. 127. */
static guint8
level_of(const float *samples, guint n)
{
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += samples[i] * samples[i];
  double db = sum > 0 ? -10 * log10(sum / n) : 127;
  return (guint8)CLAMP(db + 0.5, 0, 127);
}

SimClip *
sim_encode_sound(const float *samples, guint n_frames, guint kbps, gboolean silence, GError **error)
{
  int status;
  OpusEncoder *opus = opus_encoder_create(MCU_AUDIO_RATE, 1, OPUS_APPLICATION_AUDIO, &status);
  if (opus == NULL) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "opus: %s", opus_strerror(status));
    return NULL;
  }
  opus_encoder_ctl(opus, OPUS_SET_BITRATE((int)kbps * 1000));
  opus_encoder_ctl(opus, OPUS_SET_COMPLEXITY(5));
  opus_encoder_ctl(opus, OPUS_SET_DTX(silence));

  /* Twice round: the second time the encoder remembers the loop's end when it starts, as the
   * decoder will. */
  SimClipBuilder *builder = sim_clip_builder_new(MCU_CODEC_OPUS, 0, 0, n_frames);
  for (guint i = 0; i < 2 * n_frames; i++) {
    guint8 payload[1000];
    guint frame = i % n_frames;
    const float *from = samples + (gsize)frame * MCU_AUDIO_FRAME_SAMPLES;
    int size = opus_encode_float(opus, from, MCU_AUDIO_FRAME_SAMPLES, payload, sizeof payload);
    if (size <= 0) {
      g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "opus: %s", opus_strerror(size));
      opus_encoder_destroy(opus);
      sim_clip_builder_free(builder);
      return NULL;
    }
    SimClipPacket packet = {.payload = payload,
                            .size = (guint16)size,
                            .frame = (guint16)frame,
                            .level = silence ? 127 : level_of(from, MCU_AUDIO_FRAME_SAMPLES)};
    if (i >= n_frames)
      sim_clip_builder_add(builder, &packet);
  }
  opus_encoder_destroy(opus);
  return sim_clip_builder_finish(builder, error);
}

/* Starts a decoding pipeline that ends in "appsink name=sink". */
static GstElement *
open_decoder(const char *path, const char *rest, GstElement **out_sink, GError **error)
{
  g_autofree char *text =
      g_strdup_printf("filesrc name=src ! decodebin ! %s ! appsink name=sink sync=false max-buffers=8", rest);
  GstElement *pipeline = parse_pipeline(text, error);
  if (pipeline == NULL)
    return NULL;
  g_autoptr(GstElement) src = gst_bin_get_by_name(GST_BIN(pipeline), "src");
  g_object_set(src, "location", path, NULL);
  *out_sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  return pipeline;
}

GPtrArray *
sim_decode_film(const char *path, guint width, guint height, guint max_frames, GError **error)
{
  GstElement *sink;
  g_autofree char *rest =
      g_strdup_printf("videoconvert ! aspectratiocrop aspect-ratio=16/9 ! videoscale ! videorate ! "
                      "video/x-raw,format=I420,width=%u,height=%u,framerate=%d/1,pixel-aspect-ratio=1/1",
                      width, height, MCU_VIDEO_FPS);
  GstElement *pipeline = open_decoder(path, rest, &sink, error);
  if (pipeline == NULL)
    return NULL;

  GPtrArray *frames = g_ptr_array_new_with_free_func(g_free);
  gsize size = sim_picture_size(width, height);
  while (frames->len < max_frames) {
    g_autoptr(GstSample) sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), PULL_TIMEOUT);
    if (sample == NULL)
      break;
    guint8 *frame = g_malloc(size);
    if (gst_buffer_extract(gst_sample_get_buffer(sample), 0, frame, size) == size)
      g_ptr_array_add(frames, frame);
    else
      g_free(frame);
  }
  if (frames->len == 0) {
    take_bus_error(pipeline, path, error);
    g_clear_pointer(&frames, g_ptr_array_unref);
  }
  stop_pipeline(pipeline);
  gst_object_unref(sink);
  return frames;
}

GArray *
sim_decode_sound(const char *path, guint max_samples, GError **error)
{
  GstElement *sink;
  GstElement *pipeline = open_decoder(
      path, "audioconvert ! audioresample ! audio/x-raw,format=F32LE,rate=48000,channels=1,layout=interleaved", &sink,
      error);
  if (pipeline == NULL)
    return NULL;

  GArray *samples = g_array_new(FALSE, FALSE, sizeof(float));
  while (samples->len < max_samples) {
    g_autoptr(GstSample) sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), PULL_TIMEOUT);
    if (sample == NULL)
      break;
    GstMapInfo map;
    if (!gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ))
      break;
    guint n = (guint)(map.size / sizeof(float));
    g_array_append_vals(samples, map.data, MIN(n, max_samples - samples->len));
    gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
  }
  if (samples->len == 0) {
    take_bus_error(pipeline, path, error);
    g_clear_pointer(&samples, g_array_unref);
  }
  stop_pipeline(pipeline);
  gst_object_unref(sink);
  return samples;
}
