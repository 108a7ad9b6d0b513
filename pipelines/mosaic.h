/* plmosaic: a live source that composes a PlWall at each tick of the pipeline's clock (25 per second)
 * and never waits for anything else. Frame n is due, and stamped, at n/fps of the pipeline's running
 * time; ticks that cannot be kept are left out and counted. */
#pragma once

#include <gst/gst.h>

#include "pipelines/wall.h"

#define PL_TYPE_MOSAIC (pl_mosaic_get_type())
GType pl_mosaic_get_type(void);

/* [main] Floating reference; takes a reference to `wall`. */
GstElement *pl_mosaic_new(PlWall *wall, guint fps);
GstCaps *pl_mosaic_caps(guint width, guint height, guint fps);
/* [any] */
guint64 pl_mosaic_frames(GstElement *element);
guint64 pl_mosaic_late(GstElement *element);
