#include <string.h>

#include "mcu/transport/srtp.h"

static const McuSrtpKey key_a = {.key = "0123456789abcdef", .salt = "salt-salt-sal"};
static const McuSrtpKey key_b = {.key = "fedcba9876543210", .salt = "tlas-tlas-tla"};

typedef struct {
  McuSrtp *a, *b;
} Pair;

static Pair
pair_new(McuSrtpProfile profile)
{
  g_autoptr(GError) error = NULL;
  Pair pair = {.a = mcu_srtp_new(profile, &key_a, &key_b, &error), .b = mcu_srtp_new(profile, &key_b, &key_a, &error)};
  g_assert_no_error(error);
  return pair;
}

static void
pair_clear(Pair *pair)
{
  mcu_srtp_free(pair->a);
  mcu_srtp_free(pair->b);
}

static gsize
make_rtp(guint8 *packet, guint16 seq, gsize payload)
{
  const guint8 header[12] = {0x80, 96, (guint8)(seq >> 8), (guint8)seq, 0, 0, 0, 9, 1, 2, 3, 4};
  memcpy(packet, header, sizeof header);
  for (gsize i = 0; i < payload; i++)
    packet[sizeof header + i] = (guint8)i;
  return sizeof header + payload;
}

static void
test_round_trip(gconstpointer data)
{
  Pair pair = pair_new((McuSrtpProfile)GPOINTER_TO_INT(data));
  for (guint16 seq = 65500; seq != 100; seq++) { /* over the wrap */
    guint8 packet[300], plain[300];
    gsize plain_size = make_rtp(plain, seq, 200), size = plain_size;
    memcpy(packet, plain, size);
    g_assert_true(mcu_srtp_protect_rtp(pair.a, packet, &size));
    g_assert_cmpuint(size, >, plain_size);
    g_assert_cmpuint(size, <=, plain_size + MCU_SRTP_TRAILER);
    g_assert_cmpint(memcmp(packet + 12, plain + 12, 200), !=, 0);
    g_assert_cmpint(mcu_srtp_unprotect_rtp(pair.b, packet, &size), ==, MCU_DROP_NONE);
    g_assert_cmpmem(packet, size, plain, plain_size);
  }
  pair_clear(&pair);
}

static void
test_resend_is_the_same(gconstpointer data)
{
  Pair pair = pair_new((McuSrtpProfile)GPOINTER_TO_INT(data));
  guint8 first[300], again[300];
  gsize first_size = make_rtp(first, 7, 100), again_size = make_rtp(again, 7, 100);
  g_assert_true(mcu_srtp_protect_rtp(pair.a, first, &first_size));
  for (guint16 seq = 8; seq < 200; seq++) {
    guint8 other[300];
    gsize size = make_rtp(other, seq, 50);
    g_assert_true(mcu_srtp_protect_rtp(pair.a, other, &size));
  }
  g_assert_true(mcu_srtp_protect_rtp(pair.a, again, &again_size));
  g_assert_cmpmem(first, first_size, again, again_size);
  pair_clear(&pair);
}

static void
test_refusals(gconstpointer data)
{
  Pair pair = pair_new((McuSrtpProfile)GPOINTER_TO_INT(data));
  guint8 packet[300], copy[300];
  gsize size = make_rtp(packet, 1, 100);
  g_assert_true(mcu_srtp_protect_rtp(pair.a, packet, &size));

  for (gsize i = 0; i < size; i++) { /* every byte is under the tag */
    memcpy(copy, packet, size);
    copy[i] ^= 1;
    gsize n = size;
    g_assert_cmpint(mcu_srtp_unprotect_rtp(pair.b, copy, &n), !=, MCU_DROP_NONE);
  }
  for (gsize n = 0; n < size; n++) { /* every truncation */
    memcpy(copy, packet, size);
    gsize cut = n;
    g_assert_cmpint(mcu_srtp_unprotect_rtp(pair.b, copy, &cut), !=, MCU_DROP_NONE);
    cut = n;
    g_assert_cmpint(mcu_srtp_unprotect_rtcp(pair.b, copy, &cut), !=, MCU_DROP_NONE);
  }
  memcpy(copy, packet, size);
  gsize n = size;
  g_assert_cmpint(mcu_srtp_unprotect_rtp(pair.b, copy, &n), ==, MCU_DROP_NONE);
  memcpy(copy, packet, size);
  n = size;
  g_assert_cmpint(mcu_srtp_unprotect_rtp(pair.b, copy, &n), ==, MCU_DROP_REPLAY);
  pair_clear(&pair);
}

static void
test_rtcp(gconstpointer data)
{
  Pair pair = pair_new((McuSrtpProfile)GPOINTER_TO_INT(data));
  guint8 packet[64] = {0x80, 201, 0, 1, 9, 9, 9, 9};
  gsize size = 8;
  g_assert_true(mcu_srtp_protect_rtcp(pair.b, packet, &size));
  g_assert_cmpuint(size, <=, 8 + MCU_SRTP_TRAILER);
  g_assert_cmpint(mcu_srtp_unprotect_rtcp(pair.a, packet, &size), ==, MCU_DROP_NONE);
  g_assert_cmpuint(size, ==, 8);
  g_assert_cmpuint(packet[1], ==, 201);
  pair_clear(&pair);
}

/* libsrtp has taken OpenSSL's cipher: it would have said so if not, and a warning ends a test. */
static void
test_own_cipher(void)
{
  Pair pair = pair_new(MCU_SRTP_AEAD_AES_128_GCM);
  guint8 packet[64];
  gsize size = make_rtp(packet, 1, 20);
  g_assert_true(mcu_srtp_protect_rtp(pair.a, packet, &size));
  g_assert_cmpuint(size, ==, 12 + 20 + 16);
  pair_clear(&pair);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/srtp/own-cipher", test_own_cipher);
  static const char *const names[] = {"gcm", "cm"};
  for (int profile = 0; profile < 2; profile++) {
    gconstpointer data = GINT_TO_POINTER(profile);
    struct {
      const char *name;
      GTestDataFunc func;
    } tests[] = {{"round-trip", test_round_trip},
                 {"resend-is-the-same", test_resend_is_the_same},
                 {"refusals", test_refusals},
                 {"rtcp", test_rtcp}};
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
      g_autofree char *path = g_strdup_printf("/srtp/%s/%s", names[profile], tests[i].name);
      g_test_add_data_func(path, data, tests[i].func);
    }
  }
  return g_test_run();
}
