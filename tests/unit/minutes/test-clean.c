#include "mcu/minutes/clean.h"

#include <string.h>

static void
test_clean(void)
{
  static const struct {
    const char *text, *clean;
    guint max;
  } cases[] = {
      {"Xã Đồng Văn", "Xã Đồng Văn", 64},
      {"", "", 64},
      {NULL, "", 64},
      {"  a b  ", "a b", 64},
      {"abcdef", "abc", 3},
      {"<b>&amp;", "<b>&amp;", 64}, /* markup is text */
      {"a\nb\tc\rd", "a b c d", 64},
      {"a\x01\x7f"
       "b",
       "ab", 64},
      {"\u202eevil\u202c\u200f\u2066x\u2069\ufeff", "evilx", 64},
      {"a\u200bb\u00ad\u2028", "ab", 64},
      {"\ue000\U000f0000\U0010ffff", "", 64},
      {"e\u0301", "\u00e9", 64},          /* NFC */
      {"a\xff\xfe", "a\ufffd\ufffd", 64}, /* no UTF-8 */
      {"Vie\u0323\u0302t", "Vi\u1ec7t", 64},
      {"x\u0301\u0302\u0303\u0304\u0305\u0306y", "x\u0301\u0302\u0303y", 64}, /* a tower */
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *clean = mcu_minutes_clean(cases[i].text, cases[i].max);
    g_assert_cmpstr(clean, ==, cases[i].clean);
  }
}

/* Megabytes are no work, and what comes out is short. */
static void
test_long(void)
{
  g_autofree char *text = g_strnfill(8 * 1024 * 1024, '<');
  g_autoptr(GString) wide = g_string_new(NULL);
  g_autofree char *clean = mcu_minutes_clean(text, 200);
  g_assert_cmpuint(strlen(clean), ==, 200);
  while (wide->len < 10 * 1024)
    g_string_append(wide, "ộ");
  g_autofree char *short_one = mcu_minutes_clean(wide->str, 200);
  g_assert_cmpint(g_utf8_strlen(short_one, -1), ==, 200);
}

/* Whatever comes in: UTF-8 of one line comes out, and is clean already. */
static void
test_random(void)
{
  for (guint n = 0; n < 3000; n++) {
    char bytes[64];
    guint length = (guint)g_test_rand_int_range(0, 63);
    for (guint i = 0; i < length; i++)
      bytes[i] = (char)g_test_rand_int_range(1, 256);
    bytes[length] = '\0';
    g_autofree char *clean = mcu_minutes_clean(bytes, 40);
    g_autofree char *again = mcu_minutes_clean(clean, 40);
    g_assert_true(g_utf8_validate(clean, -1, NULL));
    g_assert_cmpint(g_utf8_strlen(clean, -1), <=, 40);
    g_assert_null(strpbrk(clean, "\n\r\t"));
    g_assert_cmpstr(clean, ==, again);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/minutes/clean/cases", test_clean);
  g_test_add_func("/minutes/clean/long", test_long);
  g_test_add_func("/minutes/clean/random", test_random);
  return g_test_run();
}
