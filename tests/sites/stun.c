/* Bytes only. RFC 8489: header 5, attributes 14; RFC 8445 7.1 for what a check has. */
#include "stun.h"

#include <string.h>

#define HEADER_BYTES 20
#define MAGIC 0x2112a442u
#define BINDING_REQUEST 0x0001
#define BINDING_SUCCESS 0x0101
#define ATTR_USERNAME 0x0006
#define ATTR_INTEGRITY 0x0008
#define ATTR_MAPPED 0x0020
#define ATTR_PRIORITY 0x0024
#define ATTR_USE_CANDIDATE 0x0025
#define ATTR_FINGERPRINT 0x8028
#define ATTR_CONTROLLING 0x802a
#define INTEGRITY_BYTES 20
#define PRIORITY_PEER_REFLEXIVE 1862270975u /* RFC 8445 5.1.2.1: type 110, the only address, component 1 */
#define FINGERPRINT_XOR 0x5354554eu

static void
put16(guint8 *at, guint value)
{
  at[0] = (guint8)(value >> 8);
  at[1] = (guint8)value;
}

static void
put32(guint8 *at, guint32 value)
{
  put16(at, value >> 16);
  put16(at + 2, value & 0xffff);
}

static guint
get16(const guint8 *at)
{
  return (guint)at[0] << 8 | at[1];
}

/* Appends an attribute; returns where its value is. */
static guint8 *
add(guint8 *message, gsize *size, guint type, guint value_bytes)
{
  guint8 *at = message + *size;
  put16(at, type);
  put16(at + 2, value_bytes);
  memset(at + 4, 0, (value_bytes + 3u) & ~3u);
  *size += 4 + ((value_bytes + 3u) & ~3u);
  put16(message + 2, (guint)(*size - HEADER_BYTES));
  return at + 4;
}

static void
integrity_of(const guint8 *message, gsize size, const char *password, guint8 out[INTEGRITY_BYTES])
{
  GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA1, (const guchar *)password, strlen(password));
  /* The length counts the attribute itself, and nothing behind it. */
  guint8 head[HEADER_BYTES];
  memcpy(head, message, HEADER_BYTES);
  put16(head + 2, (guint)(size + 4 + INTEGRITY_BYTES - HEADER_BYTES));
  g_hmac_update(hmac, head, HEADER_BYTES);
  g_hmac_update(hmac, message + HEADER_BYTES, (gssize)(size - HEADER_BYTES));
  gsize bytes = INTEGRITY_BYTES;
  g_hmac_get_digest(hmac, out, &bytes);
  g_hmac_unref(hmac);
}

static guint32
crc32_of(const guint8 *data, gsize size)
{
  guint32 crc = 0xffffffffu;
  for (gsize i = 0; i < size; i++) {
    crc ^= data[i];
    for (guint bit = 0; bit < 8; bit++)
      crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
  }
  return ~crc;
}

/* Ends every message of ours: integrity by the password, then the checksum. */
static gsize
finish(guint8 *buffer, gsize size, const char *password)
{
  guint8 integrity[INTEGRITY_BYTES];
  integrity_of(buffer, size, password, integrity);
  memcpy(add(buffer, &size, ATTR_INTEGRITY, INTEGRITY_BYTES), integrity, INTEGRITY_BYTES);
  guint8 *fingerprint = add(buffer, &size, ATTR_FINGERPRINT, 4);
  put32(fingerprint, crc32_of(buffer, size - 8) ^ FINGERPRINT_XOR);
  return size;
}

static gsize
begin(guint8 *buffer, guint type, const guint8 *id)
{
  put16(buffer, type);
  put16(buffer + 2, 0);
  put32(buffer + 4, MAGIC);
  memcpy(buffer + 8, id, SIM_STUN_ID_BYTES);
  return HEADER_BYTES;
}

gsize
sim_stun_request(guint8 buffer[SIM_STUN_REQUEST_MAX], const guint8 id[SIM_STUN_ID_BYTES], const char *username,
                 const char *password, guint64 tie_breaker)
{
  gsize size = begin(buffer, BINDING_REQUEST, id);
  guint name_bytes = (guint)strlen(username);
  g_assert(name_bytes <= 513);
  memcpy(add(buffer, &size, ATTR_USERNAME, name_bytes), username, name_bytes);
  put32(add(buffer, &size, ATTR_PRIORITY, 4), PRIORITY_PEER_REFLEXIVE);
  guint8 *tie = add(buffer, &size, ATTR_CONTROLLING, 8);
  put32(tie, (guint32)(tie_breaker >> 32));
  put32(tie + 4, (guint32)tie_breaker);
  add(buffer, &size, ATTR_USE_CANDIDATE, 0);
  return finish(buffer, size, password);
}

gsize
sim_stun_answer(guint8 buffer[SIM_STUN_REQUEST_MAX], const guint8 id[SIM_STUN_ID_BYTES], guint32 address, guint16 port,
                const char *password)
{
  gsize size = begin(buffer, BINDING_SUCCESS, id);
  guint8 *mapped = add(buffer, &size, ATTR_MAPPED, 8);
  mapped[1] = 1; /* IPv4 */
  put16(mapped + 2, port ^ MAGIC >> 16);
  put32(mapped + 4, address ^ MAGIC);
  return finish(buffer, size, password);
}

static gboolean
is_authentic(const guint8 *data, gsize size, guint type, const char *password)
{
  if (size < HEADER_BYTES || get16(data) != type || get16(data + 2) != size - HEADER_BYTES)
    return FALSE;
  for (gsize at = HEADER_BYTES; at + 4 <= size;) {
    gsize bytes = get16(data + at + 2);
    if (bytes > size - at - 4)
      return FALSE;
    if (get16(data + at) == ATTR_INTEGRITY && bytes == INTEGRITY_BYTES) {
      guint8 integrity[INTEGRITY_BYTES];
      integrity_of(data, at, password, integrity);
      return memcmp(integrity, data + at + 4, INTEGRITY_BYTES) == 0;
    }
    at += 4 + ((bytes + 3u) & ~(gsize)3);
  }
  return FALSE;
}

gboolean
sim_stun_is_answer(const guint8 *data, gsize size, const guint8 id[SIM_STUN_ID_BYTES], const char *password)
{
  return is_authentic(data, size, BINDING_SUCCESS, password) && memcmp(data + 8, id, SIM_STUN_ID_BYTES) == 0;
}

const guint8 *
sim_stun_request_id(const guint8 *data, gsize size, const char *password)
{
  return is_authentic(data, size, BINDING_REQUEST, password) ? data + 8 : NULL;
}
