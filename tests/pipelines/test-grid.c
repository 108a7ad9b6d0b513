/* The grid: every number of tiles fits, nothing overlaps, shapes stay. */
#include "pipelines/grid.h"

#include <string.h>

#include "mcu/types.h"

static void
test_columns(void)
{
  const struct {
    guint tiles, columns;
  } cases[] = {{1, 1}, {2, 2}, {4, 2}, {5, 3}, {9, 3}, {10, 4}, {16, 4}, {17, 5}, {25, 5}, {209, 15}, {256, 16}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpuint(pl_grid_columns(cases[i].tiles), ==, cases[i].columns);
}

static void
test_known_cells(void)
{
  const struct {
    guint tiles, index;
    PlRect cell;
  } cases[] = {
      {1, 0, {0, 0, 1280, 720}},    {2, 0, {0, 180, 640, 360}},   /* one row, in the middle */
      {2, 1, {640, 180, 640, 360}}, {3, 2, {320, 360, 640, 360}}, /* the last row is centred */
      {4, 3, {640, 360, 640, 360}}, {16, 5, {320, 180, 320, 180}}, {209, 0, {0, 24, 84, 48}}, /* 15 x 14 */
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    PlRect cell;
    pl_grid_cell(1280, 720, cases[i].tiles, cases[i].index, &cell);
    g_assert_cmpmem(&cell, sizeof cell, &cases[i].cell, sizeof cell);
  }
}

static gboolean
overlap(const PlRect *a, const PlRect *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

static void
check_all(guint width, guint height, guint n)
{
  PlRect cells[PL_GRID_MAX_TILES];
  for (guint i = 0; i < n; i++) {
    PlRect *cell = &cells[i];
    pl_grid_cell(width, height, n, i, cell);
    g_assert_cmpuint((cell->x | cell->y | cell->width | cell->height) & 1, ==, 0);
    g_assert_cmpuint(cell->width, >=, 2);
    g_assert_cmpuint(cell->height, >=, 2);
    g_assert_cmpuint(cell->x + cell->width, <=, width);
    g_assert_cmpuint(cell->y + cell->height, <=, height);
    /* The canvas's shape, but for the rounding to even pixels. */
    g_assert_cmpint(ABS((gint)(cell->width * height / width) - (gint)cell->height), <=, 3);
    for (guint k = 0; k < i; k++)
      g_assert_false(overlap(&cells[k], cell));
  }
}

static void
test_every_number(void)
{
  for (guint n = 1; n <= PL_GRID_MAX_TILES; n++) {
    check_all(1280, 720, n);
    check_all(1920, 1080, n);
  }
}

/* Fractions that no number of pixels fits: neighbours meet, and the last one ends at the border. */
static void
test_places(void)
{
  static const guint heights[] = {180, 360, 720, 1080};
  for (guint h = 0; h < G_N_ELEMENTS(heights); h++) {
    guint height = heights[h], width = height * 16 / 9;
    for (guint n = 1; n <= 12; n++) {
      guint x = 0;
      for (guint i = 0; i < n; i++) {
        PlRect cell;
        guint from = i * MCU_PANE_UNITS / n, to = (i + 1) * MCU_PANE_UNITS / n;
        pl_grid_place(width, height, from, 0, to - from, MCU_PANE_UNITS, &cell);
        g_assert_cmpuint(cell.x, ==, x);
        g_assert_true(cell.width % 2 == 0 && cell.width >= 2 && cell.height == height);
        x += cell.width;
      }
      g_assert_cmpuint(x, ==, width & ~1u);
    }
  }
  PlRect a, b;
  pl_grid_place(320, 180, MCU_PANE_UNITS, MCU_PANE_UNITS, 9, 9, &a); /* outside: at the border, and drawable */
  g_assert_true(a.x + a.width <= 320 && a.y + a.height <= 180 && a.width >= 2);
  pl_grid_place(320, 180, 0, 0, MCU_PANE_UNITS, MCU_PANE_UNITS, &b);
  g_assert_true(pl_grid_overlap(&a, &b));
}

/* Panes that share edges cover the picture, each pixel once. `units`: x, y, width and height in `grid` parts. */
static void
check_cover(guint grid, const guint (*units)[4], guint n)
{
  static const guint heights[] = {180, 360, 720, 1080};
  const guint part = MCU_PANE_UNITS / grid;
  for (guint h = 0; h < G_N_ELEMENTS(heights); h++) {
    guint height = heights[h], width = height * 16 / 9;
    g_autofree guint8 *covered = g_malloc0((gsize)width * height);
    for (guint i = 0; i < n; i++) {
      PlRect cell;
      const guint *u = units[i];
      pl_grid_place(width, height, u[0] * part, u[1] * part, u[2] * part, u[3] * part, &cell);
      g_assert_cmpuint((cell.x | cell.y | cell.width | cell.height) & 1, ==, 0);
      for (guint y = cell.y; y < cell.y + cell.height; y++)
        for (guint x = cell.x; x < cell.x + cell.width; x++)
          covered[(gsize)y * width + x]++;
    }
    for (gsize i = 0; i < (gsize)width * height; i++)
      g_assert_cmpuint(covered[i], ==, 1);
  }
}

static void
test_layouts(void)
{
  static const guint one_five[][4] = {{0, 0, 2, 2}, {2, 0, 1, 1}, {2, 1, 1, 1},
                                      {0, 2, 1, 1}, {1, 2, 1, 1}, {2, 2, 1, 1}};
  static const guint one_seven[][4] = {{0, 0, 3, 3}, {3, 0, 1, 1}, {3, 1, 1, 1}, {3, 2, 1, 1},
                                       {0, 3, 1, 1}, {1, 3, 1, 1}, {2, 3, 1, 1}, {3, 3, 1, 1}};
  check_cover(3, one_five, G_N_ELEMENTS(one_five));
  check_cover(4, one_seven, G_N_ELEMENTS(one_seven));
  for (guint n = 1; n <= 12; n++) {
    guint cells[144][4];
    for (guint i = 0; i < n * n; i++) {
      const guint cell[4] = {i % n, i / n, 1, 1};
      memcpy(cells[i], cell, sizeof cell);
    }
    check_cover(n, (const guint(*)[4])cells, n * n);
  }
}

static void
test_contains(void)
{
  const PlRect outer = {10, 10, 20, 20};
  g_assert_true(pl_grid_contains(&outer, &outer));
  g_assert_true(pl_grid_contains(&outer, &(PlRect){12, 12, 18, 18}));
  g_assert_false(pl_grid_contains(&outer, &(PlRect){8, 12, 10, 10}));
  g_assert_false(pl_grid_contains(&outer, &(PlRect){12, 8, 10, 10}));
  g_assert_false(pl_grid_contains(&outer, &(PlRect){12, 12, 20, 10}));
  g_assert_false(pl_grid_contains(&outer, &(PlRect){12, 12, 10, 20}));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/grid/columns", test_columns);
  g_test_add_func("/grid/known-cells", test_known_cells);
  g_test_add_func("/grid/every-number", test_every_number);
  g_test_add_func("/grid/places", test_places);
  g_test_add_func("/grid/layouts", test_layouts);
  g_test_add_func("/grid/contains", test_contains);
  return g_test_run();
}
