/* The media engine: joins picture (mix-video.h), sound (mix-audio.h) and the recording to the mixes and
 * seats of include/mcu/media-engine.h. Everything here runs on main; what other threads do is inside of
 * the parts. Teardown: recording, renditions and composing, sound. */
#include "pipelines/engine.h"

#include <gst/gst.h>

#include "mcu/util/error.h"
#include "pipelines/codec-elements.h"
#include "pipelines/decode-pool.h"
#include "pipelines/label.h"
#include "pipelines/mix-audio.h"
#include "pipelines/mix-video.h"
#include "pipelines/record.h"

struct McuMix {
  McuMixConfig config;
  McuMixEvents events;
  gpointer user_data;
  char *name;

  PlDecodePool *pool; /* kept for as long as rings may be decoded */
  PlVideoMix *video;
  PlAudioMix *audio;
  PlRecord *record;      /* NULL: not recording, or not any more */
  gboolean tapped;       /* `record` gets units, and holds its rendition */
  GPtrArray *seats;      /* McuMixSeat */
  guint64 decode_errors; /* of seats that are gone */
};

struct McuMixSeat {
  McuMix *mix;
  PlPicture *picture;
  PlAudioSeat *audio;
};

/* What is recorded. */
static const McuRendition recorded = {MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264};

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

/* ---- renditions ---- */

static McuStream *
video_acquire(McuMix *mix, const McuRendition *rendition, GError **error)
{
  PlView *view = pl_video_mix_view(mix->video, rendition->view);
  McuStream *stream = pl_view_acquire(view, rendition->rung, rendition->codec, error);
  if (stream != NULL)
    pl_video_mix_update(mix->video);
  return stream;
}

static void
video_release(McuMix *mix, const McuRendition *rendition)
{
  pl_view_release(pl_video_mix_view(mix->video, rendition->view), rendition->rung, rendition->codec);
  pl_video_mix_update(mix->video);
}

static guint
video_kbps(McuMix *mix, const McuRendition *rendition)
{
  return pl_view_kbps(pl_video_mix_view(mix->video, rendition->view), rendition->rung);
}

static void
set_tap(McuMix *mix, PlRenditionTap tap, gpointer user_data)
{
  pl_view_set_tap(pl_video_mix_view(mix->video, recorded.view), recorded.rung, recorded.codec, tap, user_data);
}

/* ---- recording ---- */

static void
release_recording(McuMix *mix)
{
  if (!mix->tapped)
    return;
  mix->tapped = FALSE;
  set_tap(mix, NULL, NULL);
  video_release(mix, &recorded);
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
  McuStream *video = video_acquire(mix, &recorded, error);
  if (video == NULL)
    return FALSE;
  mix->record = pl_record_new(path, pl_audio_mix_stream(mix->audio), mix->config.fps, on_record_done, mix, error);
  if (mix->record == NULL) {
    video_release(mix, &recorded);
    return FALSE;
  }
  mix->tapped = TRUE;
  set_tap(mix, pl_record_unit, mix->record);
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
  pl_decode_pool_unref(mix->pool);
  g_ptr_array_unref(mix->seats);
  g_free(mix->name);
  g_free(mix);
}

static void
on_wanted(PlPicture *picture, gpointer user_data)
{
  McuMix *mix = user_data;
  if (mix->events.picture_wanted != NULL)
    mix->events.picture_wanted(mix, pl_picture_owner(picture), pl_picture_wanted(picture), mix->user_data);
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

  mix->pool = pl_decode_pool_ref();

  static const PlVideoMixEvents video_events = {.wanted = on_wanted};
  const PlVideoMixConfig video = {
      .name = mix->name, .fps = config->fps, .kbps = config->video_kbps, .site_kbps = config->site_kbps};
  mix->video = pl_video_mix_new(&video, &video_events, mix, error);
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

static void
get_stats(McuMix *mix, McuMixStats *out_stats)
{
  PlViewStats video;
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
    out_stats->decode_errors += pl_picture_errors(seat->picture);
    out_stats->pictures += pl_picture_decoding(seat->picture);
  }
}

