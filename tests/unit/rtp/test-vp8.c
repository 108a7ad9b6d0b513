#include "mcu/rtp/vp8.h"

#include "hex.h"

#define KEY "10 02 00 9d012a 8002 6801" /* 640x360 */

static const struct {
  const char *name, *payload;
  guint descriptor_size;
  gboolean frame_start, keyframe;
  guint width, height;
} good[] = {
    {"key frame, shortest descriptor", "10" KEY "ff", 1, TRUE, TRUE, 640, 360},
    {"delta frame", "10 11 02 00 ff", 1, TRUE, FALSE, 0, 0},
    {"later packet", "00 10 02", 1, FALSE, FALSE, 0, 0},
    {"later partition starts", "11 10 02", 1, FALSE, FALSE, 0, 0},
    {"7-bit picture id", "90 80 11" KEY, 3, TRUE, TRUE, 640, 360},
    {"15-bit picture id", "90 80 9122" KEY, 4, TRUE, TRUE, 640, 360},
    {"all of it", "90 f0 9122 01 20" KEY, 6, TRUE, TRUE, 640, 360},
    {"TL0PICIDX alone", "90 40 01" KEY, 3, TRUE, TRUE, 640, 360},
    {"T and K share a byte", "90 30 21" KEY, 3, TRUE, TRUE, 640, 360},
    {"scaling bits are not size", "10 10 02 00 9d012a 8042 6881", 1, TRUE, TRUE, 640, 360},
    {"non-reference, N bit", "30 11 02 00", 1, TRUE, FALSE, 0, 0},
};

static const char *const bad[] = {
    "",
    "10",
    "90",
    "90 80",
    "90 80 11",
    "90 80 91",
    "90 80 9122",
    "90 f0 9122 01",
    "90 f0 9122 01 20",
    "10 10 02 00 9d012a 8002 68",   /* key frame header cut */
    "10 10 02 00 9d012b 8002 6801", /* start code */
    "10 10 02 00 9d012a 0000 6801", /* no width */
    "10 10 02 00 9d012a 8002 00c0", /* no height */
    "10 10",
};

static void
test_good(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_auto(Hex) payload = hex_new(good[i].payload);
    McuVp8Info info;
    g_test_message("%s", good[i].name);
    g_assert_cmpint(mcu_vp8_parse(payload.data, payload.size, &info), ==, MCU_DROP_NONE);
    g_assert_cmpuint(info.descriptor_size, ==, good[i].descriptor_size);
    g_assert_cmpint(info.frame_start, ==, good[i].frame_start);
    g_assert_cmpint(info.keyframe, ==, good[i].keyframe);
    g_assert_cmpuint(info.width, ==, good[i].width);
    g_assert_cmpuint(info.height, ==, good[i].height);
    g_assert_cmpint(mcu_vp8_starts_keyframe(payload.data, payload.size), ==, good[i].keyframe);
  }
}

static void
test_bad(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_auto(Hex) payload = hex_new(bad[i]);
    McuVp8Info info;
    g_test_message("%s", bad[i]);
    g_assert_cmpint(mcu_vp8_parse(payload.data, payload.size, &info), ==, MCU_DROP_RTP_MALFORMED);
    g_assert_false(mcu_vp8_starts_keyframe(payload.data, payload.size));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rtp/vp8/good", test_good);
  g_test_add_func("/rtp/vp8/bad", test_bad);
  return g_test_run();
}
