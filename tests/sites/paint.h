/* The picture of a simulated site, drawn: pure functions on I420 pictures. */
#pragma once

#include <glib.h>

/* I420, planes without padding: width x height luma, then the two quarter planes. Even sizes. */
typedef struct {
  guint width, height;
  guint8 *y, *u, *v;
} SimPicture;

/* [any] Memory of one picture; the planes are inside `data`, which the caller owns. */
gsize sim_picture_size(guint width, guint height);
void sim_picture_init(SimPicture *picture, guint width, guint height, guint8 *data);

/* [any] Frame `frame` of a loop of `n_frames`: something that moves and joins at the loop's end. */
void sim_paint_scene(SimPicture *picture, guint site, guint frame, guint n_frames);
/* [any] The site's number, large, and the mark of `frame`. */
void sim_paint_mark(SimPicture *picture, guint site, guint frame);
/* [any] `from` in the size of `to`, which is not larger. */
void sim_paint_shrink(const SimPicture *from, SimPicture *to);
