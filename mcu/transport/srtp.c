/* The only file that includes libsrtp. */
#include "mcu/transport/srtp.h"

#include <srtp2/srtp.h>
#include <string.h>

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

static gpointer
init_library(gpointer unused)
{
  (void)unused;
  return GINT_TO_POINTER(srtp_init() == srtp_err_status_ok ? 1 : 0);
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
