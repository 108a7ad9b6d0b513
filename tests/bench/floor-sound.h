/* The sound's part of the floor, in cores. [main] */
#pragma once

#include "floor-content.h"

gboolean floor_sound_measure(const FloorScenario *scenario, const FloorContent *content, double *out_cores,
                             GError **error);
