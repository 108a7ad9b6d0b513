/* Drawing and reading the mark. Used by the content maker (any thread), the probes' decoder threads
 * and the unit tests; nothing is kept between calls. */
#include "mark.h"

/* The geometry in units of a 128x72 tile. */
#define TILE_WIDTH 128
#define TILE_HEIGHT 72
#define CELLS_X 16
#define CELLS_Y 8
#define CELL 8
#define BORDER 4

#define LUMA_ONE 220
#define LUMA_ZERO 32
#define LUMA_BORDER 24

/* Below this difference of the fixed bits there is no mark, only a dull picture. */
#define MIN_CONTRAST 40.0
/* How far from the threshold a cell must be, as a part of the contrast. */
#define MIN_CLEARANCE 0.15

static guint8
crc8(guint32 value)
{
  guint8 crc = 0xff;
  for (int shift = 24; shift >= 0; shift -= 8) {
    crc ^= (guint8)(value >> shift);
    for (guint bit = 0; bit < 8; bit++)
      crc = (guint8)((crc & 0x80) ? (crc << 1) ^ 0x07 : crc << 1);
  }
  return crc;
}

/* The 36 bits, first cell in the highest. */
static guint64
encode(const SimMark *mark)
{
  guint32 value = (guint32)mark->site << 16 | mark->frame;
  return G_GUINT64_CONSTANT(1) << 35 | (guint64)value << 9 | (guint64)crc8(value) << 1;
}

static guint
scale(guint units, guint size, guint tile)
{
  return (units * size + tile / 2) / tile;
}

void
sim_mark_area(guint width, guint height, guint *out_x, guint *out_y, guint *out_width, guint *out_height)
{
  guint x = scale(CELLS_X - BORDER, width, TILE_WIDTH), y = scale(CELLS_Y - BORDER, height, TILE_HEIGHT);
  *out_x = x;
  *out_y = y;
  *out_width = scale(CELLS_X + SIM_MARK_COLUMNS * CELL + BORDER, width, TILE_WIDTH) - x;
  *out_height = scale(CELLS_Y + SIM_MARK_ROWS * CELL + BORDER, height, TILE_HEIGHT) - y;
}

static void
fill(const SimLuma *tile, guint x0, guint y0, guint x1, guint y1, guint8 luma)
{
  for (guint y = y0; y < y1; y++)
    for (guint x = x0; x < x1; x++)
      tile->data[(gsize)y * tile->stride + x] = luma;
}

void
sim_mark_draw(const SimLuma *tile, const SimMark *mark)
{
  guint x, y, width, height;
  sim_mark_area(tile->width, tile->height, &x, &y, &width, &height);
  fill(tile, x, y, x + width, y + height, LUMA_BORDER);

  guint64 bits = encode(mark);
  for (guint i = 0; i < SIM_MARK_BITS; i++) {
    guint column = CELLS_X + i % SIM_MARK_COLUMNS * CELL, row = CELLS_Y + i / SIM_MARK_COLUMNS * CELL;
    fill(tile, scale(column, tile->width, TILE_WIDTH), scale(row, tile->height, TILE_HEIGHT),
         scale(column + CELL, tile->width, TILE_WIDTH), scale(row + CELL, tile->height, TILE_HEIGHT),
         bits >> (SIM_MARK_BITS - 1 - i) & 1 ? LUMA_ONE : LUMA_ZERO);
  }
}

/* Mean of the centre half of cell `i`: a quarter of the cell left out on each side. */
static double
cell_mean(const SimLuma *tile, guint i)
{
  double column = CELLS_X + i % SIM_MARK_COLUMNS * CELL, row = CELLS_Y + i / SIM_MARK_COLUMNS * CELL;
  double kx = (double)tile->width / TILE_WIDTH, ky = (double)tile->height / TILE_HEIGHT;
  guint x0 = (guint)((column + CELL * 0.25) * kx + 0.5), x1 = (guint)((column + CELL * 0.75) * kx + 0.5);
  guint y0 = (guint)((row + CELL * 0.25) * ky + 0.5), y1 = (guint)((row + CELL * 0.75) * ky + 0.5);

  guint64 sum = 0;
  for (guint y = y0; y < y1; y++)
    for (guint x = x0; x < x1; x++)
      sum += tile->data[(gsize)y * tile->stride + x];
  return (double)sum / ((double)(x1 - x0) * (y1 - y0));
}

gboolean
sim_mark_read(const SimLuma *tile, SimMark *out_mark)
{
  /* Smaller than a quarter of a 128x72 tile there is no centre half to look at. */
  if (tile->width < TILE_WIDTH / 2 || tile->height < TILE_HEIGHT / 2)
    return FALSE;

  double one = cell_mean(tile, 0), zero = cell_mean(tile, SIM_MARK_BITS - 1);
  double contrast = one - zero, threshold = (one + zero) / 2;
  if (contrast < MIN_CONTRAST)
    return FALSE;

  guint64 bits = 0;
  for (guint i = 0; i < SIM_MARK_BITS; i++) {
    double distance = cell_mean(tile, i) - threshold;
    if (ABS(distance) < contrast * MIN_CLEARANCE)
      return FALSE;
    bits = bits << 1 | (distance > 0);
  }

  guint32 value = (guint32)(bits >> 9) & 0x3ffffff;
  if (crc8(value) != (guint8)(bits >> 1))
    return FALSE;
  *out_mark = (SimMark){.site = (guint16)(value >> 16), .frame = (guint16)value};
  return TRUE;
}
