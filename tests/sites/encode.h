/* SimEncoder: raw pictures or sound in, a SimClip of RTP payloads out. Slow work, done once and
 * kept in the cache; each encoder belongs to the thread that makes the content. */
#pragma once

#include <glib.h>

#include "clip.h"
#include "content.h"
#include "paint.h"

typedef struct SimEncoder SimEncoder;

/* [any] One picture loop of `n_frames`, a key frame about every second, or two where there are few frames. */
SimEncoder *sim_encoder_new(McuCodec codec, const SimSize *size, guint n_frames, GError **error);
void sim_encoder_free(SimEncoder *encoder);
gboolean sim_encoder_push(SimEncoder *encoder, const SimPicture *picture, GError **error);
SimClip *sim_encoder_finish(SimEncoder *encoder, GError **error);

/* [any] A loop of Opus packets from `n_frames` x 960 samples (mono, full scale 1.0) that joins at
 * its end. Levels are measured; `silence` says 127 and makes packets as small as they get. */
SimClip *sim_encode_sound(const float *samples, guint n_frames, guint kbps, gboolean silence, GError **error);

/* [any] All pictures of a film, cut to 16:9, at MCU_VIDEO_FPS, at most `max_frames`; element type
 * guint8 * of sim_picture_size(width, height) bytes, freed with the array. */
GPtrArray *sim_decode_film(const char *path, guint width, guint height, guint max_frames, GError **error);
/* [any] Mono float samples of a sound file, at most `max_samples`. */
GArray *sim_decode_sound(const char *path, guint max_samples, GError **error);
