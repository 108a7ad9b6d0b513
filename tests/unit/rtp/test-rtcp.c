/* Reading; the packets are written out by hand from the figures of the RFCs. */
#include "mcu/rtp/rtcp.h"

#include "hex.h"

#define REPORT_A "aaaaaaaa 40 000005 00010010 00000020 11112222 00018000"
#define REPORT_B "bbbbbbbb 00 ffffff 00000001 00000000 00000000 00000000"

static const struct {
  const char *name, *packet;
  McuRtcpKind kinds[5]; /* expected, ended by 99 */
} good[] = {
    {"SR", "80c80006 00000001 e0000000 80000000 00000002 00000003 00000004", {MCU_RTCP_SR, 99}},
    {"RR, no block", "80c90001 00000001", {MCU_RTCP_RR, 99}},
    {"RR, two blocks", "82c9000d 00000001" REPORT_A REPORT_B, {MCU_RTCP_RR, 99}},
    {"RR with profile extension", "80c90003 00000001 01020304 05060708", {MCU_RTCP_RR, 99}},
    {"RR, SDES, BYE",
     "80c90001 00000001 81ca0003 00000001 0103 616263 000000 81cb0001 00000001",
     {MCU_RTCP_RR, MCU_RTCP_SDES, MCU_RTCP_BYE, 99}},
    {"BYE of nobody", "80cb0000", {MCU_RTCP_BYE, 99}},
    {"NACK alone (RFC 5506)", "81cd0003 00000001 00000002 00050003", {MCU_RTCP_NACK, 99}},
    {"transport-wide feedback", "8fcd0004 00000001 00000002 00000000 00000000", {MCU_RTCP_OTHER, 99}},
    {"PLI", "81ce0002 00000001 00000002", {MCU_RTCP_PLI, 99}},
    {"FIR", "84ce0004 00000001 00000000 00000002 07000000", {MCU_RTCP_FIR, 99}},
    {"FIR of none", "84ce0002 00000001 00000000", {MCU_RTCP_FIR, 99}},
    {"REMB", "8fce0005 00000001 00000000 52454d42 010a03e8 00000002", {MCU_RTCP_REMB, 99}},
    {"application feedback of another", "8fce0003 00000001 00000000 41424344", {MCU_RTCP_OTHER, 99}},
    {"application feedback, nothing in it", "8fce0002 00000001 00000000", {MCU_RTCP_OTHER, 99}},
    {"XR", "80cf0001 00000001", {MCU_RTCP_OTHER, 99}},
    {"padding of the last", "80c90001 00000001 a1ce0003 00000001 00000002 00000004", {MCU_RTCP_RR, MCU_RTCP_PLI, 99}},
};

static const struct {
  const char *name, *packet;
} bad[] = {
    {"empty", ""},
    {"three bytes", "80c900"},
    {"version 1", "40c90001 00000001"},
    {"length over the end", "80c90002 00000001"},
    {"length far over the end", "80c9ffff 00000001"},
    {"rest of two bytes", "80c90001 00000001 80c9"},
    {"rest of zeros", "80c90001 00000001 00000000"},
    {"SR without sender info", "80c80001 00000001"},
    {"SR, block missing", "81c80006 00000001 e0000000 80000000 00000002 00000003 00000004"},
    {"RR, no SSRC", "80c90000"},
    {"RR, 31 blocks claimed", "9fc90007 00000001" REPORT_A},
    {"BYE, source missing", "82cb0001 00000001"},
    {"NACK without media source", "81cd0001 00000001"},
    {"PLI without media source", "81ce0001 00000001"},
    {"FIR, half an entry", "84ce0003 00000001 00000000 00000002"},
    {"REMB without count", "8fce0003 00000001 00000000 52454d42"},
    {"REMB, 255 sources claimed", "8fce0005 00000001 00000000 52454d42 ff0a03e8 00000002"},
    {"padding before the last", "a1ce0003 00000001 00000002 00000004 80c90001 00000001"},
    {"padding 0", "a1ce0003 00000001 00000002 00000000"},
    {"padding 2", "a1ce0003 00000001 00000002 00000002"},
    {"padding over the body", "a1ce0003 00000001 00000002 00000010"},
    {"padding takes the media source", "a1ce0002 00000001 00000004"},
    {"padding bit, no byte", "a0cb0000"},
};

