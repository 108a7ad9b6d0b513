/* AES-128-GCM against the cases of McGrew and Viega, The Galois/Counter Mode of Operation (the values of NIST SP
 * 800-38D's submission), and against changes. */
#include <string.h>

#include "mcu/transport/gcm.h"

static const guint8 key[] = {0xfe, 0xff, 0xe9, 0x92, 0x86, 0x65, 0x73, 0x1c,
                             0x6d, 0x6a, 0x8f, 0x94, 0x67, 0x30, 0x83, 0x08};
static const guint8 iv[] = {0xca, 0xfe, 0xba, 0xbe, 0xfa, 0xce, 0xdb, 0xad, 0xde, 0xca, 0xf8, 0x88};
static const guint8 added[] = {0xfe, 0xed, 0xfa, 0xce, 0xde, 0xad, 0xbe, 0xef, 0xfe, 0xed,
                               0xfa, 0xce, 0xde, 0xad, 0xbe, 0xef, 0xab, 0xad, 0xda, 0xd2};
static const guint8 plain[] = {0xd9, 0x31, 0x32, 0x25, 0xf8, 0x84, 0x06, 0xe5, 0xa5, 0x59, 0x09, 0xc5,
                               0xaf, 0xf5, 0x26, 0x9a, 0x86, 0xa7, 0xa9, 0x53, 0x15, 0x34, 0xf7, 0xda,
                               0x2e, 0x4c, 0x30, 0x3d, 0x8a, 0x31, 0x8a, 0x72, 0x1c, 0x3c, 0x0c, 0x95,
                               0x95, 0x68, 0x09, 0x53, 0x2f, 0xcf, 0x0e, 0x24, 0x49, 0xa6, 0xb5, 0x25,
                               0xb1, 0x6a, 0xed, 0xf5, 0xaa, 0x0d, 0xe6, 0x57, 0xba, 0x63, 0x7b, 0x39};
static const guint8 sealed[] = {0x42, 0x83, 0x1e, 0xc2, 0x21, 0x77, 0x74, 0x24, 0x4b, 0x72, 0x21, 0xb7,
                                0x84, 0xd0, 0xd4, 0x9c, 0xe3, 0xaa, 0x21, 0x2f, 0x2c, 0x02, 0xa4, 0xe0,
                                0x35, 0xc1, 0x7e, 0x23, 0x29, 0xac, 0xa1, 0x2e, 0x21, 0xd5, 0x14, 0xb2,
                                0x54, 0x66, 0x93, 0x1c, 0x7d, 0x8f, 0x6a, 0x5a, 0xac, 0x84, 0xaa, 0x05,
                                0x1b, 0xa3, 0x0b, 0x39, 0x6a, 0x0a, 0xac, 0x97, 0x3d, 0x58, 0xe0, 0x91};
static const guint8 right_tag[] = {0x5b, 0xc9, 0x4f, 0xbc, 0x32, 0x21, 0xa5, 0xdb,
                                   0x94, 0xfa, 0xe9, 0x5a, 0xe7, 0x12, 0x1a, 0x47};

static McuGcm *
with_key(void)
{
  McuGcm *gcm = mcu_gcm_new(MCU_GCM_TAG_BYTES);
  g_assert_true(mcu_gcm_set_key(gcm, key));
  return gcm;
}

/* Test case 4, over and over with one context: nothing of one packet is left in the next. */
static void
test_seal(void)
{
  McuGcm *gcm = with_key();
  for (guint i = 0; i < 3; i++) {
    guint8 data[sizeof plain], tag[MCU_GCM_TAG_BYTES];
    memcpy(data, plain, sizeof data);
    g_assert_true(mcu_gcm_begin(gcm, iv, TRUE));
    g_assert_true(mcu_gcm_add(gcm, added, sizeof added));
    g_assert_true(mcu_gcm_seal(gcm, data, sizeof data));
    g_assert_true(mcu_gcm_tag(gcm, tag));
    g_assert_cmpmem(data, sizeof data, sealed, sizeof sealed);
    g_assert_cmpmem(tag, sizeof tag, right_tag, sizeof right_tag);
  }
  mcu_gcm_free(gcm);
}

static gboolean
open_packet(McuGcm *gcm, const guint8 *with_iv, const guint8 *with_added, const guint8 *data, const guint8 *tag)
{
  guint8 copy[sizeof sealed];
  memcpy(copy, data, sizeof copy);
  g_assert_true(mcu_gcm_begin(gcm, with_iv, FALSE));
  g_assert_true(mcu_gcm_add(gcm, with_added, sizeof added));
  gboolean ok = mcu_gcm_open(gcm, copy, sizeof copy, tag);
  if (ok)
    g_assert_cmpmem(copy, sizeof copy, plain, sizeof plain);
  return ok;
}

/* One bit anywhere, and it does not open; the next one does. */
static void
test_open(void)
{
  McuGcm *gcm = with_key();
  guint8 bad_iv[sizeof iv], bad_added[sizeof added], bad[sizeof sealed], bad_tag[sizeof right_tag];
  g_assert_true(open_packet(gcm, iv, added, sealed, right_tag));
  for (guint bit = 0; bit < 8; bit++) {
    memcpy(bad_iv, iv, sizeof iv);
    memcpy(bad_added, added, sizeof added);
    memcpy(bad, sealed, sizeof sealed);
    memcpy(bad_tag, right_tag, sizeof right_tag);
    bad_iv[bit] ^= (guint8)(1 << bit);
    bad_added[2 * bit] ^= (guint8)(1 << bit);
    bad[7 * bit] ^= (guint8)(1 << bit);
    bad_tag[2 * bit + 1] ^= (guint8)(1 << bit);
    g_assert_false(open_packet(gcm, bad_iv, added, sealed, right_tag));
    g_assert_false(open_packet(gcm, iv, bad_added, sealed, right_tag));
    g_assert_false(open_packet(gcm, iv, added, bad, right_tag));
    g_assert_false(open_packet(gcm, iv, added, sealed, bad_tag));
    g_assert_true(open_packet(gcm, iv, added, sealed, right_tag));
  }
  mcu_gcm_free(gcm);
}

/* Test case 1: nothing but a tag, as of SRTCP that is not encrypted. */
static void
test_nothing_sealed(void)
{
  static const guint8 zeros[16],
      empty_tag[] = {0x58, 0xe2, 0xfc, 0xce, 0xfa, 0x7e, 0x30, 0x61, 0x36, 0x7f, 0x1d, 0x57, 0xa4, 0xe7, 0x45, 0x5a};
  guint8 tag[MCU_GCM_TAG_BYTES];
  McuGcm *gcm = mcu_gcm_new(MCU_GCM_TAG_BYTES);
  g_assert_true(mcu_gcm_set_key(gcm, zeros));
  g_assert_true(mcu_gcm_begin(gcm, zeros, TRUE));
  g_assert_true(mcu_gcm_seal(gcm, NULL, 0));
  g_assert_true(mcu_gcm_tag(gcm, tag));
  g_assert_cmpmem(tag, sizeof tag, empty_tag, sizeof empty_tag);
  g_assert_true(mcu_gcm_begin(gcm, zeros, FALSE));
  g_assert_true(mcu_gcm_open(gcm, NULL, 0, empty_tag));
  mcu_gcm_free(gcm);
  mcu_gcm_free(NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/gcm/seal", test_seal);
  g_test_add_func("/gcm/open", test_open);
  g_test_add_func("/gcm/nothing-sealed", test_nothing_sealed);
  return g_test_run();
}
