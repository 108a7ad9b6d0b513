/* What the simulated sites send, ready for decoders: their own loops from the same cache where they have
 * the size, else loops made of the same films in the same way. Slow; before anything is measured. [main] */
#pragma once

#include <gst/gst.h>

#include "floor.h"
#include "tests/sites/clip.h"

/* A site's picture; it may be entered at each key frame. */
typedef struct {
  GPtrArray *units;  /* GstBuffer, one access unit each */
  GArray *keyframes; /* guint: which of them */
  guint n_packets;   /* RTP, as the site sends it */
  gsize packet_bytes;
} FloorLoop;

typedef struct {
  GPtrArray *visible, *wall; /* FloorLoop; as many as there are different ones */
  GPtrArray *sounds;         /* SimClip, one per talker */
  SimClip *silence;
} FloorContent;

FloorContent *floor_content_load(const FloorScenario *scenario, GError **error);
void floor_content_free(FloorContent *content);
