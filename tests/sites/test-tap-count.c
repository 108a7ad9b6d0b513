/* What the headers say: frames, gaps, loss, over the sequence number's end. */
#include "tap-count.h"

static void
test_count(void)
{
  SimTapCount count = {0};
  guint16 seq = 65530;
  for (guint frame = 0; frame < 10; frame++)
    for (guint i = 0; i < 3; i++)
      sim_tap_count(&count, seq++, i == 2, 1000 + frame * 40);
  g_assert_cmpuint(count.packets, ==, 30);
  g_assert_cmpuint(count.frames, ==, 9); /* after the first */
  g_assert_cmpint(count.from_us, ==, 1000);
  g_assert_cmpint(count.last_frame_us, ==, 1360);
  g_assert_cmpint(count.gap_max_us, ==, 40);
  g_assert_cmpuint(count.lost, ==, 0);

  sim_tap_count(&count, (guint16)(seq - 1), TRUE, 2000); /* again: nothing */
  g_assert_cmpint(count.gap_max_us, ==, 40);
  sim_tap_count(&count, (guint16)(seq + 2), TRUE, 1460); /* two are missing */
  g_assert_cmpuint(count.lost, ==, 2);
  g_assert_cmpint(count.gap_max_us, ==, 100);
  g_assert_cmpuint(count.frames, ==, 10);

  sim_tap_count_restart(&count);
  sim_tap_count(&count, (guint16)(seq + 3), TRUE, 1500);
  sim_tap_count(&count, (guint16)(seq + 4), TRUE, 1540);
  g_assert_cmpuint(count.lost, ==, 0);
  g_assert_cmpint(count.gap_max_us, ==, 40);
  g_assert_cmpuint(count.frames, ==, 1);
  g_assert_cmpint(count.from_us, ==, 1500);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sites/tap-count/count", test_count);
  return g_test_run();
}
