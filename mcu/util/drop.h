/* Why a packet was not used. Counted per reason, per network thread, never logged: what comes
 * from outside must not be able to fill a disk. The words appear in /metrics. */
#pragma once

#include <glib.h>

typedef enum {
  MCU_DROP_NONE,
  MCU_DROP_EMPTY,         /* no byte, or too short for any protocol */
  MCU_DROP_UNKNOWN,       /* first byte of no protocol we speak (RFC 7983) */
  MCU_DROP_STUN,          /* says it is STUN, and is not (RFC 8489 5) */
  MCU_DROP_UNVERIFIED,    /* from an address that has passed no ICE check */
  MCU_DROP_OVERSIZED,     /* larger than MCU_RTP_MAX and its tag */
  MCU_DROP_BEFORE_KEYS,   /* media before the handshake ended */
  MCU_DROP_DTLS,          /* a record OpenSSL had no use for */
  MCU_DROP_AUTH,          /* SRTP: wrong tag */
  MCU_DROP_REPLAY,        /* SRTP: seen before or too old */
  MCU_DROP_RTP_MALFORMED, /* RFC 3550 header, padding or extension does not fit the packet */
  MCU_DROP_RTCP_MALFORMED,
  MCU_DROP_PAYLOAD_TYPE, /* not negotiated */
  MCU_DROP_SSRC,         /* a second source on a track that has one */
  MCU_DROP_NAL_TYPE,     /* H.264 NAL types 25, 26, 27, 29 (MTAP, FU-B): not of mode 1 */
  MCU_DROP_PICTURE_SIZE, /* a key frame larger than we decode */
  MCU_DROP_DUPLICATE,
  MCU_DROP_LATE,      /* behind what has been given to the decoder */
  MCU_DROP_RING_FULL, /* the decoder does not keep up */
  MCU_DROP_RATE,      /* over the limit of packets for one site */
  MCU_DROP_SEND,      /* the kernel did not take it */
  MCU_N_DROPS
} McuDrop;

/* [any] Word for /metrics, as "rtp-malformed". Never NULL. */
const char *mcu_drop_word(McuDrop drop);
