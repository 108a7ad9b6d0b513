/* The equal grid: which rectangle of the canvas each tile has. Pure.
 *
 * n columns, where n is the smallest number whose square holds all tiles; each cell is 1/n of the
 * canvas wide and high, so it has the canvas's shape (16:9) whatever n. Edges are rounded down to
 * even pixels (4:2:0), so cells of one grid may differ by two pixels. Rows are centred in the
 * canvas, the last row is centred in itself. A tile covers exactly its cell: no gap, no frame. */
#pragma once

#include <glib.h>

#define PL_GRID_MAX_TILES 256 /* 16 x 16; further seats are not shown */

typedef struct {
  guint x, y, width, height; /* all even */
} PlRect;

guint pl_grid_columns(guint n_tiles);
/* `index` < `n_tiles` <= PL_GRID_MAX_TILES; canvas width and height even. */
void pl_grid_cell(guint width, guint height, guint n_tiles, guint index, PlRect *out_cell);
/* A place given as fractions: both edges are rounded alike, so that neighbours meet. At least two pixels each way. */
void pl_grid_place(guint width, guint height, guint x, guint y, guint part_width, guint part_height, PlRect *out_cell);
gboolean pl_grid_overlap(const PlRect *a, const PlRect *b);
gboolean pl_grid_contains(const PlRect *outer, const PlRect *inner);
