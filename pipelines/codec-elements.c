/* Settings were chosen by measurement (docs/architecture.md): one thread each, no look-ahead, no
 * reordering, key frames on request. */
#include "pipelines/codec-elements.h"

#include "mcu/util/error.h"
#include "mcu/util/ring.h"

/* Natural key frames only heal what no request reported. */
#define KEYFRAME_SECONDS 10
#define RATE_WINDOW_MS 600

typedef struct {
  const char *name;
  const char *package;
} Required;

static const Required required[] = {
    {"appsrc", "gstreamer1.0-plugins-base"},
    {"appsink", "gstreamer1.0-plugins-base"},
    {"capsfilter", "libgstreamer1.0-0"},
    {"filesink", "libgstreamer1.0-0"},
    {"filesrc", "libgstreamer1.0-0"},
    {"avdec_h264", "gstreamer1.0-libav"},
    {"vp8dec", "gstreamer1.0-plugins-good"},
    {"vp8enc", "gstreamer1.0-plugins-good"},
    {"x264enc", "gstreamer1.0-plugins-ugly"},
    {"rtph264depay", "gstreamer1.0-plugins-good"},
    {"rtpvp8depay", "gstreamer1.0-plugins-good"},
    {"rtph264pay", "gstreamer1.0-plugins-good"},
    {"rtpvp8pay", "gstreamer1.0-plugins-good"},
    {"mp4mux", "gstreamer1.0-plugins-good"},
    {"qtdemux", "gstreamer1.0-plugins-good"},
    {"h264parse", "gstreamer1.0-plugins-bad"},
    {"opusparse", "gstreamer1.0-plugins-bad"},
};

static const char *
package_of(const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS(required); i++)
    if (g_str_equal(required[i].name, name))
      return required[i].package;
  return "gstreamer1.0-plugins-base";
}

gboolean
pl_codec_check_elements(GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS(required); i++) {
    g_autoptr(GstElementFactory) factory = gst_element_factory_find(required[i].name);
    if (factory == NULL) {
      g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "GStreamer element %s is missing: install the package %s",
                  required[i].name, required[i].package);
      return FALSE;
    }
  }
  return TRUE;
}

GstElement *
pl_codec_make(const char *factory, GError **error)
{
  GstElement *element = gst_element_factory_make(factory, NULL);
  if (element == NULL)
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "GStreamer element %s is missing: install the package %s", factory,
                package_of(factory));
  return element;
}

static GstElement *
no_such_codec(McuCodec codec, GError **error)
{
  g_set_error(error, MCU_ERROR, MCU_ERROR_NO_COMMON_CODEC, "%d is not a video codec of the mixer", (int)codec);
  return NULL;
}

GstElement *
pl_codec_make_depayloader(McuCodec codec, GError **error)
{
  if (codec != MCU_CODEC_H264 && codec != MCU_CODEC_VP8)
    return no_such_codec(codec, error);
  GstElement *depay = pl_codec_make(codec == MCU_CODEC_H264 ? "rtph264depay" : "rtpvp8depay", error);
  /* After a gap nothing is shown until the next key frame, for which it asks upstream: a picture
   * that stands still is better than one that is smeared. max-reorder: rings are in order, so a step
   * back in sequence numbers is a new stream and not an old packet. */
  if (depay != NULL)
    g_object_set(depay, "wait-for-keyframe", TRUE, "request-keyframe", TRUE, "max-reorder", 0, NULL);
  return depay;
}

GstElement *
pl_codec_make_decoder(McuCodec codec, GError **error)
{
  GstElement *decoder;
  switch (codec) {
  case MCU_CODEC_H264:
    decoder = pl_codec_make("avdec_h264", error);
    if (decoder != NULL)
      g_object_set(decoder, "max-threads", 1, NULL);
    break;
  case MCU_CODEC_VP8:
    decoder = pl_codec_make("vp8dec", error);
    if (decoder != NULL)
      g_object_set(decoder, "threads", 1, NULL);
    break;
  default:
    return no_such_codec(codec, error);
  }
  if (decoder != NULL)
    g_object_set(decoder, "qos", FALSE, "max-errors", -1, "automatic-request-sync-points", TRUE, NULL);
  return decoder;
}

