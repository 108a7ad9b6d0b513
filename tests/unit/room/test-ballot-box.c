/* Counts, and nothing of a vote before. */
#include "mcu/room/ballot-box.h"

static void
test_count(void)
{
  McuBallotBox box = {0};
  McuVote vote = {.number = 3, .n_choices = 3};
  g_autofree char *none = mcu_ballot_box_count(&box, &vote);
  g_assert_cmpstr(none, ==, "0 0 0");
  mcu_ballot_box_put(&box, 2, 0);
  mcu_ballot_box_put(&box, 3, 2);
  mcu_ballot_box_put(&box, 3, 2);
  mcu_ballot_box_put(&box, 3, 0);
  g_autofree char *counted = mcu_ballot_box_count(&box, &vote);
  g_assert_cmpstr(counted, ==, "1 0 2");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/ballot-box/count", test_count);
  return g_test_run();
}
