/* The guard before a decoder: sizes read from key frames, refusals, and bytes at random. */
#include <string.h>

#include "pipelines/guard.h"

static gsize
vp8_key(guint8 *out, guint width, guint height)
{
  const guint8 head[] = {0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a};
  memcpy(out, head, sizeof head);
  out[6] = width & 0xff;
  out[7] = width >> 8 & 0x3f;
  out[8] = height & 0xff;
  out[9] = height >> 8 & 0x3f;
  return 10;
}

static gsize
vp8_delta(guint8 *out)
{
  memcpy(out, (const guint8[]){0x11, 0x02, 0x00, 0x00}, 4);
  return 4;
}

typedef struct {
  guint8 bytes[64];
  guint bits;
} Bits;

static void
put_bits(Bits *b, guint32 value, guint n)
{
  while (n-- > 0) {
    b->bytes[b->bits / 8] |= (guint8)((value >> n & 1) << (7 - b->bits % 8));
    b->bits++;
  }
}

/* Exp-Golomb, ITU-T H.264 9.1 */
static void
put_ue(Bits *b, guint32 value)
{
  guint n = g_bit_storage(value + 1);
  put_bits(b, 0, n - 1);
  put_bits(b, value + 1, n);
}

/* A baseline SPS of `mbs_wide` x `mbs_high` macroblocks, cropped on the right by `crop` chroma samples. */
static gsize
h264_key(guint8 *out, guint mbs_wide, guint mbs_high, guint crop)
{
  Bits b = {0};
  put_bits(&b, 66, 8);   /* profile_idc */
  put_bits(&b, 0xc0, 8); /* constraint flags */
  put_bits(&b, 31, 8);   /* level_idc */
  put_ue(&b, 0);         /* seq_parameter_set_id */
  put_ue(&b, 0);         /* log2_max_frame_num_minus4 */
  put_ue(&b, 2);         /* pic_order_cnt_type */
  put_ue(&b, 1);         /* max_num_ref_frames */
  put_bits(&b, 0, 1);
  put_ue(&b, mbs_wide - 1);
  put_ue(&b, mbs_high - 1);
  put_bits(&b, 1, 1); /* frame_mbs_only_flag */
  put_bits(&b, 1, 1); /* direct_8x8_inference_flag */
  put_bits(&b, crop != 0, 1);
  if (crop != 0) {
    put_ue(&b, 0);
    put_ue(&b, crop);
    put_ue(&b, 0);
    put_ue(&b, 0);
  }
  put_bits(&b, 0, 1); /* vui */
  put_bits(&b, 1, 1); /* rbsp stop bit */

  guint8 *p = out;
  memcpy(p, (const guint8[]){0, 0, 0, 1, 0x67}, 5);
  p += 5;
  guint zeros = 0;
  for (guint i = 0; i < (b.bits + 7) / 8; i++) {
    if (zeros == 2 && b.bytes[i] <= 3) { /* emulation prevention, 7.4.1 */
      *p++ = 3;
      zeros = 0;
    }
    zeros = b.bytes[i] == 0 ? zeros + 1 : 0;
    *p++ = b.bytes[i];
  }
  memcpy(p, (const guint8[]){0, 0, 0, 1, 0x65, 0x88, 0x84}, 7);
  return (gsize)(p + 7 - out);
}

