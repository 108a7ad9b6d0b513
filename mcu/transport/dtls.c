/* OpenSSL's side of a leg. The library wants a BIO: ours is a mailbox for one datagram in and a
 * callback for datagrams out, so that record boundaries are datagram boundaries and nothing blocks. */
#include "mcu/transport/dtls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

#include "mcu/transport/cert-priv.h"
#include "mcu/util/error.h"

#define DTLS_MTU 1200                /* every flight fits datagrams that pass a tunnel */
#define DTLS_FIRST_TIMEOUT_US 100000 /* a second, the default, is a second until the first picture */
#define DTLS_LAST_TIMEOUT_US 1600000
#define HANDSHAKE_DATAGRAMS_MAX 256 /* what a peer may spend on one handshake */

struct McuDtls {
  SSL *ssl;
  McuDtlsRole role;
  guint8 fingerprint[MCU_FINGERPRINT_BYTES];
  McuDtlsSend send;
  gpointer user_data;

  const guint8 *inbox; /* the datagram being read; NULL: taken */
  gsize inbox_size;
  guint handshake_datagrams;
  gboolean established;
  gboolean over;
  McuSrtpProfile profile;
  McuSrtpKey send_key, receive_key;
};

static int
mailbox_write(BIO *bio, const char *data, int size)
{
  McuDtls *dtls = BIO_get_data(bio);
  if (size > 0)
    dtls->send((const guint8 *)data, (gsize)size, dtls->user_data);
  return size; /* a datagram lost here is like one lost on the way */
}

static int
mailbox_read(BIO *bio, char *buffer, int capacity)
{
  McuDtls *dtls = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  if (dtls->inbox == NULL) {
    BIO_set_retry_read(bio);
    return -1;
  }
  int size = (int)MIN((gsize)capacity, dtls->inbox_size);
  memcpy(buffer, dtls->inbox, (gsize)size);
  dtls->inbox = NULL;
  return size;
}

static long
mailbox_ctrl(BIO *bio, int command, long number, void *pointer)
{
  (void)bio;
  (void)number;
  (void)pointer;
  switch (command) {
  case BIO_CTRL_FLUSH:
    return 1;
  case BIO_CTRL_DGRAM_QUERY_MTU:
    return DTLS_MTU;
  default: /* pending, timeouts, peeking: nothing of the kind here */
    return 0;
  }
}

static int
mailbox_create(BIO *bio)
{
  BIO_set_init(bio, 1);
  return 1;
}

static BIO_METHOD *
mailbox_method(void)
{
  static gsize method;
  if (g_once_init_enter(&method)) {
    BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "diemcau mailbox");
    g_assert(made != NULL);
    BIO_meth_set_write(made, mailbox_write);
    BIO_meth_set_read(made, mailbox_read);
    BIO_meth_set_ctrl(made, mailbox_ctrl);
    BIO_meth_set_create(made, mailbox_create);
    g_once_init_leave(&method, (gsize)made);
  }
  return (BIO_METHOD *)method;
}

/* Any certificate passes the chain check: the fingerprint decides, after the handshake. */
static int
accept_any_chain(int ok, X509_STORE_CTX *store)
{
  (void)ok;
  (void)store;
  return 1;
}

static unsigned int
next_timeout(SSL *ssl, unsigned int timeout_us)
{
  (void)ssl;
  return timeout_us == 0 ? DTLS_FIRST_TIMEOUT_US : MIN(timeout_us * 2, DTLS_LAST_TIMEOUT_US);
}

static gboolean
use_certificate(SSL_CTX *ctx, const McuCert *cert)
{
  gsize cert_size, key_size;
  const guint8 *cert_der = g_bytes_get_data(mcu_cert_der(cert), &cert_size);
  const guint8 *key_der = g_bytes_get_data(mcu_cert_key_der(cert), &key_size);
  return SSL_CTX_use_certificate_ASN1(ctx, (int)cert_size, cert_der) == 1 &&
         SSL_CTX_use_PrivateKey_ASN1(EVP_PKEY_EC, ctx, key_der, (long)key_size) == 1;
}

