/* SimMark: the machine-readable mark in a simulated site's picture. Pure.
 *
 * Geometry, relative to the site's 16:9 tile wherever it is shown (units of a 128x72 tile):
 *
 *   cells     12 columns x 3 rows, x from 16 to 112, y from 8 to 32: each cell is 8 x 8 units
 *   border    4 units of dark around the cells, so that scaling mixes no bright content into them
 *   colours   luma 220 for 1, 32 for 0, no colour
 *
 * Bits, row by row from the top left: a fixed 1; site number (10); frame number (16); CRC-8 (8);
 * a fixed 0; numbers with the highest bit first. CRC-8: polynomial 0x07, start 0xff, over the four
 * bytes site >> 8, site, frame >> 8, frame.
 *
 * Reading: mean of the centre half of each cell; the threshold is half-way between the two fixed
 * bits; every cell must be clear of the threshold, and the CRC must match. tests/e2e/mark.mjs is
 * the same reader for canvas pixels. */
#pragma once

#include <glib.h>

#define SIM_MARK_COLUMNS 12
#define SIM_MARK_ROWS 3
#define SIM_MARK_BITS (SIM_MARK_COLUMNS * SIM_MARK_ROWS)
#define SIM_MARK_SITES 1024 /* 10 bits */

/* The luma plane of a picture, or a tile of it. */
typedef struct {
  guint8 *data;
  guint stride;
  guint width, height;
} SimLuma;

typedef struct {
  guint16 site;
  guint16 frame;
} SimMark;

/* [any] Draws mark and border; the caller makes the chroma below it grey (sim_mark_area()). */
void sim_mark_draw(const SimLuma *tile, const SimMark *mark);
/* [any] FALSE when there is no readable mark. */
gboolean sim_mark_read(const SimLuma *tile, SimMark *out_mark);
/* [any] The rectangle of mark and border in a tile of this size, in whole pixels. */
void sim_mark_area(guint width, guint height, guint *out_x, guint *out_y, guint *out_width, guint *out_height);
