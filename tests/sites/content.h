/* SimContent: everything a simulated site can send: its picture in each size and codec, and its
 * sound. Made once, kept in a cache folder, loaded from there afterwards. */
#pragma once

#include <glib.h>

#include "clip.h"

#define SIM_SIZES 3

typedef struct {
  guint width, height, kbps;
} SimSize;

/* Largest first: 640x360, 320x180, 160x90. */
extern const SimSize sim_sizes[SIM_SIZES];

typedef struct {
  const char *cache_dir;
  const char *media_dir; /* NULL: drawn pictures, tones alone */
  gboolean h264, vp8;
  guint first_size; /* index of the largest to make */
  guint seconds;    /* of the loop */
} SimContentConfig;

typedef struct {
  guint site;
  SimClip *video[2][SIM_SIZES]; /* by codec (0 H.264, 1 VP8) and size; NULL: not made */
  SimClip *sound;
} SimContent;

/* [main] Contents of sites first .. first + n - 1, made on all cores; progress goes to stderr.
 * Element type SimContent *. */
GPtrArray *sim_content_load(const SimContentConfig *config, guint first, guint n, GError **error);
/* [main] The packets of a site that does not talk. Caller unrefs. */
SimClip *sim_content_silence(GError **error);

/* [any] The largest picture of `codec` that needs at most `kbps` (0: any); the smallest if none
 * does. Borrowed; NULL when nothing of that codec was made. */
SimClip *sim_content_video(const SimContent *content, McuCodec codec, guint kbps);

/* [any] For fake devices of a browser: the same picture and sound in plain files. */
gboolean sim_content_write_y4m(const char *path, guint site, guint seconds, guint width, guint height, GError **error);
gboolean sim_content_write_wav(const char *path, guint site, guint seconds, GError **error);
