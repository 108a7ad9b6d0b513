/* The geometry of the mosaic; no state, any thread. */
#include "pipelines/grid.h"

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
