/* PlVideoMix: one meeting's picture: the wall, the composing pipeline and the renditions. Frames are
 * composed only while a rendition is acquired. All [main]. */
#pragma once

#include <glib.h>

#include "mcu/util/stream.h"
#include "pipelines/rendition.h"
#include "pipelines/wall.h"

typedef struct PlVideoMix PlVideoMix;

typedef struct {
  const char *name; /* for logs */
  guint width, height, fps;
  guint kbps;
} PlVideoMixConfig;

typedef struct {
  guint renditions;
  guint64 frames;
  guint64 late;
} PlVideoMixStats;

PlVideoMix *pl_video_mix_new(const PlVideoMixConfig *config, GError **error);
void pl_video_mix_free(PlVideoMix *mix);

PlWall *pl_video_mix_wall(PlVideoMix *mix); /* borrowed */

/* The stream of a codec is the same for the life of the mix, however often it stops and starts. */
McuStream *pl_video_mix_acquire(PlVideoMix *mix, McuCodec codec, GError **error);
void pl_video_mix_release(PlVideoMix *mix, McuCodec codec);
/* Of a codec that is acquired. */
void pl_video_mix_set_tap(PlVideoMix *mix, McuCodec codec, PlRenditionTap tap, gpointer user_data);

void pl_video_mix_get_stats(PlVideoMix *mix, PlVideoMixStats *out_stats);