static McuRtcpPacket
first_of(const Hex *hex)
{
  McuRtcpIter iter;
  McuRtcpPacket packet;

  g_assert_cmpint(mcu_rtcp_check(hex->data, hex->size), ==, MCU_DROP_NONE);
  mcu_rtcp_iter_init(&iter, hex->data, hex->size);
  g_assert_true(mcu_rtcp_iter_next(&iter, &packet));
  return packet;
}

static void
test_good(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_auto(Hex) hex = hex_new(good[i].packet);
    McuRtcpIter iter;
    McuRtcpPacket packet;
    g_test_message("%s", good[i].name);
    g_assert_cmpint(mcu_rtcp_check(hex.data, hex.size), ==, MCU_DROP_NONE);
    mcu_rtcp_iter_init(&iter, hex.data, hex.size);
    for (guint k = 0; good[i].kinds[k] != 99; k++) {
      g_assert_true(mcu_rtcp_iter_next(&iter, &packet));
      g_assert_cmpint(packet.kind, ==, good[i].kinds[k]);
    }
    g_assert_false(mcu_rtcp_iter_next(&iter, &packet));
  }
}

static void
test_bad(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_auto(Hex) hex = hex_new(bad[i].packet);
    g_test_message("%s", bad[i].name);
    g_assert_cmpint(mcu_rtcp_check(hex.data, hex.size), ==, MCU_DROP_RTCP_MALFORMED);
  }
}

/* No packet is readable when cut anywhere inside. */
static void
test_cut(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_auto(Hex) hex = hex_new(good[i].packet);
    McuRtcpPacket packet = first_of(&hex);
    gsize first = (gsize)(packet.body - hex.data) + packet.size;
    for (gsize size = 0; size < first; size++) {
      g_autofree guint8 *cut = g_memdup2(hex.data, size);
      g_assert_cmpint(mcu_rtcp_check(cut, size), ==, MCU_DROP_RTCP_MALFORMED);
    }
  }
}

static void
test_reports(void)
{
  g_auto(Hex) hex = hex_new("82c80012 00000001 e0000001 80000002 00000003 00000004 00000005" REPORT_A REPORT_B);
  McuRtcpPacket packet = first_of(&hex);
  McuRtcpSenderInfo info;
  McuRtcpReport report;

  g_assert_cmpuint(packet.ssrc, ==, 1);
  g_assert_true(mcu_rtcp_read_sender_info(&packet, &info));
  g_assert_cmpuint(info.ntp, ==, G_GUINT64_CONSTANT(0xe000000180000002));
  g_assert_cmpuint(info.rtp_timestamp, ==, 3);
  g_assert_cmpuint(info.packets, ==, 4);
  g_assert_cmpuint(info.octets, ==, 5);
  g_assert_true(mcu_rtcp_read_report(&packet, 0, &report));
  g_assert_cmpuint(report.ssrc, ==, 0xaaaaaaaa);
  g_assert_cmpuint(report.fraction_lost, ==, 64);
  g_assert_cmpint(report.lost, ==, 5);
  g_assert_cmpuint(report.highest_seq, ==, 0x10010);
  g_assert_cmpuint(report.jitter, ==, 32);
  g_assert_cmpuint(report.lsr, ==, 0x11112222);
  g_assert_cmpuint(report.dlsr, ==, 0x18000);
  g_assert_true(mcu_rtcp_read_report(&packet, 1, &report));
  g_assert_cmpint(report.lost, ==, -1);
  g_assert_false(mcu_rtcp_read_report(&packet, 2, &report));
}

static void
test_nack(void)
{
  g_auto(Hex) hex = hex_new("81cd0004 00000001 00000002 fffe8001 0100ffff");
  McuRtcpPacket packet = first_of(&hex);
  guint16 seqs[64];

  g_assert_cmpuint(packet.media_ssrc, ==, 2);
  g_assert_cmpuint(mcu_rtcp_read_nack(&packet, seqs, 64), ==, 3 + 17);
  g_assert_cmpuint(seqs[0], ==, 0xfffe);
  g_assert_cmpuint(seqs[1], ==, 0xffff);
  g_assert_cmpuint(seqs[2], ==, 14);
  for (guint i = 0; i < 17; i++)
    g_assert_cmpuint(seqs[3 + i], ==, 0x100 + i);
  for (guint max = 0; max < 20; max++)
    g_assert_cmpuint(mcu_rtcp_read_nack(&packet, seqs, max), ==, max);
}

