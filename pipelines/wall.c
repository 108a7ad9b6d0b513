/* Owned by the engine's mix and by plmosaic (reference counted). Lock: PlWall.lock, a leaf. */
#include "pipelines/wall.h"

#include <libyuv.h>
#include <stdatomic.h>

#include "pipelines/cards.h"
#include "pipelines/label.h"

/* Dark grey, limited range. */
#define BACKGROUND_Y 24
#define BACKGROUND_C 128

/* Half of the largest picture that a slot may hold (slot.h). */
#define SCRATCH_WIDTH (PL_PICTURE_MAX_WIDTH / 2)
#define SCRATCH_HEIGHT (PL_PICTURE_MAX_HEIGHT / 2)

typedef enum { SHOWN_NOTHING, SHOWN_PICTURE, SHOWN_CARD, SHOWN_LOST } Shown;

/* What is drawn for one name in one size. */
typedef struct {
  PlTexture *label; /* NULL: empty name */
  PlTexture *card;
  PlTexture *lost;
} Looks;

struct PlTile {
  PlWall *wall;
  PlSlot *slot;

  char *name; /* main only */

  /* written on main under PlWall.lock, so main reads them without */
  PlRect cell;
  Looks *looks; /* NULL while never shown */

  /* protected by PlWall.lock */
  gboolean visible;
  gboolean lost;
  gboolean camera;
  gboolean dirty;
  Shown shown;
  PlFrame *frame; /* newest picture, kept for a change of the grid; NULL when stale */
};

struct PlWall {
  gatomicrefcount refs;
  guint width, height;
  atomic_uint pictures;

  GMutex lock;
  GPtrArray *tiles; /* PlTile; replaced as a whole on main under the lock */
  gboolean grid_changed;
  guint8 *bytes; /* these: mosaic's thread only */
  PlPlanes canvas;
  guint8 *scratch_bytes;
  PlPlanes scratch; /* a picture on its way to its cell */
};

static void
looks_free(Looks *looks)
{
  if (looks == NULL)
    return;
  pl_texture_free(looks->label);
  pl_texture_free(looks->card);
  pl_texture_free(looks->lost);
  g_free(looks);
}

static Looks *
looks_new(const char *name, const PlRect *cell)
{
  Looks *looks = g_new0(Looks, 1);
  looks->label = pl_label_new(name, cell->width, cell->height);
  looks->card = pl_card_new(name, cell->width, cell->height, FALSE);
  looks->lost = pl_card_new(name, cell->width, cell->height, TRUE);
  return looks;
}

static void
tile_free(PlTile *tile)
{
  pl_frame_free(tile->frame);
  pl_slot_unref(tile->slot);
  looks_free(tile->looks);
  g_free(tile->name);
  g_free(tile);
}

static guint8 *
make_planes(guint width, guint height, PlPlanes *out_planes)
{
  gsize size = (gsize)width * height;
  guint8 *bytes = g_malloc(size * 3 / 2);
  *out_planes = (PlPlanes){.y = bytes,
                           .u = bytes + size,
                           .v = bytes + size * 5 / 4,
                           .stride_y = (int)width,
                           .stride_u = (int)width / 2,
                           .stride_v = (int)width / 2};
  return bytes;
}

PlWall *
pl_wall_new(guint width, guint height)
{
  g_assert(width % 2 == 0 && height % 2 == 0 && width > 0 && height > 0);
  PlWall *wall = g_new0(PlWall, 1);
  g_atomic_ref_count_init(&wall->refs);
  g_mutex_init(&wall->lock);
  wall->width = width;
  wall->height = height;
  wall->tiles = g_ptr_array_new();
  wall->bytes = make_planes(width, height, &wall->canvas);
  wall->scratch_bytes = make_planes(SCRATCH_WIDTH, SCRATCH_HEIGHT, &wall->scratch);
  wall->grid_changed = TRUE;
  return wall;
}

PlWall *
pl_wall_ref(PlWall *wall)
{
  g_atomic_ref_count_inc(&wall->refs);
  return wall;
}

void
pl_wall_unref(PlWall *wall)
{
  if (wall == NULL || !g_atomic_ref_count_dec(&wall->refs))
    return;
  for (guint i = 0; i < wall->tiles->len; i++)
    tile_free(g_ptr_array_index(wall->tiles, i));
  g_ptr_array_unref(wall->tiles);
  g_mutex_clear(&wall->lock);
  g_free(wall->bytes);
  g_free(wall->scratch_bytes);
  g_free(wall);
}

/* [main] Replaces the tiles by `tiles` (taken over) in one step between two ticks. Text is drawn
 * before, and only where the size of a cell changed. */
