/* The fixed RTP header (RFC 3550 section 5.1) with CSRC list, extension and padding around the payload.
 * Pure functions on bytes; used for each packet, so no allocation. */
#pragma once

#include <glib.h>

#include "mcu/util/drop.h"
#include "mcu/util/ring.h" /* MCU_RTP_HEADER */

typedef struct {
  guint8 pt;
  gboolean marker;
  guint16 seq;
  guint32 timestamp;
  guint32 ssrc;
  guint16 header_size;  /* fixed header, CSRC list and extension */
  guint16 payload_size; /* padding removed; 0 is legal (probing packets) and nothing to decode */
  guint16 ext_profile;  /* 0xBEDE, 0x100n (RFC 8285), or something unknown; 0 with ext NULL */
  guint16 ext_size;     /* bytes at ext */
  const guint8 *ext;    /* the extension's data in the packet, NULL: none */
} McuRtpHeader;

/* [any] MCU_DROP_NONE and `out_header`, or MCU_DROP_RTP_MALFORMED / MCU_DROP_OVERSIZED. */
McuDrop mcu_rtp_parse(const guint8 *data, gsize size, McuRtpHeader *out_header);

/* [any] Makes the parsed packet at `data` clean as McuRing wants it: 12 bytes of header, then the
 * payload. The payload stays where it is, the header moves up to it. Returns the size of the clean
 * packet, which starts at *out_start (inside data). `header->ext` must not be used after. */
gsize mcu_rtp_clean(guint8 *data, const McuRtpHeader *header, guint8 **out_start);

/* [any] Writes a fixed header without CSRC, extension, padding. Returns MCU_RTP_HEADER. */
gsize mcu_rtp_write_header(guint8 *buffer, guint8 pt, gboolean marker, guint16 seq, guint32 timestamp, guint32 ssrc);
