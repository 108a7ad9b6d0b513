/* The EVP context keeps the expanded key; per packet only the IV is new. */
#include "mcu/transport/gcm.h"

#include <openssl/evp.h>

struct McuGcm {
  EVP_CIPHER_CTX *context;
  gsize tag_size;
};

/* Looked up once: doing it per context takes a lock of OpenSSL's. */
static gpointer
fetch_cipher(gpointer unused G_GNUC_UNUSED)
{
  return EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
}

static const EVP_CIPHER *
cipher(void)
{
  static GOnce once = G_ONCE_INIT;
  return g_once(&once, fetch_cipher, NULL);
}

McuGcm *
mcu_gcm_new(gsize tag_size)
{
  EVP_CIPHER_CTX *context = cipher() != NULL ? EVP_CIPHER_CTX_new() : NULL;
  if (context == NULL)
    return NULL;
  McuGcm *gcm = g_new(McuGcm, 1);
  *gcm = (McuGcm){.context = context, .tag_size = tag_size};
  return gcm;
}

void
mcu_gcm_free(McuGcm *gcm)
{
  if (gcm == NULL)
    return;
  EVP_CIPHER_CTX_free(gcm->context); /* wipes the key */
  g_free(gcm);
}

gboolean
mcu_gcm_set_key(McuGcm *gcm, const guint8 *key)
{
  return EVP_CipherInit_ex(gcm->context, cipher(), NULL, key, NULL, 1) == 1;
}

gboolean
mcu_gcm_begin(McuGcm *gcm, const guint8 *iv, gboolean seal)
{
  return EVP_CipherInit_ex(gcm->context, NULL, NULL, NULL, iv, seal ? 1 : 0) == 1;
}

gboolean
mcu_gcm_add(McuGcm *gcm, const guint8 *data, gsize size)
{
  int done;
  return size == 0 || EVP_CipherUpdate(gcm->context, NULL, &done, data, (int)size) == 1;
}

static gboolean
finish(McuGcm *gcm)
{
  guint8 nothing[EVP_MAX_BLOCK_LENGTH];
  int done;
  return EVP_CipherFinal_ex(gcm->context, nothing, &done) == 1;
}

gboolean
mcu_gcm_seal(McuGcm *gcm, guint8 *data, gsize size)
{
  int done;
  return (size == 0 || EVP_CipherUpdate(gcm->context, data, &done, data, (int)size) == 1) && finish(gcm);
}

gboolean
mcu_gcm_tag(McuGcm *gcm, guint8 *out_tag)
{
  return EVP_CIPHER_CTX_ctrl(gcm->context, EVP_CTRL_AEAD_GET_TAG, (int)gcm->tag_size, out_tag) == 1;
}

gsize
mcu_gcm_tag_size(const McuGcm *gcm)
{
  return gcm->tag_size;
}

gboolean
mcu_gcm_open(McuGcm *gcm, guint8 *data, gsize size, const guint8 *tag)
{
  int done;
  return EVP_CIPHER_CTX_ctrl(gcm->context, EVP_CTRL_AEAD_SET_TAG, (int)gcm->tag_size, (gpointer)tag) == 1 &&
         (size == 0 || EVP_CipherUpdate(gcm->context, data, &done, data, (int)size) == 1) && finish(gcm);
}
