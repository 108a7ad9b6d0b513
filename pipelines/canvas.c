/* Owned by a view (view.h) and by plmosaic (reference counted). Lock: PlCanvas.lock, outside of PlFace.lock. */
#include "pipelines/canvas.h"

#include <libyuv.h>
#include <stdatomic.h>
#include <string.h>

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
  gboolean clock_drawn;
  PlTexture *clock; /* NULL: there is no room */
  gint64 clock_s;   /* the second that it shows */
} Looks;

/* Protected by PlCanvas.lock but for `face`. */
typedef struct {
  PlFace *face; /* referenced */
  PlRect cell;
  guint version; /* of the face, of which `looks` are */
  Looks looks;
  gboolean dirty;
  Shown shown;
  gboolean drawn;  /* in this tick */
  gboolean framed; /* likewise */
  gint64 clock_us, limit_us;
  PlFrame *frame; /* newest picture, kept for a change of the grid; NULL when stale */
  gboolean whole; /* never cropped */
} Tile;

/* Where a tile belongs, whatever the size of the canvas is. */
typedef struct {
  guint cell; /* of an equal grid */
  guint x, y, width, height;
} Place;

struct PlCanvas {
  gatomicrefcount refs;
  McuView view;
  atomic_uint pictures;

  GMutex lock;      /* protects the rest; main alone writes tiles and size */
  GPtrArray *tiles; /* Tile, owned; replaced as a whole */
  GArray *panes;    /* Place, of each tile */
  gboolean equal, letterbox, no_labels, mark_speaker;
  guint n_cells;     /* of an equal grid */
  gboolean overlaps; /* some tiles lie over others */
  char *banner_text; /* NULL: none */
  gboolean banner_drawn;
  PlTexture *banner; /* NULL: nothing of the text can be drawn */
  guint width, height;
  gboolean ground_changed; /* what is beside the tiles has to be painted */
  guint8 *bytes;
  PlPlanes planes;
  guint8 *scratch_bytes;
  PlPlanes scratch; /* a picture on its way to its cell */
  guint texts;      /* drawn in this tick */
};

static void
clear_clock(Tile *tile)
{
  g_clear_pointer(&tile->looks.clock, pl_texture_free);
  tile->looks.clock_drawn = FALSE;
}

static void
clear_looks(Tile *tile)
{
  clear_clock(tile);
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
  canvas->panes = g_array_new(FALSE, TRUE, sizeof(Place));
  canvas->equal = TRUE;
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
  g_array_unref(canvas->panes);
  g_free(canvas->banner_text);
  pl_texture_free(canvas->banner);
  g_mutex_clear(&canvas->lock);
  g_free(canvas->bytes);
  g_free(canvas->scratch_bytes);
  g_free(canvas);
}

