/* One loop of ticks over the time of the meeting: at each, the pictures that are due are decoded, the
 * views that are due get what is new in them, and are encoded. Drawn as pipelines/wall.c does, without
 * names, cards and locks. Measured by the process's clock: a thread that a codec might start counts. */
#include "floor-picture.h"

#include <stdio.h>

#include "floor-stage.h"
#include "mcu/util/error.h"
#include "pipelines/codec-elements.h"
#include "pipelines/grid.h"
#include "pipelines/mosaic.h"
#include "pipelines/planes.h"

/* Half of the largest tile (floor.c). */
#define SCRATCH_WIDTH (1920 / 2)
#define SCRATCH_HEIGHT (1088 / 2)
#define RUNGS_MAX 16

typedef struct {
  const FloorLoop *loop;
  guint at, fps, phase;
  FloorStage *decoder;
  GstBuffer *next;  /* access unit due in this tick */
  GstBuffer *frame; /* the newest picture */
  gboolean fresh[MCU_N_VIEWS];
} Tile;

/* A rung of a view in one codec. */
typedef struct {
  FloorRung rung;
  FloorStage *encoder;
  GstBufferPool *pool;
  GstVideoInfo info;
  guint64 bytes; /* encoded */
} Output;

typedef struct {
  McuView view;
  guint fps, n_tiles;
  PlRect *cells;
  PlPlanes canvas;
  guint8 *bytes;
  Output outputs[RUNGS_MAX]; /* largest first; the canvas is as large as the first */
  guint n_outputs;
} View;

typedef struct {
  Tile *tiles; /* those of the programme first */
  guint n_tiles;
  View views[MCU_N_VIEWS];
  PlPlanes scratch;
  guint8 *scratch_bytes;
  guint ticks; /* per second: the highest of all rates */
  guint64 tick;
  FloorWatch decode, scale, encode;
} Studio;

/* ---- decode ---- */

static void
on_picture(GstBuffer *frame, gpointer user_data)
{
  Tile *tile = user_data;
  gst_clear_buffer(&tile->frame);
  tile->frame = frame;
  for (guint view = 0; view < MCU_N_VIEWS; view++)
    tile->fresh[view] = TRUE;
}

static gboolean
open_tile(Tile *tile, const FloorScenario *scenario, const FloorTiles *kind, const GPtrArray *loops, guint i,
          GError **error)
{
  tile->loop = loops->pdata[i % loops->len];
  tile->fps = kind->fps;
  tile->at = g_array_index(tile->loop->keyframes, guint, i % tile->loop->keyframes->len);
  tile->phase = i; /* sites do not send in step */
  GstElement *decoder = pl_codec_make_decoder(scenario->tile_codec, error);
  if (decoder == NULL)
    return FALSE;
  g_autoptr(GstCaps) in = pl_codec_stream_caps(scenario->tile_codec);
  g_autoptr(GstCaps) out = gst_caps_from_string("video/x-raw, format=I420");
  tile->decoder = floor_stage_new(decoder, in, out, on_picture, tile, error);
  return tile->decoder != NULL;
}

/* The unit comes as the network would give it: in a buffer of its own, which is not the decoder's work. */
static void
prepare_unit(const Studio *studio, Tile *tile)
{
  if (floor_due(studio->tick + tile->phase, tile->fps, studio->ticks) == 0)
    return;
  tile->next = gst_buffer_copy(tile->loop->units->pdata[tile->at]);
  GST_BUFFER_PTS(tile->next) = gst_util_uint64_scale(studio->tick, GST_SECOND, studio->ticks);
  tile->at = (tile->at + 1) % tile->loop->units->len;
}

static gboolean
decode_due(Studio *studio, GError **error)
{
  for (guint i = 0; i < studio->n_tiles; i++)
    prepare_unit(studio, &studio->tiles[i]);
  gboolean good = TRUE;
  floor_watch_start(&studio->decode);
  for (guint i = 0; good && i < studio->n_tiles; i++)
    if (studio->tiles[i].next != NULL)
      good = floor_stage_push(studio->tiles[i].decoder, g_steal_pointer(&studio->tiles[i].next), error);
  floor_watch_stop(&studio->decode);
  return good;
}

/* ---- scale ---- */

static gboolean
draw_tile(const Studio *studio, const View *view, const Tile *tile, const PlRect *cell)
{
  GstVideoFrame frame;
  if (!gst_video_frame_map(&frame, floor_stage_info(tile->decoder), tile->frame, GST_MAP_READ))
    return FALSE;
  PlPlanes src = pl_planes_of_frame(&frame);
  pl_planes_fill(&src, (guint)GST_VIDEO_FRAME_WIDTH(&frame), (guint)GST_VIDEO_FRAME_HEIGHT(&frame), &view->canvas, cell,
                 &studio->scratch);
  gst_video_frame_unmap(&frame);
  return TRUE;
}

/* The frames for the encoders: the first a copy of the canvas, which lives on; each smaller one of the one
 * before; of one size one for all codecs. */
