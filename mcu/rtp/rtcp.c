/* Reading RTCP, see rtcp.h; writing is in rtcp-write.c. Runs on the network threads. */
#include "mcu/rtp/rtcp.h"

#include <string.h>

#include "mcu/rtp/bytes.h"

#define HEADER 4
#define SENDER_INFO 20
#define REPORT 24
#define FEEDBACK 8 /* sender and media SSRC */
#define FIR_ENTRY 8

/* RFC 3550 12.1, RFC 4585 6.1 */
enum { TYPE_SR = 200, TYPE_RR = 201, TYPE_SDES = 202, TYPE_BYE = 203, TYPE_RTPFB = 205, TYPE_PSFB = 206 };
enum { RTPFB_NACK = 1, PSFB_PLI = 1, PSFB_FIR = 4, PSFB_AFB = 15 };

static gboolean
is_remb(const guint8 *body, gsize size)
{
  return size >= FEEDBACK + 4 && memcmp(body + FEEDBACK, "REMB", 4) == 0;
}

static McuRtcpKind
feedback_kind(guint8 type, guint8 format, const guint8 *body, gsize size)
{
  if (type == TYPE_RTPFB)
    return format == RTPFB_NACK ? MCU_RTCP_NACK : MCU_RTCP_OTHER;
  switch (format) {
  case PSFB_PLI:
    return MCU_RTCP_PLI;
  case PSFB_FIR:
    return MCU_RTCP_FIR;
  case PSFB_AFB:
    return is_remb(body, size) ? MCU_RTCP_REMB : MCU_RTCP_OTHER;
  default:
    return MCU_RTCP_OTHER;
  }
}

static McuRtcpKind
packet_kind(guint8 type, guint8 count, const guint8 *body, gsize size)
{
  switch (type) {
  case TYPE_SR:
    return MCU_RTCP_SR;
  case TYPE_RR:
    return MCU_RTCP_RR;
  case TYPE_SDES:
    return MCU_RTCP_SDES;
  case TYPE_BYE:
    return MCU_RTCP_BYE;
  case TYPE_RTPFB:
  case TYPE_PSFB:
    return feedback_kind(type, count, body, size);
  default:
    return MCU_RTCP_OTHER;
  }
}

/* Whether the body holds what the header says it does. */
static gboolean
body_fits(const McuRtcpPacket *packet)
{
  switch (packet->kind) {
  case MCU_RTCP_SR:
    return packet->size >= 4 + SENDER_INFO + (gsize)packet->count * REPORT;
  case MCU_RTCP_RR:
    return packet->size >= 4 + (gsize)packet->count * REPORT;
  case MCU_RTCP_BYE:
    return packet->size >= (gsize)packet->count * 4;
  case MCU_RTCP_NACK:
  case MCU_RTCP_PLI:
    return packet->size >= FEEDBACK;
  case MCU_RTCP_FIR:
    return packet->size >= FEEDBACK && (packet->size - FEEDBACK) % FIR_ENTRY == 0;
  case MCU_RTCP_REMB:
    return packet->size >= FEEDBACK + 8 && packet->size >= FEEDBACK + 8 + (gsize)packet->body[FEEDBACK + 4] * 4;
  case MCU_RTCP_SDES:
  case MCU_RTCP_OTHER:
    break;
  }
  return TRUE;
}

/* One packet at `data`; FALSE when its header or body does not fit. `out_used`: its whole length. */
static gboolean
parse_packet(const guint8 *data, gsize left, McuRtcpPacket *out_packet, gsize *out_used)
{
  if (left < HEADER || data[0] >> 6 != 2)
    return FALSE;
  gsize used = ((gsize)mcu_read_be16(data + 2) + 1) * 4;
  if (used > left)
    return FALSE;
  gsize padding = 0;
  if ((data[0] & 0x20) != 0) {
    /* RFC 3550 6.4.1: only the last packet is padded, by a multiple of four. */
    padding = data[used - 1];
    if (used != left || padding == 0 || padding % 4 != 0 || padding > used - HEADER)
      return FALSE;
  }

  McuRtcpPacket packet = {
      .type = data[1],
      .count = data[0] & 0x1f,
      .body = data + HEADER,
      .size = used - HEADER - padding,
  };
  packet.kind = packet_kind(packet.type, packet.count, packet.body, packet.size);
  if (!body_fits(&packet))
    return FALSE;
  if (packet.size >= 4)
    packet.ssrc = mcu_read_be32(packet.body);
  if (packet.kind == MCU_RTCP_NACK || packet.kind == MCU_RTCP_PLI)
    packet.media_ssrc = mcu_read_be32(packet.body + 4);
  *out_packet = packet;
  *out_used = used;
  return TRUE;
}

