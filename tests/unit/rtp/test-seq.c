#include "mcu/rtp/seq.h"

static void
test_compare(void)
{
  g_assert_true(mcu_seq_newer(1, 0));
  g_assert_true(mcu_seq_newer(0, 65535));
  g_assert_false(mcu_seq_newer(65535, 0));
  g_assert_false(mcu_seq_newer(7, 7));
  g_assert_cmpint(mcu_seq_diff(2, 65534), ==, 4);
  g_assert_cmpint(mcu_seq_diff(65534, 2), ==, -4);
  g_assert_cmpint(mcu_timestamp_diff(5, 0xfffffffb), ==, 10);
  g_assert_cmpint(mcu_timestamp_diff(0xfffffffb, 5), ==, -10);
}

static void
test_order(void)
{
  McuUnwrap unwrap = {0};

  g_assert_cmpuint(mcu_unwrap_seq(&unwrap, 2), ==, 0x10002);
  g_assert_cmpuint(mcu_unwrap_seq(&unwrap, 65535), ==, 0xffff); /* older than the first */
  g_assert_cmpuint(mcu_unwrap_seq(&unwrap, 3), ==, 0x10003);
  g_assert_cmpuint(mcu_unwrap_seq_peek(&unwrap, 10), ==, 0x1000a);
  g_assert_cmpuint(mcu_unwrap_seq(&unwrap, 3), ==, 0x10003);
}

/* Any walk with steps of less than half the space is followed, over many wraps. */
static void
test_walk(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(1);
  McuUnwrap seqs = {0}, timestamps = {0};
  guint64 seq = 0x10000 + 60000, timestamp = G_GUINT64_CONSTANT(0x1f0000000);
  guint64 top_seq = seq, top_timestamp = timestamp;

  for (guint i = 0; i < 100000; i++) {
    g_assert_cmpuint(mcu_unwrap_seq(&seqs, (guint16)seq), ==, seq);
    g_assert_cmpuint(mcu_unwrap_timestamp(&timestamps, (guint32)timestamp), ==, timestamp);
    top_seq = MAX(top_seq, seq);
    top_timestamp = MAX(top_timestamp, timestamp);
    seq = top_seq + (guint64)g_rand_int_range(rand, 0, 32768 + 300) - 300;
    timestamp = top_timestamp + (guint64)g_rand_int_range(rand, 0, G_MAXINT32) - 90000;
  }
  g_assert_cmpuint(top_seq, >, 0x10000 * 1000);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rtp/seq/compare", test_compare);
  g_test_add_func("/rtp/seq/order", test_order);
  g_test_add_func("/rtp/seq/walk", test_walk);
  return g_test_run();
}
