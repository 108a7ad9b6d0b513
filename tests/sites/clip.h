/* SimClip: a loop of RTP payloads made beforehand, in one block of memory that is also its file in
 * the cache. Constant after it is made; shared by reference. */
#pragma once

#include <glib.h>

#include "mcu/types.h"

typedef struct SimClip SimClip;
typedef struct SimClipBuilder SimClipBuilder;

typedef struct {
  const guint8 *payload;
  guint16 size;
  guint16 frame; /* in the loop */
  guint8 marker;
  guint8 keyframe; /* belongs to a key frame's start */
  guint8 level;    /* sound: RFC 6464 */
} SimClipPacket;

SimClipBuilder *sim_clip_builder_new(McuCodec codec, guint width, guint height, guint n_frames);
/* [owner] Packets in order of sending; copies. */
void sim_clip_builder_add(SimClipBuilder *builder, const SimClipPacket *packet);
/* [owner] Ends and frees the builder. MCU_ERROR_INTERNAL when a frame has no packet. */
SimClip *sim_clip_builder_finish(SimClipBuilder *builder, GError **error);
void sim_clip_builder_free(SimClipBuilder *builder);

/* [any] From its file; MCU_ERROR_CONFIG when that is not a whole clip of this version. */
SimClip *sim_clip_load(const char *path, GError **error);
/* [any] From bytes, checked in full: what comes from a disk may be anything. */
SimClip *sim_clip_from_bytes(GBytes *bytes, GError **error);
gboolean sim_clip_save(const SimClip *clip, const char *path, GError **error);
SimClip *sim_clip_ref(SimClip *clip);
void sim_clip_unref(SimClip *clip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimClip, sim_clip_unref)

McuCodec sim_clip_codec(const SimClip *clip);
guint sim_clip_width(const SimClip *clip);
guint sim_clip_frames(const SimClip *clip);
gsize sim_clip_bytes(const SimClip *clip);
/* [any] One byte per frame: 1 when it is a key frame. */
const guint8 *sim_clip_keyframes(const SimClip *clip);
/* [any] Packets of `frame` are first .. first + count - 1. */
void sim_clip_frame(const SimClip *clip, guint frame, guint *out_first, guint *out_count);
void sim_clip_packet(const SimClip *clip, guint i, SimClipPacket *out_packet);