gpointer
mcu_dtls_context(const McuCert *cert, GError **error)
{
  if (mcu_cert_context(cert) != NULL)
    return mcu_cert_context(cert);

  SSL_CTX *ctx = SSL_CTX_new(DTLS_method());
  /* SSL_CTX_set_tlsext_use_srtp() returns 0 for success. As server we choose: the first of ours
   * that the client has (RFC 5764 4.1.1). The profile with the 32-bit tag is not offered. */
  gboolean ok = ctx != NULL && SSL_CTX_set_min_proto_version(ctx, DTLS1_2_VERSION) == 1 && use_certificate(ctx, cert) &&
                SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
                SSL_CTX_set_tlsext_use_srtp(ctx, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80") == 0;
  if (!ok) {
    ERR_clear_error();
    SSL_CTX_free(ctx);
    g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "DTLS: OpenSSL refused our settings");
    return NULL;
  }
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any_chain);
  SSL_CTX_set_options(ctx, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(ctx, 1); /* a datagram is read whole or lost */
  mcu_cert_set_context(cert, ctx, (GDestroyNotify)SSL_CTX_free);
  return ctx;
}

McuDtls *
mcu_dtls_new(gpointer context, McuDtlsRole role, const guint8 *fingerprint, McuDtlsSend send, gpointer user_data)
{
  McuDtls *dtls = g_new0(McuDtls, 1);
  dtls->role = role;
  memcpy(dtls->fingerprint, fingerprint, sizeof dtls->fingerprint);
  dtls->send = send;
  dtls->user_data = user_data;
  dtls->ssl = SSL_new(context);
  BIO *mailbox = BIO_new(mailbox_method());
  if (dtls->ssl == NULL || mailbox == NULL)
    g_error("DTLS: out of memory"); /* as GLib does */
  BIO_set_data(mailbox, dtls);
  SSL_set_bio(dtls->ssl, mailbox, mailbox); /* the SSL owns it now */
  SSL_set_mtu(dtls->ssl, DTLS_MTU);
  DTLS_set_timer_cb(dtls->ssl, next_timeout);
  if (role == MCU_DTLS_SERVER)
    SSL_set_accept_state(dtls->ssl);
  else
    SSL_set_connect_state(dtls->ssl);
  return dtls;
}

void
mcu_dtls_free(McuDtls *dtls)
{
  if (dtls == NULL)
    return;
  SSL_free(dtls->ssl);
  memset(&dtls->send_key, 0, sizeof dtls->send_key);
  memset(&dtls->receive_key, 0, sizeof dtls->receive_key);
  g_free(dtls);
}

static McuDtlsResult
end(McuDtls *dtls, GError **error, const char *why)
{
  dtls->over = TRUE;
  g_set_error(error, MCU_ERROR, MCU_ERROR_TRANSPORT, "DTLS: %s", why);
  return MCU_DTLS_FAILED;
}

static gboolean
fingerprint_matches(McuDtls *dtls)
{
  X509 *peer = SSL_get1_peer_certificate(dtls->ssl);
  guint8 digest[EVP_MAX_MD_SIZE];
  guint size = 0;
  gboolean same = peer != NULL && X509_digest(peer, EVP_sha256(), digest, &size) == 1 &&
                  size == sizeof dtls->fingerprint && CRYPTO_memcmp(digest, dtls->fingerprint, size) == 0;
  X509_free(peer);
  return same;
}

/* RFC 5764 4.2: client key, server key, client salt, server salt. */
static gboolean
export_keys(McuDtls *dtls)
{
  const SRTP_PROTECTION_PROFILE *chosen = SSL_get_selected_srtp_profile(dtls->ssl);
  if (chosen == NULL)
    return FALSE;
  dtls->profile = chosen->id == SRTP_AEAD_AES_128_GCM ? MCU_SRTP_AEAD_AES_128_GCM : MCU_SRTP_AES_CM_128_HMAC_SHA1_80;

  static const char label[] = "EXTRACTOR-dtls_srtp";
  guint salt = mcu_srtp_salt_bytes(dtls->profile);
  guint8 material[2 * (MCU_SRTP_KEY_BYTES + MCU_SRTP_SALT_MAX_BYTES)];
  gsize size = 2 * (MCU_SRTP_KEY_BYTES + salt);
  if (SSL_export_keying_material(dtls->ssl, material, size, label, sizeof label - 1, NULL, 0, 0) != 1)
    return FALSE;

  McuSrtpKey client = {0}, server = {0};
  memcpy(client.key, material, MCU_SRTP_KEY_BYTES);
  memcpy(server.key, material + MCU_SRTP_KEY_BYTES, MCU_SRTP_KEY_BYTES);
  memcpy(client.salt, material + 2 * MCU_SRTP_KEY_BYTES, salt);
  memcpy(server.salt, material + 2 * MCU_SRTP_KEY_BYTES + salt, salt);
  dtls->send_key = dtls->role == MCU_DTLS_CLIENT ? client : server;
  dtls->receive_key = dtls->role == MCU_DTLS_CLIENT ? server : client;
  OPENSSL_cleanse(material, sizeof material);
  return TRUE;
}

