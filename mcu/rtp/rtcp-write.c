/* Writing RTCP, and the NTP arithmetic of reports; see rtcp.h. Runs on the network threads. */
#include <string.h>

#include "mcu/rtp/bytes.h"
#include "mcu/rtp/rtcp.h"

#define SENDER_INFO 20
#define REPORT 24
#define UNIX_EPOCH_IN_NTP G_GUINT64_CONSTANT(2208988800) /* seconds from 1900 to 1970 */
#define RTT_MAX_US (30 * G_USEC_PER_SEC)

void
mcu_rtcp_writer_init(McuRtcpWriter *writer, guint8 *data, gsize capacity)
{
  *writer = (McuRtcpWriter){.data = data, .capacity = capacity};
}

/* Header for a body of `body_size` (a multiple of four); the place of the body, NULL without room. */
static guint8 *
begin(McuRtcpWriter *writer, guint8 type, guint count, gsize body_size)
{
  if (writer->capacity - writer->size < 4 + body_size)
    return NULL;
  guint8 *p = writer->data + writer->size;
  p[0] = (guint8)(0x80 | count);
  p[1] = type;
  mcu_write_be16(p + 2, (guint16)(body_size / 4));
  writer->size += 4 + body_size;
  return p + 4;
}

static void
write_reports(guint8 *p, const McuRtcpReport *reports, guint n_reports)
{
  for (guint i = 0; i < n_reports; i++, p += REPORT) {
    const McuRtcpReport *report = &reports[i];
    gint32 lost = CLAMP(report->lost, -0x800000, 0x7fffff);
    mcu_write_be32(p, report->ssrc);
    mcu_write_be32(p + 4, (guint32)report->fraction_lost << 24 | ((guint32)lost & 0xffffff));
    mcu_write_be32(p + 8, report->highest_seq);
    mcu_write_be32(p + 12, report->jitter);
    mcu_write_be32(p + 16, report->lsr);
    mcu_write_be32(p + 20, report->dlsr);
  }
}

gboolean
mcu_rtcp_write_sr(McuRtcpWriter *writer, guint32 ssrc, const McuRtcpSenderInfo *info, const McuRtcpReport *reports,
                  guint n_reports)
{
  g_assert(n_reports <= MCU_RTCP_MAX_BLOCKS);
  guint8 *p = begin(writer, 200, n_reports, 4 + SENDER_INFO + (gsize)n_reports * REPORT);
  if (p == NULL)
    return FALSE;
  mcu_write_be32(p, ssrc);
  mcu_write_be32(p + 4, (guint32)(info->ntp >> 32));
  mcu_write_be32(p + 8, (guint32)info->ntp);
  mcu_write_be32(p + 12, info->rtp_timestamp);
  mcu_write_be32(p + 16, info->packets);
  mcu_write_be32(p + 20, info->octets);
  write_reports(p + 4 + SENDER_INFO, reports, n_reports);
  return TRUE;
}

gboolean
mcu_rtcp_write_rr(McuRtcpWriter *writer, guint32 ssrc, const McuRtcpReport *reports, guint n_reports)
{
  g_assert(n_reports <= MCU_RTCP_MAX_BLOCKS);
  guint8 *p = begin(writer, 201, n_reports, 4 + (gsize)n_reports * REPORT);
  if (p == NULL)
    return FALSE;
  mcu_write_be32(p, ssrc);
  write_reports(p + 4, reports, n_reports);
  return TRUE;
}

gboolean
mcu_rtcp_write_sdes(McuRtcpWriter *writer, guint32 ssrc, const char *cname)
{
  gsize length = strlen(cname);
  g_assert(length <= MCU_RTCP_CNAME_MAX);
  /* RFC 3550 6.5: SSRC, item type and length, text, then one to four zero bytes to a full word. */
  gsize body_size = 4 + (2 + length) / 4 * 4 + 4;
  guint8 *p = begin(writer, 202, 1, body_size);
  if (p == NULL)
    return FALSE;
  memset(p, 0, body_size);
  mcu_write_be32(p, ssrc);
  p[4] = 1; /* CNAME */
  p[5] = (guint8)length;
  memcpy(p + 6, cname, length);
  return TRUE;
}

static guint8 *
begin_feedback(McuRtcpWriter *writer, guint8 type, guint format, guint32 ssrc, guint32 media_ssrc, gsize fci_size)
{
  guint8 *p = begin(writer, type, format, 8 + fci_size);
  if (p == NULL)
    return NULL;
  mcu_write_be32(p, ssrc);
  mcu_write_be32(p + 4, media_ssrc);
  return p + 8;
}

/* How many of `seqs` one PID and BLP can name, and the BLP. */
static guint
pack_nack(const guint16 *seqs, guint n_seqs, guint16 *out_blp)
{
  guint used = 1;
  guint16 blp = 0;

  for (; used < n_seqs; used++) {
    guint16 ahead = (guint16)(seqs[used] - seqs[0]);
    if (ahead < 1 || ahead > 16)
      break;
    blp |= (guint16)(1u << (ahead - 1));
  }
  *out_blp = blp;
  return used;
}

