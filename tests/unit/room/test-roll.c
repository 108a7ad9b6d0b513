/* Which events can follow on which: the rest is done by hand in test-work.c. */
#include "mcu/room/roll.h"

static gboolean
feed(McuRoll *roll, McuRoomEventType type, const char *site, gint64 number)
{
  McuRoomEvent event = {.type = type, .number = number, .on = type == MCU_ROOM_CALLS_PAUSED};
  g_strlcpy(event.site, site, sizeof event.site);
  gboolean fits = mcu_roll_fits(roll, &event);
  if (fits)
    mcu_roll_apply(roll, &event);
  return fits;
}

static void
test_fits(void)
{
  McuRoll *roll = mcu_roll_new();
  g_assert_false(feed(roll, MCU_ROOM_ROLL_MARKED, "a", MCU_ROLL_PRESENT));
  g_assert_false(feed(roll, MCU_ROOM_CALLS_BEGUN, "", 5));
  g_assert_true(feed(roll, MCU_ROOM_ROLL_OPENED, "", 0));
  g_assert_false(feed(roll, MCU_ROOM_ROLL_OPENED, "", 0));
  g_assert_false(feed(roll, MCU_ROOM_CALLED, "a", 0));
  g_assert_false(feed(roll, MCU_ROOM_CALLS_BEGUN, "", 61));
  g_assert_true(feed(roll, MCU_ROOM_CALLS_BEGUN, "", 5));
  g_assert_false(feed(roll, MCU_ROOM_ROLL_CLOSED, "", 0)); /* the calls end first */
  g_assert_true(feed(roll, MCU_ROOM_CALLED, "a", 0));
  g_assert_true(feed(roll, MCU_ROOM_CALLS_PAUSED, "", 0));
  g_assert_true(mcu_roll_calls(roll)->paused);
  g_assert_false(feed(roll, MCU_ROOM_ROLL_MARKED, "a", MCU_ROLL_N_STATUSES));
  g_assert_true(feed(roll, MCU_ROOM_ROLL_MARKED, "a", MCU_ROLL_LOST));
  g_assert_true(feed(roll, MCU_ROOM_CALLS_ENDED, "", 0));
  g_assert_true(feed(roll, MCU_ROOM_ROLL_CLOSED, "", 0));
  g_assert_cmpint(mcu_roll_find(roll, "a")->status, ==, MCU_ROLL_LOST); /* stays to be read */
  g_assert_true(feed(roll, MCU_ROOM_ROLL_OPENED, "", 0));
  g_assert_cmpuint(mcu_roll_n_marks(roll), ==, 0);
  mcu_roll_free(roll);
}

static void
test_called_before(void)
{
  McuRoll *roll = mcu_roll_new();
  feed(roll, MCU_ROOM_ROLL_OPENED, "", 0);
  feed(roll, MCU_ROOM_CALLS_BEGUN, "", 5);
  feed(roll, MCU_ROOM_CALLED, "a", 0);
  g_assert_null(mcu_roll_called_before(roll));
  feed(roll, MCU_ROOM_CALLED, "b", 0);
  g_assert_cmpstr(mcu_roll_called_before(roll), ==, "a");
  feed(roll, MCU_ROOM_CALLED, "a", 0);
  g_assert_cmpuint(mcu_roll_n_called(roll), ==, 2);
  g_assert_cmpstr(mcu_roll_called_before(roll), ==, "b");
  feed(roll, MCU_ROOM_CALLS_ENDED, "", 0);
  feed(roll, MCU_ROOM_CALLS_BEGUN, "", 5);
  g_assert_false(mcu_roll_was_called(roll, "a")); /* another tour */
  mcu_roll_free(roll);
}

static void
test_words(void)
{
  McuRollStatus status;
  for (guint i = 0; i < MCU_ROLL_N_STATUSES; i++) {
    g_assert_true(mcu_roll_status_parse(mcu_roll_status_word((McuRollStatus)i), &status));
    g_assert_cmpint(status, ==, i);
  }
  g_assert_false(mcu_roll_status_parse("here", &status));
  g_assert_false(mcu_roll_status_parse(NULL, &status));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/roll/fits", test_fits);
  g_test_add_func("/room/roll/called-before", test_called_before);
  g_test_add_func("/room/roll/words", test_words);
  return g_test_run();
}
