/* PlWall: the composed picture of one meeting without any GStreamer element: tiles, the canvas, and
 * what to draw at a tick. The canvas lives on between ticks; a tick draws only tiles that changed.
 *
 * Tiles are changed on main and drawn by the mosaic's thread; a lock stands between them, held on
 * main for pointer swaps only (text is drawn outside of it) and by a tick while it draws. */
#pragma once

#include "pipelines/grid.h"
#include "pipelines/slot.h"
#include "pipelines/texture.h"

/* A picture older than this gives way to a card. */
#define PL_PICTURE_STALE_US (2 * G_USEC_PER_SEC)

typedef struct PlWall PlWall;
typedef struct PlTile PlTile;

/* [main] Width and height even. */
PlWall *pl_wall_new(guint width, guint height);
PlWall *pl_wall_ref(PlWall *wall);
void pl_wall_unref(PlWall *wall); /* [any] */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlWall, pl_wall_unref)

/* [main] Tiles stand in the order in which they were added; the first PL_GRID_MAX_TILES are shown. */
PlTile *pl_wall_add(PlWall *wall, const char *name);
void pl_wall_remove(PlWall *wall, PlTile *tile); /* frees it */
void pl_tile_set_name(PlTile *tile, const char *name);
/* Which card is shown while there is no fresh picture. */
void pl_tile_set_lost(PlTile *tile, gboolean lost);
/* Off: the card at once, and pictures are ignored. */
void pl_tile_set_camera(PlTile *tile, gboolean on);
PlSlot *pl_tile_slot(PlTile *tile); /* borrowed */

/* [gst] Brings the canvas up to `now_us` and copies it to `out` (same size). */
void pl_wall_compose(PlWall *wall, gint64 now_us, const PlPlanes *out);
guint pl_wall_width(const PlWall *wall);
guint pl_wall_height(const PlWall *wall);
/* [any] Tiles that showed a picture at the last tick. */
guint pl_wall_pictures(PlWall *wall);
