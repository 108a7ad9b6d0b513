#include "media.h"

#include <gst/app/gstappsink.h>
#include <string.h>

#include "pipelines/codec-elements.h"

GPtrArray *
media_rtp(McuCodec codec, guint width, guint height, guint n_frames, guint key_distance)
{
  g_autofree char *encoder =
      codec == MCU_CODEC_H264
          ? g_strdup_printf("x264enc speed-preset=ultrafast tune=zerolatency threads=1 key-int-max=%u bitrate=800 "
                            "option-string=scenecut=0 ! video/x-h264,profile=constrained-baseline ! "
                            "rtph264pay mtu=1152 config-interval=-1",
                            key_distance)
          : g_strdup_printf("vp8enc deadline=1 cpu-used=16 threads=1 keyframe-max-dist=%u target-bitrate=800000 ! "
                            "rtpvp8pay mtu=1152 picture-id-mode=2",
                            key_distance);
  g_autofree char *line = g_strdup_printf("videotestsrc num-buffers=%u pattern=ball ! "
                                          "video/x-raw,format=I420,width=%u,height=%u,framerate=25/1 ! %s ! "
                                          "appsink name=sink sync=false",
                                          n_frames, width, height, encoder);
  g_autoptr(GError) error = NULL;
  GstElement *pipeline = gst_parse_launch(line, &error);
  g_assert_no_error(error);
  g_autoptr(GstElement) sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);

  GPtrArray *packets = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  GstSample *sample;
  while ((sample = gst_app_sink_pull_sample(GST_APP_SINK(sink))) != NULL) {
    GstMapInfo map;
    GstBuffer *buffer = gst_sample_get_buffer(sample);
    g_assert_true(gst_buffer_map(buffer, &map, GST_MAP_READ));
    g_ptr_array_add(packets, g_bytes_new(map.data, map.size));
    gst_buffer_unmap(buffer, &map);
    gst_sample_unref(sample);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  g_assert_cmpuint(packets->len, >=, n_frames);
  return packets;
}

gboolean
media_is_marker(GBytes *packet)
{
  const guint8 *data = g_bytes_get_data(packet, NULL);
  return (data[1] & 0x80) != 0;
}

typedef struct {
  McuRing *ring;
  McuPacket packet;
} Push;

static gboolean
try_push(gpointer data)
{
  Push *push = data;
  gboolean pushed = mcu_ring_push(push->ring, &push->packet);
  if (!pushed)
    mcu_ring_wake(push->ring);
  return pushed;
}

void
media_push(McuRing *ring, GBytes *packet, gboolean discont)
{
  media_push_at(ring, packet, discont, g_get_monotonic_time());
}

void
media_push_at(McuRing *ring, GBytes *packet, gboolean discont, gint64 arrival_us)
{
  gsize size;
  const guint8 *data = g_bytes_get_data(packet, &size);
  Push push = {
      .ring = ring,
      .packet = {.arrival_us = arrival_us,
                 .timestamp = (guint32)data[4] << 24 | (guint32)data[5] << 16 | (guint32)data[6] << 8 | data[7],
                 .seq = (guint16)(data[2] << 8 | data[3]),
                 .size = (guint16)size,
                 .level = MCU_LEVEL_UNKNOWN,
                 .marker = (data[1] & 0x80) != 0,
                 .discont = discont,
                 .data = (guint8 *)data}};
  media_wait(try_push, &push);
  if (push.packet.marker)
    mcu_ring_wake(ring);
}

PlFrame *
media_frame(guint width, guint height, guint8 y, guint8 u, guint8 v, gint64 arrival_us)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, width, height);
  GstBuffer *buffer = gst_buffer_new_allocate(NULL, GST_VIDEO_INFO_SIZE(&info), NULL);
  g_assert_true(gst_video_frame_map(&frame, &info, buffer, GST_MAP_WRITE));
  const guint8 values[3] = {y, u, v};
  for (guint plane = 0; plane < 3; plane++)
    memset(GST_VIDEO_FRAME_PLANE_DATA(&frame, plane), values[plane],
           (gsize)GST_VIDEO_FRAME_PLANE_STRIDE(&frame, plane) * (gsize)GST_VIDEO_FRAME_COMP_HEIGHT(&frame, plane));
  gst_video_frame_unmap(&frame);
  return pl_frame_new(buffer, &info, arrival_us);
}

static gboolean
on_tick(gpointer data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE; /* lets media_wait() look again */
}

void
media_wait(MediaCondition condition, gpointer data)
{
  gint64 deadline = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
  if (condition(data))
    return;
  guint id = g_timeout_add(2, on_tick, NULL);
  while (!condition(data)) {
    g_assert_cmpint(g_get_monotonic_time(), <, deadline);
    g_main_context_iteration(NULL, TRUE);
  }
  g_source_remove(id);
}

typedef struct {
  const McuStream *stream;
  guint64 head;
} Behind;

static gboolean
ends_with_picture(gpointer data)
{
  const Behind *behind = data;
  McuStreamPacket packet;
  guint64 head = mcu_stream_head(behind->stream);
  return head > behind->head && mcu_stream_read(behind->stream, head - 1, &packet) && packet.marker;
}

void
media_wait_for_picture(const McuStream *stream, guint64 head)
{
  media_wait(ends_with_picture, &(Behind){stream, head});
}
