#include "mcu/util/error.h"

#include <gio/gio.h>

static void
test_words(void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint code = 0; code < MCU_N_ERRORS; code++) {
    g_autoptr(GError) error = g_error_new_literal(MCU_ERROR, code, "x");
    const char *word = mcu_error_word(error);
    g_assert_nonnull(word);
    g_assert_true(g_hash_table_add(seen, (gpointer)word)); /* one word, one meaning */
    for (const char *c = word; *c != '\0'; c++)
      g_assert_true(g_ascii_islower(*c) || *c == '-');
  }
}

static void
test_foreign(void)
{
  g_assert_cmpstr(mcu_error_word(NULL), ==, "internal");
  g_autoptr(GError) foreign = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "x");
  g_assert_cmpstr(mcu_error_word(foreign), ==, "internal");
  g_autoptr(GError) beyond = g_error_new_literal(MCU_ERROR, MCU_N_ERRORS, "x");
  g_assert_cmpstr(mcu_error_word(beyond), ==, "internal");
  g_autoptr(GError) below = g_error_new_literal(MCU_ERROR, -1, "x");
  g_assert_cmpstr(mcu_error_word(below), ==, "internal");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/error/words", test_words);
  g_test_add_func("/error/foreign", test_foreign);
  return g_test_run();
}
