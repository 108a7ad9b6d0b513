/* Lines to items; what is no line is not half taken. */
#include "mcu/room/agenda.h"

static void
test_lines(void)
{
  g_autoptr(GString) many = g_string_new("1\tA\t");
  for (guint i = 1; i <= MCU_AGENDA_MAX; i++)
    g_string_append(many, "\n1\tA\t");
  static const char *const bad[] = {"1\tA", "1\tA\tB\tC", "-1\tA\tB", "1441\tA\tB", "1\t\tB", "1\tA\tB\n", "x\tA\tB"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
    g_assert_false(mcu_agenda_is_legal(bad[i]));
  g_assert_false(mcu_agenda_is_legal(many->str));
  g_string_truncate(many, many->len - 5);
  g_assert_true(mcu_agenda_is_legal(many->str));
  g_assert_true(mcu_agenda_is_legal(NULL));
  g_assert_true(mcu_agenda_is_legal(""));
}

static void
test_items(void)
{
  McuAgenda *agenda = mcu_agenda_new();
  McuRoomEvent set = {.type = MCU_ROOM_AGENDA_SET, .text = g_ref_string_new("0\tA\t\n15\tBáo cáo\tSở Y tế")};
  McuRoomEvent at = {.type = MCU_ROOM_AGENDA_AT, .number = 1, .time_us = 7};
  g_assert_false(mcu_agenda_fits(agenda, &at));
  mcu_agenda_apply(agenda, &set);
  g_assert_cmpstr(mcu_agenda_item(agenda, 1)->who, ==, "Sở Y tế");
  g_assert_cmpuint(mcu_agenda_item(agenda, 1)->minutes, ==, 15);
  g_assert_true(mcu_agenda_fits(agenda, &at));
  mcu_agenda_apply(agenda, &at);
  g_assert_cmpint(mcu_agenda_at(agenda), ==, 1);
  mcu_room_event_clear(&set);
  mcu_agenda_apply(agenda, &set); /* empty: the current item is gone with the rest */
  g_assert_cmpint(mcu_agenda_at(agenda), ==, -1);
  g_assert_cmpuint(mcu_agenda_n(agenda), ==, 0);
  mcu_agenda_free(agenda);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/agenda/lines", test_lines);
  g_test_add_func("/room/agenda/items", test_items);
  return g_test_run();
}