static void
set_tiles(PlWall *wall, GPtrArray *tiles)
{
  guint n_shown = MIN(tiles->len, PL_GRID_MAX_TILES);
  g_autofree PlRect *cells = g_new0(PlRect, n_shown + 1);
  g_autofree Looks **looks = g_new0(Looks *, n_shown + 1);
  for (guint i = 0; i < n_shown; i++) {
    const PlTile *tile = g_ptr_array_index(tiles, i);
    pl_grid_cell(wall->width, wall->height, n_shown, i, &cells[i]);
    if (tile->looks == NULL || cells[i].width != tile->cell.width || cells[i].height != tile->cell.height)
      looks[i] = looks_new(tile->name, &cells[i]);
  }

  g_mutex_lock(&wall->lock);
  for (guint i = 0; i < tiles->len; i++) {
    PlTile *tile = g_ptr_array_index(tiles, i);
    tile->visible = i < n_shown;
    if (!tile->visible)
      continue;
    tile->cell = cells[i];
    if (looks[i] != NULL) {
      Looks *old = tile->looks;
      tile->looks = looks[i];
      looks[i] = old;
    }
  }
  GPtrArray *old_tiles = wall->tiles;
  wall->tiles = tiles;
  wall->grid_changed = TRUE;
  g_mutex_unlock(&wall->lock);

  g_ptr_array_unref(old_tiles);
  for (guint i = 0; i < n_shown; i++)
    looks_free(looks[i]);
}

PlTile *
pl_wall_add(PlWall *wall, const char *name)
{
  PlTile *tile = g_new0(PlTile, 1);
  tile->wall = wall;
  tile->slot = pl_slot_new();
  tile->name = g_strdup(name);
  tile->camera = TRUE;

  GPtrArray *tiles = g_ptr_array_copy(wall->tiles, NULL, NULL);
  g_ptr_array_add(tiles, tile);
  set_tiles(wall, tiles);
  return tile;
}

void
pl_wall_remove(PlWall *wall, PlTile *tile)
{
  GPtrArray *tiles = g_ptr_array_copy(wall->tiles, NULL, NULL);
  g_ptr_array_remove(tiles, tile);
  set_tiles(wall, tiles);
  tile_free(tile);
}

void
pl_tile_set_name(PlTile *tile, const char *name)
{
  if (g_str_equal(name, tile->name))
    return;
  g_free(tile->name);
  tile->name = g_strdup(name);
  if (tile->looks == NULL)
    return;

  Looks *looks = looks_new(name, &tile->cell);
  g_mutex_lock(&tile->wall->lock);
  Looks *old = g_steal_pointer(&tile->looks);
  tile->looks = looks;
  tile->dirty = TRUE;
  g_mutex_unlock(&tile->wall->lock);
  looks_free(old);
}

void
pl_tile_set_lost(PlTile *tile, gboolean lost)
{
  g_mutex_lock(&tile->wall->lock);
  tile->lost = lost;
  g_mutex_unlock(&tile->wall->lock);
}

void
pl_tile_set_camera(PlTile *tile, gboolean on)
{
  g_mutex_lock(&tile->wall->lock);
  tile->camera = on;
  g_mutex_unlock(&tile->wall->lock);
}

PlSlot *
pl_tile_slot(PlTile *tile)
{
  return tile->slot;
}

static void
fill(const PlWall *wall)
{
  I420Rect(wall->canvas.y, wall->canvas.stride_y, wall->canvas.u, wall->canvas.stride_u, wall->canvas.v,
           wall->canvas.stride_v, 0, 0, (int)wall->width, (int)wall->height, BACKGROUND_Y, BACKGROUND_C, BACKGROUND_C);
}

/* The largest middle part of a picture that has the cell's shape: cropped to fill, never stretched. */
static PlRect
crop(guint width, guint height, const PlRect *cell)
{
  PlRect part = {.width = width, .height = height};
  if ((guint64)width * cell->height > (guint64)height * cell->width)
    part.width = (guint)((guint64)height * cell->width / cell->height);
  else
    part.height = (guint)((guint64)width * cell->height / cell->width);
  part.width = MAX(part.width, 1);
  part.height = MAX(part.height, 1);
  part.x = ((width - part.width) / 2) & ~1u;
  part.y = ((height - part.height) / 2) & ~1u;
  return part;
}

static void
scale(const PlPlanes *src, guint src_width, guint src_height, const PlPlanes *dst, guint dst_width, guint dst_height,
      enum FilterMode filter)
{
  I420Scale(src->y, src->stride_y, src->u, src->stride_u, src->v, src->stride_v, (int)src_width, (int)src_height,
            dst->y, dst->stride_y, dst->u, dst->stride_u, dst->v, dst->stride_v, (int)dst_width, (int)dst_height,
            filter);
}

/* Averages squares of 2x2 or 4x4 pixels while the picture is at least twice as large as the cell, so
 * that no pixel is left out: libyuv has fast paths for these two only. Up to 3 (7) rows and columns at
 * the edges are given away for it. */
