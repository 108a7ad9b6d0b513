/* The picture's part of the floor: decode, scale into the canvas, encode, each in cores. [main] */
#pragma once

#include "floor-content.h"

typedef struct {
  double decode, scale, encode;
} FloorPicture;

/* Runs for three times scenario->seconds. Says on stdout what it did. */
gboolean floor_picture_measure(const FloorScenario *scenario, const FloorContent *content, FloorPicture *out_picture,
                               GError **error);
