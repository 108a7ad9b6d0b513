#include "mcu/util/log.h"

static void
test_format(void)
{
  static const struct {
    GLogLevelFlags level;
    const char *message, *line;
  } cases[] = {
      {G_LOG_LEVEL_MESSAGE, "xin chào", "2026-11-22T09:41:07.250+07:00 INFO  mcu-room: xin chào\n"},
      {G_LOG_LEVEL_WARNING, "w", "2026-11-22T09:41:07.250+07:00 WARN  mcu-room: w\n"},
      {G_LOG_LEVEL_CRITICAL, "c", "2026-11-22T09:41:07.250+07:00 ERROR mcu-room: c\n"},
      {G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL, "f", "2026-11-22T09:41:07.250+07:00 FATAL mcu-room: f\n"},
      {G_LOG_LEVEL_DEBUG, "", "2026-11-22T09:41:07.250+07:00 DEBUG mcu-room: \n"},
      /* A name from outside cannot make a line of its own, nor colour the terminal. */
      {G_LOG_LEVEL_MESSAGE, "a\n2026 FATAL x\r\x1b[31m\x7f",
       "2026-11-22T09:41:07.250+07:00 INFO  mcu-room: a\\x0a2026 FATAL x\\x0d\\x1b[31m\\x7f\n"},
  };
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset(7 * 3600);
  g_autoptr(GDateTime) time = g_date_time_new(zone, 2026, 11, 22, 9, 41, 7.25);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *line = mcu_log_format(time, cases[i].level, "mcu-room", cases[i].message);
    g_assert_cmpstr(line, ==, cases[i].line);
  }
}

static void
log_quietly(void)
{
  mcu_log_init(FALSE);
  g_log_structured("mcu-test", G_LOG_LEVEL_DEBUG, "MESSAGE", "hidden");
  g_log_structured("mcu-test", G_LOG_LEVEL_MESSAGE, "MESSAGE", "shown %d", 1);
}

static void
log_verbosely(void)
{
  mcu_log_init(TRUE);
  g_log_structured("mcu-test", G_LOG_LEVEL_DEBUG, "MESSAGE", "ours");
  g_log_structured("libother", G_LOG_LEVEL_DEBUG, "MESSAGE", "hidden");
}

static void
test_levels(void)
{
  if (g_test_subprocess()) {
    log_quietly();
    return;
  }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
  g_test_trap_assert_stderr("*INFO  mcu-test: shown 1\n*");
  g_test_trap_assert_stderr_unmatched("*hidden*");
}

static void
test_verbose(void)
{
  if (g_test_subprocess()) {
    log_verbosely();
    return;
  }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
  g_test_trap_assert_stderr("*DEBUG mcu-test: ours\n*");
  g_test_trap_assert_stderr_unmatched("*hidden*");
}

int
main(int argc, char **argv)
{
  g_unsetenv("G_MESSAGES_DEBUG");
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/log/format", test_format);
  g_test_add_func("/log/levels", test_levels);
  g_test_add_func("/log/verbose", test_verbose);
  return g_test_run();
}
