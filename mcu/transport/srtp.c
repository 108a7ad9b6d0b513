/* The only file that includes libsrtp.
 *
 * Its AES-GCM is replaced by OpenSSL's, by the way it offers for that (srtp_replace_cipher_type): Debian builds
 * libsrtp on NSS, which looks up key and session for every packet in tables of 32 rows. With the keys of 209
 * legs that was a fifth of the bridge's work, and it grows with every leg. */
#include "mcu/transport/srtp.h"

#include <srtp2/cipher.h>
#include <srtp2/srtp.h>
#include <string.h>

#include "mcu/transport/gcm.h"
#include "mcu/util/error.h"

#define REPLAY_WINDOW 1024 /* a retransmission may be half a second behind a 1080p picture's head */

struct McuSrtp {
  srtp_t send, receive;
};

guint
mcu_srtp_salt_bytes(McuSrtpProfile profile)
{
  return profile == MCU_SRTP_AEAD_AES_128_GCM ? 12 : 14; /* RFC 7714 12, RFC 3711 8.2 */
}

/* ---- AES-GCM for libsrtp ---- */

static const srtp_cipher_type_t gcm_type;

static srtp_err_status_t
status_of(gboolean ok)
{
  return ok ? srtp_err_status_ok : srtp_err_status_cipher_fail;
}

/* `key_size` counts the salt too. Tags of 8 bytes are in libsrtp's own tests alone. */
static srtp_err_status_t
gcm_alloc(srtp_cipher_pointer_t *out_cipher, int key_size, int tag_size)
{
  if (key_size != SRTP_AES_GCM_128_KEY_LEN_WSALT || (tag_size != 8 && tag_size != MCU_GCM_TAG_BYTES))
    return srtp_err_status_bad_param;
  McuGcm *gcm = mcu_gcm_new((gsize)tag_size);
  if (gcm == NULL)
    return srtp_err_status_alloc_fail;
  srtp_cipher_t *cipher = g_new0(srtp_cipher_t, 1);
  *cipher = (srtp_cipher_t){.type = &gcm_type, .state = gcm, .key_len = key_size, .algorithm = SRTP_AES_GCM_128};
  *out_cipher = cipher;
  return srtp_err_status_ok;
}

static srtp_err_status_t
gcm_dealloc(srtp_cipher_pointer_t cipher)
{
  mcu_gcm_free(cipher->state);
  g_free(cipher);
  return srtp_err_status_ok;
}

static srtp_err_status_t
gcm_init(void *state, const uint8_t *key)
{
  return status_of(mcu_gcm_set_key(state, key));
}

static srtp_err_status_t
gcm_set_iv(void *state, uint8_t *iv, srtp_cipher_direction_t direction)
{
  return status_of(mcu_gcm_begin(state, iv, direction == srtp_direction_encrypt));
}

static srtp_err_status_t
gcm_set_aad(void *state, const uint8_t *aad, uint32_t size)
{
  return status_of(mcu_gcm_add(state, aad, size));
}

static srtp_err_status_t
gcm_encrypt(void *state, uint8_t *data, unsigned int *size)
{
  return status_of(mcu_gcm_seal(state, data, *size));
}

static srtp_err_status_t
gcm_get_tag(void *state, uint8_t *tag, uint32_t *out_size)
{
  *out_size = (uint32_t)mcu_gcm_tag_size(state);
  return status_of(mcu_gcm_tag(state, tag));
}

/* The tag is the end of the data. */
static srtp_err_status_t
gcm_decrypt(void *state, uint8_t *data, unsigned int *size)
{
  unsigned int tag_size = (unsigned int)mcu_gcm_tag_size(state);
  if (*size < tag_size)
    return srtp_err_status_bad_param;
  *size -= tag_size;
  return mcu_gcm_open(state, data, *size, data + *size) ? srtp_err_status_ok : srtp_err_status_auth_fail;
}

/* libsrtp tries a cipher before it takes it, by its own cases and one of ours: McGrew and Viega, The
 * Galois/Counter Mode of Operation, test case 2. */
static const srtp_cipher_test_case_t gcm_case = {
    .key_length_octets = SRTP_AES_GCM_128_KEY_LEN_WSALT,
    .key = (const guint8[SRTP_AES_GCM_128_KEY_LEN_WSALT]){0},
    .idx = (guint8[MCU_GCM_IV_BYTES]){0},
    .plaintext_length_octets = 16,
    .plaintext = (const guint8[16]){0},
    .ciphertext_length_octets = 32,
    .ciphertext = (const guint8 *)"\x03\x88\xda\xce\x60\xb6\xa3\x92\xf3\x28\xc2\xb9\x71\xb2\xfe\x78"
                                  "\xab\x6e\x47\xd4\x2c\xec\x13\xbd\xf5\x3a\x67\xb2\x12\x57\xbd\xdf",
    .tag_length_octets = MCU_GCM_TAG_BYTES,
};

