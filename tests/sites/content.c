/* Makes and caches contents. A pool of one thread per core makes one site each; main waits. */
#include "content.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "encode.h"
#include "mcu/util/error.h"
#include "paint.h"
#include "tone.h"

const SimSize sim_sizes[SIM_SIZES] = {{640, 360, 25, 600}, {320, 180, 25, 220}, {160, 90, 25, 90}, {128, 72, 5, 36}};

/* Part of every name in the cache: another number when what is drawn or how it is encoded changes. */
#define CACHE_VERSION 6
#define SOUND_KBPS 32
#define SPEECH_GAIN 0.08f /* well below the tone of -20 dBFS, whose onsets are timed */
#define SOUND_SECONDS_MAX 15
#define FILM_FRAMES_MAX 150
#define PROGRESS_SITES 20

typedef struct {
  const SimContentConfig *config;
  GPtrArray *films, *speeches; /* of char *, sorted; empty without media */
  guint total;
  gint64 started_us;

  GMutex lock; /* the rest is protected by it */
  guint done, made;
  GError *error;
} Work;

static McuCodec
codec_of(guint index)
{
  return index == 0 ? MCU_CODEC_H264 : MCU_CODEC_VP8;
}

static gint
compare_paths(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
list_media(const char *dir, const char *suffix)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) handle = dir ? g_dir_open(dir, 0, NULL) : NULL;
  const char *name;
  while (handle != NULL && (name = g_dir_read_name(handle)) != NULL)
    if (g_str_has_suffix(name, suffix))
      g_ptr_array_add(paths, g_build_filename(dir, name, NULL));
  g_ptr_array_sort(paths, compare_paths);
  return paths;
}

static const char *
media_for(const GPtrArray *paths, guint site)
{
  return paths->len > 0 ? paths->pdata[site % paths->len] : NULL;
}

/* A name that changes with everything that goes into the clip. */
static char *
cache_path(const SimContentConfig *config, guint site, const char *what, const char *media)
{
  g_autofree char *key = NULL;
  GStatBuf st = {0};
  if (media != NULL && g_stat(media, &st) == 0)
    key = g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, media, (gint64)st.st_size, (gint64)st.st_mtime);
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key ? key : "", -1);
  hash[8] = '\0';
  g_autofree char *name = g_strdup_printf("v%d-site%u-%s-%us-%s.clip", CACHE_VERSION, site, what, config->seconds,
                                          key             ? hash
                                          : config->plain ? "plain"
                                                          : "drawn");
  return g_build_filename(config->cache_dir, name, NULL);
}

static char *
video_path(const SimContentConfig *config, guint site, guint codec, guint size, const char *film)
{
  g_autofree char *what = g_strdup_printf("%s-%u", codec == 0 ? "h264" : "vp8", sim_sizes[size].width);
  return cache_path(config, site, what, film);
}

/* Takes what the cache has. TRUE when nothing is missing. */
static gboolean
load_videos(const SimContentConfig *config, SimContent *content, const char *film)
{
  gboolean complete = TRUE;
  for (guint codec = 0; codec < 2; codec++) {
    if (codec == 0 ? !config->h264 : !config->vp8)
      continue;
    for (guint size = config->first_size; size < SIM_SIZES; size++) {
      g_autofree char *path = video_path(config, content->site, codec, size, film);
      content->video[codec][size] = sim_clip_load(path, NULL);
      complete = complete && content->video[codec][size] != NULL;
    }
  }
  return complete;
}

/* Frame `frame` of a film that runs forth and back, so that it has no jump. */
static const guint8 *
film_frame(const GPtrArray *film, guint frame)
{
  guint turn = MAX(2 * film->len - 2, 1), at = frame % turn;
  return film->pdata[at < film->len ? at : turn - at];
}

typedef struct {
  SimEncoder *encoders[2][SIM_SIZES];
  SimPicture scene[SIM_SIZES], marked[SIM_SIZES];
  guint8 *memory[SIM_SIZES][2];
  gboolean plain;
} Studio;

