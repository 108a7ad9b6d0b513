#include "mcu/util/loop.h"

static GString *order;

static void
do_note(gpointer data)
{
  g_assert_true(mcu_loop_is_main());
  g_string_append(order, data);
}

static gpointer
other_thread(gpointer user_data)
{
  (void)user_data;
  g_assert_false(mcu_loop_is_main());
  mcu_loop_invoke_main(do_note, (gpointer) "a");
  mcu_loop_invoke_main(do_note, (gpointer) "b");
  mcu_loop_invoke_main(do_note, (gpointer) "c");
  return NULL;
}

static void
test_main(void)
{
  g_assert_true(mcu_loop_is_main()); /* nobody was adopted yet */
  mcu_loop_adopt_main();
  MCU_ASSERT_MAIN();
  order = g_string_new(NULL);
  mcu_loop_invoke_main(do_note, (gpointer) "0"); /* not at once, even on main */
  g_assert_cmpstr(order->str, ==, "");
  g_thread_join(g_thread_new("other", other_thread, NULL));
  while (order->len < 4)
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpstr(order->str, ==, "0abc");
  g_string_free(order, TRUE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/loop/main", test_main);
  return g_test_run();
}
