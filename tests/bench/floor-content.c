/* The contents of simulated sites (tests/sites/content.h), taken out of their RTP packets. */
#include "floor-content.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "floor-stage.h"
#include "mcu/rtp/header.h"
#include "mcu/util/error.h"
#include "pipelines/codec-elements.h"
#include "tests/sites/content.h"
#include "tests/sites/encode.h"

/* More tiles than this share loops, each beginning at another key frame where there are several: their
 * decoders are apart, and what they read is small. */
#define LOOPS_MAX 16
/* As simulated sites choose it (tests/sites/main.c), so that both find the same files. */
#define LOOP_SECONDS_FEW 10
#define LOOP_SECONDS_MANY 4
#define MANY 32
#define FIRST_SITE 1
#define FILM_FRAMES_MAX 150
/* Part of the names of our own loops in the cache: another number when they change. */
#define CACHE_VERSION 1
/* What decoders may read behind a unit; with it they need no copy. */
#define PADDING 64

static guint
loop_seconds(const FloorScenario *scenario)
{
  return scenario->receivers > MANY ? LOOP_SECONDS_MANY : LOOP_SECONDS_FEW;
}

/* ---- packets to access units ---- */

static void
loop_free(gpointer data)
{
  FloorLoop *loop = data;
  g_ptr_array_unref(loop->units);
  g_array_unref(loop->keyframes);
  g_free(loop);
}

static void
on_unit(GstBuffer *buffer, gpointer user_data)
{
  FloorLoop *loop = user_data;
  gsize size = gst_buffer_get_size(buffer);
  GstAllocationParams params = {.flags = GST_MEMORY_FLAG_ZERO_PADDED, .padding = PADDING};
  GstBuffer *unit = gst_buffer_new_allocate(NULL, size, &params);
  GstMapInfo map;
  if (!gst_buffer_map(unit, &map, GST_MAP_WRITE))
    g_assert_not_reached(); /* plain memory of our own */
  gst_buffer_extract(buffer, 0, map.data, size);
  gst_buffer_unmap(unit, &map);
  gst_buffer_unref(buffer);
  g_ptr_array_add(loop->units, unit);
}

static GstBuffer *
rtp_of(const SimClipPacket *packet, guint16 seq)
{
  guint8 *data = g_malloc(MCU_RTP_HEADER + packet->size);
  mcu_rtp_write_header(data, 96, packet->marker, seq, packet->frame * (MCU_VIDEO_RATE / MCU_VIDEO_FPS), 1);
  memcpy(data + MCU_RTP_HEADER, packet->payload, packet->size);
  GstBuffer *buffer = gst_buffer_new_wrapped(data, MCU_RTP_HEADER + packet->size);
  GST_BUFFER_PTS(buffer) = packet->frame * GST_SECOND / MCU_VIDEO_FPS;
  return buffer;
}

static gboolean
take_packets(FloorLoop *loop, FloorStage *stage, const SimClip *clip, GError **error)
{
  guint first, n;
  for (guint frame = 0; frame < sim_clip_frames(clip); frame++) {
    sim_clip_frame(clip, frame, &first, &n);
    for (guint i = first; i < first + n; i++) {
      SimClipPacket packet;
      sim_clip_packet(clip, i, &packet);
      loop->n_packets++;
      loop->packet_bytes += packet.size;
      if (!floor_stage_push(stage, rtp_of(&packet, (guint16)i), error))
        return FALSE;
    }
    if (sim_clip_keyframes(clip)[frame])
      g_array_append_val(loop->keyframes, frame);
  }
  if (loop->units->len == sim_clip_frames(clip) && loop->keyframes->len > 0)
    return TRUE;
  g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "a loop of %u pictures gave %u", sim_clip_frames(clip),
              loop->units->len);
  return FALSE;
}

static FloorLoop *
loop_new(const SimClip *clip, GError **error)
{
  McuCodec codec = sim_clip_codec(clip);
  GstElement *depay = pl_codec_make_depayloader(codec, error);
  if (depay == NULL)
    return NULL;
  FloorLoop *loop = g_new0(FloorLoop, 1);
  loop->units = g_ptr_array_new_with_free_func((GDestroyNotify)gst_buffer_unref);
  loop->keyframes = g_array_new(FALSE, FALSE, sizeof(guint));
  g_autoptr(GstCaps) in = pl_codec_rtp_caps(codec), out = pl_codec_stream_caps(codec);
  FloorStage *stage = floor_stage_new(depay, in, out, on_unit, loop, error);
  if (stage == NULL || !take_packets(loop, stage, clip, error))
    g_clear_pointer(&loop, loop_free);
  floor_stage_free(stage);
  return loop;
}