static void
halve(const PlWall *wall, PlPlanes *src, PlRect *part, const PlRect *cell)
{
  guint factor = part->width >= 4 * cell->width && part->height >= 4 * cell->height   ? 4
                 : part->width >= 2 * cell->width && part->height >= 2 * cell->height ? 2
                                                                                      : 1;
  guint width = part->width & ~(2 * factor - 1), height = part->height & ~(2 * factor - 1);
  if (factor == 1 || width == 0 || height == 0)
    return;
  scale(src, width, height, &wall->scratch, width / factor, height / factor, kFilterBox);
  *src = wall->scratch;
  part->width = width / factor;
  part->height = height / factor;
}

static gboolean
draw_picture(const PlWall *wall, const PlTile *tile)
{
  GstVideoFrame frame;
  const PlRect *cell = &tile->cell;
  if (!gst_video_frame_map(&frame, &tile->frame->info, tile->frame->buffer, GST_MAP_READ))
    return FALSE;

  PlPlanes src = {.y = GST_VIDEO_FRAME_PLANE_DATA(&frame, 0),
                  .u = GST_VIDEO_FRAME_PLANE_DATA(&frame, 1),
                  .v = GST_VIDEO_FRAME_PLANE_DATA(&frame, 2),
                  .stride_y = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0),
                  .stride_u = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 1),
                  .stride_v = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 2)};
  PlRect part = crop((guint)GST_VIDEO_FRAME_WIDTH(&frame), (guint)GST_VIDEO_FRAME_HEIGHT(&frame), cell);
  PlPlanes dst = pl_planes_at(&wall->canvas, cell->x, cell->y);
  src = pl_planes_at(&src, part.x, part.y);
  halve(wall, &src, &part, cell);
  scale(&src, part.width, part.height, &dst, cell->width, cell->height, kFilterBilinear);
  gst_video_frame_unmap(&frame);

  const PlTexture *label = tile->looks->label;
  if (label != NULL)
    pl_texture_draw(label, &wall->canvas, cell->x, cell->y + cell->height - pl_texture_height(label));
  return TRUE;
}

static void
draw_tile_locked(PlWall *wall, PlTile *tile, gint64 now_us)
{
  g_autoptr(PlFrame) newest = pl_slot_take(tile->slot);
  gboolean fresh_picture = newest != NULL && tile->camera;
  if (fresh_picture) {
    pl_frame_free(tile->frame);
    tile->frame = g_steal_pointer(&newest);
  }
  if (tile->frame != NULL && (!tile->camera || now_us - tile->frame->arrival_us >= PL_PICTURE_STALE_US))
    g_clear_pointer(&tile->frame, pl_frame_free);

  Shown shown = tile->frame != NULL ? SHOWN_PICTURE : tile->lost ? SHOWN_LOST : SHOWN_CARD;
  if (!tile->dirty && shown == tile->shown && !fresh_picture)
    return;
  if (shown == SHOWN_PICTURE && !draw_picture(wall, tile)) {
    g_clear_pointer(&tile->frame, pl_frame_free);
    shown = SHOWN_CARD;
  }
  if (shown != SHOWN_PICTURE)
    pl_texture_draw(shown == SHOWN_LOST ? tile->looks->lost : tile->looks->card, &wall->canvas, tile->cell.x,
                    tile->cell.y);
  tile->shown = shown;
  tile->dirty = FALSE;
}

void
pl_wall_compose(PlWall *wall, gint64 now_us, const PlPlanes *out)
{
  guint pictures = 0;

  g_mutex_lock(&wall->lock);
  gboolean all = wall->grid_changed;
  wall->grid_changed = FALSE;
  if (all)
    fill(wall);
  for (guint i = 0; i < wall->tiles->len; i++) {
    PlTile *tile = g_ptr_array_index(wall->tiles, i);
    if (!tile->visible)
      continue;
    tile->dirty |= all;
    draw_tile_locked(wall, tile, now_us);
    pictures += tile->shown == SHOWN_PICTURE;
  }
  g_mutex_unlock(&wall->lock);

  atomic_store_explicit(&wall->pictures, pictures, memory_order_relaxed);
  const PlPlanes *src = &wall->canvas;
  I420Copy(src->y, src->stride_y, src->u, src->stride_u, src->v, src->stride_v, out->y, out->stride_y, out->u,
           out->stride_u, out->v, out->stride_v, (int)wall->width, (int)wall->height);
}

guint
pl_wall_width(const PlWall *wall)
{
  return wall->width;
}

guint
pl_wall_height(const PlWall *wall)
{
  return wall->height;
}

guint
pl_wall_pictures(PlWall *wall)
{
  return atomic_load_explicit(&wall->pictures, memory_order_relaxed);
}