McuDrop
mcu_rtcp_check(const guint8 *data, gsize size)
{
  McuRtcpPacket packet;
  gsize used;

  if (size == 0)
    return MCU_DROP_RTCP_MALFORMED;
  for (; size > 0; data += used, size -= used)
    if (!parse_packet(data, size, &packet, &used))
      return MCU_DROP_RTCP_MALFORMED;
  return MCU_DROP_NONE;
}

void
mcu_rtcp_iter_init(McuRtcpIter *iter, const guint8 *data, gsize size)
{
  *iter = (McuRtcpIter){.next = data, .left = size};
}

gboolean
mcu_rtcp_iter_next(McuRtcpIter *iter, McuRtcpPacket *out_packet)
{
  gsize used;

  if (!parse_packet(iter->next, iter->left, out_packet, &used))
    return FALSE;
  iter->next += used;
  iter->left -= used;
  return TRUE;
}

gboolean
mcu_rtcp_read_sender_info(const McuRtcpPacket *packet, McuRtcpSenderInfo *out_info)
{
  if (packet->kind != MCU_RTCP_SR)
    return FALSE;
  const guint8 *p = packet->body + 4;
  *out_info = (McuRtcpSenderInfo){
      .ntp = (guint64)mcu_read_be32(p) << 32 | mcu_read_be32(p + 4),
      .rtp_timestamp = mcu_read_be32(p + 8),
      .packets = mcu_read_be32(p + 12),
      .octets = mcu_read_be32(p + 16),
  };
  return TRUE;
}

gboolean
mcu_rtcp_read_report(const McuRtcpPacket *packet, guint index, McuRtcpReport *out_report)
{
  if ((packet->kind != MCU_RTCP_SR && packet->kind != MCU_RTCP_RR) || index >= packet->count)
    return FALSE;
  gsize first = packet->kind == MCU_RTCP_SR ? 4 + SENDER_INFO : 4;
  const guint8 *p = packet->body + first + (gsize)index * REPORT;
  guint32 lost = mcu_read_be32(p + 4) & 0xffffff;
  *out_report = (McuRtcpReport){
      .ssrc = mcu_read_be32(p),
      .fraction_lost = p[4],
      .lost = lost < 0x800000 ? (gint32)lost : (gint32)lost - 0x1000000,
      .highest_seq = mcu_read_be32(p + 8),
      .jitter = mcu_read_be32(p + 12),
      .lsr = mcu_read_be32(p + 16),
      .dlsr = mcu_read_be32(p + 20),
  };
  return TRUE;
}

gboolean
mcu_rtcp_read_bye(const McuRtcpPacket *packet, guint index, guint32 *out_ssrc)
{
  if (packet->kind != MCU_RTCP_BYE || index >= packet->count)
    return FALSE;
  *out_ssrc = mcu_read_be32(packet->body + (gsize)index * 4);
  return TRUE;
}

guint
mcu_rtcp_read_nack(const McuRtcpPacket *packet, guint16 *out_seqs, guint max)
{
  guint n = 0;

  if (packet->kind != MCU_RTCP_NACK)
    return 0;
  for (gsize pos = FEEDBACK; pos + 4 <= packet->size && n < max; pos += 4) {
    guint16 pid = mcu_read_be16(packet->body + pos);
    guint16 blp = mcu_read_be16(packet->body + pos + 2);
    out_seqs[n++] = pid;
    for (guint bit = 0; bit < 16 && n < max; bit++)
      if ((blp >> bit & 1) != 0)
        out_seqs[n++] = (guint16)(pid + bit + 1);
  }
  return n;
}

gboolean
mcu_rtcp_read_fir(const McuRtcpPacket *packet, guint index, guint32 *out_ssrc, guint8 *out_number)
{
  if (packet->kind != MCU_RTCP_FIR || index >= (packet->size - FEEDBACK) / FIR_ENTRY)
    return FALSE;
  const guint8 *p = packet->body + FEEDBACK + (gsize)index * FIR_ENTRY;
  *out_ssrc = mcu_read_be32(p);
  *out_number = p[4];
  return TRUE;
}

gboolean
mcu_rtcp_read_remb(const McuRtcpPacket *packet, guint64 *out_bps, guint32 *out_ssrcs, guint max, guint *out_n_ssrcs)
{
  if (packet->kind != MCU_RTCP_REMB)
    return FALSE;
  const guint8 *p = packet->body + FEEDBACK + 4; /* behind "REMB": count, 6 bits exponent, 18 bits mantissa */
  guint exponent = p[1] >> 2;
  guint64 mantissa = mcu_read_be32(p) & 0x3ffff;
  *out_bps = mantissa > G_MAXUINT64 >> exponent ? G_MAXUINT64 : mantissa << exponent;
  *out_n_ssrcs = MIN(p[0], max);
  for (guint i = 0; i < *out_n_ssrcs; i++)
    out_ssrcs[i] = mcu_read_be32(p + 4 + (gsize)i * 4);
  return TRUE;
}