/* ---- loops of the simulated sites ---- */

static gboolean
has_size(const FloorTiles *tiles, guint *out_size)
{
  for (guint i = 0; i < SIM_SIZES; i++) {
    *out_size = i;
    if (sim_sizes[i].width == tiles->width && sim_sizes[i].height == tiles->height)
      return tiles->fps == MCU_VIDEO_FPS;
  }
  return FALSE;
}

static gboolean
add_sites_loops(const FloorScenario *scenario, guint size, guint n, GPtrArray *loops, GError **error)
{
  SimContentConfig config = {
      .cache_dir = scenario->cache,
      .media_dir = scenario->clips,
      .h264 = scenario->tile_codec == MCU_CODEC_H264,
      .vp8 = scenario->tile_codec == MCU_CODEC_VP8,
      .first_size = size,
      .seconds = loop_seconds(scenario),
  };
  g_autoptr(GPtrArray) contents = sim_content_load(&config, FIRST_SITE, n, error);
  for (guint i = 0; contents != NULL && i < n; i++) {
    const SimContent *content = contents->pdata[i];
    FloorLoop *loop = loop_new(content->video[config.vp8][size], error);
    if (loop == NULL)
      return FALSE;
    g_ptr_array_add(loops, loop);
  }
  return contents != NULL;
}

/* ---- loops of other sizes and rates ---- */

static gint
compare_paths(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *
film_of(const FloorScenario *scenario, guint site)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) dir = scenario->clips ? g_dir_open(scenario->clips, 0, NULL) : NULL;
  const char *name;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
    if (g_str_has_suffix(name, ".mkv"))
      g_ptr_array_add(paths, g_build_filename(scenario->clips, name, NULL));
  g_ptr_array_sort(paths, compare_paths);
  return paths->len > 0 ? g_strdup(paths->pdata[site % paths->len]) : NULL;
}

static char *
cache_path(const FloorScenario *scenario, const FloorTiles *tiles, guint site, const char *film)
{
  GStatBuf st = {0};
  g_autofree char *key = NULL;
  if (film != NULL && g_stat(film, &st) == 0)
    key = g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, film, (gint64)st.st_size, (gint64)st.st_mtime);
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key ? key : "", -1);
  hash[8] = '\0';
  g_autofree char *name = g_strdup_printf("floor%d-site%u-%s-%ux%u-%ufps-%us-%s.clip", CACHE_VERSION, site,
                                          scenario->tile_codec == MCU_CODEC_VP8 ? "vp8" : "h264", tiles->width,
                                          tiles->height, tiles->fps, loop_seconds(scenario), key ? hash : "drawn");
  return g_build_filename(scenario->cache, name, NULL);
}

/* As many bits for each pixel as the sites' next larger picture has. */
static guint
kbps_of(const FloorTiles *tiles)
{
  guint i = SIM_SIZES - 1, pixels = tiles->width * tiles->height;
  while (i > 0 && sim_sizes[i].width * sim_sizes[i].height < pixels)
    i--;
  return MAX(sim_sizes[i].kbps * pixels / (sim_sizes[i].width * sim_sizes[i].height), 10);
}

/* A film runs forth and back, as the sites' does. */
static const guint8 *
film_frame(const GPtrArray *film, guint frame)
{
  guint turn = MAX(2 * film->len - 2, 1), at = frame % turn;
  return film->pdata[at < film->len ? at : turn - at];
}

static gboolean
push_pictures(SimEncoder *encoder, const FloorTiles *tiles, guint site, const GPtrArray *film, guint n, GError **error)
{
  gsize size = sim_picture_size(tiles->width, tiles->height);
  g_autofree guint8 *data = g_malloc(size);
  SimPicture picture;
  sim_picture_init(&picture, tiles->width, tiles->height, data);
  for (guint i = 0; i < n; i++) {
    if (film != NULL)
      memcpy(data, film_frame(film, i * MCU_VIDEO_FPS / tiles->fps), size);
    else
      sim_paint_scene(&picture, site, i, n);
    sim_paint_mark(&picture, site, i);
    if (!sim_encoder_push(encoder, &picture, error))
      return FALSE;
  }
  return TRUE;
}

