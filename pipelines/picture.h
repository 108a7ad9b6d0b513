/* PlPicture: one seat's picture: its face, where its packets come from, and a decoder as long as somebody
 * sees it. All [main]. */
#pragma once

#include "mcu/util/ring.h"
#include "pipelines/face.h"

typedef struct PlPicture PlPicture;

/* `name`: for logs and labels. `owner` is the caller's. */
PlPicture *pl_picture_new(const char *name, gpointer owner);
void pl_picture_free(PlPicture *picture);
gpointer pl_picture_owner(const PlPicture *picture);
PlFace *pl_picture_face(PlPicture *picture); /* borrowed */

void pl_picture_set_name(PlPicture *picture, const char *name);
void pl_picture_set_lost(PlPicture *picture, gboolean lost);
void pl_picture_set_camera(PlPicture *picture, gboolean on);
gboolean pl_picture_camera(const PlPicture *picture);
/* A reference is kept; NULL: nothing comes. The last picture stays until the first new one. */
void pl_picture_set_input(PlPicture *picture, McuRing *ring, McuCodec codec);

/* What is wanted of the camera: a decoder runs while that is not nothing. TRUE when it has changed. */
gboolean pl_picture_want(PlPicture *picture, const McuPicture *wanted);
const McuPicture *pl_picture_wanted(const PlPicture *picture);

gboolean pl_picture_decoding(const PlPicture *picture);
guint64 pl_picture_errors(PlPicture *picture); /* of all its decoders so far */
