/* The packets' part of the floor: receive + unprotect, protect + send, each in cores. [main] */
#pragma once

#include "floor-content.h"

typedef struct {
  double receive, send;
} FloorNetwork;

/* Runs for about twice scenario->seconds. Says on stdout what it did. */
gboolean floor_network_measure(const FloorScenario *scenario, const FloorContent *content, FloorNetwork *out_network,
                               GError **error);
