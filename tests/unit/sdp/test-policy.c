#include "fixture.h"
#include "mcu/sdp/policy-priv.h"

static void
test_codecs(void)
{
  static const struct {
    guint8 idc, iop, mode;
    gboolean usable;
  } cases[] = {
      {0x42, 0xe0, 1, TRUE},  {0x42, 0xc0, 1, TRUE},  {0x42, 0x40, 1, TRUE},  {0x42, 0x00, 1, FALSE},
      {0x42, 0x80, 1, FALSE}, {0x42, 0xe0, 0, FALSE}, {0x42, 0xe0, 2, FALSE}, {0x42, 0xe1, 1, FALSE},
      {0x4d, 0x80, 1, TRUE},  {0x4d, 0x00, 1, FALSE}, {0x4d, 0x40, 1, FALSE}, {0x58, 0xc0, 1, TRUE},
      {0x58, 0x80, 1, FALSE}, {0x64, 0x00, 1, FALSE}, {0x64, 0x0c, 1, FALSE}, {0xff, 0xe0, 1, FALSE},
      {0x00, 0x00, 1, FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    McuSdpCodec codec = {.codec = MCU_CODEC_H264,
                         .profile_idc = cases[i].idc,
                         .profile_iop = cases[i].iop,
                         .packetization_mode = cases[i].mode};
    g_test_message("%02x%02x mode %u", cases[i].idc, cases[i].iop, cases[i].mode);
    g_assert_cmpint(sdp_is_usable_codec(&codec), ==, cases[i].usable);
  }
  g_assert_true(sdp_is_usable_codec(&(McuSdpCodec){.codec = MCU_CODEC_VP8}));
  g_assert_true(sdp_is_usable_codec(&(McuSdpCodec){.codec = MCU_CODEC_OPUS}));
  g_assert_false(sdp_is_usable_codec(&(McuSdpCodec){.codec = MCU_CODEC_NONE}));
}

static void
test_apply(void)
{
  McuSdpPolicy policy = some_policy();
  g_autoptr(McuSdp) sdp = mcu_sdp_new();
  g_autoptr(GError) error = NULL;

  g_assert_true(sdp_apply_policy(sdp, &policy, &error));
  g_assert_no_error(error);
  g_assert_cmpstr(sdp->ufrag, ==, "abcd");
  g_assert_true(sdp->ice_lite && sdp->has_fingerprint && sdp->end_of_candidates);
  g_assert_cmpmem(sdp->fingerprint, 32, some_print, 32);
  g_assert_cmpuint(sdp->candidates->len, ==, 2);
}

static void
test_too_many_candidates(void)
{
  const char *many[MCU_CANDIDATES_MAX + 2] = {0};
  McuSdpPolicy policy = some_policy();
  g_autoptr(McuSdp) sdp = mcu_sdp_new();
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i <= MCU_CANDIDATES_MAX; i++)
    many[i] = some_candidates[0];
  policy.candidates = many;
  g_assert_false(sdp_apply_policy(sdp, &policy, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_TOO_LARGE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sdp/policy/codecs", test_codecs);
  g_test_add_func("/sdp/policy/apply", test_apply);
  g_test_add_func("/sdp/policy/too-many-candidates", test_too_many_candidates);
  return g_test_run();
}
