#include "mcu/minutes/when.h"

#define START_US (G_GINT64_CONSTANT(1795566605) * G_USEC_PER_SEC)

static void
check(char *text, const char *expected)
{
  g_assert_cmpstr(text, ==, expected);
  g_free(text);
}

static void
test_times(void)
{
  check(mcu_when_clock(START_US), "07:30:05");
  check(mcu_when_day(START_US), "25/11/2026");
  check(mcu_when_short(START_US), "25/11 07:30:05");
  check(mcu_when_full(START_US), "07:30:05 25/11/2026");
  check(mcu_when_spoken(START_US), "7 giờ 30 phút, ngày 25 tháng 11 năm 2026");
}

static void
test_no_times(void)
{
  static const gint64 none[] = {0, -1, G_MININT64, G_MAXINT64};
  check(mcu_when_clock(0), "");
  check(mcu_when_full(0), "");
  check(mcu_when_spoken(-5), "");
  for (guint i = 0; i < G_N_ELEMENTS(none); i++) { /* nothing but a text */
    g_free(mcu_when_clock(none[i]));
    g_free(mcu_when_full(none[i]));
    g_free(mcu_when_spoken(none[i]));
    g_free(mcu_when_lasted(none[i]));
  }
}

static void
test_lasted(void)
{
  check(mcu_when_lasted(0), "0:00:00");
  check(mcu_when_lasted(59999999), "0:00:59");
  check(mcu_when_lasted(G_GINT64_CONSTANT(3725) * G_USEC_PER_SEC), "1:02:05");
  check(mcu_when_lasted(G_GINT64_CONSTANT(360000) * G_USEC_PER_SEC), "100:00:00");
  check(mcu_when_lasted(-7), "0:00:00");
}

static void
test_sum(void)
{
  gint64 sum = 0;
  g_assert_cmpint(mcu_when_sum(5, 10, 17), ==, 12);
  g_assert_cmpint(mcu_when_sum(5, 17, 10), ==, 5);
  for (guint i = 0; i < 1000; i++)
    sum = mcu_when_sum(sum, 0, G_MAXINT64 / 4);
  g_assert_cmpint(sum, >, G_MAXINT64 / 4);
}

int
main(int argc, char **argv)
{
  g_setenv("TZ", "Asia/Ho_Chi_Minh", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/minutes/when/times", test_times);
  g_test_add_func("/minutes/when/no-times", test_no_times);
  g_test_add_func("/minutes/when/lasted", test_lasted);
  g_test_add_func("/minutes/when/sum", test_sum);
  return g_test_run();
}
