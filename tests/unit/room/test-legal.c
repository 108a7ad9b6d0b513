#include "mcu/room/legal.h"

#include "mcu/types.h"

static void
test_ids(void)
{
  static const char *const good[] = {"a", "Xa-1_2.3", "..."};
  static const char *const bad[] = {"", ".", "..", "a b", "a/b", "é", "a~b", "a\n"};
  for (guint i = 0; i < G_N_ELEMENTS(good); i++)
    g_assert_true(mcu_is_legal_id(good[i]));
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
    g_assert_false(mcu_is_legal_id(bad[i]));
  g_assert_false(mcu_is_legal_id(NULL));
  g_autofree char *longest = g_strnfill(MCU_ID_MAX_BYTES, 'a'), *longer = g_strnfill(MCU_ID_MAX_BYTES + 1, 'a');
  g_assert_true(mcu_is_legal_id(longest));
  g_assert_false(mcu_is_legal_id(longer));
}

static void
test_names(void)
{
  g_assert_true(mcu_is_legal_name("Xã Đồng Văn", 11));
  g_assert_false(mcu_is_legal_name("Xã Đồng Văn", 10));
  g_assert_false(mcu_is_legal_name("", 10));
  g_assert_false(mcu_is_legal_name(NULL, 10));
  g_assert_false(mcu_is_legal_name("\xff", 10));
}

static void
test_clean(void)
{
  static const struct {
    const char *name, *clean;
  } cases[] = {
      {"Xã Đồng Văn", "Xã Đồng Văn"},
      {"Xa\xcc\x83", "Xã"}, /* NFC */
      {" \tA\nB\x7f ", "AB"},
      {"\xe2\x80\xaegnp.exe\xe2\x81\xa6", "gnp.exe"}, /* right-to-left override, isolate */
      {"<script>&amp;</b>", "<script>&amp;</b>"},     /* whoever shows it, shows it as text */
      {"\xef\xbb\xbf", ""},
      {"e\xe2\x80\x8e\xcc\x81", "é"}, /* a mark that something hidden kept from its letter */
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *clean = mcu_make_clean_name(cases[i].name, 20);
    g_assert_cmpstr(clean, ==, cases[i].clean);
  }
  g_autofree char *huge = g_strnfill(10240, 'x');
  g_assert_null(mcu_make_clean_name(huge, 64));
  g_assert_null(mcu_make_clean_name("\xc3\x28", 64));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/legal/ids", test_ids);
  g_test_add_func("/room/legal/names", test_names);
  g_test_add_func("/room/legal/clean", test_clean);
  return g_test_run();
}
