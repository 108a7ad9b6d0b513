/* RTP header extensions (RFC 8285): reading the one- and two-byte forms, writing the one-byte form.
 * Known to us: client-to-mixer audio level (RFC 6464) and
 * http://www.webrtc.org/experiments/rtp-hdrext/playout-delay (12 + 12 bits, in 10 ms).
 * Pure; used for each packet. */
#pragma once

#include <glib.h>

#include "mcu/rtp/header.h"

/* Ids of the one-byte form: 0 is padding, 15 is reserved. */
#define MCU_RTP_EXT_ID_MAX 14
/* The most mcu_rtp_ext_write() adds. */
#define MCU_RTP_EXT_MAX 12
#define MCU_PLAYOUT_DELAY_MAX_MS 40950

/* [any] The element `id` of the header's extension block; FALSE when it is not there. The result
 * points into the packet and may have size 0 in the two-byte form. */
gboolean mcu_rtp_ext_find(const McuRtpHeader *header, guint8 id, const guint8 **out_data, guint8 *out_size);

/* [any] RFC 6464: 0 loudest .. 127 silence, or MCU_LEVEL_UNKNOWN. `id` 0: not negotiated. */
guint8 mcu_rtp_ext_level(const McuRtpHeader *header, guint8 id);

/* What to send. An id that is 0, or over MCU_RTP_EXT_ID_MAX, leaves that element out. */
typedef struct {
  guint8 level_id;
  guint8 level; /* -dBov, 0..127 */
  gboolean voice;
  guint8 playout_delay_id;
  guint16 playout_min_ms, playout_max_ms; /* min <= max <= MCU_PLAYOUT_DELAY_MAX_MS */
} McuRtpExtSend;

/* [any] Writes the extension block behind the 12 byte header at `packet` and sets its X bit; the buffer
 * has room for MCU_RTP_EXT_MAX bytes more. Returns the bytes added: a multiple of four, 0 when there is
 * nothing to send. The payload comes after them. */
gsize mcu_rtp_ext_write(guint8 *packet, const McuRtpExtSend *ext);
