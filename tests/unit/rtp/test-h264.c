#include "mcu/rtp/h264.h"

#include "hex.h"

/* Parameter sets as x264 and openh264 write them. */
#define SPS_720P "6742c01fd9005005bb011000000300100000030320f1832480"
#define SPS_4096 "6742c03cd90010000806c044000003000400000300c83c201092"

static const struct {
  const char *name, *nal;
  guint width, height;
  gboolean allowed;
} sets[] = {
    {"baseline 1280x720", SPS_720P, 1280, 720, TRUE},
    {"baseline 640x360, cropped", "6742c01ed900a02ff97011000003000100000300320f162e48", 640, 360, TRUE},
    {"baseline 1920x1080", "6742c028d900780227e5c044000003000400000300c83c60c920", 1920, 1080, TRUE},
    {"baseline 1080x1920, upright", "6742c028d9004403c797c044000003000400000300c83c60c920", 1080, 1920, TRUE},
    {"baseline 128x72", "6742c00ad9020bf97011000003000100000300320f122648", 128, 72, TRUE},
    {"openh264 640x480", "6742c01e8c8d40501ed00f08846a", 640, 480, TRUE},
    {"high 1366x768", "67640020acd94056061e6f011000000300100000030320f1831960", 1366, 768, TRUE},
    {"interlaced, 4 references", "6764001eacd940b424d8088000000300800000190f8a14cb", 720, 576, TRUE},
    {"10 bits", "676e000da6cd94141fb011000003000100000300320f142996", 320, 240, FALSE},
    {"4:4:4", "67f4000d919b282a10f1f1f808800000030080000019078a14cb", 322, 242, FALSE},
    {"4:2:2", "677a000dbcd9414087e3f011000003000100000300320f142996", 320, 242, FALSE},
    {"4096x4096", SPS_4096, 4096, 4096, FALSE},
};

static const struct {
  const char *name, *payload;
  McuDrop drop;
  gboolean keyframe;
} payloads[] = {
    {"empty", "", MCU_DROP_RTP_MALFORMED, FALSE},
    {"slice", "41 9a00", MCU_DROP_NONE, FALSE},
    {"IDR slice", "65 8880", MCU_DROP_NONE, TRUE},
    {"SPS", SPS_720P, MCU_DROP_NONE, TRUE},
    {"PPS", "68ce3880", MCU_DROP_NONE, FALSE},
    {"SEI", "0605ff", MCU_DROP_NONE, FALSE},
    {"damaged by its own word", "e5 8880", MCU_DROP_RTP_MALFORMED, TRUE},
    {"type 0", "60 00", MCU_DROP_NAL_TYPE, FALSE},
    {"type 23", "17 00", MCU_DROP_NONE, FALSE},
    {"STAP-A of SPS and PPS", "78 0004 67424001 0002 68ce", MCU_DROP_NONE, TRUE},
    {"STAP-A of two slices", "78 0002 419a 0002 419a", MCU_DROP_NONE, FALSE},
    {"STAP-A, IDR second", "78 0002 0605 0002 6588", MCU_DROP_NONE, TRUE},
    {"STAP-A, empty", "78", MCU_DROP_RTP_MALFORMED, FALSE},
    {"STAP-A, half a size", "78 00", MCU_DROP_RTP_MALFORMED, FALSE},
    {"STAP-A, size only", "78 0001", MCU_DROP_RTP_MALFORMED, FALSE},
    {"STAP-A, size 0", "78 0000 0002 419a", MCU_DROP_RTP_MALFORMED, FALSE},
    {"STAP-A, overrun", "78 0002 419a 0003 419a", MCU_DROP_RTP_MALFORMED, FALSE},
    {"STAP-A, overrun by 64 KiB", "78 ffff 419a", MCU_DROP_RTP_MALFORMED, FALSE},
    {"STAP-A, one byte over", "78 0002 419a 00", MCU_DROP_RTP_MALFORMED, FALSE},
    {"STAP-A in STAP-A", "78 0005 78 0002 419a", MCU_DROP_NAL_TYPE, FALSE},
    {"STAP-A with FU-A", "78 0003 7c8588", MCU_DROP_NAL_TYPE, FALSE},
    {"STAP-B", "79 0000 0002 419a", MCU_DROP_NAL_TYPE, FALSE},
    {"MTAP16", "7a 0000 0005 00 0000 419a", MCU_DROP_NAL_TYPE, FALSE},
    {"MTAP24", "7b 0000 0006 00 000000 419a", MCU_DROP_NAL_TYPE, FALSE},
    {"FU-A, start of IDR", "7c 85 88", MCU_DROP_NONE, TRUE},
    {"FU-A, start of slice", "5c 81 9a", MCU_DROP_NONE, FALSE},
    {"FU-A, middle of IDR", "7c 05 88", MCU_DROP_NONE, FALSE},
    {"FU-A, end of IDR", "7c 45 88", MCU_DROP_NONE, FALSE},
    {"FU-A, both start and end", "7c c5 88", MCU_DROP_RTP_MALFORMED, TRUE},
    {"FU-A, no FU header", "7c", MCU_DROP_RTP_MALFORMED, FALSE},
    {"FU-A, nothing in it", "7c 85", MCU_DROP_RTP_MALFORMED, FALSE},
    {"FU-A of an SPS", "7c 87 42", MCU_DROP_NAL_TYPE, FALSE},
    {"FU-A of a STAP-A", "7c 98 00", MCU_DROP_NAL_TYPE, FALSE},
    {"FU-A of type 0", "7c 80 00", MCU_DROP_NAL_TYPE, FALSE},
    {"FU-B", "7d 85 0000 88", MCU_DROP_NAL_TYPE, FALSE},
    {"type 30", "7e 00", MCU_DROP_NAL_TYPE, FALSE},
    {"type 31", "7f 00", MCU_DROP_NAL_TYPE, FALSE},
};

