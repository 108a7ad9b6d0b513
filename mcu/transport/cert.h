/* McuCert: key and self-signed certificate of a DTLS endpoint (ECDSA P-256), made in memory. The
 * fingerprint in the SDP is what the peer trusts, so the certificate lives as long as the process.
 * The HTTPS certificate is another one, on disk. */
#pragma once

#include <glib.h>

typedef struct McuCert McuCert;

#define MCU_FINGERPRINT_BYTES 32

McuCert *mcu_cert_new(GError **error); /* [any] */
void mcu_cert_free(McuCert *cert);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuCert, mcu_cert_free)
/* [any] SHA-256 of the DER certificate, MCU_FINGERPRINT_BYTES bytes, borrowed. */
const guint8 *mcu_cert_fingerprint(const McuCert *cert);

/* [any] Writes a key and a self-signed certificate for HTTPS with `names` (NULL-terminated DNS names
 * or IP addresses) as subjectAltName into the two files; the key readable by the owner alone. */
gboolean mcu_cert_write_https(const char *cert_path, const char *key_path, const char *const *names, GError **error);

/* [any] The TLS library's version if it is older than 3.0.22, which has the fixes we count on (records
 * from outside could end a call before); NULL: new enough. Borrowed. */
const char *mcu_cert_outdated_library(void);
