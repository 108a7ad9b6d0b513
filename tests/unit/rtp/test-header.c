#include "mcu/rtp/header.h"

#include "hex.h"

static const struct {
  const char *name;
  const char *packet;
  guint header_size, payload_size, ext_size;
} good[] = {
    {"plain", "80 6f 0001 00000002 00000003 aabb", 12, 2, 0},
    {"no payload", "80 6f 0001 00000002 00000003", 12, 0, 0},
    {"two CSRC", "82 6f 0001 00000002 00000003 11111111 22222222 aa", 20, 1, 0},
    {"extension", "90 6f 0001 00000002 00000003 bede0001 10ff0000 aabbcc", 20, 3, 4},
    {"empty extension", "90 6f 0001 00000002 00000003 bede0000 aa", 16, 1, 0},
    {"padding", "a0 6f 0001 00000002 00000003 aabb 0002", 12, 2, 0},
    {"padding alone", "a0 6f 0001 00000002 00000003 00000004", 12, 0, 0},
    {"all", "b1 ef 0001 00000002 00000003 99999999 bede0001 10ff0000 aa 01", 24, 1, 4},
};

static const struct {
  const char *name;
  const char *packet;
} bad[] = {
    {"empty", ""},
    {"one byte", "80"},
    {"eleven bytes", "80 6f 0001 00000002 000000"},
    {"version 0", "00 6f 0001 00000002 00000003 aa"},
    {"version 1", "40 6f 0001 00000002 00000003 aa"},
    {"version 3", "c0 6f 0001 00000002 00000003 aa"},
    {"15 CSRC, none there", "8f 6f 0001 00000002 00000003 aa"},
    {"CSRC cut", "81 6f 0001 00000002 00000003 aabbcc"},
    {"extension header missing", "90 6f 0001 00000002 00000003"},
    {"extension header cut", "90 6f 0001 00000002 00000003 bede00"},
    {"extension overrun by one word", "90 6f 0001 00000002 00000003 bede0002 10ff0000"},
    {"extension overrun by 64 KiB", "90 6f 0001 00000002 00000003 bedeffff 10ff0000"},
    {"padding 0", "a0 6f 0001 00000002 00000003 aabb0000"},
    {"padding over payload", "a0 6f 0001 00000002 00000003 aabb0005"},
    {"padding 255", "a0 6f 0001 00000002 00000003 ff"},
    {"padding bit without payload", "a0 6f 0001 00000002 00000003"},
    {"padding into extension", "b0 6f 0001 00000002 00000003 bede0001 10ff0005"},
};

static void
test_good(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_auto(Hex) packet = hex_new(good[i].packet);
    McuRtpHeader header;
    g_test_message("%s", good[i].name);
    g_assert_cmpint(mcu_rtp_parse(packet.data, packet.size, &header), ==, MCU_DROP_NONE);
    g_assert_cmpuint(header.pt, ==, 111);
    g_assert_cmpint(header.marker, ==, packet.data[1] >> 7);
    g_assert_cmpuint(header.seq, ==, 1);
    g_assert_cmpuint(header.timestamp, ==, 2);
    g_assert_cmpuint(header.ssrc, ==, 3);
    g_assert_cmpuint(header.header_size, ==, good[i].header_size);
    g_assert_cmpuint(header.payload_size, ==, good[i].payload_size);
    g_assert_cmpuint(header.ext_size, ==, good[i].ext_size);
  }
}

static void
test_bad(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_auto(Hex) packet = hex_new(bad[i].packet);
    McuRtpHeader header;
    g_test_message("%s", bad[i].name);
    g_assert_cmpint(mcu_rtp_parse(packet.data, packet.size, &header), ==, MCU_DROP_RTP_MALFORMED);
  }
  g_autofree guint8 *large = g_malloc0(MCU_RTP_MAX + 1);
  McuRtpHeader header;
  large[0] = 0x80;
  g_assert_cmpint(mcu_rtp_parse(large, MCU_RTP_MAX, &header), ==, MCU_DROP_NONE);
  g_assert_cmpint(mcu_rtp_parse(large, MCU_RTP_MAX + 1, &header), ==, MCU_DROP_OVERSIZED);
}

/* Every packet, cleaned, is a plain header and the same payload. */
static void
test_clean(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_auto(Hex) packet = hex_new(good[i].packet);
    McuRtpHeader header, again;
    guint8 *start;
    g_assert_cmpint(mcu_rtp_parse(packet.data, packet.size, &header), ==, MCU_DROP_NONE);
    g_autofree guint8 *payload = g_memdup2(packet.data + header.header_size, header.payload_size);
    gsize size = mcu_rtp_clean(packet.data, &header, &start);
    g_assert_cmpuint(size, ==, 12 + good[i].payload_size);
    g_assert_true(start >= packet.data && start + size <= packet.data + packet.size);
    g_assert_cmpint(start[0], ==, 0x80);
    g_assert_cmpint(mcu_rtp_parse(start, size, &again), ==, MCU_DROP_NONE);
    g_assert_cmpuint(again.seq, ==, header.seq);
    g_assert_cmpuint(again.timestamp, ==, header.timestamp);
    g_assert_cmpuint(again.ssrc, ==, header.ssrc);
    g_assert_cmpuint(again.pt, ==, header.pt);
    g_assert_cmpint(again.marker, ==, header.marker);
    g_assert_cmpmem(start + 12, size - 12, payload, header.payload_size);
  }
}

static void
test_write(void)
{
  guint8 buffer[12];

  g_assert_cmpuint(mcu_rtp_write_header(buffer, 96, TRUE, 0xfffe, 0x80000001, 0xdeadbeef), ==, 12);
  hex_assert_equal(buffer, 12, "80 e0 fffe 80000001 deadbeef");
  mcu_rtp_write_header(buffer, 255, FALSE, 0, 0, 0);
  hex_assert_equal(buffer, 12, "80 7f 0000 00000000 00000000");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rtp/header/good", test_good);
  g_test_add_func("/rtp/header/bad", test_bad);
  g_test_add_func("/rtp/header/clean", test_clean);
  g_test_add_func("/rtp/header/write", test_write);
  return g_test_run();
}
