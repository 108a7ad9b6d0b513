#include "mcu/util/drop.h"

static void
test_words(void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint drop = 0; drop < MCU_N_DROPS; drop++) {
    const char *word = mcu_drop_word(drop);
    g_assert_nonnull(word);
    g_assert_true(g_hash_table_add(seen, (gpointer)word)); /* one label, one reason */
  }
  g_assert_cmpstr(mcu_drop_word(MCU_DROP_RTP_MALFORMED), ==, "rtp-malformed");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/drop/words", test_words);
  return g_test_run();
}
