/* See header.h. Runs on the network threads, once per packet. */
#include "mcu/rtp/header.h"

#include "mcu/rtp/bytes.h"

/* RFC 3550 5.3.1: profile, length in words, data. */
static gboolean
parse_extension(const guint8 *data, gsize size, gsize *pos, McuRtpHeader *header)
{
  if (size - *pos < 4)
    return FALSE;
  gsize length = (gsize)mcu_read_be16(data + *pos + 2) * 4;
  if (size - *pos - 4 < length)
    return FALSE;
  header->ext_profile = mcu_read_be16(data + *pos);
  header->ext_size = (guint16)length;
  header->ext = data + *pos + 4;
  *pos += 4 + length;
  return TRUE;
}

McuDrop
mcu_rtp_parse(const guint8 *data, gsize size, McuRtpHeader *out_header)
{
  if (size > MCU_RTP_MAX)
    return MCU_DROP_OVERSIZED;
  if (size < MCU_RTP_HEADER || data[0] >> 6 != 2)
    return MCU_DROP_RTP_MALFORMED;

  McuRtpHeader header = {
      .pt = data[1] & 0x7f,
      .marker = data[1] >> 7,
      .seq = mcu_read_be16(data + 2),
      .timestamp = mcu_read_be32(data + 4),
      .ssrc = mcu_read_be32(data + 8),
  };
  gsize pos = MCU_RTP_HEADER + (gsize)(data[0] & 0x0f) * 4;
  if (pos > size)
    return MCU_DROP_RTP_MALFORMED;
  if ((data[0] & 0x10) != 0 && !parse_extension(data, size, &pos, &header))
    return MCU_DROP_RTP_MALFORMED;

  gsize padding = 0;
  if ((data[0] & 0x20) != 0) {
    /* The last byte counts the padding, itself included. */
    padding = data[size - 1];
    if (padding == 0 || padding > size - pos)
      return MCU_DROP_RTP_MALFORMED;
  }
  header.header_size = (guint16)pos;
  header.payload_size = (guint16)(size - pos - padding);
  *out_header = header;
  return MCU_DROP_NONE;
}

gsize
mcu_rtp_clean(guint8 *data, const McuRtpHeader *header, guint8 **out_start)
{
  guint8 *start = data + header->header_size - MCU_RTP_HEADER;

  mcu_rtp_write_header(start, header->pt, header->marker, header->seq, header->timestamp, header->ssrc);
  *out_start = start;
  return MCU_RTP_HEADER + (gsize)header->payload_size;
}

gsize
mcu_rtp_write_header(guint8 *buffer, guint8 pt, gboolean marker, guint16 seq, guint32 timestamp, guint32 ssrc)
{
  buffer[0] = 0x80;
  buffer[1] = (guint8)((marker ? 0x80 : 0) | (pt & 0x7f));
  mcu_write_be16(buffer + 2, seq);
  mcu_write_be32(buffer + 4, timestamp);
  mcu_write_be32(buffer + 8, ssrc);
  return MCU_RTP_HEADER;
}
