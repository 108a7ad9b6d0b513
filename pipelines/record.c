/* Two appsrc, h264parse and mp4mux, filesink. Units come from the rendition's thread, packets of sound
 * from a small thread of our own that reads the mix like any receiver; both only queue. mp4mux's
 * thread writes. Sound and picture are laid out by their capture times, from the first key frame.
 *
 *   RECORDING --stop--> FINALISING --end of stream--> REMUXING --end of stream--> DONE
 *   RECORDING | FINALISING --error--> DONE;  REMUXING --error--> DONE with the fragmented file */
#include "pipelines/record.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/app/gstappsrc.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "mcu/types.h"
#include "mcu/util/error.h"
#include "pipelines/bus-watch.h"
#include "pipelines/codec-elements.h"

/* What may wait for a slow disk: minutes of programme. */
#define QUEUE_MAX_BYTES (64 * 1024 * 1024)
#define FINALISE_AT_FREE (800 * GST_MSECOND)
#define SOUND_HISTORY 64 /* packets of sound looked at again when the first key frame comes */
#define RESYNC_US 40000
#define NOT_STARTED G_MININT64

typedef enum { RECORDING, FINALISING, REMUXING, DONE } State;

struct PlRecord {
  char *path, *part_path, *tmp_path, *moov_path;
  McuStream *audio;
  guint fps;
  PlRecordDone done;
  gpointer user_data;

  State state;
  GstElement *pipeline;                    /* of RECORDING and FINALISING, then of REMUXING */
  GstElement *video_source, *audio_source; /* owned: units may still come when the pipeline is gone */
  PlBusWatch *watch;
  GError *error;

  _Atomic gint64 start_us; /* capture time of the first key frame */
  _Atomic gint64 end_us;   /* end of the last frame, on the same clock */
  atomic_bool overloaded;

  GThread *sound_thread;
  int wake_fd;
  atomic_bool stop_sound;
  struct {
    guint64 cursor;
    guint64 base_index; /* packet that stands at base_us of the file */
    gint64 base_us, end_us;
    gboolean based;
  } sound; /* sound thread */
};

static void on_failed(const GError *error, gpointer user_data);
static void on_ended(gpointer user_data);

static const PlBusEvents bus_events = {.failed = on_failed, .ended = on_ended};

/* ---- queueing: [gst] and the sound thread ---- */

static void
queue_buffer(PlRecord *record, GstElement *source, GstBuffer *buffer)
{
  GstAppSrc *app = GST_APP_SRC(source);
  if (gst_app_src_get_current_level_bytes(app) > QUEUE_MAX_BYTES) {
    gst_buffer_unref(buffer);
    if (!atomic_exchange(&record->overloaded, TRUE))
      GST_ELEMENT_ERROR(source, RESOURCE, WRITE, ("the disk does not keep up with the recording"), (NULL));
    return;
  }
  gst_app_src_push_buffer(app, buffer);
}

void
pl_record_unit(GstBuffer *unit, gint64 capture_us, gboolean keyframe, gpointer user_data)
{
  PlRecord *record = user_data;
  if (atomic_load(&record->overloaded))
    return;
  if (atomic_load(&record->start_us) == NOT_STARTED) {
    if (!keyframe)
      return;
    atomic_store(&record->start_us, capture_us);
  }

  gint64 frame_us = G_USEC_PER_SEC / record->fps;
  GstBuffer *buffer = gst_buffer_copy(unit); /* shares the bytes */
  GST_BUFFER_PTS(buffer) = (GstClockTime)(capture_us - atomic_load(&record->start_us)) * GST_USECOND;
  GST_BUFFER_DTS(buffer) = GST_BUFFER_PTS(buffer);
  GST_BUFFER_DURATION(buffer) = (GstClockTime)frame_us * GST_USECOND;
  atomic_store(&record->end_us, capture_us + frame_us);
  queue_buffer(record, record->video_source, buffer);
}

/* Where packet `index`, captured at `at_us` of the file, stands in the file: 20 ms after the one before
 * it, unless its capture time says that this has become wrong. */
