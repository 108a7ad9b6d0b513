#include "hex.h"
#include "mcu/rtp/rtcp.h"

static const McuRtcpSenderInfo info = {
    .ntp = G_GUINT64_CONSTANT(0xe000000180000002), .rtp_timestamp = 3, .packets = 4, .octets = 5};
static const McuRtcpReport report = {
    .ssrc = 0xaaaaaaaa, .fraction_lost = 64, .lost = -1, .highest_seq = 0x10010, .jitter = 32, .lsr = 7, .dlsr = 8};

static gboolean
write_sr(McuRtcpWriter *writer)
{
  return mcu_rtcp_write_sr(writer, 1, &info, &report, 1);
}

static gboolean
write_rr(McuRtcpWriter *writer)
{
  return mcu_rtcp_write_rr(writer, 1, NULL, 0);
}

static gboolean
write_rr_full(McuRtcpWriter *writer)
{
  return mcu_rtcp_write_rr(writer, 1, &report, 1);
}

static gboolean
write_sdes(McuRtcpWriter *writer)
{
  return mcu_rtcp_write_sdes(writer, 1, "abc");
}

static gboolean
write_sdes_2(McuRtcpWriter *writer)
{
  return mcu_rtcp_write_sdes(writer, 1, "ab");
}

static gboolean
write_nack(McuRtcpWriter *writer)
{
  static const guint16 seqs[] = {0xfffe, 0xffff, 14, 15, 16, 40};

  return mcu_rtcp_write_nack(writer, 1, 2, seqs, G_N_ELEMENTS(seqs));
}

static gboolean
write_pli(McuRtcpWriter *writer)
{
  return mcu_rtcp_write_pli(writer, 1, 2);
}

static gboolean
write_fir(McuRtcpWriter *writer)
{
  return mcu_rtcp_write_fir(writer, 1, 2, 7);
}

static gboolean
write_remb(McuRtcpWriter *writer)
{
  static const guint32 ssrcs[] = {2, 3};

  return mcu_rtcp_write_remb(writer, 1, 1000000, ssrcs, 2);
}

static gboolean
write_bye(McuRtcpWriter *writer)
{
  return mcu_rtcp_write_bye(writer, 1);
}

static const struct {
  const char *name;
  gboolean (*write)(McuRtcpWriter *writer);
  const char *bytes;
} cases[] = {
    {"SR", write_sr,
     "81c8000c 00000001 e0000001 80000002 00000003 00000004 00000005"
     "aaaaaaaa 40ffffff 00010010 00000020 00000007 00000008"},
    {"RR, empty", write_rr, "80c90001 00000001"},
    {"RR", write_rr_full, "81c90007 00000001 aaaaaaaa 40ffffff 00010010 00000020 00000007 00000008"},
    {"SDES, three zeros", write_sdes, "81ca0003 00000001 01036162 63000000"},
    {"SDES, four zeros", write_sdes_2, "81ca0003 00000001 01026162 00000000"},
    {"NACK", write_nack, "81cd0005 00000001 00000002 fffe8001 000f0001 00280000"},
    {"PLI", write_pli, "81ce0002 00000001 00000002"},
    {"FIR", write_fir, "84ce0004 00000001 00000000 00000002 07000000"},
    {"REMB", write_remb, "8fce0006 00000001 00000000 52454d42 020bd090 00000002 00000003"},
    {"BYE", write_bye, "81cb0001 00000001"},
};

static void
test_bytes(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    guint8 buffer[256];
    McuRtcpWriter writer;
    mcu_rtcp_writer_init(&writer, buffer, sizeof buffer);
    g_test_message("%s", cases[i].name);
    g_assert_true(cases[i].write(&writer));
    hex_assert_equal(buffer, writer.size, cases[i].bytes);
    g_assert_cmpint(mcu_rtcp_check(buffer, writer.size), ==, MCU_DROP_NONE);
  }
}

/* One byte too few: refused, and what was there before stays a whole packet. */
static void
test_room(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(Hex) expected = hex_new(cases[i].bytes);
    for (gsize capacity = 0; capacity <= expected.size; capacity++) {
      g_autofree guint8 *buffer = g_malloc(8 + capacity);
      McuRtcpWriter writer;
      mcu_rtcp_writer_init(&writer, buffer, 8 + capacity);
      g_assert_true(write_rr(&writer));
      gboolean written = cases[i].write(&writer);
      g_assert_cmpint(written, ==, capacity == expected.size);
      g_assert_cmpuint(writer.size, ==, written ? 8 + capacity : 8);
      g_assert_cmpint(mcu_rtcp_check(buffer, writer.size), ==, MCU_DROP_NONE);
    }
  }
}

