/* McuDtls: one DTLS 1.2 association for SRTP keys (RFC 5764), by OpenSSL. [net] but for the context.
 *
 * Datagrams and timers in, datagrams and keys out; no socket. Only datagrams from an address that
 * passed an ICE check may be given to it. The peer's certificate is trusted by its fingerprint from
 * the description and by nothing else (RFC 8122). */
#pragma once

#include <glib.h>

#include "mcu/transport/leg.h"
#include "mcu/transport/srtp.h"

typedef struct McuDtls McuDtls;

typedef enum {
  MCU_DTLS_GOING_ON,
  MCU_DTLS_ESTABLISHED, /* once: keys can be read now */
  MCU_DTLS_USELESS,     /* the datagram was no record we had a use for: count it */
  MCU_DTLS_CLOSED,      /* close_notify of the peer, authenticated */
  MCU_DTLS_FAILED,      /* handshake failed for good; see out_error */
} McuDtlsResult;

typedef void (*McuDtlsSend)(const guint8 *datagram, gsize size, gpointer user_data);

/* [main] What all associations of one certificate share; made on first use, kept by `cert`. */
gpointer mcu_dtls_context(const McuCert *cert, GError **error);

/* [net] `fingerprint`: SHA-256, MCU_FINGERPRINT_BYTES, copied. */
McuDtls *mcu_dtls_new(gpointer context, McuDtlsRole role, const guint8 *fingerprint, McuDtlsSend send,
                      gpointer user_data);
void mcu_dtls_free(McuDtls *dtls);

McuDtlsResult mcu_dtls_start(McuDtls *dtls, GError **error); /* the client's first flight */
McuDtlsResult mcu_dtls_receive(McuDtls *dtls, const guint8 *datagram, gsize size, GError **error);
/* Retransmits what is due; call about every 20 ms until established. */
McuDtlsResult mcu_dtls_tick(McuDtls *dtls, GError **error);
void mcu_dtls_close(McuDtls *dtls); /* sends close_notify */

/* After MCU_DTLS_ESTABLISHED. */
void mcu_dtls_get_keys(const McuDtls *dtls, McuSrtpProfile *out_profile, McuSrtpKey *out_send, McuSrtpKey *out_receive);
