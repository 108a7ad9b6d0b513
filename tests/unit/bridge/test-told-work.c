/* What is told of the meeting's work, and to whom. */
#include "mcu/bridge/told-work.h"

#include <string.h>

static void
obey(McuRoom *room, McuRoomCommand command, gint64 now_us)
{
  g_autoptr(GError) error = NULL;
  GArray *events = mcu_room_obey(room, &command, now_us, &error);
  g_assert_no_error(error);
  g_array_unref(events);
}

static McuRoom *
room_new(void)
{
  McuRoom *room = mcu_room_new(&(McuRoomLimits){.max_seats = 9});
  obey(room, (McuRoomCommand){.type = MCU_ROOM_JOIN, .site = "c", .name = "Tỉnh", .role = MCU_ROLE_CHAIR}, 1000);
  obey(room,
       (McuRoomCommand){.type = MCU_ROOM_JOIN, .site = "x1", .name = "Xã \"Một\"", .role = MCU_ROLE_SITE, .mic = TRUE},
       1000);
  return room;
}

static void
test_nothing_yet(void)
{
  g_autoptr(McuRoom) room = room_new();
  g_autofree char *work = mcu_told_work(room, 0), *desk = mcu_told_desk_work(room, 0);
  g_assert_cmpstr(work, ==,
                  "{\"chatOpen\":true,\"announcement\":null,\"vote\":null,"
                  "\"agenda\":{\"items\":[],\"at\":-1,\"since\":0},\"documents\":[],\"document\":null,"
                  "\"presenter\":null,\"mayPresent\":[],\"called\":null,\"aside\":[]}");
  g_assert_cmpstr(desk, ==,
                  "{\"roll\":{\"open\":false,\"since\":0,\"marks\":[],\"tour\":null},\"votes\":[],\"aside\":[]}");
  g_assert_null(mcu_told_result(room));
}

/* How a vote stands is nobody's to know before it is closed. */
static void
test_vote(void)
{
  g_autoptr(McuRoom) room = room_new();
  obey(room,
       (McuRoomCommand){
           .type = MCU_ROOM_VOTE_OPEN, .name = "Thông qua?", .text = "Đồng ý\nKhông", .number = 50, .limit = 60},
       2000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_VOTE, .site = "x1", .number = 1, .count = 1}, 3000);
  g_autofree char *open = mcu_told_work(room, 1000000);
  g_assert_nonnull(strstr(open, "\"vote\":{\"number\":1,\"question\":\"Thông qua?\",\"choices\":[\"Đồng ý\",\"Không\"],"
                                "\"secret\":false,\"quorum\":50,\"until\":61002,\"open\":true,\"voted\":1,"
                                "\"entitled\":2,\"counts\":null,\"quorate\":null,\"shown\":false}"));
  g_autofree char *mine = mcu_told_ballot(room, "x1"), *other = mcu_told_ballot(room, "c");
  g_autofree char *none = mcu_told_ballot(room, "stranger");
  g_assert_cmpstr(mine, ==, "{\"vote\":1,\"entitled\":true,\"voted\":true}");
  g_assert_cmpstr(other, ==, "{\"vote\":1,\"entitled\":true,\"voted\":false}");
  g_assert_cmpstr(none, ==, "{\"vote\":1,\"entitled\":false,\"voted\":false}");
  obey(room, (McuRoomCommand){.type = MCU_ROOM_VOTE_CLOSE}, 4000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_VOTE_SHOW, .number = 1, .on = TRUE}, 4000);
  g_autofree char *closed = mcu_told_work(room, 0), *desk = mcu_told_desk_work(room, 0);
  g_assert_nonnull(strstr(closed, "\"counts\":[0,1],\"quorate\":true,\"shown\":true"));
  g_assert_nonnull(strstr(desk, "\"cast\":[{\"site\":\"x1\",\"choice\":1}]"));
  g_autofree char *result = mcu_told_result(room);
  g_assert_cmpstr(result, ==, "Thông qua?: Đồng ý 0 · Không 1");
}

static void
test_chat(void)
{
  g_autoptr(McuRoom) room = room_new();
  g_assert_null(mcu_told_chat(room, 0, 10, MCU_READER_ALL, NULL, 0, FALSE));
  obey(room, (McuRoomCommand){.type = MCU_ROOM_CHAT, .site = "x1", .text = "chào"}, 5000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_CHAT, .site = "x1", .text = "riêng", .on = TRUE}, 6000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_CHAT, .site = "c", .text = "vâng"}, 7000);
  g_autofree char *all = mcu_told_chat(room, 0, 10, MCU_READER_ALL, NULL, 0, FALSE);
  g_assert_cmpstr(all, ==,
                  "{\"lines\":[{\"n\":1,\"at\":5,\"site\":\"x1\",\"name\":\"Xã \\\"Một\\\"\",\"to\":\"all\","
                  "\"text\":\"chào\"},{\"n\":3,\"at\":7,\"site\":\"c\",\"name\":\"Tỉnh\",\"to\":\"all\","
                  "\"text\":\"vâng\"}]}");
  g_autofree char *desk = mcu_told_chat(room, 1, 10, MCU_READER_DESK, NULL, 0, FALSE);
  g_assert_true(strstr(desk, "riêng") != NULL && strstr(desk, "chào") == NULL);
  g_autofree char *own = mcu_told_chat(room, 0, 10, MCU_READER_OWN, "x1", 0, FALSE);
  g_assert_true(strstr(own, "riêng") != NULL && strstr(own, "chào") == NULL);
  g_assert_null(mcu_told_chat(room, 0, 10, MCU_READER_OWN, "c", 0, FALSE));
  g_autofree char *others = mcu_told_chat(room, 0, 10, MCU_READER_SITE, "x2", 0, FALSE);
  g_assert_null(strstr(others, "riêng"));
  g_autofree char *last = mcu_told_chat(room, 0, 1, MCU_READER_SITE, "x1", 0, FALSE);
  g_assert_true(strstr(last, "vâng") != NULL && strstr(last, "riêng") == NULL);
  g_autofree char *none = mcu_told_chat(room, 3, 10, MCU_READER_ALL, NULL, 0, TRUE);
  g_assert_cmpstr(none, ==, "{\"lines\":[]}");
}

static void
test_tour(void)
{
  g_autoptr(McuRoom) room = room_new();
  obey(room, (McuRoomCommand){.type = MCU_ROOM_CALLS_START, .number = 8}, 5000);
  g_autofree char *work = mcu_told_work(room, 0), *desk = mcu_told_desk_work(room, 0);
  g_assert_nonnull(strstr(work, "\"called\":\"x1\""));
  g_assert_nonnull(
      strstr(desk, "\"tour\":{\"on\":true,\"paused\":false,\"site\":\"x1\",\"patience\":8,\"done\":1,\"left\":0}"));
  g_assert_nonnull(strstr(desk, "{\"site\":\"x1\",\"status\":\"uncalled\",\"reason\":\"\",\"byHand\":false,\"at\":5}"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bridge/told-work/nothing-yet", test_nothing_yet);
  g_test_add_func("/bridge/told-work/vote", test_vote);
  g_test_add_func("/bridge/told-work/chat", test_chat);
  g_test_add_func("/bridge/told-work/tour", test_tour);
  return g_test_run();
}
