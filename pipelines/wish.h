/* What to ask of a site's camera, by the cell it is shown in. Pure.
 *
 * Sizes come in steps of 16:9, so that a grid whose cells differ by some pixels, or another site joining,
 * does not make every camera start anew. */
#pragma once

#include "mcu/types.h"

/* The smallest step that fills a cell of this size, at `fps` or less where it is small, and what it needs; at most
 * `max_kbps`. */
void pl_wish_for_cell(guint width, guint height, guint fps, guint max_kbps, McuPicture *out_wish);
/* The larger one of two views' wishes in everything. */
void pl_wish_merge(McuPicture *wish, const McuPicture *other);
gboolean pl_wish_equal(const McuPicture *a, const McuPicture *b);