/* Whatever is missing, the other side reads the same list. */
static void
test_nack_round_trip(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(2);

  for (guint round = 0; round < 2000; round++) {
    guint16 seqs[100], read[200];
    guint n = (guint)g_rand_int_range(rand, 1, 101);
    guint16 seq = (guint16)g_rand_int(rand);
    for (guint i = 0; i < n; i++) {
      seqs[i] = seq;
      seq = (guint16)(seq + g_rand_int_range(rand, 1, g_rand_boolean(rand) ? 4 : 40));
    }
    guint8 buffer[512];
    McuRtcpWriter writer;
    McuRtcpIter iter;
    McuRtcpPacket packet;
    mcu_rtcp_writer_init(&writer, buffer, sizeof buffer);
    g_assert_true(mcu_rtcp_write_nack(&writer, 1, 2, seqs, n));
    g_assert_cmpint(mcu_rtcp_check(buffer, writer.size), ==, MCU_DROP_NONE);
    mcu_rtcp_iter_init(&iter, buffer, writer.size);
    g_assert_true(mcu_rtcp_iter_next(&iter, &packet));
    guint n_read = mcu_rtcp_read_nack(&packet, read, G_N_ELEMENTS(read));
    g_assert_cmpmem(read, n_read * sizeof read[0], seqs, n * sizeof seqs[0]);
  }
}

static void
test_ntp(void)
{
  g_assert_cmpuint(mcu_ntp_from_unix_us(0), ==, G_GUINT64_CONSTANT(2208988800) << 32);
  g_assert_cmpuint(mcu_ntp_from_unix_us(500000), ==, (G_GUINT64_CONSTANT(2208988800) << 32) | 0x80000000);
  for (gint64 us = G_GINT64_CONSTANT(1790000000000000); us < G_GINT64_CONSTANT(1790000002000000); us += 777)
    g_assert_cmpint(mcu_ntp_to_unix_us(mcu_ntp_from_unix_us(us)), ==, us);
  g_assert_cmpuint(mcu_ntp_middle(G_GUINT64_CONSTANT(0x1111222233334444)), ==, 0x22223333);
  g_assert_cmpuint(mcu_ntp_short_from_us(1500000), ==, 0x18000);
  g_assert_cmpuint(mcu_ntp_short_from_us(-1), ==, 0);
  g_assert_cmpuint(mcu_ntp_short_from_us(G_MAXINT64), ==, G_MAXUINT32);
  g_assert_cmpint(mcu_ntp_short_to_us(0x18000), ==, 1500000);
}

static void
test_rtt(void)
{
  /* RFC 3550 6.4.1, figure 2: 6.125 s. */
  McuRtcpReport figure = {.lsr = 0xb7052000, .dlsr = 0x00054000};
  guint64 now = G_GUINT64_CONSTANT(0xb44db7108000) << 16;

  g_assert_cmpint(mcu_rtcp_rtt_us(&figure, now), ==, 6125000);

  McuRtcpReport none = {.lsr = 0, .dlsr = 5};
  g_assert_cmpint(mcu_rtcp_rtt_us(&none, now), ==, -1);
  McuRtcpReport rounding = {.lsr = 0xb7108000, .dlsr = 2};
  g_assert_cmpint(mcu_rtcp_rtt_us(&rounding, now), ==, 0);
  McuRtcpReport negative = {.lsr = 0xb7108000, .dlsr = 0x00100000};
  g_assert_cmpint(mcu_rtcp_rtt_us(&negative, now), ==, -1);
  McuRtcpReport ancient = {.lsr = 0xb7108000 - 0x200000, .dlsr = 0};
  g_assert_cmpint(mcu_rtcp_rtt_us(&ancient, now), ==, -1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rtp/rtcp-write/bytes", test_bytes);
  g_test_add_func("/rtp/rtcp-write/room", test_room);
  g_test_add_func("/rtp/rtcp-write/nack-round-trip", test_nack_round_trip);
  g_test_add_func("/rtp/rtcp-write/ntp", test_ntp);
  g_test_add_func("/rtp/rtcp-write/rtt", test_rtt);
  return g_test_run();
}
