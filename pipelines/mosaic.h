/* plmosaic: a live source that composes a PlCanvas at each tick of the pipeline's clock and never waits for
 * anything else. Its caps follow the size of the canvas. Frame n is due, and stamped, at n/fps of the pipeline's
 * running time; ticks that cannot be kept are left out and counted. */
#pragma once

#include <gst/gst.h>

#include "pipelines/canvas.h"

#define PL_TYPE_MOSAIC (pl_mosaic_get_type())
GType pl_mosaic_get_type(void);

/* [main] Floating reference; takes a reference to `canvas`. */
GstElement *pl_mosaic_new(PlCanvas *canvas, guint fps);
GstCaps *pl_mosaic_caps(guint width, guint height, guint fps);
/* [any] */
guint64 pl_mosaic_frames(GstElement *element);
guint64 pl_mosaic_late(GstElement *element);