static GstElement *
make_x264(guint kbps, guint fps, GError **error)
{
  GstElement *encoder = pl_codec_make("x264enc", error);
  if (encoder == NULL)
    return NULL;
  gst_util_set_object_arg(G_OBJECT(encoder), "speed-preset", "superfast");
  gst_util_set_object_arg(G_OBJECT(encoder), "tune", "zerolatency");
  gst_util_set_object_arg(G_OBJECT(encoder), "pass", "cbr");
  /* scenecut=0: a change of layout must not make a key frame that nobody asked for. */
  g_object_set(encoder, "bitrate", kbps, "vbv-buf-capacity", RATE_WINDOW_MS, "key-int-max", KEYFRAME_SECONDS * fps,
               "threads", 1, "sliced-threads", FALSE, "sync-lookahead", 0, "rc-lookahead", 0, "bframes", 0, "aud",
               FALSE, "byte-stream", TRUE, "mb-tree", FALSE, "option-string", "scenecut=0", "qos", FALSE, NULL);
  return encoder;
}

static GstElement *
make_vp8enc(guint kbps, guint fps, GError **error)
{
  GstElement *encoder = pl_codec_make("vp8enc", error);
  if (encoder == NULL)
    return NULL;
  gst_util_set_object_arg(G_OBJECT(encoder), "end-usage", "cbr");
  gst_util_set_object_arg(G_OBJECT(encoder), "error-resilient", "default");
  g_object_set(encoder, "deadline", G_GINT64_CONSTANT(1), "cpu-used", 12, "threads", 1, "lag-in-frames", 0,
               "target-bitrate", (int)kbps * 1000, "keyframe-max-dist", (int)(KEYFRAME_SECONDS * fps), "buffer-size",
               RATE_WINDOW_MS, "buffer-initial-size", RATE_WINDOW_MS / 2, "buffer-optimal-size", RATE_WINDOW_MS * 2 / 3,
               "min-quantizer", 4, "max-quantizer", 56, "resize-allowed", FALSE, "dropframe-threshold", 0, "qos", FALSE,
               NULL);
  return encoder;
}

GstElement *
pl_codec_make_encoder(McuCodec codec, guint kbps, guint fps, GError **error)
{
  switch (codec) {
  case MCU_CODEC_H264:
    return make_x264(kbps, fps, error);
  case MCU_CODEC_VP8:
    return make_vp8enc(kbps, fps, error);
  default:
    return no_such_codec(codec, error);
  }
}

GstElement *
pl_codec_make_payloader(McuCodec codec, GError **error)
{
  GstElement *pay;
  switch (codec) {
  case MCU_CODEC_H264:
    pay = pl_codec_make("rtph264pay", error);
    if (pay == NULL)
      return NULL;
    /* x264 repeats SPS and PPS in each key frame itself (byte-stream). */
    gst_util_set_object_arg(G_OBJECT(pay), "aggregate-mode", "zero-latency");
    g_object_set(pay, "config-interval", 0, NULL);
    break;
  case MCU_CODEC_VP8:
    pay = pl_codec_make("rtpvp8pay", error);
    if (pay == NULL)
      return NULL;
    gst_util_set_object_arg(G_OBJECT(pay), "picture-id-mode", "15-bit");
    break;
  default:
    return no_such_codec(codec, error);
  }
  g_object_set(pay, "mtu", MCU_RTP_PAYLOAD_MAX + MCU_RTP_HEADER, "pt", 96, NULL);
  return pay;
}

GstCaps *
pl_codec_rtp_caps(McuCodec codec)
{
  return gst_caps_new_simple("application/x-rtp", "media", G_TYPE_STRING, "video", "clock-rate", G_TYPE_INT,
                             MCU_VIDEO_RATE, "encoding-name", G_TYPE_STRING, codec == MCU_CODEC_H264 ? "H264" : "VP8",
                             "payload", G_TYPE_INT, 96, NULL);
}

GstCaps *
pl_codec_stream_caps(McuCodec codec)
{
  if (codec != MCU_CODEC_H264)
    return gst_caps_new_empty_simple("video/x-vp8");
  return gst_caps_new_simple("video/x-h264", "stream-format", G_TYPE_STRING, "byte-stream", "alignment", G_TYPE_STRING,
                             "au", NULL);
}

GstCaps *
pl_codec_encoded_caps(McuCodec codec)
{
  GstCaps *caps = pl_codec_stream_caps(codec);
  if (codec == MCU_CODEC_H264)
    gst_caps_set_simple(caps, "profile", G_TYPE_STRING, "constrained-baseline", NULL);
  return caps;
}