static gboolean
studio_open(Studio *studio, const SimContentConfig *config, const SimContent *content, GError **error)
{
  studio->plain = config->plain;
  for (guint size = config->first_size; size < SIM_SIZES; size++) {
    const SimSize *s = &sim_sizes[size];
    guint n_frames = config->seconds * s->fps;
    for (guint i = 0; i < 2; i++)
      studio->memory[size][i] = g_malloc(sim_picture_size(s->width, s->height));
    sim_picture_init(&studio->scene[size], s->width, s->height, studio->memory[size][0]);
    sim_picture_init(&studio->marked[size], s->width, s->height, studio->memory[size][1]);
    for (guint codec = 0; codec < 2; codec++) {
      gboolean wanted = codec == 0 ? config->h264 : config->vp8;
      if (!wanted || content->video[codec][size] != NULL)
        continue;
      SimEncoder *encoder = sim_encoder_new(codec_of(codec), s, n_frames, error);
      if (encoder == NULL)
        return FALSE;
      studio->encoders[codec][size] = encoder;
    }
  }
  return TRUE;
}

static void
studio_close(Studio *studio)
{
  for (guint size = 0; size < SIM_SIZES; size++) {
    for (guint i = 0; i < 2; i++) {
      sim_encoder_free(studio->encoders[i][size]);
      g_free(studio->memory[size][i]);
    }
  }
}

/* The scene in one size, with the mark drawn sharp, into its encoders. */
static gboolean
studio_size(Studio *studio, const SimPicture *largest, guint site, guint size, guint frame, GError **error)
{
  SimPicture *scene = &studio->scene[size], *marked = &studio->marked[size];
  if (scene != largest)
    sim_paint_shrink(largest, scene);
  memcpy(marked->y, scene->y, sim_picture_size(marked->width, marked->height));
  if (!studio->plain)
    sim_paint_mark(marked, site, size * SIM_LOOP_FRAMES + frame);
  for (guint codec = 0; codec < 2; codec++)
    if (studio->encoders[codec][size] != NULL && !sim_encoder_push(studio->encoders[codec][size], marked, error))
      return FALSE;
  return TRUE;
}

