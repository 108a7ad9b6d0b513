/* Owned by a view (view.h) and by plmosaic (reference counted). Lock: PlCanvas.lock, outside of PlFace.lock. */
#include "pipelines/canvas.h"

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

/* What is drawn for one name in one size, each when first needed. */
typedef struct {
  gboolean label_drawn;
  PlTexture *label; /* NULL: empty name */
  PlTexture *card;
  PlTexture *lost;
} Looks;

/* Protected by PlCanvas.lock but for `face`. */
typedef struct {
  PlFace *face; /* referenced */
  PlRect cell;
  guint version; /* of the face, of which `looks` are */
  Looks looks;
  gboolean dirty;
  Shown shown;
  PlFrame *frame; /* newest picture, kept for a change of the grid; NULL when stale */
} Tile;

struct PlCanvas {
  gatomicrefcount refs;
  McuView view;
  atomic_uint pictures;

  GMutex lock;      /* protects the rest; main alone writes tiles and size */
  GPtrArray *tiles; /* Tile, owned; replaced as a whole */
  guint width, height;
  gboolean ground_changed; /* what is beside the tiles has to be painted */
  guint8 *bytes;
  PlPlanes planes;
  guint8 *scratch_bytes;
  PlPlanes scratch; /* a picture on its way to its cell */
  guint texts;      /* drawn in this tick */
};

static void
clear_looks(Tile *tile)
{
  pl_texture_free(tile->looks.label);
  pl_texture_free(tile->looks.card);
  pl_texture_free(tile->looks.lost);
  tile->looks = (Looks){0};
}

static void
tile_free(gpointer data)
{
  Tile *tile = data;
  if (tile == NULL)
    return;
  pl_frame_unref(tile->frame);
  clear_looks(tile);
  pl_face_unref(tile->face);
  g_free(tile);
}

PlCanvas *
pl_canvas_new(McuView view, guint width, guint height)
{
  g_assert(width % 2 == 0 && height % 2 == 0 && width > 0 && height > 0);
  PlCanvas *canvas = g_new0(PlCanvas, 1);
  g_atomic_ref_count_init(&canvas->refs);
  g_mutex_init(&canvas->lock);
  canvas->view = view;
  canvas->width = width;
  canvas->height = height;
  canvas->tiles = g_ptr_array_new_with_free_func(tile_free);
  canvas->bytes = pl_planes_new(width, height, &canvas->planes);
  canvas->scratch_bytes = pl_planes_new(SCRATCH_WIDTH, SCRATCH_HEIGHT, &canvas->scratch);
  canvas->ground_changed = TRUE;
  return canvas;
}

PlCanvas *
pl_canvas_ref(PlCanvas *canvas)
{
  g_atomic_ref_count_inc(&canvas->refs);
  return canvas;
}

void
pl_canvas_unref(PlCanvas *canvas)
{
  if (canvas == NULL || !g_atomic_ref_count_dec(&canvas->refs))
    return;
  g_ptr_array_unref(canvas->tiles);
  g_mutex_clear(&canvas->lock);
  g_free(canvas->bytes);
  g_free(canvas->scratch_bytes);
  g_free(canvas);
}

void
pl_canvas_cell(const PlCanvas *canvas, guint n_faces, guint index, PlRect *out_cell)
{
  pl_grid_cell(canvas->width, canvas->height, MIN(n_faces, PL_GRID_MAX_TILES), index, out_cell);
}

static gboolean
same_rect(const PlRect *a, const PlRect *b)
{
  return a->x == b->x && a->y == b->y && a->width == b->width && a->height == b->height;
}

static void
place_locked(Tile *tile, const PlRect *cell)
{
  if (same_rect(&tile->cell, cell))
    return;
  if (tile->cell.width != cell->width || tile->cell.height != cell->height)
    clear_looks(tile);
  tile->cell = *cell;
  tile->dirty = TRUE;
}

static void
place_all_locked(PlCanvas *canvas)
{
  for (guint i = 0; i < canvas->tiles->len; i++) {
    PlRect cell;
    pl_canvas_cell(canvas, canvas->tiles->len, i, &cell);
    place_locked(g_ptr_array_index(canvas->tiles, i), &cell);
  }
}

static Tile *
tile_new(PlFace *face)
{
  Tile *tile = g_new0(Tile, 1);
  tile->face = pl_face_ref(face);
  tile->version = pl_face_version(face);
  tile->dirty = TRUE;
  return tile;
}

