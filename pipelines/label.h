/* Text of the picture: the label at a tile's bottom, and what labels and cards share. [main] */
#pragma once

#include <pango/pangocairo.h>

#include "pipelines/texture.h"

#define PL_FONT "DejaVu Sans"

/* A site's name as it may be drawn: valid UTF-8 in NFC, one line, at most MCU_NAME_MAX_CHARS, without
 * control and format characters (bidi overrides, zero-width). Caller frees. */
char *pl_label_clean(const char *name);

/* A layout of `text` (never markup), `pixels` high, at most `width` wide, ellipsized at the end. */
PangoLayout *pl_label_layout(cairo_t *cr, const char *text, gboolean bold, double pixels, double width);

/* Height of the label of a tile, in its bottom left corner: 1/10 of the tile, 12 to 44 pixels, even. */
guint pl_label_height(guint tile_height);

/* NULL for a name of which nothing is left to draw. At most as wide as the tile. */
PlTexture *pl_label_new(const char *name, guint tile_width, guint tile_height);