/* One frame of the scene: into all sizes, or the slow ones only where it is their turn. */
static gboolean
studio_frame(Studio *studio, const SimContentConfig *config, guint site, const GPtrArray *film, guint frame,
             GError **error)
{
  SimPicture *largest = &studio->scene[config->first_size];
  if (film != NULL)
    memcpy(largest->y, film_frame(film, frame), sim_picture_size(largest->width, largest->height));
  else
    sim_paint_scene(largest, site, frame, config->seconds * MCU_VIDEO_FPS);

  for (guint size = config->first_size; size < SIM_SIZES; size++) {
    guint every = MCU_VIDEO_FPS / sim_sizes[size].fps;
    if (frame % every == 0 && !studio_size(studio, largest, site, size, frame / every, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
studio_finish(Studio *studio, const SimContentConfig *config, SimContent *content, const char *film, GError **error)
{
  for (guint codec = 0; codec < 2; codec++) {
    for (guint size = 0; size < SIM_SIZES; size++) {
      if (studio->encoders[codec][size] == NULL)
        continue;
      SimClip *clip = sim_encoder_finish(studio->encoders[codec][size], error);
      if (clip == NULL)
        return FALSE;
      content->video[codec][size] = clip;
      g_autofree char *path = video_path(config, content->site, codec, size, film);
      if (!sim_clip_save(clip, path, error))
        return FALSE;
    }
  }
  return TRUE;
}

static gboolean
make_videos(const SimContentConfig *config, SimContent *content, const char *film_path, GError **error)
{
  g_autoptr(GPtrArray) film = NULL;
  const SimSize *largest = &sim_sizes[config->first_size];
  if (film_path != NULL) {
    film = sim_decode_film(film_path, largest->width, largest->height, FILM_FRAMES_MAX, error);
    if (film == NULL)
      return FALSE;
  }

  Studio studio = {0};
  gboolean good = studio_open(&studio, config, content, error);
  for (guint frame = 0; good && frame < config->seconds * MCU_VIDEO_FPS; frame++)
    good = studio_frame(&studio, config, content->site, film, frame, error);
  good = good && studio_finish(&studio, config, content, film_path, error);
  studio_close(&studio);
  return good;
}

/* Tone, and speech below it; as long as the speech in whole seconds, for the tone repeats every second. */
static SimClip *
make_sound(guint site, const char *speech_path, GError **error)
{
  g_autoptr(GArray) speech = NULL;
  guint seconds = 1;
  if (speech_path != NULL) {
    speech = sim_decode_sound(speech_path, SOUND_SECONDS_MAX * MCU_AUDIO_RATE, error);
    if (speech == NULL)
      return NULL;
    seconds = (speech->len + MCU_AUDIO_RATE - 1) / MCU_AUDIO_RATE;
  }
  guint n = seconds * MCU_AUDIO_RATE;
  g_autofree float *samples = g_new(float, n);
  sim_tone_fill(site, 0, samples, n);
  for (guint i = 0; speech != NULL && i < speech->len; i++)
    samples[i] += SPEECH_GAIN * g_array_index(speech, float, i);
  return sim_encode_sound(samples, n / MCU_AUDIO_FRAME_SAMPLES, SOUND_KBPS, FALSE, error);
}

static gboolean
load_or_make(const Work *work, SimContent *content, gboolean *out_made, GError **error)
{
  const SimContentConfig *config = work->config;
  const char *film = media_for(work->films, content->site), *speech = media_for(work->speeches, content->site);
  if (!load_videos(config, content, film)) {
    *out_made = TRUE;
    if (!make_videos(config, content, film, error))
      return FALSE;
  }
  g_autofree char *sound_path = cache_path(config, content->site, "opus", speech);
  content->sound = sim_clip_load(sound_path, NULL);
  if (content->sound == NULL) {
    *out_made = TRUE;
    content->sound = make_sound(content->site, speech, error);
    return content->sound != NULL && sim_clip_save(content->sound, sound_path, error);
  }
  return TRUE;
}

/* [pool] */
static void
do_content(gpointer data, gpointer user_data)
{
  SimContent *content = data;
  Work *work = user_data;
  g_mutex_lock(&work->lock);
  gboolean stop = work->error != NULL;
  g_mutex_unlock(&work->lock);
  if (stop)
    return;

  g_autoptr(GError) error = NULL;
  gboolean made = FALSE;
  gboolean good = load_or_make(work, content, &made, &error);

  g_mutex_lock(&work->lock);
  if (!good && work->error == NULL)
    work->error = g_steal_pointer(&error);
  work->done++;
  work->made += made;
  /* On a terminal one line that grows; in a log one now and then. */
  gboolean terminal = isatty(STDERR_FILENO);
  if (work->made > 0 && (work->done == work->total || (made && (terminal || work->made % PROGRESS_SITES == 0))))
    g_printerr("%scontent %u/%u, %.0f s%s", terminal ? "\r" : "", work->done, work->total,
               (double)(g_get_monotonic_time() - work->started_us) / G_USEC_PER_SEC, terminal ? " " : "\n");
  g_mutex_unlock(&work->lock);
}

static void
content_free(gpointer data)
{
  SimContent *content = data;
  for (guint codec = 0; codec < 2; codec++)
    for (guint size = 0; size < SIM_SIZES; size++)
      sim_clip_unref(content->video[codec][size]);
  sim_clip_unref(content->sound);
  g_free(content);
}

GPtrArray *
sim_content_load(const SimContentConfig *config, guint first, guint n, GError **error)
{
  if (g_mkdir_with_parents(config->cache_dir, 0755) != 0) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s: %s", config->cache_dir, g_strerror(errno));
    return NULL;
  }
  Work work = {.config = config, .total = n, .started_us = g_get_monotonic_time()};
  work.films = list_media(config->media_dir, ".mkv");
  work.speeches = list_media(config->media_dir, ".opus");
  g_mutex_init(&work.lock);
  if (config->media_dir != NULL && work.films->len == 0)
    g_set_error(&work.error, MCU_ERROR, MCU_ERROR_CONFIG, "%s: no *.mkv there", config->media_dir);

  GPtrArray *contents = g_ptr_array_new_with_free_func(content_free);
  GThreadPool *pool = g_thread_pool_new(do_content, &work, (int)g_get_num_processors(), FALSE, NULL);
  for (guint i = 0; i < n; i++) {
    SimContent *content = g_new0(SimContent, 1);
    content->site = first + i;
    g_ptr_array_add(contents, content);
    g_thread_pool_push(pool, content, NULL);
  }
  g_thread_pool_free(pool, FALSE, TRUE);
  if (work.made > 0 && isatty(STDERR_FILENO))
    g_printerr("\n");

  g_ptr_array_unref(work.films);
  g_ptr_array_unref(work.speeches);
  g_mutex_clear(&work.lock);
  if (work.error != NULL) {
    g_propagate_error(error, work.error);
    g_clear_pointer(&contents, g_ptr_array_unref);
  }
  return contents;
}

SimClip *
sim_content_silence(GError **error)
{
  /* Half a second, so that the encoder has settled on its smallest packets. */
  float samples[25 * MCU_AUDIO_FRAME_SAMPLES] = {0};
  return sim_encode_sound(samples, 25, SOUND_KBPS, TRUE, error);
}

static gboolean
fits(const SimSize *size, const McuPicture *asked, guint fps)
{
  return size->width <= asked->width && size->height <= asked->height &&
         (asked->kbps == 0 || size->kbps * fps <= asked->kbps * size->fps);
}

void
sim_content_choose(const SimContent *content, McuCodec codec, const McuPicture *asked, SimFilm *out_film)
{
  SimClip *const *clips = content->video[codec == MCU_CODEC_VP8];
  *out_film = (SimFilm){0};
  if (asked->width == 0 || asked->height == 0)
    return;
  for (guint i = SIM_SIZES; i-- > 0;) {
    const SimSize *size = &sim_sizes[i];
    guint fps = asked->fps > 0 ? MIN(asked->fps, size->fps) : size->fps;
    if (clips[i] != NULL && (out_film->clip == NULL || fits(size, asked, fps)))
      *out_film = (SimFilm){.clip = clips[i], .fps = fps, .number = i * SIM_LOOP_FRAMES};
  }
}

gboolean
sim_content_write_y4m(const char *path, guint site, guint seconds, guint width, guint height, gboolean plain,
                      GError **error)
{
  FILE *file = g_fopen(path, "wb");
  if (file == NULL) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s: %s", path, g_strerror(errno));
    return FALSE;
  }
  gsize size = sim_picture_size(width, height);
  g_autofree guint8 *data = g_malloc(size);
  SimPicture picture;
  sim_picture_init(&picture, width, height, data);
  fprintf(file, "YUV4MPEG2 W%u H%u F%d:1 Ip A1:1 C420jpeg\n", width, height, MCU_VIDEO_FPS);
  gboolean good = TRUE;
  for (guint frame = 0; good && frame < seconds * MCU_VIDEO_FPS; frame++) {
    sim_paint_scene(&picture, site, frame, seconds * MCU_VIDEO_FPS);
    if (!plain)
      sim_paint_mark(&picture, site, frame);
    good = fputs("FRAME\n", file) >= 0 && fwrite(data, 1, size, file) == size;
  }
  good = fclose(file) == 0 && good;
  if (!good)
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s: cannot write", path);
  return good;
}

static void
append_le(GByteArray *bytes, guint32 value, guint n)
{
  guint8 le[4] = {(guint8)value, (guint8)(value >> 8), (guint8)(value >> 16), (guint8)(value >> 24)};
  g_byte_array_append(bytes, le, n);
}

gboolean
sim_content_write_wav(const char *path, guint site, guint seconds, GError **error)
{
  guint n = seconds * MCU_AUDIO_RATE;
  g_autofree float *samples = g_new(float, n);
  sim_tone_fill(site, 0, samples, n);

  /* RIFF: one PCM block, mono, 16 bits. */
  g_autoptr(GByteArray) wav = g_byte_array_new();
  g_byte_array_append(wav, (const guint8 *)"RIFF", 4);
  append_le(wav, 36 + n * 2, 4);
  g_byte_array_append(wav, (const guint8 *)"WAVEfmt ", 8);
  append_le(wav, 16, 4);
  append_le(wav, 1, 2);
  append_le(wav, 1, 2);
  append_le(wav, MCU_AUDIO_RATE, 4);
  append_le(wav, MCU_AUDIO_RATE * 2, 4);
  append_le(wav, 2, 2);
  append_le(wav, 16, 2);
  g_byte_array_append(wav, (const guint8 *)"data", 4);
  append_le(wav, n * 2, 4);
  for (guint i = 0; i < n; i++)
    append_le(wav, (guint32)(gint32)(samples[i] * 32767), 2);
  return g_file_set_contents(path, (const char *)wav->data, wav->len, error);
}
