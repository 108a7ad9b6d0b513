/* When a call is answered, in virtual time. */
#include "mcu/bridge/caller.h"

#define MS G_GINT64_CONSTANT(1000)

static void
obey(McuRoom *room, McuRoomCommand command, gint64 now_us)
{
  g_autoptr(GError) error = NULL;
  GArray *events = mcu_room_obey(room, &command, now_us, &error);
  g_assert_no_error(error);
  g_array_unref(events);
}

/* x1 is called at 1 s, with a patience of 5 s. */
static McuRoom *
room_new(void)
{
  McuRoom *room = mcu_room_new(&(McuRoomLimits){.max_seats = 9, .lost_grace_us = 60000 * MS});
  obey(room, (McuRoomCommand){.type = MCU_ROOM_JOIN, .site = "x1", .name = "X1", .role = MCU_ROLE_SITE}, 1);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_CALLS_START, .number = 5}, 1000 * MS);
  return room;
}

/* What it is found to be, and when, in ms; looked at each 250 ms. It speaks during `speech`, pairs of ms. */
static gint64
watch(McuRoom *room, const gint64 *speech, guint n, McuCallerVerdict *out_verdict)
{
  McuCaller caller = {0};
  for (gint64 now = 1000; now < 30000; now += 250) {
    gint64 spoke = 0;
    for (guint i = 0; i < n; i++)
      if (now >= speech[2 * i])
        spoke = MIN(now, speech[2 * i + 1]);
    *out_verdict = mcu_caller_watch(&caller, room, spoke * MS, now * MS);
    if (*out_verdict != MCU_CALLER_WAITS)
      return now;
  }
  return -1;
}

static void
test_answers(void)
{
  static const struct {
    gint64 speech[6];
    guint n;
    McuCallerVerdict verdict;
    gint64 at;
  } cases[] = {
      {{1800, 3800}, 1, MCU_CALLER_ANSWERED, 4500},             /* speaks for two seconds */
      {{0}, 0, MCU_CALLER_GIVES_UP, 6000},                      /* says nothing */
      {{100, 900}, 1, MCU_CALLER_GIVES_UP, 6000},               /* spoke before it was called */
      {{2000, 2040, 4000, 4040}, 2, MCU_CALLER_GIVES_UP, 6000}, /* two clicks */
      {{5800, 7800}, 1, MCU_CALLER_ANSWERED, 8500},             /* begins in the last moment */
      {{2000, 2300, 2600, 4000}, 2, MCU_CALLER_ANSWERED, 4750}, /* breathes between */
      {{2000, 29000}, 1, MCU_CALLER_ANSWERED, 10000},           /* does not come to an end */
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(McuRoom) room = room_new();
    McuCallerVerdict verdict;
    gint64 at = watch(room, cases[i].speech, cases[i].n, &verdict);
    g_test_message("case %u", i);
    g_assert_cmpint(verdict, ==, cases[i].verdict);
    g_assert_cmpint(at, ==, cases[i].at);
  }
}

static void
test_gone_and_paused(void)
{
  g_autoptr(McuRoom) room = room_new();
  McuCaller caller = {0};
  obey(room, (McuRoomCommand){.type = MCU_ROOM_CALLS_PAUSE, .on = TRUE}, 1100 * MS);
  g_assert_cmpint(mcu_caller_watch(&caller, room, 0, 9000 * MS), ==, MCU_CALLER_WAITS);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_CALLS_PAUSE}, 9000 * MS); /* its time begins again */
  g_assert_cmpint(mcu_caller_watch(&caller, room, 0, 13900 * MS), ==, MCU_CALLER_WAITS);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_LOST, .site = "x1"}, 13950 * MS);
  g_assert_cmpint(mcu_caller_watch(&caller, room, 0, 13950 * MS), ==, MCU_CALLER_GIVES_UP);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bridge/caller/answers", test_answers);
  g_test_add_func("/bridge/caller/gone-and-paused", test_gone_and_paused);
  return g_test_run();
}
