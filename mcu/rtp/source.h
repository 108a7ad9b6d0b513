/* Whose packet it is, where two lines of a description share a transport and a payload type (RFC 8843 9.2). Pure; used
 * for each packet of such a transport. */
#pragma once

#include "mcu/rtp/header.h"

#define MCU_RTP_MID_MAX 32

/* What the description says of a line's packets. All 0: nothing. */
typedef struct {
  guint32 ssrc;  /* 0: not told */
  guint8 ext_id; /* of the header extension urn:ietf:params:rtp-hdrext:sdes:mid; 0: none */
  guint8 mid_size;
  char mid[MCU_RTP_MID_MAX];
} McuRtpSource;

typedef enum {
  MCU_RTP_UNTOLD, /* nothing that the packet has and the description tells decides */
  MCU_RTP_OWN,
  MCU_RTP_OTHERS,
} McuRtpBelongs;

/* [any] `mid` of more than MCU_RTP_MID_MAX bytes is not looked for. */
void mcu_rtp_source_init(McuRtpSource *source, guint32 ssrc, guint8 ext_id, const char *mid);
/* [any] The mid in the packet counts before its source: senders change their source, and say so by it. */
McuRtpBelongs mcu_rtp_source_match(const McuRtpSource *source, const McuRtpHeader *header);