/* The encoder takes the pictures for MCU_VIDEO_FPS a second, so each gets the bits of one such. */
static SimClip *
make_clip(const FloorScenario *scenario, const FloorTiles *tiles, guint site, const char *film_path, GError **error)
{
  g_autoptr(GPtrArray) film = NULL;
  guint n = loop_seconds(scenario) * tiles->fps;
  if (film_path != NULL) {
    film = sim_decode_film(film_path, tiles->width, tiles->height, FILM_FRAMES_MAX, error);
    if (film == NULL)
      return NULL;
  }
  const SimSize size = {.width = tiles->width, .height = tiles->height, .fps = tiles->fps, .kbps = kbps_of(tiles)};
  SimEncoder *encoder = sim_encoder_new(scenario->tile_codec, &size, n, error);
  if (encoder == NULL)
    return NULL;
  SimClip *clip = push_pictures(encoder, tiles, site, film, n, error) ? sim_encoder_finish(encoder, error) : NULL;
  sim_encoder_free(encoder);
  return clip;
}

static gboolean
add_own_loops(const FloorScenario *scenario, const FloorTiles *tiles, guint n, GPtrArray *loops, GError **error)
{
  for (guint i = 0; i < n; i++) {
    guint site = FIRST_SITE + i;
    g_autofree char *film = film_of(scenario, site);
    g_autofree char *path = cache_path(scenario, tiles, site, film);
    g_autoptr(SimClip) clip = sim_clip_load(path, NULL);
    if (clip == NULL) {
      clip = make_clip(scenario, tiles, site, film, error);
      if (clip == NULL || !sim_clip_save(clip, path, error))
        return FALSE;
    }
    FloorLoop *loop = loop_new(clip, error);
    if (loop == NULL)
      return FALSE;
    g_ptr_array_add(loops, loop);
  }
  return TRUE;
}

static gboolean
load_loops(const FloorScenario *scenario, const FloorTiles *tiles, guint n, GPtrArray *loops, GError **error)
{
  guint size;
  n = MIN(n, LOOPS_MAX);
  if (n == 0)
    return TRUE;
  return has_size(tiles, &size) ? add_sites_loops(scenario, size, n, loops, error)
                                : add_own_loops(scenario, tiles, n, loops, error);
}

/* ---- sound ---- */

static gboolean
load_sounds(const FloorScenario *scenario, FloorContent *content, GError **error)
{
  SimContentConfig config = {
      .cache_dir = scenario->cache, .media_dir = scenario->clips, .seconds = loop_seconds(scenario)};
  g_autoptr(GPtrArray) contents = sim_content_load(&config, FIRST_SITE, scenario->talkers, error);
  for (guint i = 0; contents != NULL && i < scenario->talkers; i++)
    g_ptr_array_add(content->sounds, sim_clip_ref(((const SimContent *)contents->pdata[i])->sound));
  content->silence = contents != NULL ? sim_content_silence(error) : NULL;
  return content->silence != NULL;
}

FloorContent *
floor_content_load(const FloorScenario *scenario, GError **error)
{
  if (g_mkdir_with_parents(scenario->cache, 0755) != 0) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s: %s", scenario->cache, g_strerror(errno));
    return NULL;
  }
  FloorContent *content = g_new0(FloorContent, 1);
  content->visible = g_ptr_array_new_with_free_func(loop_free);
  content->wall = g_ptr_array_new_with_free_func(loop_free);
  content->sounds = g_ptr_array_new_with_free_func((GDestroyNotify)sim_clip_unref);
  guint only_wall = scenario->wall.n - MIN(scenario->wall.n, scenario->visible.n);
  if (!load_loops(scenario, &scenario->visible, scenario->visible.n, content->visible, error) ||
      !load_loops(scenario, &scenario->wall, only_wall, content->wall, error) || !load_sounds(scenario, content, error))
    g_clear_pointer(&content, floor_content_free);
  return content;
}

void
floor_content_free(FloorContent *content)
{
  if (content == NULL)
    return;
  g_ptr_array_unref(content->visible);
  g_ptr_array_unref(content->wall);
  g_ptr_array_unref(content->sounds);
  sim_clip_unref(content->silence);
  g_free(content);
}
