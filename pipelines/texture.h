/* PlTexture: a drawn picture (label, card) in the canvas's own format, so that a tick only copies
 * or blends it. Immutable once made. */
#pragma once

#include <cairo.h>
#include <glib.h>

#include "pipelines/planes.h"

typedef struct PlTexture PlTexture;

/* Width and height even. `surface` is a CAIRO_FORMAT_ARGB32 image; `opaque`: its alpha is ignored. */
PlTexture *pl_texture_new(cairo_surface_t *surface, gboolean opaque);
void pl_texture_free(PlTexture *texture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlTexture, pl_texture_free)

guint pl_texture_width(const PlTexture *texture);
guint pl_texture_height(const PlTexture *texture);

/* [any] Draws with its top left corner at x, y (even); the caller keeps it inside the canvas. */
void pl_texture_draw(const PlTexture *texture, const PlPlanes *canvas, guint x, guint y);
