/* The media engine: joins picture (mix-video.h), sound (mix-audio.h), decoders and the recording to the
 * mixes and seats of include/mcu/media-engine.h. Everything here runs on main; what other threads do is
 * inside of the parts. Teardown: recording, decoders, renditions and composing, sound. */
#include "pipelines/engine.h"

#include <gst/gst.h>

#include "mcu/util/error.h"
#include "pipelines/codec-elements.h"
#include "pipelines/decode.h"
#include "pipelines/label.h"
#include "pipelines/mix-audio.h"
#include "pipelines/mix-video.h"
#include "pipelines/record.h"

struct McuMix {
  McuMixConfig config;
  McuMixEvents events;
  gpointer user_data;
  char *name;

  PlVideoMix *video;
  PlAudioMix *audio;
  PlRecord *record;      /* NULL: not recording, or not any more */
  gboolean tapped;       /* `record` gets units, and holds the H.264 rendition */
  GPtrArray *seats;      /* McuMixSeat */
  guint64 decode_errors; /* of decoders that are gone */
};

struct McuMixSeat {
  McuMix *mix;
  char *name;
  PlTile *tile;
  PlAudioSeat *audio;
  PlDecode *decode; /* NULL: no picture comes */
  McuRing *video_ring;
  McuCodec codec;
};

static gboolean
check_font(GError **error)
{
  PangoFontMap *map = pango_cairo_font_map_get_default();
  PangoFontFamily **families;
  int n_families;
  gboolean found = FALSE;
  pango_font_map_list_families(map, &families, &n_families);
  for (int i = 0; i < n_families && !found; i++)
    found = g_ascii_strcasecmp(pango_font_family_get_name(families[i]), PL_FONT) == 0;
  g_free(families);
  if (!found)
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "the font %s is missing: install the package fonts-dejavu-core",
                PL_FONT);
  return found;
}

static gboolean
engine_init(GError **error)
{
  g_autoptr(GError) gst_error = NULL;
  if (!gst_init_check(NULL, NULL, &gst_error)) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "GStreamer does not start: %s",
                gst_error != NULL ? gst_error->message : "unknown");
    return FALSE;
  }
  return pl_codec_check_elements(error) && check_font(error);
}

/* ---- recording ---- */

static void
release_recording(McuMix *mix)
{
  if (!mix->tapped)
    return;
  mix->tapped = FALSE;
  pl_video_mix_set_tap(mix->video, MCU_CODEC_H264, NULL, NULL);
  pl_video_mix_release(mix->video, MCU_CODEC_H264);
}

static void
on_record_done(PlRecord *record, const char *path, gint64 duration_us, const GError *error, gpointer user_data)
{
  McuMix *mix = user_data;
  release_recording(mix);
  /* NULL when the mix is being freed, which then frees the record itself. */
  gboolean own = g_steal_pointer(&mix->record) != NULL;
  if (error != NULL)
    g_warning("%s: recording: %s", mix->name, error->message);
  if (mix->events.record_done != NULL)
    mix->events.record_done(mix, path, duration_us, error, mix->user_data);
  if (own)
    pl_record_free(record);
}

static gboolean
record_start(McuMix *mix, const char *path, GError **error)
{
  if (mix->record != NULL) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_RECORDING, "%s",
                mix->tapped ? "already recording" : "the recording before is still being finished");
    return FALSE;
  }
  McuStream *video = pl_video_mix_acquire(mix->video, MCU_CODEC_H264, error);
  if (video == NULL)
    return FALSE;
  mix->record = pl_record_new(path, pl_audio_mix_stream(mix->audio), mix->config.fps, on_record_done, mix, error);
  if (mix->record == NULL) {
    pl_video_mix_release(mix->video, MCU_CODEC_H264);
    return FALSE;
  }
  mix->tapped = TRUE;
  pl_video_mix_set_tap(mix->video, MCU_CODEC_H264, pl_record_unit, mix->record);
  mcu_stream_request_keyframe(video);
  return TRUE;
}

static void
record_stop(McuMix *mix)
{
  if (mix->record == NULL || !mix->tapped)
    return;
  release_recording(mix);
  pl_record_stop(mix->record);
}

/* ---- mixes ---- */

static void
mix_free(McuMix *mix)
{
  if (mix == NULL)
    return;
  release_recording(mix);
  pl_record_free(g_steal_pointer(&mix->record));
  g_assert(mix->seats->len == 0);
  pl_video_mix_free(mix->video);
  if (mix->audio != NULL)
    pl_audio_mix_free(mix->audio);
  g_ptr_array_unref(mix->seats);
  g_free(mix->name);
  g_free(mix);
}

static McuMix *
mix_new(const McuMixConfig *config, const McuMixEvents *events, gpointer user_data, GError **error)
{
  McuMix *mix = g_new0(McuMix, 1);
  mix->config = *config;
  mix->name = g_strdup(config->name);
  mix->config.name = mix->name;
  if (events != NULL)
    mix->events = *events;
  mix->user_data = user_data;
  mix->seats = g_ptr_array_new();

  PlVideoMixConfig video = {.name = mix->name,
                            .width = 1280,
                            .height = 720,
                            .fps = config->fps,
                            .kbps = config->video_kbps};
  mix->video = pl_video_mix_new(&video, error);
  if (mix->video != NULL)
    mix->audio = pl_audio_mix_new(config->audio_kbps, config->max_heard, error);
  if (mix->audio == NULL) {
    mix_free(mix);
    return NULL;
  }
  pl_audio_mix_start(mix->audio);
  return mix;
}