static void
test_requests(void)
{
  g_auto(Hex) fir = hex_new("84ce0006 00000001 00000000 00000002 07000000 00000003 ff000000");
  g_auto(Hex) bye = hex_new("82cb0002 00000001 00000009");
  McuRtcpPacket packet = first_of(&fir);
  guint32 ssrc;
  guint8 number;

  g_assert_true(mcu_rtcp_read_fir(&packet, 1, &ssrc, &number));
  g_assert_cmpuint(ssrc, ==, 3);
  g_assert_cmpuint(number, ==, 255);
  g_assert_false(mcu_rtcp_read_fir(&packet, 2, &ssrc, &number));

  packet = first_of(&bye);
  g_assert_true(mcu_rtcp_read_bye(&packet, 1, &ssrc));
  g_assert_cmpuint(ssrc, ==, 9);
  g_assert_false(mcu_rtcp_read_bye(&packet, 2, &ssrc));
}

static void
test_remb(void)
{
  static const struct {
    const char *packet;
    guint64 bps;
    guint n;
  } rates[] = {
      {"8fce0005 00000001 00000000 52454d42 010a03e8 00000002", 0x203e8 << 2, 1},
      {"8fce0004 00000001 00000000 52454d42 0003ffff", 0x3ffff, 0},
      {"8fce0004 00000001 00000000 52454d42 00ffffff", G_MAXUINT64, 0},
      {"8fce0004 00000001 00000000 52454d42 00fc0001", G_GUINT64_CONSTANT(1) << 63, 0},
      {"8fce0004 00000001 00000000 52454d42 00fc0000", 0, 0},
      {"8fce0006 00000001 00000000 52454d42 02040001 00000002 00000003", 2, 2},
  };

  for (guint i = 0; i < G_N_ELEMENTS(rates); i++) {
    g_auto(Hex) hex = hex_new(rates[i].packet);
    McuRtcpPacket packet = first_of(&hex);
    guint64 bps;
    guint32 ssrcs[4];
    guint n;
    g_assert_true(mcu_rtcp_read_remb(&packet, &bps, ssrcs, 4, &n));
    g_assert_cmpuint(bps, ==, rates[i].bps);
    g_assert_cmpuint(n, ==, rates[i].n);
    g_assert_true(mcu_rtcp_read_remb(&packet, &bps, ssrcs, 0, &n));
    g_assert_cmpuint(n, ==, 0);
  }
}

/* Readers of one kind say no to all others. */
static void
test_other_kind(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_auto(Hex) hex = hex_new(good[i].packet);
    McuRtcpPacket packet = first_of(&hex);
    McuRtcpSenderInfo info;
    McuRtcpReport report;
    guint32 ssrc;
    guint8 number;
    guint16 seq;
    guint64 bps;
    guint n;
    g_assert_cmpint(mcu_rtcp_read_sender_info(&packet, &info), ==, packet.kind == MCU_RTCP_SR);
    if (packet.kind != MCU_RTCP_SR && packet.kind != MCU_RTCP_RR)
      g_assert_false(mcu_rtcp_read_report(&packet, 0, &report));
    if (packet.kind != MCU_RTCP_BYE)
      g_assert_false(mcu_rtcp_read_bye(&packet, 0, &ssrc));
    g_assert_cmpint(mcu_rtcp_read_nack(&packet, &seq, 1) > 0, ==, packet.kind == MCU_RTCP_NACK);
    if (packet.kind != MCU_RTCP_FIR)
      g_assert_false(mcu_rtcp_read_fir(&packet, 0, &ssrc, &number));
    g_assert_cmpint(mcu_rtcp_read_remb(&packet, &bps, &ssrc, 1, &n), ==, packet.kind == MCU_RTCP_REMB);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rtp/rtcp/good", test_good);
  g_test_add_func("/rtp/rtcp/bad", test_bad);
  g_test_add_func("/rtp/rtcp/cut", test_cut);
  g_test_add_func("/rtp/rtcp/reports", test_reports);
  g_test_add_func("/rtp/rtcp/nack", test_nack);
  g_test_add_func("/rtp/rtcp/requests", test_requests);
  g_test_add_func("/rtp/rtcp/remb", test_remb);
  g_test_add_func("/rtp/rtcp/other-kind", test_other_kind);
  return g_test_run();
}