static gint64
place_sound(PlRecord *record, guint64 index, gint64 at_us)
{
  gint64 place = record->sound.base_us + (gint64)(index - record->sound.base_index) * MCU_AUDIO_FRAME_US;
  if (!record->sound.based || ABS(place - at_us) > RESYNC_US) {
    place = MAX(at_us, record->sound.end_us);
    record->sound.base_us = place;
    record->sound.base_index = index;
    record->sound.based = TRUE;
  }
  record->sound.end_us = place + MCU_AUDIO_FRAME_US;
  return place;
}

/* RFC 6716 section 3.1: the third bit of the first byte says stereo. */
static void
set_sound_caps(PlRecord *record, const McuStreamPacket *packet)
{
  int channels = packet->size > 0 && (packet->payload[0] & 0x04) ? 2 : 1;
  g_autoptr(GstCaps) caps = gst_caps_new_simple(
      "audio/x-opus", "rate", G_TYPE_INT, MCU_AUDIO_RATE, "channels", G_TYPE_INT, channels, "channel-mapping-family",
      G_TYPE_INT, 0, "stream-count", G_TYPE_INT, 1, "coupled-count", G_TYPE_INT, channels - 1, NULL);
  gst_app_src_set_caps(GST_APP_SRC(record->audio_source), caps);
}

static void
queue_sound(PlRecord *record, guint64 index)
{
  McuStreamPacket packet;
  if (!mcu_stream_read(record->audio, index, &packet))
    return;
  gint64 at_us = packet.capture_us - atomic_load(&record->start_us);
  if (at_us < 0)
    return;
  GstBuffer *buffer = gst_buffer_new_memdup(packet.payload, packet.size);
  if (!record->sound.based)
    set_sound_caps(record, &packet);
  if (!mcu_stream_still(record->audio, index)) {
    gst_buffer_unref(buffer);
    return;
  }
  GST_BUFFER_PTS(buffer) = (GstClockTime)place_sound(record, index, at_us) * GST_USECOND;
  GST_BUFFER_DTS(buffer) = GST_BUFFER_PTS(buffer);
  GST_BUFFER_DURATION(buffer) = MCU_AUDIO_FRAME_US * GST_USECOND;
  queue_buffer(record, record->audio_source, buffer);
}

static void
drain_sound(PlRecord *record)
{
  guint64 head = mcu_stream_head(record->audio);
  if (atomic_load(&record->start_us) == NOT_STARTED) {
    /* Sound of the first key frame's time may be here before its encoder has ended. */
    record->sound.cursor = head > SOUND_HISTORY ? head - SOUND_HISTORY : 0;
    return;
  }
  while (record->sound.cursor < head)
    queue_sound(record, record->sound.cursor++);
}

static gpointer
run_sound(gpointer user_data)
{
  PlRecord *record = user_data;
  while (!atomic_load(&record->stop_sound)) {
    struct pollfd pfd = {.fd = record->wake_fd, .events = POLLIN};
    guint64 count;
    if (poll(&pfd, 1, -1) > 0 && read(record->wake_fd, &count, sizeof count) < 0) {
      /* EAGAIN: nothing new, look at the flag. */
    }
    drain_sound(record);
  }
  return NULL;
}

/* ---- control: [main] ---- */

static void
stop_sound(PlRecord *record)
{
  if (record->sound_thread == NULL)
    return;
  atomic_store(&record->stop_sound, TRUE);
  guint64 one = 1;
  if (write(record->wake_fd, &one, sizeof one) < 0) {
    /* EAGAIN: it is awake anyway. */
  }
  g_thread_join(g_steal_pointer(&record->sound_thread));
  mcu_stream_unsubscribe(record->audio, MCU_NET_THREADS_MAX - 1);
}

static gboolean
start_sound(PlRecord *record, GError **error)
{
  record->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (record->wake_fd < 0) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_RECORDING, "eventfd: %s", g_strerror(errno));
    return FALSE;
  }
  /* The last place of the table is no network thread's: each stream has one recording at most. */
  mcu_stream_subscribe(record->audio, MCU_NET_THREADS_MAX - 1, record->wake_fd);
  record->sound_thread = g_thread_new("record-sound", run_sound, record);
  return TRUE;
}

static void
drop_pipeline(PlRecord *record)
{
  g_clear_pointer(&record->watch, pl_bus_watch_free);
  if (record->pipeline != NULL)
    gst_element_set_state(record->pipeline, GST_STATE_NULL);
  gst_clear_object(&record->pipeline);
}