void
pl_canvas_show(PlCanvas *canvas, PlFace *const *faces, guint n_faces)
{
  guint n = MIN(n_faces, PL_GRID_MAX_TILES);
  g_autoptr(GHashTable) before = g_hash_table_new(NULL, NULL); /* face -> Tile */
  GPtrArray *tiles = g_ptr_array_new_full(n, tile_free);

  g_mutex_lock(&canvas->lock);
  for (guint i = 0; i < canvas->tiles->len; i++) {
    Tile *tile = g_ptr_array_index(canvas->tiles, i);
    g_hash_table_insert(before, tile->face, tile);
  }
  for (guint i = 0; i < n; i++) {
    gpointer tile = g_hash_table_lookup(before, faces[i]);
    if (tile != NULL)
      g_hash_table_remove(before, faces[i]);
    g_ptr_array_add(tiles, tile != NULL ? tile : tile_new(faces[i]));
  }
  GPtrArray *old = canvas->tiles;
  canvas->ground_changed |= old->len != n;
  canvas->tiles = tiles;
  place_all_locked(canvas);
  g_mutex_unlock(&canvas->lock);

  g_ptr_array_set_free_func(old, NULL); /* those that stay are in the new one */
  g_ptr_array_unref(old);
  GHashTableIter iter;
  gpointer gone;
  g_hash_table_iter_init(&iter, before);
  while (g_hash_table_iter_next(&iter, NULL, &gone))
    tile_free(gone);
}

void
pl_canvas_resize(PlCanvas *canvas, guint width, guint height)
{
  if (width == canvas->width && height == canvas->height)
    return;
  PlPlanes planes;
  guint8 *bytes = pl_planes_new(width, height, &planes);
  g_mutex_lock(&canvas->lock);
  guint8 *old = canvas->bytes;
  canvas->bytes = bytes;
  canvas->planes = planes;
  canvas->width = width;
  canvas->height = height;
  canvas->ground_changed = TRUE;
  place_all_locked(canvas);
  g_mutex_unlock(&canvas->lock);
  g_free(old);
}

void
pl_canvas_get_size(PlCanvas *canvas, guint *out_width, guint *out_height)
{
  g_mutex_lock(&canvas->lock);
  *out_width = canvas->width;
  *out_height = canvas->height;
  g_mutex_unlock(&canvas->lock);
}

static void
paint_ground(const PlCanvas *canvas)
{
  const PlPlanes *p = &canvas->planes;
  I420Rect(p->y, p->stride_y, p->u, p->stride_u, p->v, p->stride_v, 0, 0, (int)canvas->width, (int)canvas->height,
           BACKGROUND_Y, BACKGROUND_C, BACKGROUND_C);
}

/* Not yet its turn: the limit of this tick is reached. */
static gboolean
may_draw_text(PlCanvas *canvas)
{
  if (canvas->texts == PL_CANVAS_TEXTS_PER_TICK)
    return FALSE;
  canvas->texts++;
  return TRUE;
}

static const PlTexture *
label_of(PlCanvas *canvas, Tile *tile)
{
  if (!tile->looks.label_drawn && may_draw_text(canvas)) {
    g_autofree char *name = pl_face_dup_name(tile->face);
    tile->looks.label = pl_label_new(name, tile->cell.width, tile->cell.height);
    tile->looks.label_drawn = TRUE;
  }
  return tile->looks.label;
}

static const PlTexture *
card_of(PlCanvas *canvas, Tile *tile, gboolean lost)
{
  PlTexture **card = lost ? &tile->looks.lost : &tile->looks.card;
  if (*card == NULL && may_draw_text(canvas)) {
    g_autofree char *name = pl_face_dup_name(tile->face);
    *card = pl_card_new(name, tile->cell.width, tile->cell.height, lost);
  }
  return *card;
}

static gboolean
draw_picture(PlCanvas *canvas, Tile *tile)
{
  GstVideoFrame frame;
  const PlRect *cell = &tile->cell;
  if (!gst_video_frame_map(&frame, &tile->frame->info, tile->frame->buffer, GST_MAP_READ))
    return FALSE;

  PlPlanes src = pl_planes_of_frame(&frame);
  pl_planes_fill(&src, (guint)GST_VIDEO_FRAME_WIDTH(&frame), (guint)GST_VIDEO_FRAME_HEIGHT(&frame), &canvas->planes,
                 cell, &canvas->scratch);
  gst_video_frame_unmap(&frame);

  const PlTexture *label = label_of(canvas, tile);
  if (label != NULL)
    pl_texture_draw(label, &canvas->planes, cell->x, cell->y + cell->height - pl_texture_height(label));
  return TRUE;
}

