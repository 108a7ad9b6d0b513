#include "stun-client.h"

#include <string.h>

static gsize
put(guint8 *out, gsize at, guint type, const void *value, gsize size)
{
  out[at] = (guint8)(type >> 8);
  out[at + 1] = (guint8)type;
  out[at + 2] = (guint8)(size >> 8);
  out[at + 3] = (guint8)size;
  memset(out + at + 4, 0, (size + 3) & ~(gsize)3);
  if (size > 0)
    memcpy(out + at + 4, value, size);
  return at + 4 + ((size + 3) & ~(gsize)3);
}

gsize
stun_client_request(guint8 *out, const StunClientRequest *request)
{
  memcpy(out, "\x00\x01\x00\x00\x21\x12\xa4\x42", 8);
  memset(out + 8, request->transaction, 12);
  gsize at = put(out, 20, 0x0006, request->username, strlen(request->username));
  at = put(out, at, request->controlled ? 0x8029 : 0x802a, "12345678", 8);
  at = put(out, at, 0x0024, "\x6e\x00\x01\xff", 4);
  if (request->use_candidate)
    at = put(out, at, 0x0025, NULL, 0);

  guint8 digest[20];
  gsize size = sizeof digest, length = at - 20 + 24;
  out[2] = (guint8)(length >> 8);
  out[3] = (guint8)length;
  GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA1, (const guchar *)request->pwd, strlen(request->pwd));
  g_hmac_update(hmac, out, (gssize)at);
  g_hmac_get_digest(hmac, digest, &size);
  g_hmac_unref(hmac);
  return put(out, at, 0x0008, digest, sizeof digest);
}
