/* See fake-engine.h. One thread, that of the test. */
#include "tests/fakes/fake-engine.h"

#include "mcu/util/error.h"

static GPtrArray *mixes;
static gboolean fail_mix, fail_seat, fail_record, fail_video;

static gboolean
fails(gboolean *flag, GError **error)
{
  if (!*flag)
    return FALSE;
  *flag = FALSE;
  g_set_error_literal(error, MCU_ERROR, MCU_ERROR_INTERNAL, "the fake engine was told to fail");
  return TRUE;
}

void
fake_engine_fail_mix(void)
{
  fail_mix = TRUE;
}

void
fake_engine_fail_seat(void)
{
  fail_seat = TRUE;
}

void
fake_engine_fail_record(void)
{
  fail_record = TRUE;
}

void
fake_engine_fail_video(void)
{
  fail_video = TRUE;
}

guint
fake_engine_mixes(void)
{
  return mixes != NULL ? mixes->len : 0;
}

McuMix *
fake_engine_newest(void)
{
  return fake_engine_mixes() > 0 ? g_ptr_array_index(mixes, mixes->len - 1) : NULL;
}

McuMixSeat *
fake_engine_seat(McuMix *mix, const char *name)
{
  for (guint i = 0; i < mix->seats->len; i++) {
    McuMixSeat *seat = g_ptr_array_index(mix->seats, i);
    if (g_strcmp0(seat->name, name) == 0)
      return seat;
  }
  return NULL;
}

McuStream *
fake_engine_video(McuMix *mix, McuView view, McuRung rung, McuCodec codec)
{
  return mix->video[view][rung][codec];
}

guint
fake_engine_acquired(McuMix *mix, McuView view, McuRung rung, McuCodec codec)
{
  return mix->acquired[view][rung][codec];
}

char *
fake_engine_view(McuMix *mix, McuView view)
{
  GString *names = g_string_new(NULL);
  for (guint i = 0; i < mix->shown[view]->len; i++)
    g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
                           ((McuMixSeat *)g_ptr_array_index(mix->shown[view], i))->name);
  return g_string_free(names, FALSE);
}

void
fake_engine_want(McuMixSeat *seat, const McuPicture *picture)
{
  seat->wanted = *picture;
  seat->mix->events.picture_wanted(seat->mix, seat, picture, seat->mix->user_data);
}

void
fake_engine_finish_recording(McuMix *mix, const GError *error)
{
  g_assert(mix->recording != NULL);
  g_autofree char *path = g_steal_pointer(&mix->recording);
  mix->stop_wanted = FALSE;
  mix->events.record_done(mix, path, 6 * G_USEC_PER_SEC, error, mix->user_data);
}

static gboolean
engine_init(GError **error)
{
  (void)error;
  return TRUE;
}

static gboolean
is_rendition(const McuMix *mix, const McuRendition *rendition)
{
  return rendition->view < MCU_N_VIEWS && rendition->rung < MCU_N_RUNGS && rendition->codec <= MCU_CODEC_H264 &&
         mix->video[rendition->view][rendition->rung][rendition->codec] != NULL;
}

static void
make_renditions(McuMix *mix)
{
  static const McuCodec codecs[] = {MCU_CODEC_VP8, MCU_CODEC_H264};
  for (guint view = 0; view < MCU_N_VIEWS; view++) {
    mix->shown[view] = g_ptr_array_new();
    mix->panes[view] = g_array_new(FALSE, TRUE, sizeof(McuPane));
    for (guint rung = 0; rung < MCU_N_RUNGS; rung++)
      for (guint i = 0; i < G_N_ELEMENTS(codecs); i++)
        mix->video[view][rung][codecs[i]] = mcu_stream_new(MCU_MEDIA_VIDEO, codecs[i], 4, 0);
  }
}

/* The contract: whoever acquired a rendition has let it go. */
static void
free_renditions(McuMix *mix)
{
  for (guint view = 0; view < MCU_N_VIEWS; view++) {
    for (guint rung = 0; rung < MCU_N_RUNGS; rung++) {
      for (guint codec = 0; codec <= MCU_CODEC_H264; codec++) {
        g_assert(mix->acquired[view][rung][codec] == 0);
        mcu_stream_unref(mix->video[view][rung][codec]);
      }
    }
    g_assert(mix->shown[view]->len == 0);
    g_ptr_array_unref(mix->shown[view]);
    g_array_unref(mix->panes[view]);
    g_free(mix->banner[view]);
  }
}

static McuMix *
mix_new(const McuMixConfig *config, const McuMixEvents *events, gpointer user_data, GError **error)
{
  if (fails(&fail_mix, error))
    return NULL;
  McuMix *mix = g_new0(McuMix, 1);
  mix->events = *events;
  mix->user_data = user_data;
  mix->name = g_strdup(config->name);
  mix->video_kbps = config->video_kbps;
  mix->max_heard = config->max_heard;
  mix->seats = g_ptr_array_new();
  mix->audio = mcu_stream_new(MCU_MEDIA_AUDIO, MCU_CODEC_OPUS, 4, 0);
  make_renditions(mix);
  if (mixes == NULL)
    mixes = g_ptr_array_new();
  g_ptr_array_add(mixes, mix);
  return mix;
}

static void
mix_free(McuMix *mix)
{
  g_assert(mix->seats->len == 0); /* the contract: freed before */
  if (mix->recording != NULL)
    fake_engine_finish_recording(mix, NULL);
  g_assert(g_ptr_array_remove(mixes, mix));
  if (mixes->len == 0)
    g_clear_pointer(&mixes, g_ptr_array_unref);
  mcu_stream_unref(mix->audio);
  free_renditions(mix);
  g_ptr_array_unref(mix->seats);
  g_free(mix->name);
  g_free(mix);
}