static void
test_payloads(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(payloads); i++) {
    g_auto(Hex) payload = hex_new(payloads[i].payload);
    g_test_message("%s", payloads[i].name);
    g_assert_cmpint(mcu_h264_check(payload.data, payload.size), ==, payloads[i].drop);
    g_assert_cmpint(mcu_h264_starts_keyframe(payload.data, payload.size), ==, payloads[i].keyframe);
  }
}

static void
test_sps(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(sets); i++) {
    g_auto(Hex) nal = hex_new(sets[i].nal);
    guint width = 0, height = 0;
    g_test_message("%s", sets[i].name);
    g_assert_true(mcu_h264_sps_size(nal.data, nal.size, &width, &height));
    g_assert_cmpuint(width, ==, sets[i].width);
    g_assert_cmpuint(height, ==, sets[i].height);
    g_assert_cmpint(mcu_h264_size_allowed(nal.data, nal.size), ==, sets[i].allowed);
  }
}

/* Cut anywhere before the size is known: unreadable, and then not allowed. */
static void
test_sps_cut(void)
{
  g_auto(Hex) nal = hex_new(SPS_720P);
  guint width, height;

  for (gsize size = 1; size < nal.size; size++) {
    g_autofree guint8 *cut = g_memdup2(nal.data, size);
    gboolean readable = mcu_h264_sps_size(cut, size, &width, &height);
    g_assert_cmpint(mcu_h264_size_allowed(cut, size), ==, readable);
    if (size < 8)
      g_assert_false(readable);
    if (readable)
      g_assert_true(width == 1280 && height == 720);
  }
}

/* Writes an SPS with any fields, to ask for what no encoder does. */
typedef struct {
  guint8 data[256];
  gsize bit;
} Writer;

static void
put(Writer *writer, guint n, guint value)
{
  for (; n > 0; n--, writer->bit++)
    if ((value >> (n - 1) & 1) != 0)
      writer->data[writer->bit / 8] |= (guint8)(0x80 >> writer->bit % 8);
}

static void
put_ue(Writer *writer, guint value)
{
  guint bits = g_bit_storage(value + 1);

  put(writer, bits - 1, 0);
  put(writer, bits, value + 1);
}

/* Baseline; the RBSP has no emulation bytes as long as no two zero bytes come together. */
static gsize
write_sps(guint8 *out, guint ref_frames, guint mbs_wide, guint mbs_high, gboolean crop, guint crop_right)
{
  Writer writer = {0};

  put(&writer, 32, 0x6742e01f);
  put_ue(&writer, 0); /* id */
  put_ue(&writer, 0); /* log2_max_frame_num */
  put_ue(&writer, 2); /* picture order type */
  put_ue(&writer, ref_frames);
  put(&writer, 1, 0);
  put_ue(&writer, mbs_wide - 1);
  put_ue(&writer, mbs_high - 1);
  put(&writer, 2, 3); /* frames only, direct 8x8 */
  put(&writer, 1, crop ? 1 : 0);
  if (crop) {
    put_ue(&writer, 0);
    put_ue(&writer, crop_right);
    put_ue(&writer, 0);
    put_ue(&writer, 0);
  }
  put(&writer, 2, 1); /* no VUI, stop bit */
  gsize size = (writer.bit + 7) / 8;
  memcpy(out, writer.data, size);
  return size;
}