static McuDtlsResult
go_on(McuDtls *dtls, GError **error)
{
  ERR_clear_error();
  int result = SSL_do_handshake(dtls->ssl);
  if (result == 1) {
    if (!fingerprint_matches(dtls))
      return end(dtls, error, "the peer's certificate is not the one of its description");
    if (!export_keys(dtls))
      return end(dtls, error, "no SRTP profile in common");
    dtls->established = TRUE;
    return MCU_DTLS_ESTABLISHED;
  }
  switch (SSL_get_error(dtls->ssl, result)) {
  case SSL_ERROR_WANT_READ:
  case SSL_ERROR_WANT_WRITE:
    return MCU_DTLS_GOING_ON;
  default: {
    unsigned long code = ERR_get_error();
    const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;
    ERR_clear_error();
    return end(dtls, error, reason != NULL ? reason : "handshake failed");
  }
  }
}

McuDtlsResult
mcu_dtls_start(McuDtls *dtls, GError **error)
{
  return dtls->role == MCU_DTLS_CLIENT ? go_on(dtls, error) : MCU_DTLS_GOING_ON;
}

/* Application data has no meaning here; what matters of later records is close_notify alone. */
static McuDtlsResult
read_established(McuDtls *dtls)
{
  guint8 scrap[256];
  ERR_clear_error();
  int n = SSL_read(dtls->ssl, scrap, sizeof scrap);
  if (n > 0)
    return MCU_DTLS_USELESS;
  if (SSL_get_shutdown(dtls->ssl) & SSL_RECEIVED_SHUTDOWN) {
    dtls->over = TRUE;
    return MCU_DTLS_CLOSED;
  }
  /* An error here came from one datagram: whatever it was, it must not end a call
   * (an unauthenticated record could otherwise: CVE-2026-75806). */
  ERR_clear_error();
  return MCU_DTLS_USELESS;
}

McuDtlsResult
mcu_dtls_receive(McuDtls *dtls, const guint8 *datagram, gsize size, GError **error)
{
  if (dtls->over)
    return MCU_DTLS_USELESS;
  dtls->inbox = datagram;
  dtls->inbox_size = size;
  McuDtlsResult result;
  if (dtls->established)
    result = read_established(dtls);
  else if (++dtls->handshake_datagrams > HANDSHAKE_DATAGRAMS_MAX)
    result = end(dtls, error, "the handshake takes too many datagrams");
  else
    result = go_on(dtls, error);
  dtls->inbox = NULL;
  return result;
}

McuDtlsResult
mcu_dtls_tick(McuDtls *dtls, GError **error)
{
  struct timeval left;
  if (dtls->over || dtls->established || !DTLSv1_get_timeout(dtls->ssl, &left) || left.tv_sec > 0 || left.tv_usec > 0)
    return MCU_DTLS_GOING_ON;
  ERR_clear_error();
  if (DTLSv1_handle_timeout(dtls->ssl) < 0) {
    ERR_clear_error();
    return end(dtls, error, "the peer does not answer");
  }
  return MCU_DTLS_GOING_ON;
}

void
mcu_dtls_close(McuDtls *dtls)
{
  if (dtls->established && !dtls->over)
    SSL_shutdown(dtls->ssl);
  ERR_clear_error();
  dtls->over = TRUE;
}

void
mcu_dtls_get_keys(const McuDtls *dtls, McuSrtpProfile *out_profile, McuSrtpKey *out_send, McuSrtpKey *out_receive)
{
  g_assert(dtls->established);
  *out_profile = dtls->profile;
  *out_send = dtls->send_key;
  *out_receive = dtls->receive_key;
}