/* ---- seats ---- */

static McuMixSeat *
seat_new(McuMix *mix, const char *name, GError **error)
{
  PlAudioSeat *audio = pl_audio_seat_new(mix->audio, error);
  if (audio == NULL)
    return NULL;
  McuMixSeat *seat = g_new0(McuMixSeat, 1);
  seat->mix = mix;
  seat->audio = audio;
  seat->picture = pl_picture_new(name, seat);
  pl_face_follow_sound(pl_picture_face(seat->picture), pl_audio_seat_heard_at(audio));
  pl_video_mix_add(mix->video, seat->picture);
  g_ptr_array_add(mix->seats, seat);
  return seat;
}

static void
seat_free(McuMixSeat *seat)
{
  if (seat == NULL)
    return;
  pl_video_mix_remove(seat->mix->video, seat->picture);
  seat->mix->decode_errors += pl_picture_errors(seat->picture);
  pl_picture_free(seat->picture);
  pl_audio_seat_free(seat->audio);
  g_ptr_array_remove(seat->mix->seats, seat);
  g_free(seat);
}

static void
seat_set_name(McuMixSeat *seat, const char *name)
{
  pl_picture_set_name(seat->picture, name);
}

static void
seat_set_lost(McuMixSeat *seat, gboolean lost)
{
  pl_picture_set_lost(seat->picture, lost);
}

static void
seat_set_camera(McuMixSeat *seat, gboolean on)
{
  pl_picture_set_camera(seat->picture, on);
  pl_video_mix_update(seat->mix->video);
}

static void
seat_set_muted(McuMixSeat *seat, gboolean muted)
{
  pl_audio_seat_set_muted(seat->audio, muted);
}

static void
seat_set_input(McuMixSeat *seat, McuRing *audio, McuRing *video, McuCodec video_codec)
{
  pl_audio_seat_set_ring(seat->audio, audio);
  pl_picture_set_input(seat->picture, video, video_codec);
}

static void
seat_set_warm(McuMixSeat *seat, gboolean on)
{
  pl_video_mix_warm(seat->mix->video, seat->picture, on);
}

static void
seat_set_floor(McuMixSeat *seat, gboolean on)
{
  pl_audio_seat_set_floor(seat->audio, on);
}

static gint64
seat_heard_us(McuMixSeat *seat)
{
  return pl_heard_at_get(pl_audio_seat_heard_at(seat->audio));
}

static gint64
seat_speech_us(McuMixSeat *seat)
{
  return pl_heard_at_get(pl_audio_seat_speech_at(seat->audio));
}

static void
seat_wanted(McuMixSeat *seat, McuPicture *out_picture)
{
  *out_picture = *pl_picture_wanted(seat->picture);
}

static void
view_show(McuMix *mix, McuView view, const McuViewLook *look)
{
  PlPicture *pictures[MCU_VIEW_SEATS_MAX];
  g_assert(look->n_panes <= MCU_VIEW_SEATS_MAX);
  for (guint i = 0; i < look->n_panes; i++)
    pictures[i] = look->panes[i].seat != NULL ? look->panes[i].seat->picture : NULL;
  pl_video_mix_show(mix->video, view, look, pictures);
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
      .seat_set_warm = seat_set_warm,
      .seat_set_floor = seat_set_floor,
      .seat_heard_us = seat_heard_us,
      .seat_speech_us = seat_speech_us,
      .seat_wanted = seat_wanted,
      .view_show = view_show,
      .mix_audio = mix_audio,
      .seat_audio = seat_audio,
      .video_acquire = video_acquire,
      .video_release = video_release,
      .video_kbps = video_kbps,
      .record_start = record_start,
      .record_stop = record_stop,
      .get_stats = get_stats,
  };
  return &ops;
}