static gboolean
make_frames(View *view, GstBuffer **frames)
{
  GstVideoFrame mapped[RUNGS_MAX];
  PlPlanes from = view->canvas;
  const FloorRung *size = &view->outputs[0].rung;
  guint n_mapped = 0;
  gboolean good = TRUE;
  for (guint i = 0; good && i < view->n_outputs; i++) {
    Output *output = &view->outputs[i];
    if (i > 0 && output->rung.height == size->height) {
      frames[i] = gst_buffer_ref(frames[i - 1]);
      continue;
    }
    good = gst_buffer_pool_acquire_buffer(output->pool, &frames[i], NULL) == GST_FLOW_OK &&
           gst_video_frame_map(&mapped[n_mapped], &output->info, frames[i], GST_MAP_READWRITE);
    if (!good)
      break;
    PlPlanes to = pl_planes_of_frame(&mapped[n_mapped++]);
    pl_planes_scale(&from, size->width, size->height, &to, output->rung.width, output->rung.height);
    from = to;
    size = &output->rung;
  }
  while (n_mapped > 0)
    gst_video_frame_unmap(&mapped[--n_mapped]);
  return good;
}

static gboolean
compose(Studio *studio, View *view, GstBuffer **frames, GError **error)
{
  gboolean good = TRUE;
  floor_watch_start(&studio->scale);
  for (guint i = 0; good && i < view->n_tiles; i++) {
    Tile *tile = &studio->tiles[i];
    if (!tile->fresh[view->view])
      continue;
    tile->fresh[view->view] = FALSE;
    good = draw_tile(studio, view, tile, &view->cells[i]);
  }
  good = good && make_frames(view, frames);
  floor_watch_stop(&studio->scale);
  if (!good)
    g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "a picture cannot be mapped");
  return good;
}

/* ---- encode ---- */

static void
on_encoded(GstBuffer *unit, gpointer user_data)
{
  Output *output = user_data;
  output->bytes += gst_buffer_get_size(unit);
  gst_buffer_unref(unit);
}

static gboolean
encode(Studio *studio, View *view, GstBuffer **frames, GError **error)
{
  gboolean good = TRUE;
  GstClockTime time = gst_util_uint64_scale(studio->tick, GST_SECOND, studio->ticks);
  for (guint i = 0; i < view->n_outputs; i++) {
    if (i > 0 && frames[i] == frames[i - 1])
      continue;
    GST_BUFFER_PTS(frames[i]) = time;
    GST_BUFFER_DURATION(frames[i]) = GST_SECOND / view->fps;
  }
  floor_watch_start(&studio->encode);
  for (guint i = 0; i < view->n_outputs; i++)
    good = floor_stage_push(view->outputs[i].encoder, frames[i], good ? error : NULL) && good;
  floor_watch_stop(&studio->encode);
  return good;
}

static gint
larger_first(gconstpointer a, gconstpointer b)
{
  const Output *x = a, *y = b;
  return (gint)y->rung.height - (gint)x->rung.height;
}

static gboolean
open_output(Output *output, guint fps, GError **error)
{
  const FloorRung *rung = &output->rung;
  GstElement *encoder = pl_codec_make_encoder(rung->codec, rung->kbps, fps, error);
  if (encoder == NULL)
    return FALSE;
  g_autoptr(GstCaps) in = pl_mosaic_caps(rung->width, rung->height, fps), out = pl_codec_encoded_caps(rung->codec);
  output->encoder = floor_stage_new(encoder, in, out, on_encoded, output, error);
  if (output->encoder == NULL)
    return FALSE;

  gst_video_info_from_caps(&output->info, in);
  output->pool = gst_buffer_pool_new();
  GstStructure *config = gst_buffer_pool_get_config(output->pool);
  gst_buffer_pool_config_set_params(config, in, (guint)GST_VIDEO_INFO_SIZE(&output->info), 3, 0);
  gst_buffer_pool_set_config(output->pool, config);
  gst_buffer_pool_set_active(output->pool, TRUE);
  return TRUE;
}

static gboolean
open_view(View *view, const FloorScenario *scenario, guint n_tiles, GError **error)
{
  view->fps = scenario->fps[view->view];
  for (guint i = 0; i < scenario->n_rungs && view->n_outputs < RUNGS_MAX; i++)
    if (scenario->rungs[i].view == view->view)
      view->outputs[view->n_outputs++].rung = scenario->rungs[i];
  if (view->n_outputs == 0)
    return TRUE;
  qsort(view->outputs, view->n_outputs, sizeof *view->outputs, larger_first);
  const FloorRung *largest = &view->outputs[0].rung;
  view->bytes = pl_planes_new(largest->width, largest->height, &view->canvas);
  view->n_tiles = n_tiles;
  view->cells = g_new(PlRect, n_tiles);
  for (guint i = 0; i < n_tiles; i++)
    pl_grid_cell(largest->width, largest->height, n_tiles, i, &view->cells[i]);
  for (guint i = 0; i < view->n_outputs; i++)
    if (!open_output(&view->outputs[i], view->fps, error))
      return FALSE;
  return TRUE;
}

/* ---- all together ---- */