static gint64
duration_us(PlRecord *record)
{
  gint64 start = atomic_load(&record->start_us);
  return start == NOT_STARTED ? 0 : atomic_load(&record->end_us) - start;
}

/* The last step: gives the best file there is its name. `remuxed`: the plain one is complete. */
static void
finish(PlRecord *record, gboolean remuxed)
{
  const char *from = remuxed ? record->tmp_path : record->part_path;
  GStatBuf info;
  gboolean written = g_stat(from, &info) == 0 && info.st_size > 0 && duration_us(record) > 0;

  drop_pipeline(record);
  record->state = DONE;
  if (written && g_rename(from, record->path) != 0) {
    written = FALSE;
    if (record->error == NULL)
      g_set_error(&record->error, MCU_ERROR, MCU_ERROR_RECORDING, "cannot rename %s: %s", from, g_strerror(errno));
  } else {
    g_unlink(record->part_path);
  }
  if (!remuxed)
    g_unlink(record->tmp_path);
  g_unlink(record->moov_path);
  record->done(record, written ? record->path : NULL, duration_us(record), record->error, record->user_data);
}

/* Reads the fragmented file and writes it as a plain one: seekable at once, with its duration in front. */
static gboolean
start_remux(PlRecord *record)
{
  g_autoptr(GError) error = NULL;
  GstElement *pipeline = gst_parse_launch(
      "filesrc name=from ! qtdemux name=demux "
      "mp4mux name=mux faststart=true ! filesink name=to async=false sync=false "
      "demux.video_0 ! queue max-size-time=20000000000 max-size-buffers=0 max-size-bytes=0 ! mux.video_0 "
      "demux.audio_0 ! queue max-size-time=20000000000 max-size-buffers=0 max-size-bytes=0 ! mux.audio_0",
      &error);
  if (error != NULL) {
    g_message("%s: %s", record->path, error->message);
    gst_clear_object(&pipeline);
    return FALSE;
  }
  record->pipeline = pipeline;
  g_autoptr(GstElement) from = gst_bin_get_by_name(GST_BIN(pipeline), "from");
  g_autoptr(GstElement) mux = gst_bin_get_by_name(GST_BIN(pipeline), "mux");
  g_autoptr(GstElement) to = gst_bin_get_by_name(GST_BIN(pipeline), "to");
  g_object_set(from, "location", record->part_path, NULL);
  g_object_set(mux, "faststart-file", record->moov_path, NULL);
  g_object_set(to, "location", record->tmp_path, NULL);
  record->watch = pl_bus_watch_new(pipeline, record->path, &bus_events, record);
  return gst_element_set_state(pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

static void
on_ended(gpointer user_data)
{
  PlRecord *record = user_data;
  if (record->state == REMUXING) {
    finish(record, TRUE);
    return;
  }
  drop_pipeline(record);
  record->state = REMUXING;
  if (!start_remux(record))
    finish(record, FALSE);
}

static void
on_failed(const GError *error, gpointer user_data)
{
  PlRecord *record = user_data;
  if (record->state != REMUXING && record->error == NULL)
    g_set_error(&record->error, MCU_ERROR, MCU_ERROR_RECORDING, "%s", error->message);
  stop_sound(record);
  finish(record, FALSE);
}

static GstElement *
make_source(PlRecord *record, const char *name, GstCaps *caps, GError **error)
{
  GstElement *source = pl_codec_make("appsrc", error);
  if (source == NULL)
    return NULL;
  gst_object_set_name(GST_OBJECT(source), name);
  g_object_set(source, "caps", caps, "format", GST_FORMAT_TIME, "block", FALSE, "max-bytes", G_GUINT64_CONSTANT(0),
               NULL);
  gst_bin_add(GST_BIN(record->pipeline), gst_object_ref(source));
  return source;
}

static gboolean
build(PlRecord *record, GError **error)
{
  GstElement *parse = pl_codec_make("h264parse", error);
  GstElement *mux = parse ? pl_codec_make("mp4mux", error) : NULL;
  GstElement *sink = mux ? pl_codec_make("filesink", error) : NULL;
  record->pipeline = gst_pipeline_new("record");
  if (sink == NULL) {
    gst_clear_object(&parse);
    gst_clear_object(&mux);
    return FALSE;
  }
  gst_bin_add_many(GST_BIN(record->pipeline), parse, mux, sink, NULL);
  gst_util_set_object_arg(G_OBJECT(mux), "fragment-mode", "dash-or-mss");
  g_object_set(mux, "fragment-duration", 1000, NULL);
  /* Unbuffered: a fragment is with the kernel as soon as it is complete. */
  gst_util_set_object_arg(G_OBJECT(sink), "buffer-mode", "unbuffered");
  g_object_set(sink, "location", record->part_path, "sync", FALSE, "async", FALSE, NULL);

  g_autoptr(GstCaps) video_caps = pl_codec_stream_caps(MCU_CODEC_H264);
  record->video_source = make_source(record, "picture", video_caps, error);
  record->audio_source = make_source(record, "sound", NULL, error);
  return record->video_source != NULL && record->audio_source != NULL &&
         gst_element_link_pads(record->video_source, "src", parse, "sink") &&
         gst_element_link_pads(parse, "src", mux, "video_0") &&
         gst_element_link_pads(record->audio_source, "src", mux, "audio_0") && gst_element_link(mux, sink);
}

/* A plain answer to "does this path work at all", before a pipeline asks it in its own words. */
static gboolean
check_path(PlRecord *record, GError **error)
{
  int fd = g_open(record->part_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (fd < 0) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_RECORDING, "cannot write %s: %s", record->part_path, g_strerror(errno));
    return FALSE;
  }
  close(fd);
  return TRUE;
}

static void
record_destroy(PlRecord *record)
{
  stop_sound(record);
  drop_pipeline(record);
  gst_clear_object(&record->video_source);
  gst_clear_object(&record->audio_source);
  if (record->wake_fd >= 0)
    close(record->wake_fd);
  mcu_stream_unref(record->audio);
  g_clear_error(&record->error);
  g_free(record->path);
  g_free(record->part_path);
  g_free(record->tmp_path);
  g_free(record->moov_path);
  g_free(record);
}

PlRecord *
pl_record_new(const char *path, McuStream *audio, guint fps, PlRecordDone done, gpointer user_data, GError **error)
{
  PlRecord *record = g_new0(PlRecord, 1);
  record->path = g_strdup(path);
  record->part_path = g_strconcat(path, ".part", NULL);
  record->tmp_path = g_strconcat(path, ".tmp", NULL);
  record->moov_path = g_strconcat(path, ".moov", NULL);
  record->audio = mcu_stream_ref(audio);
  record->fps = fps;
  record->done = done;
  record->user_data = user_data;
  record->wake_fd = -1;
  atomic_store(&record->start_us, NOT_STARTED);

  if (!check_path(record, error))
    goto fail;
  if (!build(record, error)) {
    if (error != NULL && *error == NULL)
      g_set_error(error, MCU_ERROR, MCU_ERROR_RECORDING, "cannot build the recording's pipeline");
    goto fail;
  }
  record->watch = pl_bus_watch_new(record->pipeline, path, &bus_events, record);
  if (gst_element_set_state(record->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_RECORDING, "cannot start writing %s", record->part_path);
    goto fail;
  }
  if (!start_sound(record, error))
    goto fail;
  return record;

fail:
  record_destroy(record);
  return NULL;
}

void
pl_record_stop(PlRecord *record)
{
  if (record->state != RECORDING)
    return;
  record->state = FINALISING;
  stop_sound(record);
  if (atomic_load(&record->start_us) == NOT_STARTED) {
    finish(record, FALSE);
    return;
  }
  gst_app_src_end_of_stream(GST_APP_SRC(record->video_source));
  gst_app_src_end_of_stream(GST_APP_SRC(record->audio_source));
}

void
pl_record_free(PlRecord *record)
{
  if (record == NULL)
    return;
  if (record->state == RECORDING)
    pl_record_stop(record);
  if (record->state == FINALISING) {
    g_autoptr(GstBus) bus = gst_element_get_bus(record->pipeline);
    g_autoptr(GstMessage) end G_GNUC_UNUSED =
        gst_bus_timed_pop_filtered(bus, FINALISE_AT_FREE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  }
  if (record->state != DONE)
    finish(record, FALSE);
  record_destroy(record);
}
