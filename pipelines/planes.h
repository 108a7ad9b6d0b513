/* PlPlanes: the pixels of a picture, and what libyuv does with them: cut, averaged, scaled. All [any]. */
#pragma once

#include <gst/video/video.h>

#include "pipelines/grid.h"

/* Three planes of 8 bits, 4:2:0; borrowed memory. */
typedef struct {
  guint8 *y, *u, *v;
  int stride_y, stride_u, stride_v;
} PlPlanes;

/* In one block, without padding, zeroed; caller frees with g_free. */
guint8 *pl_planes_new(guint width, guint height, PlPlanes *out_planes);
/* Those of a mapped I420 frame, as long as it is mapped. */
PlPlanes pl_planes_of_frame(const GstVideoFrame *frame);
/* The planes of the rectangle at x, y (even) inside `planes`. */
PlPlanes pl_planes_at(const PlPlanes *planes, guint x, guint y);
/* libyuv's box filter: from a view's size to a smaller rung. */
void pl_planes_scale(const PlPlanes *src, guint src_width, guint src_height, const PlPlanes *dst, guint dst_width,
                     guint dst_height);
/* Fills `cell` of `canvas` with the largest middle part of the picture that has its shape: cropped, never
 * stretched. `scratch` holds half the picture's width and height. */
void pl_planes_fill(const PlPlanes *src, guint src_width, guint src_height, const PlPlanes *canvas, const PlRect *cell,
                    const PlPlanes *scratch);
/* The largest part of `cell`, in its middle and even, that has the picture's shape: for a picture that is shown whole.
 */
void pl_planes_fit(guint src_width, guint src_height, const PlRect *cell, PlRect *out_part);
/* One colour, limited range. */
void pl_planes_paint(const PlPlanes *planes, const PlRect *part, guint8 y, guint8 u, guint8 v);
