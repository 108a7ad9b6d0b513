/* See demux.h. */
#include "mcu/rtp/demux.h"

/* The smallest thing of each protocol: STUN header (RFC 8489 5), DTLS record header (RFC 6347 4.1), RTP
 * header, RTCP header and SSRC. */
#define STUN_MIN 20
#define DTLS_MIN 13
#define RTP_MIN 12
#define RTCP_MIN 8

McuDemux
mcu_demux(const guint8 *data, gsize size)
{
  if (size < RTCP_MIN)
    return MCU_DEMUX_NONE;
  guint8 first = data[0];
  if (first <= 3)
    return size >= STUN_MIN ? MCU_DEMUX_STUN : MCU_DEMUX_NONE;
  if (first >= 20 && first <= 63)
    return size >= DTLS_MIN ? MCU_DEMUX_DTLS : MCU_DEMUX_NONE;
  if (first < 128 || first > 191)
    return MCU_DEMUX_NONE;
  /* RFC 5761 section 4: RTCP types 192..223 stand where RTP has marker and payload types 64..95. */
  if (data[1] >= 192 && data[1] <= 223)
    return MCU_DEMUX_RTCP;
  return size >= RTP_MIN ? MCU_DEMUX_RTP : MCU_DEMUX_NONE;
}