static const srtp_cipher_type_t gcm_type = {
    .alloc = gcm_alloc,
    .dealloc = gcm_dealloc,
    .init = gcm_init,
    .set_aad = gcm_set_aad,
    .encrypt = gcm_encrypt,
    .decrypt = gcm_decrypt,
    .set_iv = gcm_set_iv,
    .get_tag = gcm_get_tag,
    .description = "AES-128 GCM, OpenSSL",
    .test_data = &gcm_case,
    .id = SRTP_AES_GCM_128,
};

/* ---- sessions ---- */

/* Keys are still derived by libsrtp's AES-CM. Each such cipher opens NSS, and with the last one NSS is closed and its
 * modules are unloaded: some milliseconds for each leg, unless one cipher stays. */
static void
keep_nss_loaded(void)
{
  static srtp_t kept;
  guint8 key[MCU_SRTP_KEY_BYTES + MCU_SRTP_SALT_MAX_BYTES] = {0};
  srtp_policy_t policy = {.key = key, .ssrc = {.type = ssrc_any_outbound}};
  srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
  srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
  if (srtp_create(&kept, &policy) != srtp_err_status_ok)
    g_warning("libsrtp gives no AES-CM");
}

static gpointer
init_library(gpointer unused)
{
  (void)unused;
  if (srtp_init() != srtp_err_status_ok)
    return NULL;
  srtp_err_status_t status = srtp_replace_cipher_type(&gcm_type, SRTP_AES_GCM_128);
  if (status != srtp_err_status_ok)
    g_warning("libsrtp refuses OpenSSL's AES-GCM (%d) and goes on with its own, which costs more", (int)status);
  keep_nss_loaded();
  return GINT_TO_POINTER(1);
}

static gboolean
open_session(srtp_t *session, McuSrtpProfile profile, const McuSrtpKey *key, srtp_ssrc_type_t direction)
{
  guint8 master[MCU_SRTP_KEY_BYTES + MCU_SRTP_SALT_MAX_BYTES];
  memcpy(master, key->key, sizeof key->key);
  memcpy(master + sizeof key->key, key->salt, mcu_srtp_salt_bytes(profile));

  srtp_policy_t policy = {0};
  if (profile == MCU_SRTP_AEAD_AES_128_GCM) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
  } else {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
  }
  policy.ssrc.type = direction;
  policy.key = master;
  policy.window_size = REPLAY_WINDOW;
  policy.allow_repeat_tx = 1;
  gboolean ok = srtp_create(session, &policy) == srtp_err_status_ok;
  memset(master, 0, sizeof master);
  return ok;
}

McuSrtp *
mcu_srtp_new(McuSrtpProfile profile, const McuSrtpKey *send, const McuSrtpKey *receive, GError **error)
{
  static GOnce once = G_ONCE_INIT;
  gboolean ready = GPOINTER_TO_INT(g_once(&once, init_library, NULL));

  McuSrtp *srtp = g_new0(McuSrtp, 1);
  if (!ready || !open_session(&srtp->send, profile, send, ssrc_any_outbound) ||
      !open_session(&srtp->receive, profile, receive, ssrc_any_inbound)) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_TRANSPORT, "SRTP session refused by libsrtp");
    mcu_srtp_free(srtp);
    return NULL;
  }
  return srtp;
}

void
mcu_srtp_free(McuSrtp *srtp)
{
  if (srtp == NULL)
    return;
  if (srtp->send != NULL)
    srtp_dealloc(srtp->send);
  if (srtp->receive != NULL)
    srtp_dealloc(srtp->receive);
  g_free(srtp);
}

void
mcu_srtp_prefetch(const McuSrtp *srtp)
{
  __builtin_prefetch(srtp->send);
}

gboolean
mcu_srtp_protect_rtp(McuSrtp *srtp, guint8 *packet, gsize *size)
{
  int length = (int)*size;
  if (srtp_protect(srtp->send, packet, &length) != srtp_err_status_ok)
    return FALSE;
  *size = (gsize)length;
  return TRUE;
}

gboolean
mcu_srtp_protect_rtcp(McuSrtp *srtp, guint8 *packet, gsize *size)
{
  int length = (int)*size;
  if (srtp_protect_rtcp(srtp->send, packet, &length) != srtp_err_status_ok)
    return FALSE;
  *size = (gsize)length;
  return TRUE;
}

static McuDrop
drop_of(srtp_err_status_t status)
{
  switch (status) {
  case srtp_err_status_ok:
    return MCU_DROP_NONE;
  case srtp_err_status_replay_fail:
  case srtp_err_status_replay_old:
    return MCU_DROP_REPLAY;
  default:
    return MCU_DROP_AUTH;
  }
}

McuDrop
mcu_srtp_unprotect_rtp(McuSrtp *srtp, guint8 *packet, gsize *size)
{
  int length = (int)*size;
  srtp_err_status_t status = srtp_unprotect(srtp->receive, packet, &length);
  if (status == srtp_err_status_ok)
    *size = (gsize)length;
  return drop_of(status);
}

McuDrop
mcu_srtp_unprotect_rtcp(McuSrtp *srtp, guint8 *packet, gsize *size)
{
  int length = (int)*size;
  srtp_err_status_t status = srtp_unprotect_rtcp(srtp->receive, packet, &length);
  if (status == srtp_err_status_ok)
    *size = (gsize)length;
  return drop_of(status);
}
