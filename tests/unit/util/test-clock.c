#include "mcu/util/clock.h"

static gint64
fixed(gpointer user_data)
{
  return *(gint64 *)user_data;
}

static void
test_now(void)
{
  gint64 time_us = 42;
  McuClock clock = {.now_us = fixed, .user_data = &time_us};
  g_assert_cmpint(mcu_clock_now(&clock), ==, 42);
  time_us = 43;
  g_assert_cmpint(mcu_clock_now(&clock), ==, 43);

  gint64 before = g_get_monotonic_time();
  gint64 now = mcu_clock_now(NULL);
  g_assert_cmpint(now, >=, before);
  g_assert_cmpint(mcu_clock_now(&(McuClock){0}), >=, now);
}

static void
test_pace(void)
{
  McuPace pace = {0};
  guint skipped = 99;
  g_assert_true(mcu_pace_due(&pace, 0, 100, &skipped));
  g_assert_cmpuint(skipped, ==, 0);
  for (gint64 now = 1; now <= 100; now++)
    g_assert_false(mcu_pace_due(&pace, now, 100, &skipped));
  g_assert_true(mcu_pace_due(&pace, 101, 100, &skipped));
  g_assert_cmpuint(skipped, ==, 100);
  g_assert_true(mcu_pace_due(&pace, 500, 100, &skipped));
  g_assert_cmpuint(skipped, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/clock/now", test_now);
  g_test_add_func("/clock/pace", test_pace);
  return g_test_run();
}
