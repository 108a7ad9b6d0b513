/* The cards that stand in a tile while there is no picture: the site's name, or its name and that
 * its connection was lost. [main] */
#pragma once

#include "pipelines/texture.h"

/* Width and height even. Opaque, as large as the tile. */
PlTexture *pl_card_new(const char *name, guint width, guint height, gboolean lost);
