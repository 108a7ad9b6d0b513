#include "mcu/minutes/row.h"

static void
test_members(void)
{
  McuMinutesRow row;
  mcu_minutes_row_read(
      &row, 3, 7, "t",
      "{\"site\":\"s\",\"name\":\"Xã\",\"number\":-1,\"count\":2,\"limit\":3,\"on\":true,\"text\":\"a\\tb\","
      "\"invited-as\":\"site\",\"other\":\"o\",\"more\":\"m\",\"role\":\"r\",\"reason\":\"left\"}");
  g_assert_cmpint(row.seq, ==, 3);
  g_assert_cmpint(row.time_us, ==, 7);
  g_assert_cmpstr(row.site, ==, "s");
  g_assert_cmpstr(row.name, ==, "Xã");
  g_assert_cmpstr(row.text, ==, "a\tb");
  g_assert_cmpstr(row.more, ==, "m");
  g_assert_cmpstr(row.other, ==, "o");
  g_assert_cmpstr(row.as, ==, "site");
  g_assert_cmpstr(row.role, ==, "r");
  g_assert_cmpstr(row.reason, ==, "left");
  g_assert_cmpint(row.number, ==, -1);
  g_assert_cmpint(row.count, ==, 2);
  g_assert_cmpint(row.limit, ==, 3);
  g_assert_true(row.on);
  g_assert_false(row.mic);
  mcu_minutes_row_clear(&row);
}

/* No payload, or one of other kinds, is empty. */
static void
test_lenient(void)
{
  static const char *const payloads[] = {"",
                                         "{",
                                         "[]",
                                         "null",
                                         "7",
                                         "\"x\"",
                                         "{\"site\":7,\"number\":\"x\",\"on\":1,\"text\":null,\"more\":[1]}",
                                         "{\"site\":\"a\\u0000b\"}",
                                         "{\"number\":1e300}",
                                         "{\"number\":99999999999999999999999}",
                                         "\xff\xfe"};
  for (guint i = 0; i < G_N_ELEMENTS(payloads); i++) {
    McuMinutesRow row;
    mcu_minutes_row_read(&row, 0, 0, "t", payloads[i]);
    g_assert_cmpstr(row.site, ==, "");
    g_assert_cmpstr(row.text, ==, "");
    g_assert_cmpstr(row.more, ==, "");
    g_assert_cmpint(row.number, ==, 0);
    g_assert_false(row.on);
    mcu_minutes_row_clear(&row);
  }
}

/* What is done with numbers and times cannot overflow. */
static void
test_extremes(void)
{
  McuMinutesRow row;
  mcu_minutes_row_read(&row, 0, G_MAXINT64, "t", "{\"number\":9223372036854775807,\"count\":-9223372036854775808}");
  g_assert_cmpint(row.number, <, G_MAXINT64 / 2);
  g_assert_cmpint(row.count, >, G_MININT64 / 2);
  g_assert_cmpint(row.time_us, <, G_MAXINT64 / 2);
  mcu_minutes_row_clear(&row);
  mcu_minutes_row_read(&row, 0, G_MININT64, "t", "{}");
  g_assert_cmpint(row.time_us, ==, 0);
  mcu_minutes_row_clear(&row);
}

/* Neither depth nor length is a way to harm. */
static void
test_huge(void)
{
  McuMinutesRow row;
  g_autofree char *deep = g_strnfill(900 * 1024, '[');
  mcu_minutes_row_read(&row, 0, 0, "t", deep);
  g_assert_cmpstr(row.site, ==, "");
  mcu_minutes_row_clear(&row);
  g_autoptr(GString) big = g_string_new("{\"site\":\"");
  while (big->len < 2 * 1024 * 1024)
    g_string_append_c(big, 'x');
  g_string_append(big, "\"}");
  mcu_minutes_row_read(&row, 0, 0, "t", big->str);
  g_assert_cmpstr(row.site, ==, "");
  mcu_minutes_row_clear(&row);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/minutes/row/members", test_members);
  g_test_add_func("/minutes/row/lenient", test_lenient);
  g_test_add_func("/minutes/row/extremes", test_extremes);
  g_test_add_func("/minutes/row/huge", test_huge);
  return g_test_run();
}
