/* What dtls.c needs of a certificate. */
#pragma once

#include "mcu/transport/cert.h"

GBytes *mcu_cert_der(const McuCert *cert);     /* borrowed */
GBytes *mcu_cert_key_der(const McuCert *cert); /* borrowed */

/* [main] A place for what is derived from the certificate once and lives as long. */
gpointer mcu_cert_context(const McuCert *cert);
void mcu_cert_set_context(const McuCert *cert, gpointer context, GDestroyNotify free_context);
