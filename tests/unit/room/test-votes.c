/* Which events can follow on which: the rest is done by hand in test-work.c. */
#include "mcu/room/votes.h"

static gboolean
feed(McuVotes *votes, McuRoomEvent event, const char *text, const char *more)
{
  event.text = text != NULL ? g_ref_string_new(text) : NULL;
  event.more = more != NULL ? g_ref_string_new(more) : NULL;
  gboolean fits = mcu_votes_fits(votes, &event);
  if (fits)
    mcu_votes_apply(votes, &event);
  mcu_room_event_clear(&event);
  return fits;
}

static const McuRoomEvent opened = {.type = MCU_ROOM_VOTE_OPENED, .site = "c", .name = "Q", .number = 1, .count = 50};

static void
test_fits(void)
{
  McuVotes *votes = mcu_votes_new();
  const McuRoomEvent cast = {.type = MCU_ROOM_VOTE_CAST, .site = "a", .number = 1, .count = 1};
  const McuRoomEvent used = {.type = MCU_ROOM_VOTE_USED, .site = "a", .number = 1};
  const McuRoomEvent closed = {.type = MCU_ROOM_VOTE_CLOSED, .number = 1};
  g_assert_false(feed(votes, cast, NULL, NULL)); /* of no vote */
  g_assert_false(feed(votes, opened, "A", "a b"));
  g_assert_false(feed(votes, opened, "A\n\nB", "a b"));
  g_assert_false(feed(votes, opened, "A\nB", NULL));
  g_assert_false(feed(votes, opened, "A\nB", "a b/"));
  g_assert_true(feed(votes, opened, "A\nB", "a b"));
  g_assert_false(feed(votes, opened, "A\nB", "a b")); /* one at a time */
  g_assert_false(feed(votes, used, NULL, NULL));      /* it is a named one */
  g_assert_false(feed(votes, closed, "1 0", NULL));   /* nobody has voted */
  g_assert_true(feed(votes, cast, NULL, NULL));
  g_assert_false(feed(votes, cast, NULL, NULL));    /* once */
  g_assert_false(feed(votes, closed, "1 0", NULL)); /* not what was cast */
  g_assert_false(feed(votes, closed, "0 1 0", NULL));
  g_assert_false(feed(votes, closed, "0 x", NULL));
  g_assert_true(feed(votes, closed, "0 1", NULL));
  g_assert_false(feed(votes, closed, "0 1", NULL));
  g_assert_null(mcu_votes_open(votes));
  g_assert_cmpint(mcu_vote_cast_of(mcu_votes_last(votes), "a"), ==, 1);
  g_assert_cmpint(mcu_vote_cast_of(mcu_votes_last(votes), "b"), ==, MCU_VOTE_NONE);
  mcu_votes_free(votes);
}

static void
test_secret(void)
{
  McuVotes *votes = mcu_votes_new();
  McuRoomEvent secret = opened;
  secret.on = TRUE;
  const McuRoomEvent used = {.type = MCU_ROOM_VOTE_USED, .site = "a", .number = 1};
  const McuRoomEvent restarted = {.type = MCU_ROOM_VOTE_RESTARTED, .number = 1, .time_us = 9};
  g_assert_true(feed(votes, secret, "A\nB", "a b"));
  g_assert_true(feed(votes, used, NULL, NULL));
  g_assert_cmpint(mcu_vote_cast_of(mcu_votes_open(votes), "a"), ==, MCU_VOTE_SECRET);
  g_assert_true(feed(votes, restarted, NULL, NULL));
  g_assert_cmpint(mcu_vote_cast_of(mcu_votes_open(votes), "a"), ==, MCU_VOTE_NONE);
  g_assert_cmpuint(mcu_votes_open(votes)->rounds, ==, 2);
  mcu_votes_free(votes);
}

/* A shown result takes the place of the one before. */
static void
test_shown(void)
{
  McuVotes *votes = mcu_votes_new();
  for (guint number = 1; number <= 2; number++) {
    McuRoomEvent event = opened;
    event.number = number;
    g_assert_true(feed(votes, event, "A\nB", "a"));
    g_assert_true(feed(votes, (McuRoomEvent){.type = MCU_ROOM_VOTE_CLOSED, .number = number}, "0 0", NULL));
    g_assert_true(feed(votes, (McuRoomEvent){.type = MCU_ROOM_VOTE_SHOWN, .number = number, .on = TRUE}, NULL, NULL));
  }
  g_assert_true(!mcu_votes_get(votes, 0)->shown && mcu_votes_get(votes, 1)->shown);
  g_assert_false(feed(votes, (McuRoomEvent){.type = MCU_ROOM_VOTE_SHOWN, .number = 3, .on = TRUE}, NULL, NULL));
  mcu_votes_free(votes);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/votes/fits", test_fits);
  g_test_add_func("/room/votes/secret", test_secret);
  g_test_add_func("/room/votes/shown", test_shown);
  return g_test_run();
}
