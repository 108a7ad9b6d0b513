/* The geometry of the mosaic; no state, any thread. */
#include "pipelines/grid.h"

#include "mcu/types.h"

static guint
even(guint value)
{
  return value & ~1u;
}

/* The i-th of the n + 1 edges that cut `length` into n parts. */
static guint
edge(guint length, guint n, guint i)
{
  return even(length * i / n);
}

guint
pl_grid_columns(guint n_tiles)
{
  guint n = 1;
  while (n * n < n_tiles)
    n++;
  return n;
}

void
pl_grid_cell(guint width, guint height, guint n_tiles, guint index, PlRect *out_cell)
{
  g_assert(index < n_tiles && n_tiles <= PL_GRID_MAX_TILES);

  guint n = pl_grid_columns(n_tiles);
  guint rows = (n_tiles + n - 1) / n;
  guint row = index / n, column = index % n;
  guint in_row = row == rows - 1 ? n_tiles - row * n : n;

  guint x0 = even((width - edge(width, n, in_row)) / 2);
  guint y0 = even((height - edge(height, n, rows)) / 2);
  out_cell->x = x0 + edge(width, n, column);
  out_cell->y = y0 + edge(height, n, row);
  out_cell->width = edge(width, n, column + 1) - edge(width, n, column);
  out_cell->height = edge(height, n, row + 1) - edge(height, n, row);
}

/* The edge at `units` of MCU_PANE_UNITS; what lies outside ends at the border. */
static guint
place_edge(guint length, guint units)
{
  return even((guint)((guint64)length * MIN(units, MCU_PANE_UNITS) / MCU_PANE_UNITS));
}

static void
span(guint length, guint at, guint size, guint *out_at, guint *out_size)
{
  guint from = MIN(place_edge(length, at), length - 2), to = place_edge(length, at + size);
  *out_at = from;
  *out_size = MAX(to, from + 2) - from;
}

void
pl_grid_place(guint width, guint height, guint x, guint y, guint part_width, guint part_height, PlRect *out_cell)
{
  span(width, x, part_width, &out_cell->x, &out_cell->width);
  span(height, y, part_height, &out_cell->y, &out_cell->height);
}

gboolean
pl_grid_overlap(const PlRect *a, const PlRect *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

gboolean
pl_grid_contains(const PlRect *outer, const PlRect *inner)
{
  return outer->x <= inner->x && outer->y <= inner->y && outer->x + outer->width >= inner->x + inner->width &&
         outer->y + outer->height >= inner->y + inner->height;
}
