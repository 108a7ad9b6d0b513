#include "tally.h"

static void
test_nobody(void)
{
  Tally t;
  tally(NULL, NULL, 0, 10, &t);
  g_assert_cmpuint(t.packets, ==, 0);
  g_assert_cmpfloat(t.least, ==, 0);
}

static void
test_rates(void)
{
  const TallyCount before[] = {{.packets = 100, .bytes = 5000, .frames = 10}, {0}, {.sound_lost = 2, .video_gaps = 1}};
  const TallyCount after[] = {{.packets = 600, .bytes = 55000, .frames = 260},
                              {.packets = 490, .bytes = 49000, .frames = 240},
                              {.packets = 510, .bytes = 51000, .frames = 250, .sound_lost = 5, .video_gaps = 2}};
  Tally t;
  tally(before, after, 3, 10, &t);
  g_assert_cmpuint(t.packets, ==, 1500);
  g_assert_cmpfloat(t.packet_bytes, ==, 100);
  g_assert_cmpfloat(t.least, ==, 49);
  g_assert_cmpfloat(t.median, ==, 50);
  g_assert_cmpfloat(t.most, ==, 51);
  g_assert_cmpfloat(t.fps_least, ==, 24);
  g_assert_cmpfloat(t.fps_median, ==, 25);
  g_assert_cmpuint(t.sound_lost, ==, 3);
  g_assert_cmpuint(t.video_gaps, ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/janus/tally/nobody", test_nobody);
  g_test_add_func("/janus/tally/rates", test_rates);
  return g_test_run();
}
