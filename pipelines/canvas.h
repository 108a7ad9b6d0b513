/* PlCanvas: the composed picture of one view without any GStreamer element: tiles, their places, and what
 * to draw at a tick. The canvas lives on between ticks; a tick draws only tiles that changed. What changes by itself
 * (clocks, the frame round who speaks) and the banner are drawn over the copy that goes out: frames below the panes
 * that lie over theirs, then all clocks, then the banner. An empty pane draws nothing: what it lies over is seen.
 *
 * Tiles are changed on main and drawn by the mosaic's thread; a lock stands between them, held on main
 * for pointer swaps only and by a tick while it draws. Texts are drawn by the mosaic's thread when they
 * are first needed, a limited number per tick: a wall of hundreds is labelled within some ticks. */
#pragma once

#include "mcu/media-engine.h"
#include "pipelines/face.h"
#include "pipelines/grid.h"
#include "pipelines/texture.h"

/* A picture older than this gives way to a card. */
#define PL_PICTURE_STALE_US (2 * G_USEC_PER_SEC)
/* A frame stands round who was heard so lately: longer than the pause between two words. */
#define PL_HEARD_FRESH_US 400000
/* Labels, cards and clocks drawn in one tick; each is some tenths of a millisecond. */
#define PL_CANVAS_TEXTS_PER_TICK 32

typedef struct PlCanvas PlCanvas;

/* [main] Width and height even. */
PlCanvas *pl_canvas_new(McuView view, guint width, guint height);
PlCanvas *pl_canvas_ref(PlCanvas *canvas);
void pl_canvas_unref(PlCanvas *canvas); /* [any] */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlCanvas, pl_canvas_unref)

/* [main] Another size from the next tick on; what is shown stays. */
void pl_canvas_resize(PlCanvas *canvas, guint width, guint height);
/* [main] What is shown from the next tick on: `faces`, one for each pane of `look`, NULL where it is empty; the seats
 * of its panes are not looked at. No face twice. Keeps references and copies. Who is shown already keeps the picture.
 */
void pl_canvas_show(PlCanvas *canvas, const McuViewLook *look, PlFace *const *faces);
/* [main] Where pane `index` of `look` is. */
void pl_canvas_place(const PlCanvas *canvas, const McuViewLook *look, guint index, PlRect *out_cell);

/* [main] Nobody looks: the tiles let go of their pictures, whose memory is the decoders'. */
void pl_canvas_forget_pictures(PlCanvas *canvas);

/* [any] */
void pl_canvas_get_size(PlCanvas *canvas, guint *out_width, guint *out_height);
/* [gst] Brings the canvas up to `now_us` and copies it to `out`. FALSE, and nothing is written, when the canvas
 * is not of this size (any more). */
gboolean pl_canvas_compose(PlCanvas *canvas, gint64 now_us, guint width, guint height, const PlPlanes *out);
/* [any] Tiles that showed a picture at the last tick. */
guint pl_canvas_pictures(PlCanvas *canvas);