static void
draw_card(PlCanvas *canvas, Tile *tile, gboolean lost)
{
  const PlRect *cell = &tile->cell;
  const PlTexture *card = card_of(canvas, tile, lost);
  if (card != NULL) {
    pl_texture_draw(card, &canvas->planes, cell->x, cell->y);
    return;
  }
  PlPlanes p = pl_planes_at(&canvas->planes, cell->x, cell->y);
  I420Rect(p.y, p.stride_y, p.u, p.stride_u, p.v, p.stride_v, 0, 0, (int)cell->width, (int)cell->height, BACKGROUND_Y,
           BACKGROUND_C, BACKGROUND_C);
}

/* The name has changed. */
static void
follow_face(Tile *tile)
{
  guint version = pl_face_version(tile->face);
  if (version == tile->version)
    return;
  tile->version = version;
  clear_looks(tile);
  tile->dirty = TRUE;
}

/* TRUE when a picture has come that was not drawn yet. */
static gboolean
take_picture(const PlCanvas *canvas, Tile *tile, gboolean camera, gint64 now_us)
{
  g_autoptr(PlFrame) newest = pl_slot_take(pl_face_slot(tile->face), canvas->view);
  gboolean fresh = newest != NULL && camera;
  if (fresh) {
    pl_frame_unref(tile->frame);
    tile->frame = g_steal_pointer(&newest);
  }
  if (tile->frame != NULL && (!camera || now_us - tile->frame->arrival_us >= PL_PICTURE_STALE_US))
    g_clear_pointer(&tile->frame, pl_frame_unref);
  return fresh;
}

/* Whether a text that belongs to what is shown still waits for its turn. */
static gboolean
lacks_text(const Tile *tile)
{
  switch (tile->shown) {
  case SHOWN_PICTURE:
    return !tile->looks.label_drawn;
  case SHOWN_CARD:
    return tile->looks.card == NULL;
  case SHOWN_LOST:
    return tile->looks.lost == NULL;
  case SHOWN_NOTHING:
    break;
  }
  return FALSE;
}

static void
draw_tile_locked(PlCanvas *canvas, Tile *tile, gint64 now_us)
{
  follow_face(tile);
  gboolean fresh = take_picture(canvas, tile, pl_face_camera(tile->face), now_us);
  Shown shown = tile->frame != NULL ? SHOWN_PICTURE : pl_face_lost(tile->face) ? SHOWN_LOST : SHOWN_CARD;
  if (!tile->dirty && shown == tile->shown && !fresh)
    return;
  if (shown == SHOWN_PICTURE && !draw_picture(canvas, tile)) {
    g_clear_pointer(&tile->frame, pl_frame_unref);
    shown = SHOWN_CARD;
  }
  if (shown != SHOWN_PICTURE)
    draw_card(canvas, tile, shown == SHOWN_LOST);
  tile->shown = shown;
  tile->dirty = lacks_text(tile);
}

static void
draw_locked(PlCanvas *canvas, gint64 now_us)
{
  guint pictures = 0;
  gboolean all = canvas->ground_changed;
  canvas->ground_changed = FALSE;
  canvas->texts = 0;
  if (all)
    paint_ground(canvas);
  for (guint i = 0; i < canvas->tiles->len; i++) {
    Tile *tile = g_ptr_array_index(canvas->tiles, i);
    tile->dirty |= all;
    draw_tile_locked(canvas, tile, now_us);
    pictures += tile->shown == SHOWN_PICTURE;
  }
  atomic_store_explicit(&canvas->pictures, pictures, memory_order_relaxed);
}

gboolean
pl_canvas_compose(PlCanvas *canvas, gint64 now_us, guint width, guint height, const PlPlanes *out)
{
  g_mutex_lock(&canvas->lock);
  gboolean fits = canvas->width == width && canvas->height == height;
  if (fits) {
    draw_locked(canvas, now_us);
    const PlPlanes *src = &canvas->planes;
    I420Copy(src->y, src->stride_y, src->u, src->stride_u, src->v, src->stride_v, out->y, out->stride_y, out->u,
             out->stride_u, out->v, out->stride_v, (int)width, (int)height);
  }
  g_mutex_unlock(&canvas->lock);
  return fits;
}

guint
pl_canvas_pictures(PlCanvas *canvas)
{
  return atomic_load_explicit(&canvas->pictures, memory_order_relaxed);
}
