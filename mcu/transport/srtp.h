/* McuSrtp: one leg's SRTP session in both directions (RFC 3711, 7714), by libsrtp. [net]
 *
 * Packets are protected and unprotected in place. A resent packet (NACK) is protected again under
 * its first sequence number, which is safe because its bytes are the same. */
#pragma once

#include <glib.h>

#include "mcu/util/drop.h"

typedef struct McuSrtp McuSrtp;

typedef enum {
  MCU_SRTP_AEAD_AES_128_GCM,        /* preferred: a fifth of the cost on Debian's libsrtp */
  MCU_SRTP_AES_CM_128_HMAC_SHA1_80, /* accepted */
} McuSrtpProfile;

#define MCU_SRTP_KEY_BYTES 16
#define MCU_SRTP_SALT_MAX_BYTES 14
/* Bytes that protecting may add behind a packet, SRTCP index included. */
#define MCU_SRTP_TRAILER (16 + 4)

typedef struct {
  guint8 key[MCU_SRTP_KEY_BYTES];
  guint8 salt[MCU_SRTP_SALT_MAX_BYTES];
} McuSrtpKey;

guint mcu_srtp_salt_bytes(McuSrtpProfile profile);

/* [net] NULL only when libsrtp refuses the profile. */
McuSrtp *mcu_srtp_new(McuSrtpProfile profile, const McuSrtpKey *send, const McuSrtpKey *receive, GError **error);
void mcu_srtp_free(McuSrtp *srtp);

void mcu_srtp_prefetch(const McuSrtp *srtp); /* [net] what protecting a packet will touch, into the caches */
/* [net] `*size` grows by at most MCU_SRTP_TRAILER; the buffer must have the room. FALSE: our own
 * packet was refused (counted by the caller). */
gboolean mcu_srtp_protect_rtp(McuSrtp *srtp, guint8 *packet, gsize *size);
gboolean mcu_srtp_protect_rtcp(McuSrtp *srtp, guint8 *packet, gsize *size);
/* [net] `*size` shrinks to the plain packet. */
McuDrop mcu_srtp_unprotect_rtp(McuSrtp *srtp, guint8 *packet, gsize *size);
McuDrop mcu_srtp_unprotect_rtcp(McuSrtp *srtp, guint8 *packet, gsize *size);
