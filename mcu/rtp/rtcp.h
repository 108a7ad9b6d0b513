/* RTCP: reading compound packets (RFC 3550 section 6), feedback (RFC 4585, RFC 5104) and REMB
 * (draft-alvestrand-rmcat-remb), and writing them. Pure; no allocation.
 *
 * Reading: mcu_rtcp_check() once, then the iterator; packets of kinds we do not know come out as
 * MCU_RTCP_OTHER and are skipped. Whom a report or a request concerns (its SSRCs) is for the caller to
 * check. Writing: calls on a McuRtcpWriter append to one compound packet. */
#pragma once

#include <glib.h>

#include "mcu/util/drop.h"

typedef enum {
  MCU_RTCP_OTHER,
  MCU_RTCP_SR,
  MCU_RTCP_RR,
  MCU_RTCP_SDES,
  MCU_RTCP_BYE,
  MCU_RTCP_NACK,
  MCU_RTCP_PLI,
  MCU_RTCP_FIR,
  MCU_RTCP_REMB,
} McuRtcpKind;

#define MCU_RTCP_MAX_BLOCKS 31 /* report blocks or BYE sources: five bits */
#define MCU_RTCP_CNAME_MAX 255

typedef struct {
  McuRtcpKind kind;
  guint8 type;        /* 200 .. */
  guint8 count;       /* report count, source count, or feedback format */
  guint32 ssrc;       /* of the sender; 0 when the packet has none (empty BYE or SDES) */
  guint32 media_ssrc; /* NACK, PLI: the source meant; FIR, REMB: 0 by their texts */
  const guint8 *body; /* after the four header bytes, padding removed */
  gsize size;
} McuRtcpPacket;

typedef struct {
  const guint8 *next;
  gsize left;
} McuRtcpIter;

/* RFC 3550 6.4.1 */
typedef struct {
  guint32 ssrc;
  guint8 fraction_lost; /* of 256 */
  gint32 lost;          /* cumulative, 24 bits signed */
  guint32 highest_seq;  /* extended */
  guint32 jitter;       /* RTP units */
  guint32 lsr, dlsr;    /* middle of the last SR's NTP time, delay since it in 1/65536 s; 0: none */
} McuRtcpReport;

typedef struct {
  guint64 ntp; /* 32.32 */
  guint32 rtp_timestamp;
  guint32 packets, octets;
} McuRtcpSenderInfo;

/* [any] Whether the lengths of all packets and what they claim to hold fit: MCU_DROP_NONE or
 * MCU_DROP_RTCP_MALFORMED. Reduced-size packets (RFC 5506) pass: the first may be of any kind. */
McuDrop mcu_rtcp_check(const guint8 *data, gsize size);

/* [any] Over a checked compound packet, which must stay while the iterator and its packets are used.
 * FALSE at the end. */
void mcu_rtcp_iter_init(McuRtcpIter *iter, const guint8 *data, gsize size);
gboolean mcu_rtcp_iter_next(McuRtcpIter *iter, McuRtcpPacket *out_packet);

/* [any] Contents. Each returns FALSE (or 0) for another kind of packet, and past the end. */
gboolean mcu_rtcp_read_sender_info(const McuRtcpPacket *packet, McuRtcpSenderInfo *out_info);       /* SR */
gboolean mcu_rtcp_read_report(const McuRtcpPacket *packet, guint index, McuRtcpReport *out_report); /* SR, RR */
gboolean mcu_rtcp_read_bye(const McuRtcpPacket *packet, guint index, guint32 *out_ssrc);            /* BYE */
/* NACK: the sequence numbers asked for, PID and BLP spelled out, at most `max`. */
guint mcu_rtcp_read_nack(const McuRtcpPacket *packet, guint16 *out_seqs, guint max);
/* FIR: entry `index`. A request is new when its number differs from the last of that sender. */
gboolean mcu_rtcp_read_fir(const McuRtcpPacket *packet, guint index, guint32 *out_ssrc, guint8 *out_number);
/* REMB: bits per second (saturated), and its sources, at most `max`. */
gboolean mcu_rtcp_read_remb(const McuRtcpPacket *packet, guint64 *out_bps, guint32 *out_ssrcs, guint max,
                            guint *out_n_ssrcs);

/* One compound packet under construction in the caller's buffer. RFC 3550 6.1: SR or RR first, then
 * SDES, then the rest, BYE last. */
typedef struct {
  guint8 *data;
  gsize capacity;
  gsize size; /* written so far */
} McuRtcpWriter;

void mcu_rtcp_writer_init(McuRtcpWriter *writer, guint8 *data, gsize capacity); /* [any] */

/* [any] Each appends one packet; FALSE and nothing written when there is no room. */
gboolean mcu_rtcp_write_sr(McuRtcpWriter *writer, guint32 ssrc, const McuRtcpSenderInfo *info,
                           const McuRtcpReport *reports, guint n_reports);
gboolean mcu_rtcp_write_rr(McuRtcpWriter *writer, guint32 ssrc, const McuRtcpReport *reports, guint n_reports);
gboolean mcu_rtcp_write_sdes(McuRtcpWriter *writer, guint32 ssrc, const char *cname);
/* `seqs` in sending order (as mcu_nack_collect() gives them). */
gboolean mcu_rtcp_write_nack(McuRtcpWriter *writer, guint32 ssrc, guint32 media_ssrc, const guint16 *seqs,
                             guint n_seqs);
gboolean mcu_rtcp_write_pli(McuRtcpWriter *writer, guint32 ssrc, guint32 media_ssrc);
/* `number` goes up by one per new request to that source, and stays for a repetition (RFC 5104 4.3.1). */
gboolean mcu_rtcp_write_fir(McuRtcpWriter *writer, guint32 ssrc, guint32 media_ssrc, guint8 number);
gboolean mcu_rtcp_write_remb(McuRtcpWriter *writer, guint32 ssrc, guint64 bps, const guint32 *media_ssrcs,
                             guint n_ssrcs);
gboolean mcu_rtcp_write_bye(McuRtcpWriter *writer, guint32 ssrc);

/* [any] NTP time, 32.32 bits since 1900, from and to microseconds since 1970 (UTC). */
guint64 mcu_ntp_from_unix_us(gint64 unix_us);
gint64 mcu_ntp_to_unix_us(guint64 ntp);
/* [any] The middle 32 bits (16.16), as LSR has them, and durations in that form (saturated). */
guint32 mcu_ntp_middle(guint64 ntp);
guint32 mcu_ntp_short_from_us(gint64 us);
gint64 mcu_ntp_short_to_us(guint32 ntp_short);
/* [any] Round trip by RFC 3550 6.4.1 from a report about our packets; `now_ntp` on the clock that our SR
 * was stamped by. -1 when the report has no LSR or the result is not sensible (negative, over 30 s). */
gint64 mcu_rtcp_rtt_us(const McuRtcpReport *report, guint64 now_ntp);