static McuMixSeat *
seat_new(McuMix *mix, const char *name, GError **error)
{
  if (fails(&fail_seat, error))
    return NULL;
  McuMixSeat *seat = g_new0(McuMixSeat, 1);
  seat->mix = mix;
  seat->name = g_strdup(name);
  seat->own = mcu_stream_new(MCU_MEDIA_AUDIO, MCU_CODEC_OPUS, 4, 0);
  g_ptr_array_add(mix->seats, seat);
  return seat;
}

static void
seat_set_input(McuMixSeat *seat, McuRing *audio, McuRing *video, McuCodec video_codec)
{
  McuRing *before[] = {seat->audio, seat->video};
  seat->audio = audio != NULL ? mcu_ring_ref(audio) : NULL;
  seat->video = video != NULL ? mcu_ring_ref(video) : NULL;
  seat->video_codec = video_codec;
  mcu_ring_unref(before[0]);
  mcu_ring_unref(before[1]);
}

static void
seat_free(McuMixSeat *seat)
{
  seat_set_input(seat, NULL, NULL, MCU_CODEC_NONE);
  g_assert(g_ptr_array_remove(seat->mix->seats, seat));
  for (guint view = 0; view < MCU_N_VIEWS; view++)
    g_ptr_array_remove(seat->mix->shown[view], seat);
  mcu_stream_unref(seat->own);
  g_free(seat->name);
  g_free(seat);
}

static void
seat_set_name(McuMixSeat *seat, const char *name)
{
  g_free(seat->name);
  seat->name = g_strdup(name);
}

static void
seat_set_lost(McuMixSeat *seat, gboolean lost)
{
  seat->lost = lost;
}

static void
seat_set_camera(McuMixSeat *seat, gboolean on)
{
  seat->camera = on;
}

static void
seat_set_muted(McuMixSeat *seat, gboolean muted)
{
  seat->muted = muted;
}

static void
seat_set_warm(McuMixSeat *seat, gboolean on)
{
  g_assert(seat->warm != on); /* told when it changes */
  seat->warm = on;
}

static void
seat_set_floor(McuMixSeat *seat, gboolean on)
{
  seat->floor = on;
}

static gint64
seat_heard_us(McuMixSeat *seat)
{
  return seat->heard_us;
}

static void
seat_wanted(McuMixSeat *seat, McuPicture *out_picture)
{
  *out_picture = seat->wanted;
}

static void
view_show(McuMix *mix, McuView view, const McuViewLook *look)
{
  g_assert(view < MCU_N_VIEWS && look->n_panes <= MCU_VIEW_SEATS_MAX);
  g_ptr_array_set_size(mix->shown[view], 0);
  for (guint i = 0; i < look->n_panes; i++) {
    McuMixSeat *seat = look->panes[i].seat;
    if (seat == NULL)
      continue;
    g_assert(seat->mix == mix && g_ptr_array_find(mix->seats, seat, NULL));
    g_assert(!g_ptr_array_find(mix->shown[view], seat, NULL));
    g_ptr_array_add(mix->shown[view], seat);
  }
  g_free(mix->banner[view]);
  mix->banner[view] = g_strdup(look->banner);
  g_array_set_size(mix->panes[view], 0);
  g_array_append_vals(mix->panes[view], look->panes, look->n_panes);
  mix->look[view] = *look;
  mix->look[view].panes = (const McuPane *)(gpointer)mix->panes[view]->data;
  mix->look[view].banner = mix->banner[view];
  mix->shows[view]++;
}

static McuStream *
mix_audio(McuMix *mix)
{
  return mix->audio;
}

static McuStream *
seat_audio(McuMixSeat *seat)
{
  return seat->own;
}

static McuStream *
video_acquire(McuMix *mix, const McuRendition *rendition, GError **error)
{
  g_assert(is_rendition(mix, rendition));
  if (fails(&fail_video, error))
    return NULL;
  mix->acquired[rendition->view][rendition->rung][rendition->codec]++;
  return mix->video[rendition->view][rendition->rung][rendition->codec];
}

static void
video_release(McuMix *mix, const McuRendition *rendition)
{
  g_assert(is_rendition(mix, rendition));
  guint *acquired = &mix->acquired[rendition->view][rendition->rung][rendition->codec];
  g_assert(*acquired > 0);
  (*acquired)--;
}

static guint
video_kbps(McuMix *mix, const McuRendition *rendition)
{
  static const guint percent[MCU_N_RUNGS] = {
      [MCU_RUNG_1080] = 200, [MCU_RUNG_720] = 100, [MCU_RUNG_360] = 40, [MCU_RUNG_180] = 10};
  g_assert(is_rendition(mix, rendition));
  return mix->video_kbps * percent[rendition->rung] / 100;
}

static gboolean
record_start(McuMix *mix, const char *path, GError **error)
{
  if (fails(&fail_record, error))
    return FALSE;
  g_assert(mix->recording == NULL);
  if (!g_file_set_contents(path, "recording", -1, error))
    return FALSE;
  mix->recording = g_strdup(path);
  return TRUE;
}

static void
record_stop(McuMix *mix)
{
  mix->stop_wanted = TRUE;
}

static void
get_stats(McuMix *mix, McuMixStats *out_stats)
{
  *out_stats = (McuMixStats){.seats = mix->seats->len, .recording = mix->recording != NULL};
}

const McuMediaEngineOps *
fake_engine(void)
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
      .seat_speech_us = seat_heard_us,
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
