/* VP8 in RTP (RFC 7741): the payload descriptor, and what the key frame's header says of the picture
 * size (RFC 6386 section 9.1). Pure. */
#pragma once

#include <glib.h>

#include "mcu/util/drop.h"

typedef struct {
  guint descriptor_size; /* bytes before the VP8 data */
  gboolean frame_start;  /* first packet of a frame: S bit and partition 0 */
  gboolean keyframe;     /* with frame_start: it is a key frame */
  guint width, height;   /* with keyframe */
} McuVp8Info;

/* [any] MCU_DROP_NONE, or MCU_DROP_RTP_MALFORMED when descriptor or key frame header do not fit. The
 * size is for the caller to judge (mcu_picture_size_allowed()). */
McuDrop mcu_vp8_parse(const guint8 *payload, gsize size, McuVp8Info *out_info);
gboolean mcu_vp8_starts_keyframe(const guint8 *payload, gsize size); /* [any] */