static void
test_sizes(void)
{
  const struct {
    guint width, height; /* VP8; H.264 in whole macroblocks */
    PlGuardResult result;
  } cases[] = {
      {1280, 720, PL_GUARD_PASS},       {1920, 1088, PL_GUARD_PASS},      {16, 16, PL_GUARD_PASS},
      {1936, 1088, PL_GUARD_TOO_LARGE}, {1920, 1104, PL_GUARD_TOO_LARGE}, {16368, 16368, PL_GUARD_TOO_LARGE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    guint8 data[128];
    PlGuard *guard = pl_guard_new(MCU_CODEC_VP8);
    gsize size = vp8_key(data, cases[i].width, cases[i].height);
    g_assert_cmpint(pl_guard_check(guard, data, size, 0), ==, cases[i].result);
    pl_guard_free(guard);

    guard = pl_guard_new(MCU_CODEC_H264);
    size = h264_key(data, cases[i].width / 16, cases[i].height / 16, 0);
    g_assert_cmpint(pl_guard_check(guard, data, size, 0), ==, cases[i].result);
    pl_guard_free(guard);
  }
}

/* A decoder allocates what is coded, not what is left after cropping. */
static void
test_cropped_bomb(void)
{
  guint8 data[128];
  PlGuard *guard = pl_guard_new(MCU_CODEC_H264);
  gsize size = h264_key(data, 512, 45, (8192 - 640) / 2);
  g_assert_cmpint(pl_guard_check(guard, data, size, 0), ==, PL_GUARD_TOO_LARGE);
  pl_guard_free(guard);
}

static void
test_blocked_until_key(void)
{
  guint8 key[16], large[16], delta[16];
  gsize key_size = vp8_key(key, 640, 360), large_size = vp8_key(large, 4096, 4096), delta_size = vp8_delta(delta);
  PlGuard *guard = pl_guard_new(MCU_CODEC_VP8);
  g_assert_cmpint(pl_guard_check(guard, key, key_size, 0), ==, PL_GUARD_PASS);
  g_assert_cmpint(pl_guard_check(guard, delta, delta_size, 0), ==, PL_GUARD_PASS);
  g_assert_cmpint(pl_guard_check(guard, large, large_size, 0), ==, PL_GUARD_TOO_LARGE);
  g_assert_cmpint(pl_guard_check(guard, delta, delta_size, 0), ==, PL_GUARD_DROP);
  g_assert_cmpint(pl_guard_check(guard, key, key_size, 0), ==, PL_GUARD_PASS);
  g_assert_cmpint(pl_guard_check(guard, delta, delta_size, 0), ==, PL_GUARD_PASS);
  pl_guard_free(guard);
}

/* A new size with every frame for 10 s: at most the first few and one per second pass. */
static void
test_changes_are_paced(void)
{
  guint8 data[16];
  guint passed = 0;
  PlGuard *guard = pl_guard_new(MCU_CODEC_VP8);
  for (guint i = 0; i < 250; i++) {
    gsize size = vp8_key(data, 320 + 16 * (i % 2), 180);
    passed += pl_guard_check(guard, data, size, (gint64)i * 40000) == PL_GUARD_PASS && i > 0;
  }
  pl_guard_free(guard);
  /* Key frames of the size that is there pass always: 125 of one size at the least. */
  g_assert_cmpuint(passed, <=, 125 + PL_GUARD_CHANGES + 10);

  guard = pl_guard_new(MCU_CODEC_VP8);
  passed = 0;
  for (guint i = 0; i < 250; i++) {
    gsize size = vp8_key(data, 320 + 2 * i, 180);
    passed += pl_guard_check(guard, data, size, (gint64)i * 40000) == PL_GUARD_PASS;
  }
  pl_guard_free(guard);
  g_assert_cmpuint(passed, <=, PL_GUARD_CHANGES + 10);
  g_assert_cmpuint(passed, >=, 10);
}

static void
test_malformed(void)
{
  const struct {
    McuCodec codec;
    guint8 data[16];
    gsize size;
  } cases[] = {
      {MCU_CODEC_VP8, {0}, 0},
      {MCU_CODEC_VP8, {0x10, 0x02}, 2},
      {MCU_CODEC_VP8, {0x10, 0x02, 0x00, 0x9d, 0x01}, 5},
      {MCU_CODEC_VP8, {0x10, 0x02, 0x00, 0x9d, 0x01, 0x2b, 0, 5, 0xd0, 2}, 10},
      {MCU_CODEC_H264, {0, 0, 0, 1, 0x67}, 5},
      {MCU_CODEC_H264, {0, 0, 0, 1, 0x67, 66, 0xc0}, 7},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    PlGuard *guard = pl_guard_new(cases[i].codec);
    g_autofree guint8 *exact = g_memdup2(cases[i].data, MAX(cases[i].size, 1));
    PlGuardResult result = pl_guard_check(guard, exact, cases[i].size, 0);
    /* Never a size out of it; what carries no SPS at all is the decoder's to refuse. */
    g_assert_true(result == PL_GUARD_MALFORMED || (cases[i].codec == MCU_CODEC_H264 && result == PL_GUARD_PASS));
    pl_guard_free(guard);
  }
}

/* Seeded bytes, whole and truncated: for the sanitizers. */
static void
test_random(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(20261122);
  for (guint round = 0; round < 20000; round++) {
    PlGuard *guard = pl_guard_new(round % 2 ? MCU_CODEC_H264 : MCU_CODEC_VP8);
    guint8 data[160];
    gsize size = (gsize)g_rand_int_range(rand, 0, sizeof data);
    gsize start = 0;
    if (round % 3 == 0)
      start = round % 2 ? h264_key(data, 40, 23, 0) : vp8_key(data, 640, 360);
    for (gsize i = start; i < size; i++)
      data[i] = (guint8)g_rand_int(rand);
    if (size > 0 && start > 0)
      data[g_rand_int_range(rand, 0, (gint32)size)] ^= (guint8)g_rand_int(rand);
    g_autofree guint8 *exact = g_memdup2(data, MAX(size, 1));
    pl_guard_check(guard, exact, size, 0);
    pl_guard_free(guard);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/guard/sizes", test_sizes);
  g_test_add_func("/guard/cropped-bomb", test_cropped_bomb);
  g_test_add_func("/guard/blocked-until-key", test_blocked_until_key);
  g_test_add_func("/guard/changes-are-paced", test_changes_are_paced);
  g_test_add_func("/guard/malformed", test_malformed);
  g_test_add_func("/guard/random", test_random);
  return g_test_run();
}