static McuStream *
mix_audio(McuMix *mix)
{
  return pl_audio_mix_stream(mix->audio);
}

static McuStream *
video_acquire(McuMix *mix, const McuRendition *rendition, GError **error)
{
  return pl_video_mix_acquire(mix->video, rendition->codec, error);
}

static void
video_release(McuMix *mix, const McuRendition *rendition)
{
  pl_video_mix_release(mix->video, rendition->codec);
}

static void
get_stats(McuMix *mix, McuMixStats *out_stats)
{
  PlVideoMixStats video;
  PlAudioMixStats audio;
  pl_video_mix_get_stats(mix->video, &video);
  pl_audio_mix_get_stats(mix->audio, &audio);
  *out_stats = (McuMixStats){.seats = mix->seats->len,
                             .heard = audio.heard,
                             .renditions = video.renditions,
                             .frames_composed = video.frames,
                             .ticks_late = video.late + audio.ticks_late,
                             .decode_errors = mix->decode_errors + audio.decode_errors,
                             .recording = mix->tapped};
  for (guint i = 0; i < mix->seats->len; i++) {
    const McuMixSeat *seat = g_ptr_array_index(mix->seats, i);
    PlDecodeStats decode;
    if (seat->decode == NULL)
      continue;
    pl_decode_get_stats(seat->decode, &decode);
    out_stats->decode_errors += decode.errors;
    out_stats->pictures++;
  }
}

/* ---- seats ---- */

static void
drop_decode(McuMixSeat *seat)
{
  PlDecodeStats stats;
  if (seat->decode != NULL) {
    pl_decode_get_stats(seat->decode, &stats);
    seat->mix->decode_errors += stats.errors;
  }
  g_clear_pointer(&seat->decode, pl_decode_free);
  g_clear_pointer(&seat->video_ring, mcu_ring_unref);
  seat->codec = MCU_CODEC_NONE;
}

static McuMixSeat *
seat_new(McuMix *mix, const char *name, GError **error)
{
  PlAudioSeat *audio = pl_audio_seat_new(mix->audio, error);
  if (audio == NULL)
    return NULL;
  McuMixSeat *seat = g_new0(McuMixSeat, 1);
  seat->mix = mix;
  seat->name = g_strdup(name);
  seat->audio = audio;
  seat->tile = pl_wall_add(pl_video_mix_wall(mix->video), name);
  g_ptr_array_add(mix->seats, seat);
  return seat;
}

static void
seat_free(McuMixSeat *seat)
{
  if (seat == NULL)
    return;
  drop_decode(seat);
  pl_wall_remove(pl_video_mix_wall(seat->mix->video), seat->tile);
  pl_audio_seat_free(seat->audio);
  g_ptr_array_remove(seat->mix->seats, seat);
  g_free(seat->name);
  g_free(seat);
}

static void
seat_set_name(McuMixSeat *seat, const char *name)
{
  g_free(seat->name);
  seat->name = g_strdup(name);
  pl_tile_set_name(seat->tile, name);
}

static void
seat_set_lost(McuMixSeat *seat, gboolean lost)
{
  pl_tile_set_lost(seat->tile, lost);
}

static void
seat_set_camera(McuMixSeat *seat, gboolean on)
{
  pl_tile_set_camera(seat->tile, on);
}

static void
seat_set_muted(McuMixSeat *seat, gboolean muted)
{
  pl_audio_seat_set_muted(seat->audio, muted);
}

static void
set_video_input(McuMixSeat *seat, McuRing *ring, McuCodec codec)
{
  if (ring == seat->video_ring && codec == seat->codec)
    return;
  drop_decode(seat);
  if (ring == NULL || codec == MCU_CODEC_NONE)
    return;

  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_strdup_printf("%s-seat%u", seat->mix->name, seat->mix->seats->len);
  seat->decode = pl_decode_new(name, codec, ring, pl_tile_slot(seat->tile), &error);
  if (seat->decode == NULL) {
    g_warning("%s: %s", name, error->message);
    return;
  }
  seat->video_ring = mcu_ring_ref(ring);
  seat->codec = codec;
}

static void
seat_set_input(McuMixSeat *seat, McuRing *audio, McuRing *video, McuCodec video_codec)
{
  pl_audio_seat_set_ring(seat->audio, audio);
  set_video_input(seat, video, video_codec);
}

static McuStream *
seat_audio(McuMixSeat *seat)
{
  return pl_audio_seat_stream(seat->audio);
}

const McuMediaEngineOps *
pl_media_engine(void)
{
  static const McuMediaEngineOps ops = {
      .init = engine_init,
      .mix_new = mix_new,
      .mix_free = mix_free,
      .seat_new = seat_new,
      .seat_free = seat_free,
      .seat_set_name = seat_set_name,
      .seat_set_lost = seat_set_lost,
      .seat_set_camera = seat_set_camera,
      .seat_set_muted = seat_set_muted,
      .seat_set_input = seat_set_input,
      .mix_audio = mix_audio,
      .seat_audio = seat_audio,
      .video_acquire = video_acquire,
      .video_release = video_release,
      .record_start = record_start,
      .record_stop = record_stop,
      .get_stats = get_stats,
  };
  return &ops;
}
