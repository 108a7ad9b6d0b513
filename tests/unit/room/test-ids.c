/* Lists of ids in a text, and sets of them in order. */
#include "mcu/room/ids.h"

static void
test_legal(void)
{
  g_assert_true(mcu_ids_are_legal("a", 1));
  g_assert_true(mcu_ids_are_legal("a b.c x_1", 3));
  g_assert_false(mcu_ids_are_legal("a b.c x_1", 2));
  static const char *const bad[] = {"", " ", "a  b", " a", "a ", "a b/c", "a ..", NULL};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
    g_assert_false(mcu_ids_are_legal(bad[i], 9));
}

static void
test_sorted(void)
{
  g_autoptr(GHashTable) set = g_hash_table_new(g_str_hash, g_str_equal);
  static const char *const ids[] = {"xa-2", "b", "xa-10", "a"}, *const order[] = {"a", "b", "xa-10", "xa-2"};
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
    g_hash_table_add(set, (gpointer)ids[i]);
  g_autoptr(GPtrArray) sorted = mcu_ids_sorted(set);
  g_assert_cmpuint(sorted->len, ==, G_N_ELEMENTS(order));
  for (guint i = 0; i < sorted->len; i++)
    g_assert_cmpstr(g_ptr_array_index(sorted, i), ==, order[i]);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/ids/legal", test_legal);
  g_test_add_func("/room/ids/sorted", test_sorted);
  return g_test_run();
}
