/* SimContent: everything a simulated site can send: its picture in each size and codec, and its
 * sound. Made once, kept in a cache folder, loaded from there afterwards. */
#pragma once

#include <glib.h>

#include "clip.h"

#define SIM_SIZES 4

typedef struct {
  guint width, height, fps, kbps;
} SimSize;

/* Largest first: 640x360, 320x180, 160x90, and 128x72 for a wall of many, which is slow. */
extern const SimSize sim_sizes[SIM_SIZES];

/* Each size has numbers of its own for the frames of its loop, so that a mark says which loop it is of. */
#define SIM_LOOP_FRAMES 256
#define SIM_FRAME_NUMBERS (SIM_SIZES * SIM_LOOP_FRAMES)

typedef struct {
  const char *cache_dir;
  const char *media_dir; /* NULL: drawn pictures, tones alone */
  gboolean h264, vp8;
  guint first_size; /* index of the largest to make */
  gboolean plain;   /* without the mark */
  guint seconds;    /* of the loop; at most 10, for its frames must be fewer than SIM_LOOP_FRAMES */
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

/* A loop to send. */
typedef struct {
  SimClip *clip; /* borrowed; NULL: no picture */
  guint fps;     /* at which it is sent; a loop made for more then runs slower */
  guint number;  /* of its first frame, in the mark */
} SimFilm;

/* [any] The largest picture of `codec` that is in nothing more than what is asked for; the smallest if each
 * is. None when none is asked for, or nothing of that codec was made. */
void sim_content_choose(const SimContent *content, McuCodec codec, const McuPicture *asked, SimFilm *out_film);

/* [any] For fake devices of a browser: the same picture and sound in plain files. */
gboolean sim_content_write_y4m(const char *path, guint site, guint seconds, guint width, guint height, gboolean plain,
                               GError **error);
gboolean sim_content_write_wav(const char *path, guint site, guint seconds, GError **error);