static void
test_sps_hostile(void)
{
  static const struct {
    const char *name;
    guint ref_frames, mbs_wide, mbs_high, crop_right;
    gboolean readable, allowed;
  } cases[] = {
      {"plain", 1, 80, 45, 0, TRUE, TRUE},
      {"16 references at 1080p", 16, 120, 68, 0, TRUE, FALSE},
      {"4 references at 1080p", 4, 120, 68, 0, TRUE, TRUE},
      {"16 references at 360p", 16, 40, 23, 0, TRUE, TRUE},
      {"17 references", 17, 40, 23, 0, FALSE, FALSE},
      {"coded large, cropped small", 1, 256, 68, 1400, TRUE, FALSE},
      {"cropped to nothing", 1, 40, 23, 320, FALSE, FALSE},
      {"cropped below nothing", 1, 40, 23, 60000, FALSE, FALSE},
      {"65536 macroblocks wide", 1, 65536, 1, 0, FALSE, FALSE},
      {"widest that is read", 1, 4096, 4096, 0, TRUE, FALSE},
      {"1920x1920", 1, 120, 120, 0, TRUE, FALSE},
      {"16x16", 1, 1, 1, 0, TRUE, TRUE},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree guint8 *nal = g_malloc0(64);
    guint width, height;
    gsize size = write_sps(nal, cases[i].ref_frames, cases[i].mbs_wide, cases[i].mbs_high, cases[i].crop_right > 0,
                           cases[i].crop_right);
    g_test_message("%s", cases[i].name);
    g_assert_cmpint(mcu_h264_sps_size(nal, size, &width, &height), ==, cases[i].readable);
    g_assert_cmpint(mcu_h264_size_allowed(nal, size), ==, cases[i].allowed);

    /* The same in a STAP-A, behind a slice. */
    g_autofree guint8 *stap = g_malloc(64 + 7);
    memcpy(stap, "\x78\x00\x02\x41\x9a\x00", 6);
    stap[6] = (guint8)size;
    memcpy(stap + 7, nal, size);
    g_assert_cmpint(mcu_h264_check(stap, 7 + size), ==, MCU_DROP_NONE);
    g_assert_cmpint(mcu_h264_size_allowed(stap, 7 + size), ==, cases[i].allowed);
  }
  g_assert_true(mcu_h264_size_allowed((const guint8 *)"\x41\x9a", 2));
  g_assert_true(mcu_h264_size_allowed(NULL, 0));
}

/* Random bytes: no answer outside of the limits, nothing read outside of the payload. */
static void
test_any(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(5);

  for (guint i = 0; i < 50000; i++) {
    gsize size = (gsize)g_rand_int_range(rand, 1, 60);
    g_autofree guint8 *payload = g_malloc(size);
    for (gsize k = 0; k < size; k++)
      payload[k] = g_rand_boolean(rand) ? (guint8)g_rand_int(rand) : (guint8)g_rand_int_range(rand, 0, 4);
    if (g_rand_boolean(rand))
      payload[0] = 0x67;
    guint width = 0, height = 0;
    mcu_h264_check(payload, size);
    mcu_h264_starts_keyframe(payload, size);
    mcu_h264_size_allowed(payload, size);
    if (mcu_h264_sps_size(payload, size, &width, &height)) {
      g_assert_cmpuint(width, >, 0);
      g_assert_cmpuint(width, <=, 65536);
      g_assert_cmpuint(height, >, 0);
      g_assert_cmpuint(height, <=, 131072);
    }
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rtp/h264/payloads", test_payloads);
  g_test_add_func("/rtp/h264/sps", test_sps);
  g_test_add_func("/rtp/h264/sps-cut", test_sps_cut);
  g_test_add_func("/rtp/h264/sps-hostile", test_sps_hostile);
  g_test_add_func("/rtp/h264/any", test_any);
  return g_test_run();
}