void
pl_canvas_place(const PlCanvas *canvas, const McuViewLook *look, guint index, PlRect *out_cell)
{
  g_assert(index < look->n_panes);
  const McuPane *pane = &look->panes[index];
  if (look->equal)
    pl_grid_cell(canvas->width, canvas->height, look->n_panes, index, out_cell);
  else
    pl_grid_place(canvas->width, canvas->height, pane->place.x, pane->place.y, pane->place.width, pane->place.height,
                  out_cell);
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

static gboolean
any_overlap(const PlCanvas *canvas)
{
  for (guint i = 0; !canvas->equal && i < canvas->tiles->len; i++)
    for (guint j = 0; j < i; j++)
      if (pl_grid_overlap(&((const Tile *)g_ptr_array_index(canvas->tiles, i))->cell,
                          &((const Tile *)g_ptr_array_index(canvas->tiles, j))->cell))
        return TRUE;
  return FALSE;
}

static void
place_all_locked(PlCanvas *canvas)
{
  for (guint i = 0; i < canvas->tiles->len; i++) {
    PlRect cell;
    const Place *place = &g_array_index(canvas->panes, Place, i);
    if (canvas->equal)
      pl_grid_cell(canvas->width, canvas->height, canvas->n_cells, place->cell, &cell);
    else
      pl_grid_place(canvas->width, canvas->height, place->x, place->y, place->width, place->height, &cell);
    place_locked(g_ptr_array_index(canvas->tiles, i), &cell);
  }
  canvas->overlaps = any_overlap(canvas);
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

static Place
place_of(const McuViewLook *look, guint index)
{
  const McuPane *pane = &look->panes[index];
  return (Place){index, pane->place.x, pane->place.y, pane->place.width, pane->place.height};
}

/* A clock that starts anew is drawn anew. */
static void
set_clock(Tile *tile, const McuPane *pane)
{
  if (tile->clock_us == pane->clock_us && tile->limit_us == pane->limit_us)
    return;
  tile->clock_us = pane->clock_us;
  tile->limit_us = pane->limit_us;
  clear_clock(tile);
}

/* The tiles of `look`, with those of `before` (face -> Tile) that stay taken out of it. */
static GPtrArray *
make_tiles(const McuViewLook *look, PlFace *const *faces, GHashTable *before, GArray *places)
{
  GPtrArray *tiles = g_ptr_array_new_full(look->n_panes, tile_free);
  for (guint i = 0; i < look->n_panes; i++) {
    if (faces[i] == NULL)
      continue;
    Tile *tile = g_hash_table_lookup(before, faces[i]);
    if (tile != NULL)
      g_hash_table_remove(before, faces[i]);
    else
      tile = tile_new(faces[i]);
    set_clock(tile, &look->panes[i]);
    tile->whole = look->panes[i].whole;
    g_ptr_array_add(tiles, tile);
    const Place place = place_of(look, i);
    g_array_append_val(places, place);
  }
  return tiles;
}

/* What lies beside and under the tiles is as before. */
static gboolean
same_ground(const PlCanvas *canvas, const McuViewLook *look, const GArray *places)
{
  return canvas->equal == look->equal && canvas->letterbox == look->letterbox && canvas->no_labels == look->no_labels &&
         (!look->equal || canvas->n_cells == look->n_panes) && canvas->panes->len == places->len &&
         (places->len == 0 || memcmp(canvas->panes->data, places->data, places->len * sizeof(Place)) == 0);
}

static void
clear_banner(PlCanvas *canvas)
{
  g_clear_pointer(&canvas->banner, pl_texture_free);
  canvas->banner_drawn = FALSE;
}

static void
set_look_locked(PlCanvas *canvas, const McuViewLook *look)
{
  canvas->equal = look->equal;
  canvas->n_cells = look->n_panes;
  canvas->letterbox = look->letterbox;
  canvas->no_labels = look->no_labels;
  canvas->mark_speaker = look->mark_speaker;
  if (g_strcmp0(canvas->banner_text, look->banner) == 0)
    return;
  g_free(canvas->banner_text);
  canvas->banner_text = g_strdup(look->banner);
  clear_banner(canvas);
}

void
pl_canvas_show(PlCanvas *canvas, const McuViewLook *look, PlFace *const *faces)
{
  g_assert(look->n_panes <= PL_GRID_MAX_TILES);
  g_autoptr(GHashTable) before = g_hash_table_new(NULL, NULL); /* face -> Tile */
  GArray *places = g_array_new(FALSE, TRUE, sizeof(Place));

  g_mutex_lock(&canvas->lock);
  for (guint i = 0; i < canvas->tiles->len; i++) {
    Tile *tile = g_ptr_array_index(canvas->tiles, i);
    g_hash_table_insert(before, tile->face, tile);
  }
  GPtrArray *tiles = make_tiles(look, faces, before, places);
  GPtrArray *old = canvas->tiles;
  GArray *old_places = canvas->panes;
  canvas->ground_changed |= !same_ground(canvas, look, places);
  set_look_locked(canvas, look);
  canvas->tiles = tiles;
  canvas->panes = places;
  place_all_locked(canvas);
  g_mutex_unlock(&canvas->lock);

  g_ptr_array_set_free_func(old, NULL); /* those that stay are in the new one */
  g_ptr_array_unref(old);
  g_array_unref(old_places);
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
  clear_banner(canvas);
  place_all_locked(canvas);
  g_mutex_unlock(&canvas->lock);
  g_free(old);
}

void
pl_canvas_forget_pictures(PlCanvas *canvas)
{
  g_mutex_lock(&canvas->lock);
  for (guint i = 0; i < canvas->tiles->len; i++) {
    Tile *tile = g_ptr_array_index(canvas->tiles, i);
    g_clear_pointer(&tile->frame, pl_frame_unref);
  }
  g_mutex_unlock(&canvas->lock);
  atomic_store_explicit(&canvas->pictures, 0, memory_order_relaxed);
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
  const PlRect all = {0, 0, canvas->width, canvas->height};
  pl_planes_paint(&canvas->planes, &all, BACKGROUND_Y, BACKGROUND_C, BACKGROUND_C);
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

/* Beside and above a picture that is shown whole. */
static void
paint_bars(const PlCanvas *canvas, const PlRect *cell, const PlRect *part)
{
  guint right = part->x + part->width, bottom = part->y + part->height;
  const PlRect bars[] = {
      {cell->x, cell->y, cell->width, part->y - cell->y},
      {cell->x, bottom, cell->width, cell->y + cell->height - bottom},
      {cell->x, part->y, part->x - cell->x, part->height},
      {right, part->y, cell->x + cell->width - right, part->height},
  };
  for (guint i = 0; i < G_N_ELEMENTS(bars); i++)
    pl_planes_paint(&canvas->planes, &bars[i], BACKGROUND_Y, BACKGROUND_C, BACKGROUND_C);
}

static gboolean
draw_picture(PlCanvas *canvas, Tile *tile)
{
  GstVideoFrame frame;
  const PlRect *cell = &tile->cell;
  if (!gst_video_frame_map(&frame, &tile->frame->info, tile->frame->buffer, GST_MAP_READ))
    return FALSE;

  PlPlanes src = pl_planes_of_frame(&frame);
  guint width = (guint)GST_VIDEO_FRAME_WIDTH(&frame), height = (guint)GST_VIDEO_FRAME_HEIGHT(&frame);
  PlRect part = *cell;
  if (canvas->letterbox || tile->whole) {
    pl_planes_fit(width, height, cell, &part);
    paint_bars(canvas, cell, &part);
  }
  pl_planes_fill(&src, width, height, &canvas->planes, &part, &canvas->scratch);
  gst_video_frame_unmap(&frame);

  const PlTexture *label = canvas->no_labels ? NULL : label_of(canvas, tile);
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
  pl_planes_paint(&canvas->planes, cell, BACKGROUND_Y, BACKGROUND_C, BACKGROUND_C);
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
  /* What is presented may stand still for as long as somebody speaks about it: it goes with its tile. */
  gboolean stale = !tile->whole && tile->frame != NULL && now_us - tile->frame->arrival_us >= PL_PICTURE_STALE_US;
  if (tile->frame != NULL && (!camera || stale))
    g_clear_pointer(&tile->frame, pl_frame_unref);
  return fresh;
}

/* Whether a text that belongs to what is shown still waits for its turn. */
static gboolean
lacks_text(const PlCanvas *canvas, const Tile *tile)
{
  switch (tile->shown) {
  case SHOWN_PICTURE:
    return !canvas->no_labels && !tile->looks.label_drawn;
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
  tile->drawn = FALSE;
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
  tile->drawn = TRUE;
  tile->dirty = lacks_text(canvas, tile);
}

/* What lies over a tile that was drawn has to be drawn again. */
static void
uncover_locked(const PlCanvas *canvas, guint index)
{
  const Tile *under = g_ptr_array_index(canvas->tiles, index);
  for (guint i = index + 1; under->drawn && i < canvas->tiles->len; i++) {
    Tile *over = g_ptr_array_index(canvas->tiles, i);
    over->dirty |= pl_grid_overlap(&under->cell, &over->cell);
  }
}

/* --- over the copy that goes out --------------------------------------------------------------- */

/* Light green, limited range: not the red of what is on air, nor the amber of what warns. */
#define FRAME_Y 180
#define FRAME_U 90
#define FRAME_V 80

/* It ends where the label (NULL: none) begins: a line through the foot of the letters makes a name hard to read. */
static void
draw_frame(const PlPlanes *out, const PlRect *cell, const PlTexture *label)
{
  guint label_width = label != NULL ? pl_texture_width(label) : 0;
  guint label_height = label != NULL ? pl_texture_height(label) : 0;
  guint line = MAX(cell->height / 90, 2) & ~1u;
  if (cell->width < 4 * line || cell->height < 4 * line)
    return;
  const PlRect sides[] = {
      {cell->x, cell->y, cell->width, line},
      {cell->x + label_width, cell->y + cell->height - line, cell->width - label_width, line},
      {cell->x, cell->y, line, cell->height - label_height},
      {cell->x + cell->width - line, cell->y, line, cell->height},
  };
  for (guint i = 0; i < G_N_ELEMENTS(sides); i++)
    pl_planes_paint(out, &sides[i], FRAME_Y, FRAME_U, FRAME_V);
}

/* Of minutes that still fit their plate; a turn may last a day. */
#define CLOCK_MAX_S (100 * 60 * 60 - 1)

/* "03:21", and from its limit on "! 03:21". */
static PlTexture *
make_clock(const Tile *tile, gint64 seconds)
{
  gboolean over = tile->limit_us > 0 && seconds * G_USEC_PER_SEC >= tile->limit_us;
  g_autofree char *text = g_strdup_printf("%s%02d:%02d", over ? "! " : "", (int)(seconds / 60), (int)(seconds % 60));
  return pl_plate_new(text, pl_label_height(tile->cell.height), tile->cell.width,
                      over ? PL_PLATE_WARNS : PL_PLATE_DARK);
}

static void
draw_clock(PlCanvas *canvas, Tile *tile, gint64 now_us, const PlPlanes *out)
{
  Looks *looks = &tile->looks;
  gint64 seconds = CLAMP((now_us - tile->clock_us) / G_USEC_PER_SEC, 0, CLOCK_MAX_S);
  if ((!looks->clock_drawn || seconds != looks->clock_s) && may_draw_text(canvas)) {
    pl_texture_free(looks->clock);
    looks->clock = make_clock(tile, seconds);
    looks->clock_s = seconds;
    looks->clock_drawn = TRUE;
  }
  const PlTexture *clock = looks->clock;
  if (clock != NULL && pl_texture_height(clock) <= tile->cell.height && pl_texture_width(clock) <= tile->cell.width)
    pl_texture_draw(clock, out, tile->cell.x + tile->cell.width - pl_texture_width(clock), tile->cell.y);
}

static void
draw_banner(PlCanvas *canvas, const PlPlanes *out)
{
  if (!canvas->banner_drawn)
    canvas->banner = pl_banner_new(canvas->banner_text, canvas->width, MAX(canvas->height / 14, 12) & ~1u);
  canvas->banner_drawn = TRUE;
  if (canvas->banner != NULL)
    pl_texture_draw(canvas->banner, out, 0, canvas->height - pl_texture_height(canvas->banner));
}

static void
copy_out(const PlCanvas *canvas, const PlRect *part, const PlPlanes *out)
{
  const PlPlanes src = pl_planes_at(&canvas->planes, part->x, part->y), dst = pl_planes_at(out, part->x, part->y);
  I420Copy(src.y, src.stride_y, src.u, src.stride_u, src.v, src.stride_v, dst.y, dst.stride_y, dst.u, dst.stride_u,
           dst.v, dst.stride_v, (int)part->width, (int)part->height);
}

/* A frame goes through the tile: that of one below. */
static gboolean
is_crossed(const PlCanvas *canvas, guint index)
{
  const Tile *tile = g_ptr_array_index(canvas->tiles, index);
  for (guint i = 0; i < index; i++) {
    const Tile *under = g_ptr_array_index(canvas->tiles, i);
    if (under->framed && pl_grid_overlap(&under->cell, &tile->cell))
      return TRUE;
  }
  return FALSE;
}

/* NULL: none. */
static const PlTexture *
visible_label(const PlCanvas *canvas, const Tile *tile)
{
  return tile->shown == SHOWN_PICTURE && !canvas->no_labels ? tile->looks.label : NULL;
}

static void
draw_frames(const PlCanvas *canvas, gint64 now_us, const PlPlanes *out)
{
  gboolean any = FALSE;
  for (guint i = 0; i < canvas->tiles->len; i++) {
    Tile *tile = g_ptr_array_index(canvas->tiles, i);
    gint64 heard_us = pl_face_heard(tile->face);
    if (any && canvas->overlaps && is_crossed(canvas, i))
      copy_out(canvas, &tile->cell, out);
    tile->framed = heard_us != 0 && now_us - heard_us < PL_HEARD_FRESH_US;
    if (tile->framed)
      draw_frame(out, &tile->cell, visible_label(canvas, tile));
    any |= tile->framed;
  }
}

static void
draw_over_locked(PlCanvas *canvas, gint64 now_us, const PlPlanes *out)
{
  /* Round a single picture it would say nothing. */
  if (canvas->mark_speaker && canvas->tiles->len > 1)
    draw_frames(canvas, now_us, out);
  for (guint i = 0; i < canvas->tiles->len; i++) {
    Tile *tile = g_ptr_array_index(canvas->tiles, i);
    if (tile->clock_us != 0)
      draw_clock(canvas, tile, now_us, out);
  }
  if (canvas->banner_text != NULL)
    draw_banner(canvas, out);
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
    if (canvas->overlaps)
      uncover_locked(canvas, i);
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
    copy_out(canvas, &(PlRect){0, 0, width, height}, out);
    draw_over_locked(canvas, now_us, out);
  }
  g_mutex_unlock(&canvas->lock);
  return fits;
}

guint
pl_canvas_pictures(PlCanvas *canvas)
{
  return atomic_load_explicit(&canvas->pictures, memory_order_relaxed);
}
