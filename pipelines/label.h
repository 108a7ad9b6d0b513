/* Text of the picture: the label at a tile's bottom, and what labels and cards share. [main] */
#pragma once

#include <pango/pangocairo.h>

#include "pipelines/texture.h"

#define PL_FONT "DejaVu Sans"

/* A text from outside as it may be drawn: valid UTF-8 in NFC, one line, at most `max_chars`, without control and format
 * characters (bidi overrides, zero-width). Caller frees. */
char *pl_label_clean(const char *text, guint max_chars);

/* A layout of `text` (never markup), `pixels` high, at most `width` wide, ellipsized at the end. */
PangoLayout *pl_label_layout(cairo_t *cr, const char *text, gboolean bold, double pixels, double width);

/* Height of the label of a tile, in its bottom left corner: 1/10 of the tile, 12 to 44 pixels, even. */
guint pl_label_height(guint tile_height);

/* NULL for a name of which nothing is left to draw. At most as wide as the tile. */
PlTexture *pl_label_new(const char *name, guint tile_width, guint tile_height);

typedef enum { PL_PLATE_DARK, PL_PLATE_WARNS } PlPlateKind;

/* A clock: `text` is ours. As wide as the text, at most `width`. NULL: there is no room. */
PlTexture *pl_plate_new(const char *text, guint height, guint width, PlPlateKind kind);
/* A line over the whole width, the text in its middle, ellipsized. NULL for a text of which nothing is left to draw. */
PlTexture *pl_banner_new(const char *text, guint width, guint height);
