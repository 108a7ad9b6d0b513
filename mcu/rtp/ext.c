/* See ext.h. Runs on the network threads, once per packet. */
#include "mcu/rtp/ext.h"

#include "mcu/rtp/bytes.h"

#define ONE_BYTE_PROFILE 0xBEDE

/* RFC 8285 4.2 */
static gboolean
find_one_byte(const McuRtpHeader *header, guint8 id, const guint8 **out_data, guint8 *out_size)
{
  gsize pos = 0;

  while (pos < header->ext_size) {
    guint8 first = header->ext[pos++];
    if (first == 0)
      continue; /* padding */
    guint8 element = first >> 4;
    gsize length = (first & 0x0f) + 1u;
    /* 15 ends the block; 0 with a length is not allowed: nothing behind it can be trusted. */
    if (element == 15 || element == 0 || length > header->ext_size - pos)
      return FALSE;
    if (element == id) {
      *out_data = header->ext + pos;
      *out_size = (guint8)length;
      return TRUE;
    }
    pos += length;
  }
  return FALSE;
}

/* RFC 8285 4.3 */
static gboolean
find_two_byte(const McuRtpHeader *header, guint8 id, const guint8 **out_data, guint8 *out_size)
{
  gsize pos = 0;

  while (pos < header->ext_size) {
    guint8 element = header->ext[pos++];
    if (element == 0)
      continue; /* padding */
    if (pos == header->ext_size)
      return FALSE;
    gsize length = header->ext[pos++];
    if (length > header->ext_size - pos)
      return FALSE;
    if (element == id) {
      *out_data = header->ext + pos;
      *out_size = (guint8)length;
      return TRUE;
    }
    pos += length;
  }
  return FALSE;
}

gboolean
mcu_rtp_ext_find(const McuRtpHeader *header, guint8 id, const guint8 **out_data, guint8 *out_size)
{
  if (header->ext == NULL || id == 0)
    return FALSE;
  if (header->ext_profile == ONE_BYTE_PROFILE)
    return id <= MCU_RTP_EXT_ID_MAX && find_one_byte(header, id, out_data, out_size);
  /* The low four bits are the application's. */
  if ((header->ext_profile & 0xfff0) == 0x1000)
    return find_two_byte(header, id, out_data, out_size);
  return FALSE;
}

guint8
mcu_rtp_ext_level(const McuRtpHeader *header, guint8 id)
{
  const guint8 *data;
  guint8 size;

  if (!mcu_rtp_ext_find(header, id, &data, &size) || size < 1)
    return MCU_LEVEL_UNKNOWN;
  return data[0] & 0x7f;
}

static gboolean
is_sent(guint8 id)
{
  return id >= 1 && id <= MCU_RTP_EXT_ID_MAX;
}

gsize
mcu_rtp_ext_write(guint8 *packet, const McuRtpExtSend *ext)
{
  guint8 *block = packet + MCU_RTP_HEADER;
  gsize n = 4;

  if (is_sent(ext->level_id)) {
    block[n++] = (guint8)(ext->level_id << 4); /* length 1 is written as 0 */
    block[n++] = (guint8)((ext->voice ? 0x80 : 0) | MIN(ext->level, 127));
  }
  if (is_sent(ext->playout_delay_id)) {
    guint max = MIN(ext->playout_max_ms, MCU_PLAYOUT_DELAY_MAX_MS) / 10u;
    guint min = MIN(ext->playout_min_ms / 10u, max);
    block[n++] = (guint8)(ext->playout_delay_id << 4 | 2);
    block[n++] = (guint8)(min >> 4);
    block[n++] = (guint8)(min << 4 | max >> 8);
    block[n++] = (guint8)max;
  }
  if (n == 4)
    return 0;
  while (n % 4 != 0)
    block[n++] = 0;

  packet[0] |= 0x10;
  mcu_write_be16(block, ONE_BYTE_PROFILE);
  mcu_write_be16(block + 2, (guint16)(n / 4 - 1));
  return n;
}
