/* H.264 in RTP (RFC 6184), as far as a bridge must look before a decoder does: the shape of each
 * payload of packetization-mode 1, where key frames start, and the picture size in an SPS. Pure. */
#pragma once

#include <glib.h>

#include "mcu/util/drop.h"

/* The largest picture a site may send, either way up: a larger one is meant to hurt. */
#define MCU_PICTURE_MAX_LONG 1920
#define MCU_PICTURE_MAX_SHORT 1088

/* [any] A payload that mode 1 allows (single NAL unit, STAP-A, FU-A) and whose lengths fit:
 * MCU_DROP_NONE. Else MCU_DROP_NAL_TYPE (STAP-B, MTAP, FU-B, reserved types, an SPS in fragments) or
 * MCU_DROP_RTP_MALFORMED. The other functions here take any bytes too. */
McuDrop mcu_h264_check(const guint8 *payload, gsize size);

/* [any] An IDR slice's start or an SPS is in it. */
gboolean mcu_h264_starts_keyframe(const guint8 *payload, gsize size);

/* [any] The picture size after cropping from an SPS NAL unit (its header byte included). FALSE when
 * it cannot be read, or is no SPS. */
gboolean mcu_h264_sps_size(const guint8 *nal, gsize size, guint *out_width, guint *out_height);

/* [any] FALSE when the payload has an SPS that is unreadable or codes a picture larger than the limit or
 * of more than 8 bits or 4:2:0: not for our decoder. TRUE without an SPS. */
gboolean mcu_h264_size_allowed(const guint8 *payload, gsize size);

/* [any] By MCU_PICTURE_MAX_*. */
gboolean mcu_picture_size_allowed(guint width, guint height);