static void
studio_close(Studio *studio)
{
  for (guint v = 0; v < MCU_N_VIEWS; v++) {
    View *view = &studio->views[v];
    for (guint i = 0; i < view->n_outputs; i++) {
      floor_stage_free(view->outputs[i].encoder);
      if (view->outputs[i].pool != NULL)
        gst_buffer_pool_set_active(view->outputs[i].pool, FALSE);
      gst_clear_object(&view->outputs[i].pool);
    }
    g_free(view->cells);
    g_free(view->bytes);
  }
  for (guint i = 0; i < studio->n_tiles; i++) {
    gst_clear_buffer(&studio->tiles[i].next);
    gst_clear_buffer(&studio->tiles[i].frame);
    floor_stage_free(studio->tiles[i].decoder);
  }
  g_free(studio->tiles);
  g_free(studio->scratch_bytes);
}

static gboolean
studio_open(Studio *studio, const FloorScenario *scenario, const FloorContent *content, GError **error)
{
  const FloorTiles *visible = &scenario->visible, *wall = &scenario->wall;
  studio->decode.clock = studio->scale.clock = studio->encode.clock = CLOCK_PROCESS_CPUTIME_ID;
  studio->n_tiles = MAX(visible->n, wall->n);
  studio->tiles = g_new0(Tile, studio->n_tiles);
  studio->scratch_bytes = pl_planes_new(SCRATCH_WIDTH, SCRATCH_HEIGHT, &studio->scratch);
  for (guint i = 0; i < studio->n_tiles; i++) {
    gboolean seen = i < visible->n;
    if (!open_tile(&studio->tiles[i], scenario, seen ? visible : wall, seen ? content->visible : content->wall, i,
                   error))
      return FALSE;
    studio->ticks = MAX(studio->ticks, studio->tiles[i].fps);
  }
  for (guint v = 0; v < MCU_N_VIEWS; v++) {
    View *view = &studio->views[v];
    view->view = v;
    if (!open_view(view, scenario, v == MCU_VIEW_WALL ? wall->n : visible->n, error))
      return FALSE;
    if (view->n_outputs > 0)
      studio->ticks = MAX(studio->ticks, view->fps);
  }
  return TRUE;
}

static gboolean
do_tick(Studio *studio, GError **error)
{
  if (!decode_due(studio, error))
    return FALSE;
  for (guint v = 0; v < MCU_N_VIEWS; v++) {
    View *view = &studio->views[v];
    GstBuffer *frames[RUNGS_MAX];
    if (view->n_outputs == 0 || floor_due(studio->tick, view->fps, studio->ticks) == 0)
      continue;
    if (!compose(studio, view, frames, error) || !encode(studio, view, frames, error))
      return FALSE;
  }
  studio->tick++;
  return TRUE;
}

/* The first second makes key frames, pools and tables, and is not counted. */
static gboolean
run(Studio *studio, double seconds, double *out_media_seconds, GError **error)
{
  while (studio->tick < studio->ticks)
    if (!do_tick(studio, error))
      return FALSE;
  studio->decode.spent_ns = studio->scale.spent_ns = studio->encode.spent_ns = 0;
  for (guint v = 0; v < MCU_N_VIEWS; v++)
    for (guint i = 0; i < studio->views[v].n_outputs; i++)
      studio->views[v].outputs[i].bytes = 0;

  gint64 end = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
  guint64 first = studio->tick;
  do {
    for (guint i = 0; i < studio->ticks; i++)
      if (!do_tick(studio, error))
        return FALSE;
  } while (g_get_monotonic_time() < end);
  *out_media_seconds = (double)(studio->tick - first) / studio->ticks;
  return TRUE;
}

static void
say(const Studio *studio, double media_seconds)
{
  printf("picture: %.0f s of %u tiles\n", media_seconds, studio->n_tiles);
  for (guint v = 0; v < MCU_N_VIEWS; v++)
    for (guint i = 0; i < studio->views[v].n_outputs; i++) {
      const Output *output = &studio->views[v].outputs[i];
      printf("  %s %ux%u %s, %u pictures/s: %.0f kbit/s\n", v == MCU_VIEW_WALL ? "wall" : "programme",
             output->rung.width, output->rung.height, output->rung.codec == MCU_CODEC_VP8 ? "vp8" : "h264",
             studio->views[v].fps, (double)output->bytes * 8 / 1000 / media_seconds);
    }
}

gboolean
floor_picture_measure(const FloorScenario *scenario, const FloorContent *content, FloorPicture *out_picture,
                      GError **error)
{
  Studio studio = {0};
  double media_seconds = 0;
  gboolean good =
      studio_open(&studio, scenario, content, error) && run(&studio, 3 * scenario->seconds, &media_seconds, error);
  if (good) {
    double ns = media_seconds * 1e9;
    *out_picture = (FloorPicture){.decode = (double)studio.decode.spent_ns / ns,
                                  .scale = (double)studio.scale.spent_ns / ns,
                                  .encode = (double)studio.encode.spent_ns / ns};
    say(&studio, media_seconds);
  }
  studio_close(&studio);
  return good;
}
