/* Keys and certificates, by OpenSSL (with dtls.c the only user of it). Certificates are handed on as
 * DER bytes, so that no type of OpenSSL's stands in a header of ours. */
#include "mcu/transport/cert-priv.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/util/error.h"

#define DTLS_DAYS 30    /* made at each start; browsers check the fingerprint, not the date */
#define HTTPS_DAYS 3650 /* browsers ask the user once, and again when it changes */

struct McuCert {
  GBytes *cert_der;
  GBytes *key_der;
  guint8 fingerprint[MCU_FINGERPRINT_BYTES];
  gpointer context;
  GDestroyNotify free_context;
};

static gboolean
fail(GError **error, const char *what)
{
  g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "certificate: %s failed", what);
  return FALSE;
}

static gboolean
add_extension(X509 *x509, int nid, const char *value)
{
  X509V3_CTX ctx;
  X509V3_set_ctx_nodb(&ctx);
  X509V3_set_ctx(&ctx, x509, x509, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
  if (extension == NULL)
    return FALSE;
  gboolean ok = X509_add_ext(x509, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return ok;
}

/* A self-signed certificate on a new P-256 key. `alt_names` in OpenSSL's form, or NULL. */
static gboolean
make(const char *common_name, const char *alt_names, int days, EVP_PKEY **out_key, X509 **out_cert, GError **error)
{
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *x509 = X509_new();
  guint8 serial[16];
  gboolean ok = key != NULL && x509 != NULL && RAND_bytes(serial, sizeof serial) == 1;

  if (ok) {
    serial[0] &= 0x7f; /* RFC 5280 4.1.2.2: positive */
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    X509_set_version(x509, 2);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
    BN_free(number);
    X509_gmtime_adj(X509_getm_notBefore(x509), -24 * 3600); /* a commune's clock may be slow */
    X509_gmtime_adj(X509_getm_notAfter(x509), (long)days * 24 * 3600);
    X509_set_pubkey(x509, key);
    X509_NAME *name = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const guint8 *)common_name, -1, -1, 0);
    X509_set_issuer_name(x509, name);
    if (alt_names != NULL)
      ok = add_extension(x509, NID_subject_alt_name, alt_names) &&
           add_extension(x509, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(x509, NID_ext_key_usage, "serverAuth");
    ok = ok && X509_sign(x509, key, EVP_sha256()) > 0;
  }
  if (!ok) {
    EVP_PKEY_free(key);
    X509_free(x509);
    return fail(error, "making a P-256 certificate");
  }
  *out_key = key;
  *out_cert = x509;
  return TRUE;
}

McuCert *
mcu_cert_new(GError **error)
{
  EVP_PKEY *key;
  X509 *x509;
  if (!make("diemcau", NULL, DTLS_DAYS, &key, &x509, error))
    return NULL;

  guint8 *der = NULL, *key_der = NULL;
  int der_size = i2d_X509(x509, &der);
  int key_size = i2d_PrivateKey(key, &key_der);
  guint digest_size = 0;
  McuCert *cert = g_new0(McuCert, 1);
  X509_digest(x509, EVP_sha256(), cert->fingerprint, &digest_size);
  g_assert(der_size > 0 && key_size > 0 && digest_size == MCU_FINGERPRINT_BYTES);
  cert->cert_der = g_bytes_new(der, (gsize)der_size);
  cert->key_der = g_bytes_new(key_der, (gsize)key_size);
  OPENSSL_free(der);
  OPENSSL_clear_free(key_der, (gsize)key_size);
  EVP_PKEY_free(key);
  X509_free(x509);
  return cert;
}

void
mcu_cert_free(McuCert *cert)
{
  if (cert == NULL)
    return;
  if (cert->free_context != NULL)
    cert->free_context(cert->context);
  g_bytes_unref(cert->cert_der);
  g_bytes_unref(cert->key_der);
  g_free(cert);
}

const guint8 *
mcu_cert_fingerprint(const McuCert *cert)
{
  return cert->fingerprint;
}

GBytes *
mcu_cert_der(const McuCert *cert)
{
  return cert->cert_der;
}

GBytes *
mcu_cert_key_der(const McuCert *cert)
{
  return cert->key_der;
}

gpointer
mcu_cert_context(const McuCert *cert)
{
  return cert->context;
}

void
mcu_cert_set_context(const McuCert *cert, gpointer context, GDestroyNotify free_context)
{
  McuCert *mutable = (McuCert *)cert;
  g_assert(cert->context == NULL);
  mutable->context = context;
  mutable->free_context = free_context;
}

static gboolean
write_pem(const char *path, mode_t mode, EVP_PKEY *key, X509 *x509, GError **error)
{
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
  gboolean ok = file != NULL && fchmod(fd, mode) == 0;
  if (ok)
    ok =
        key != NULL ? PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1 : PEM_write_X509(file, x509) == 1;
  int saved = errno;
  if (file != NULL)
    ok = fclose(file) == 0 && ok;
  else if (fd >= 0)
    close(fd);
  if (!ok)
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "cannot write %s: %s", path, g_strerror(saved));
  return ok;
}

gboolean
mcu_cert_write_https(const char *cert_path, const char *key_path, const char *const *names, GError **error)
{
  g_autoptr(GString) alt = g_string_new(NULL);
  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    /* A comma would start another entry of OpenSSL's little language. */
    if (names[i][0] == '\0' || strpbrk(names[i], ",\n\r") != NULL) {
      g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "not a host name or address: \"%s\"", names[i]);
      return FALSE;
    }
    g_string_append_printf(alt, "%s%s:%s", alt->len ? "," : "", g_hostname_is_ip_address(names[i]) ? "IP" : "DNS",
                           names[i]);
  }
  EVP_PKEY *key;
  X509 *x509;
  if (!make(names != NULL && names[0] != NULL ? names[0] : "diemcau", alt->len ? alt->str : NULL, HTTPS_DAYS, &key,
            &x509, error))
    return FALSE;
  gboolean ok = write_pem(key_path, 0600, key, NULL, error) && write_pem(cert_path, 0644, NULL, x509, error);
  EVP_PKEY_free(key);
  X509_free(x509);
  return ok;
}

const char *
mcu_cert_outdated_library(void)
{
  return OpenSSL_version_num() < 0x30000160L ? OpenSSL_version(OPENSSL_VERSION) : NULL;
}
