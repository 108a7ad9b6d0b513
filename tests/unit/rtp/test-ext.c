#include "mcu/rtp/ext.h"

#include "hex.h"

/* `block`: profile, length, data. Looked up is `id`; `found` is its data, NULL: not there. */
static const struct {
  const char *name, *block;
  guint8 id;
  const char *found;
} cases[] = {
    /* RFC 8285 4.2, figure: three elements of 1, 2 and 4 bytes with padding between. */
    {"RFC 8285 one-byte, first", "bede0003 10aa 21bbbb 0000 33cccccccc", 1, "aa"},
    {"RFC 8285 one-byte, second", "bede0003 10aa 21bbbb 0000 33cccccccc", 2, "bbbb"},
    {"RFC 8285 one-byte, third", "bede0003 10aa 21bbbb 0000 33cccccccc", 3, "cccccccc"},
    {"not there", "bede0003 10aa 21bbbb 0000 33cccccccc", 4, NULL},
    {"id 0 never", "bede0001 00000000", 0, NULL},
    {"id 15 ends", "bede0002 f0aa 10bb 00000000", 1, NULL},
    {"id 15 not found itself", "bede0001 f0aa0000", 15, NULL},
    {"id 0 with length ends", "bede0002 02aabbcc 10dd0000", 1, NULL},
    {"element overrun", "bede0001 1faabbcc", 1, NULL},
    {"overrun before", "bede0001 2faabbcc", 1, NULL},
    {"last byte is a header", "bede0001 00000010", 1, NULL},
    {"16 bytes", "bede0005 1f 000102030405060708090a0b0c0d0e0f 000000", 1, "000102030405060708090a0b0c0d0e0f"},
    {"empty block", "bede0000", 1, NULL},
    {"two-byte, empty element", "10000003 0100 02 01 bb 00 0304dddddddd 00", 1, ""},
    {"two-byte, second", "10000003 0100 02 01 bb 00 0304dddddddd 00", 2, "bb"},
    {"two-byte, third", "10000003 0100 02 01 bb 00 0304dddddddd 00", 3, "dddddddd"},
    {"two-byte, application bits", "100f0001 02 01 bb 00", 2, "bb"},
    {"two-byte, id 200", "10000001 c8 01 bb 00", 200, "bb"},
    {"two-byte, id 15 is one like others", "10000001 0f 01 bb 00", 15, "bb"},
    {"two-byte, overrun", "10000001 02 03 bbbb", 2, NULL},
    {"two-byte, length missing", "10000001 00000002", 2, NULL},
    {"unknown profile", "12340001 10aa0000", 1, NULL},
};

static McuRtpHeader
parse(const Hex *packet)
{
  McuRtpHeader header;

  g_assert_cmpint(mcu_rtp_parse(packet->data, packet->size, &header), ==, MCU_DROP_NONE);
  return header;
}

static void
test_find(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strconcat("90600001 00000002 00000003", cases[i].block, NULL);
    g_auto(Hex) packet = hex_new(text);
    McuRtpHeader header = parse(&packet);
    const guint8 *data = NULL;
    guint8 size = 0;
    g_test_message("%s", cases[i].name);
    gboolean found = mcu_rtp_ext_find(&header, cases[i].id, &data, &size);
    g_assert_cmpint(found, ==, cases[i].found != NULL);
    if (found)
      hex_assert_equal(data, size, cases[i].found);
  }
}

static void
test_level(void)
{
  static const struct {
    const char *packet;
    guint8 id;
    guint level;
  } levels[] = {
      {"90600001 00000002 00000003 bede0001 10850000", 1, 5}, /* voice bit set */
      {"90600001 00000002 00000003 bede0001 107f0000", 1, 127},
      {"90600001 00000002 00000003 bede0001 10000000", 1, 0},
      {"90600001 00000002 00000003 bede0001 10000000", 0, MCU_LEVEL_UNKNOWN},
      {"90600001 00000002 00000003 bede0001 20000000", 1, MCU_LEVEL_UNKNOWN},
      {"90600001 00000002 00000003 10000001 01000000", 1, MCU_LEVEL_UNKNOWN}, /* two-byte form, empty */
      {"90600001 00000002 00000003 10000001 01018500", 1, 5},
      {"80600001 00000002 00000003", 1, MCU_LEVEL_UNKNOWN},
  };

  for (guint i = 0; i < G_N_ELEMENTS(levels); i++) {
    g_auto(Hex) packet = hex_new(levels[i].packet);
    McuRtpHeader header = parse(&packet);
    g_assert_cmpuint(mcu_rtp_ext_level(&header, levels[i].id), ==, levels[i].level);
  }
}

static void
test_write(void)
{
  static const struct {
    McuRtpExtSend ext;
    const char *block;
  } writes[] = {
      {{0}, ""},
      {{.level_id = 15}, ""},
      {{.level_id = 1, .level = 30}, "bede0001 101e 0000"},
      {{.level_id = 14, .level = 200, .voice = TRUE}, "bede0001 e0ff 0000"},
      {{.playout_delay_id = 6, .playout_min_ms = 0, .playout_max_ms = 100}, "bede0001 62 00000a"},
      {{.playout_delay_id = 6, .playout_min_ms = 40950, .playout_max_ms = 65535}, "bede0001 62 ffffff"},
      {{.playout_delay_id = 6, .playout_min_ms = 500, .playout_max_ms = 100}, "bede0001 62 00a00a"},
      {{.level_id = 1, .level = 127, .playout_delay_id = 2, .playout_max_ms = 2560}, "bede0002 107f 22000100 0000"},
  };

  for (guint i = 0; i < G_N_ELEMENTS(writes); i++) {
    g_autofree guint8 *packet = g_malloc(12 + MCU_RTP_EXT_MAX);
    McuRtpHeader header;
    mcu_rtp_write_header(packet, 96, FALSE, 1, 2, 3);
    gsize added = mcu_rtp_ext_write(packet, &writes[i].ext);
    hex_assert_equal(packet + 12, added, writes[i].block);
    g_assert_cmpint((packet[0] & 0x10) != 0, ==, added != 0);
    g_assert_cmpint(mcu_rtp_parse(packet, 12 + added, &header), ==, MCU_DROP_NONE);
    g_assert_cmpuint(header.header_size, ==, 12 + added);
    if (writes[i].ext.level_id == 1)
      g_assert_cmpuint(mcu_rtp_ext_level(&header, 1), ==, writes[i].ext.level);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rtp/ext/find", test_find);
  g_test_add_func("/rtp/ext/level", test_level);
  g_test_add_func("/rtp/ext/write", test_write);
  return g_test_run();
}