gboolean
mcu_rtcp_write_nack(McuRtcpWriter *writer, guint32 ssrc, guint32 media_ssrc, const guint16 *seqs, guint n_seqs)
{
  gsize n_entries = 0;
  guint16 blp;

  for (guint i = 0; i < n_seqs; i += pack_nack(seqs + i, n_seqs - i, &blp))
    n_entries++;
  guint8 *p = begin_feedback(writer, 205, 1, ssrc, media_ssrc, n_entries * 4);
  if (p == NULL)
    return FALSE;
  for (guint i = 0; i < n_seqs; p += 4) {
    guint used = pack_nack(seqs + i, n_seqs - i, &blp);
    mcu_write_be16(p, seqs[i]);
    mcu_write_be16(p + 2, blp);
    i += used;
  }
  return TRUE;
}

gboolean
mcu_rtcp_write_pli(McuRtcpWriter *writer, guint32 ssrc, guint32 media_ssrc)
{
  return begin_feedback(writer, 206, 1, ssrc, media_ssrc, 0) != NULL;
}

gboolean
mcu_rtcp_write_fir(McuRtcpWriter *writer, guint32 ssrc, guint32 media_ssrc, guint8 number)
{
  /* RFC 5104 4.3.1.2: the media source of the common header is not used and 0. */
  guint8 *p = begin_feedback(writer, 206, 4, ssrc, 0, 8);
  if (p == NULL)
    return FALSE;
  mcu_write_be32(p, media_ssrc);
  mcu_write_be32(p + 4, (guint32)number << 24);
  return TRUE;
}

gboolean
mcu_rtcp_write_remb(McuRtcpWriter *writer, guint32 ssrc, guint64 bps, const guint32 *media_ssrcs, guint n_ssrcs)
{
  g_assert(n_ssrcs <= 255);
  guint8 *p = begin_feedback(writer, 206, 15, ssrc, 0, 8 + (gsize)n_ssrcs * 4);
  guint exponent = 0;

  if (p == NULL)
    return FALSE;
  for (; bps > 0x3ffff; bps >>= 1)
    exponent++;
  memcpy(p, "REMB", 4);
  mcu_write_be32(p + 4, (guint32)n_ssrcs << 24 | exponent << 18 | (guint32)bps);
  for (guint i = 0; i < n_ssrcs; i++)
    mcu_write_be32(p + 8 + (gsize)i * 4, media_ssrcs[i]);
  return TRUE;
}

gboolean
mcu_rtcp_write_bye(McuRtcpWriter *writer, guint32 ssrc)
{
  guint8 *p = begin(writer, 203, 1, 4);
  if (p == NULL)
    return FALSE;
  mcu_write_be32(p, ssrc);
  return TRUE;
}

guint64
mcu_ntp_from_unix_us(gint64 unix_us)
{
  guint64 us = (guint64)unix_us + UNIX_EPOCH_IN_NTP * G_USEC_PER_SEC;

  return us / G_USEC_PER_SEC << 32 | (us % G_USEC_PER_SEC << 32) / G_USEC_PER_SEC;
}

gint64
mcu_ntp_to_unix_us(guint64 ntp)
{
  guint64 fraction_us = ((ntp & 0xffffffff) * G_USEC_PER_SEC + 0x80000000) >> 32;

  return (gint64)((ntp >> 32) * G_USEC_PER_SEC + fraction_us) - (gint64)(UNIX_EPOCH_IN_NTP * G_USEC_PER_SEC);
}

guint32
mcu_ntp_middle(guint64 ntp)
{
  return (guint32)(ntp >> 16);
}

guint32
mcu_ntp_short_from_us(gint64 us)
{
  if (us <= 0)
    return 0;
  if (us >= (gint64)65536 * G_USEC_PER_SEC)
    return G_MAXUINT32;
  return (guint32)(((guint64)us << 16) / G_USEC_PER_SEC);
}

gint64
mcu_ntp_short_to_us(guint32 ntp_short)
{
  return (gint64)(((guint64)ntp_short * G_USEC_PER_SEC) >> 16);
}

gint64
mcu_rtcp_rtt_us(const McuRtcpReport *report, guint64 now_ntp)
{
  if (report->lsr == 0)
    return -1;
  gint32 round_trip = (gint32)(mcu_ntp_middle(now_ntp) - report->lsr - report->dlsr);
  /* On a near link rounding may take it a little below zero. */
  if (round_trip < 0)
    return round_trip > -66 ? 0 : -1;
  gint64 us = mcu_ntp_short_to_us((guint32)round_trip);
  return us <= RTT_MAX_US ? us : -1;
}
