/* Which protocol a datagram on the one media port belongs to, by its first bytes (RFC 7983 section 7;
 * RFC 5761 section 4 for RTP and RTCP). Pure; looks at two bytes at most. */
#pragma once

#include <glib.h>

typedef enum {
  MCU_DEMUX_NONE, /* count as MCU_DROP_EMPTY or MCU_DROP_UNKNOWN */
  MCU_DEMUX_STUN,
  MCU_DEMUX_DTLS,
  MCU_DEMUX_RTP,
  MCU_DEMUX_RTCP,
} McuDemux;

/* [any] Datagrams too short for the protocol their first byte names are MCU_DEMUX_NONE. */
McuDemux mcu_demux(const guint8 *data, gsize size);
