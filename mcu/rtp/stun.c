/* Reads and writes the few messages there are. Pure; any thread. */
#include "mcu/rtp/stun.h"

#include <string.h>

#define COOKIE "\x21\x12\xa4\x42"
#define BINDING_REQUEST 0x0001
#define BINDING_SUCCESS 0x0101
#define BINDING_ERROR 0x0111

#define ATTR_USERNAME 0x0006
#define ATTR_INTEGRITY 0x0008
#define ATTR_ERROR_CODE 0x0009
#define ATTR_XOR_MAPPED_ADDRESS 0x0020
#define ATTR_USE_CANDIDATE 0x0025
#define ATTR_FINGERPRINT 0x8028
#define ATTR_ICE_CONTROLLED 0x8029

#define INTEGRITY_BYTES 20
#define FINGERPRINT_XOR 0x5354554eu /* RFC 8489 14.7 */

static guint
read16(const guint8 *p)
{
  return (guint)p[0] << 8 | p[1];
}

static void
write16(guint8 *p, guint value)
{
  p[0] = (guint8)(value >> 8);
  p[1] = (guint8)value;
}

static void
write32(guint8 *p, guint32 value)
{
  write16(p, value >> 16);
  write16(p + 2, value & 0xffff);
}

/* RFC 8489 14.7: that of ITU V.42. A message is read every few seconds per site: no table. */
static guint32
crc32(const guint8 *data, gsize size)
{
  guint32 crc = 0xffffffff;
  for (gsize i = 0; i < size; i++) {
    crc ^= data[i];
    for (guint bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc;
}

/* HMAC-SHA1 of the message up to `size`, whose length field says `length` (RFC 8489 14.5: as if the attribute
 * of the integrity were the last). */
static void
integrity_of(const guint8 *data, gsize size, guint length, const char *pwd, guint8 *out)
{
  guint8 head[4] = {data[0], data[1]};
  gsize out_size = INTEGRITY_BYTES;
  write16(head + 2, length);
  GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA1, (const guchar *)pwd, strlen(pwd));
  g_hmac_update(hmac, head, sizeof head);
  g_hmac_update(hmac, data + sizeof head, (gssize)(size - sizeof head));
  g_hmac_get_digest(hmac, out, &out_size);
  g_hmac_unref(hmac);
}

static gboolean
read_attribute(const guint8 *data, gsize at, guint type, gsize length, McuStunRequest *request)
{
  const guint8 *value = data + at + 4;
  switch (type) {
  case ATTR_USERNAME:
    if (length == 0 || length > MCU_STUN_USERNAME_MAX)
      return FALSE;
    request->username = (const char *)value;
    request->username_size = length;
    return TRUE;
  case ATTR_USE_CANDIDATE:
    request->use_candidate = TRUE;
    return TRUE;
  case ATTR_ICE_CONTROLLED:
    request->controlled = TRUE;
    return TRUE;
  case ATTR_INTEGRITY:
    request->integrity_at = at;
    return length == INTEGRITY_BYTES;
  default:
    return TRUE;
  }
}

gboolean
mcu_stun_read_request(const guint8 *data, gsize size, McuStunRequest *out_request)
{
  if (size < MCU_STUN_HEADER || read16(data) != BINDING_REQUEST || memcmp(data + 4, COOKIE, 4) != 0 ||
      read16(data + 2) + (gsize)MCU_STUN_HEADER != size || size % 4 != 0)
    return FALSE;

  McuStunRequest request = {.transaction = data + 8};
  for (gsize at = MCU_STUN_HEADER; at < size;) {
    guint type = read16(data + at);
    gsize length = read16(data + at + 2);
    if (at + 4 + length > size)
      return FALSE;
    if (type == ATTR_FINGERPRINT) {
      guint8 right[4];
      write32(right, crc32(data, at) ^ FINGERPRINT_XOR);
      if (length != 4 || at + 8 != size || memcmp(data + at + 4, right, 4) != 0)
        return FALSE;
    } else if (request.integrity_at == 0 && !read_attribute(data, at, type, length, &request)) {
      return FALSE; /* RFC 8489 14.5: what comes behind the integrity does not count */
    }
    at += 4 + ((length + 3) & ~(gsize)3);
  }
  *out_request = request;
  return TRUE;
}

gboolean
mcu_stun_is_authentic(const guint8 *data, const McuStunRequest *request, const char *pwd)
{
  if (request->integrity_at == 0)
    return FALSE;
  guint8 right[INTEGRITY_BYTES], differs = 0;
  gsize at = request->integrity_at;
  integrity_of(data, at, (guint)(at - MCU_STUN_HEADER + 4 + INTEGRITY_BYTES), pwd, right);
  for (guint i = 0; i < INTEGRITY_BYTES; i++) /* in the same time wherever it differs */
    differs |= right[i] ^ data[at + 4 + i];
  return differs == 0;
}

static gsize
begin(guint8 *out, guint type, const guint8 *transaction)
{
  write16(out, type);
  memcpy(out + 4, COOKIE, 4);
  memcpy(out + 8, transaction, MCU_STUN_TRANSACTION_BYTES);
  return MCU_STUN_HEADER;
}

/* Integrity and fingerprint behind `size` bytes. */
static gsize
finish(guint8 *out, gsize size, const char *pwd)
{
  write16(out + size, ATTR_INTEGRITY);
  write16(out + size + 2, INTEGRITY_BYTES);
  integrity_of(out, size, (guint)(size - MCU_STUN_HEADER + 4 + INTEGRITY_BYTES), pwd, out + size + 4);
  size += 4 + INTEGRITY_BYTES;

  write16(out + size, ATTR_FINGERPRINT);
  write16(out + size + 2, 4);
  write16(out + 2, (guint)(size - MCU_STUN_HEADER + 8));
  write32(out + size + 4, crc32(out, size) ^ FINGERPRINT_XOR);
  return size + 8;
}

gsize
mcu_stun_write_success(guint8 *out, const guint8 *transaction, const McuStunAddress *mapped, const char *pwd)
{
  gsize at = begin(out, BINDING_SUCCESS, transaction), n = mapped->family == 4 ? 4 : 16;
  write16(out + at, ATTR_XOR_MAPPED_ADDRESS);
  write16(out + at + 2, (guint)(4 + n));
  out[at + 4] = 0;
  out[at + 5] = mapped->family == 4 ? 1 : 2;
  /* RFC 8489 14.2: by the cookie, and by cookie and transaction for what is longer. */
  for (guint i = 0; i < 2; i++)
    out[at + 6 + i] = mapped->port[i] ^ out[4 + i];
  for (gsize i = 0; i < n; i++)
    out[at + 8 + i] = mapped->address[i] ^ out[4 + i];
  return finish(out, at + 8 + n, pwd);
}

gsize
mcu_stun_write_role_conflict(guint8 *out, const guint8 *transaction, const char *pwd)
{
  static const char reason[] = "Role Conflict"; /* 13 bytes and 3 of padding */
  gsize at = begin(out, BINDING_ERROR, transaction);
  write16(out + at, ATTR_ERROR_CODE);
  write16(out + at + 2, 4 + 13);
  memcpy(out + at + 4, "\0\0\x04\x57", 4); /* class 4, number 87 */
  memset(out + at + 8, 0, 16);
  memcpy(out + at + 8, reason, 13);
  return finish(out, at + 8 + 16, pwd);
}
