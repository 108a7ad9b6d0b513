/* What is told of a meeting. check-messages.py runs this with --write DIR, for the schemas of what it tells.
 */
#include "mcu/bridge/told.h"

#include <string.h>

static void
obey(McuRoom *room, McuRoomCommand command, gint64 now_us)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) events = mcu_room_obey(room, &command, now_us, &error);
  g_assert_no_error(error);
  g_assert_nonnull(events);
}

static McuRoom *
make_room(void)
{
  McuRoom *room = mcu_room_new(&(McuRoomLimits){.max_seats = 10, .lost_grace_us = 60000000});
  obey(room, (McuRoomCommand){.type = MCU_ROOM_JOIN, .site = "tinh", .name = "Tỉnh", .role = MCU_ROLE_CHAIR}, 1000000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_JOIN, .site = "xa-1", .name = "Xã", .role = MCU_ROLE_SITE}, 1000000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_JOIN, .site = "xa-2", .name = "Xã", .role = MCU_ROLE_SITE}, 1000000);
  return room;
}

static void
fill(McuRoom *room)
{
  obey(room, (McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = "xa-1", .on = TRUE, .number = 180}, 2000000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_HAND, .site = "xa-2", .on = TRUE}, 3000000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_BANNER, .text = "\"Nghỉ\" </script>"}, 3000000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_PREVIEW, .text = "2x2;letterbox|site:xa-9,roll:5"}, 3000000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_TAKE}, 3000000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_SAVE_SCENE, .name = "Một \\ hai"}, 3000000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_LOCK, .on = TRUE}, 3000000);
  obey(room, (McuRoomCommand){.type = MCU_ROOM_JOIN, .site = "khach", .name = "Khách", .role = MCU_ROLE_SITE}, 3000000);
}

static const char *
text_of(GBytes *bytes)
{
  gsize size;
  const char *text = g_bytes_get_data(bytes, &size);
  static char copy[8192];
  g_assert_cmpuint(size, <, sizeof copy);
  memcpy(copy, text, size);
  copy[size] = '\0';
  return copy;
}

static void
test_state(void)
{
  g_autoptr(McuRoom) room = make_room();
  g_autoptr(McuTold) told = mcu_told_new();
  g_autoptr(GBytes) first = mcu_told_take_state(told, room, 0);
  g_assert_cmpstr(
      text_of(first), ==,
      "{\"v\":1,\"type\":\"state\",\"policy\":\"open\",\"selfUnmute\":true,\"locked\":false,\"banner\":\"\","
      "\"chair\":\"tinh\",\"floor\":null,\"queue\":[],\"tour\":0}");
  g_assert_null(mcu_told_take_state(told, room, 0)); /* as before */
  fill(room);
  g_autoptr(GBytes) second = mcu_told_take_state(told, room, 5000000000);
  g_assert_nonnull(strstr(text_of(second), "\"floor\":{\"site\":\"xa-1\",\"since\":5002000,\"limit\":180}"));
  g_assert_nonnull(strstr(text_of(second), "\"queue\":[{\"site\":\"xa-2\",\"since\":5003000}]"));
  g_assert_nonnull(strstr(text_of(second), "\"banner\":\"\\\"Nghỉ\\\" </script>\""));
}

static void
test_desk(void)
{
  g_autoptr(McuRoom) room = make_room();
  g_autoptr(McuTold) told = mcu_told_new();
  g_autoptr(GBytes) first = mcu_told_take_desk(told, room, "[]");
  g_assert_nonnull(first);
  g_assert_null(mcu_told_take_desk(told, room, "[]"));
  g_autoptr(GBytes) second = mcu_told_take_desk(told, room, "[\"xa-1\"]"); /* another picture */
  g_assert_nonnull(second);
  fill(room);
  g_autoptr(GBytes) third = mcu_told_take_desk(told, room, "[\"xa-1\"]");
  g_assert_nonnull(strstr(text_of(third), "\"lobby\":[{\"site\":\"khach\",\"name\":\"Khách\"}]"));
  g_assert_nonnull(strstr(text_of(third), "\"panes\":[\"site:xa-9\",\"roll:5\"]"));
  g_assert_nonnull(strstr(text_of(third), "\"canUndo\":true"));
}

static void
test_lines(void)
{
  g_autoptr(McuTold) told = mcu_told_new();
  g_assert_null(mcu_told_take_lines(told, FALSE));
  g_assert_null(mcu_told_take_lines(told, TRUE));
  mcu_told_line(told, "xa-1", 3);
  mcu_told_line(told, "xa-1", 2);
  g_autoptr(GBytes) one = mcu_told_take_lines(told, FALSE);
  g_assert_cmpstr(text_of(one), ==, "{\"v\":1,\"type\":\"lines\",\"lines\":[{\"site\":\"xa-1\",\"quality\":2}]}");
  mcu_told_line(told, "xa-1", 2);
  g_assert_null(mcu_told_take_lines(told, FALSE));
  g_autoptr(GBytes) all = mcu_told_take_lines(told, TRUE);
  g_assert_nonnull(all);
  mcu_told_line(told, "xa-1", 1);
  mcu_told_forget(told, "xa-1");
  mcu_told_forget(told, "nobody");
  g_assert_null(mcu_told_take_lines(told, FALSE));
}

static void
write_one(const char *dir, const char *name, GBytes *bytes)
{
  g_autofree char *path = g_strdup_printf("%s/%s.json", dir, name);
  g_assert_true(g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL));
  g_bytes_unref(bytes);
}

static int
write_messages(const char *dir)
{
  g_autoptr(McuRoom) room = make_room();
  g_autoptr(McuTold) told = mcu_told_new();
  write_one(dir, "state-1", mcu_told_take_state(told, room, 0));
  write_one(dir, "desk-1", mcu_told_take_desk(told, room, "[]"));
  fill(room);
  write_one(dir, "state-2", mcu_told_take_state(told, room, 1795000000000000));
  write_one(dir, "desk-2", mcu_told_take_desk(told, room, "[\"xa-1\",\"\"]"));
  mcu_told_line(told, "xa-1", 3);
  mcu_told_line(told, "xa-2", 0);
  write_one(dir, "work-1", mcu_told_take_work(told, room, 1795000000000000));
  write_one(dir, "desk-work-1", mcu_told_take_desk_work(told, room, 1795000000000000));
  write_one(dir, "said-1", mcu_told_message("said", "{\"lines\":[]}"));
  write_one(dir, "ballot-1", mcu_told_message("ballot", "{\"vote\":0,\"entitled\":false,\"voted\":false}"));
  write_one(dir, "lines-1", mcu_told_take_lines(told, FALSE));
  return 0;
}

int
main(int argc, char **argv)
{
  if (argc == 3 && strcmp(argv[1], "--write") == 0)
    return write_messages(argv[2]);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bridge/told/state", test_state);
  g_test_add_func("/bridge/told/desk", test_desk);
  g_test_add_func("/bridge/told/lines", test_lines);
  return g_test_run();
}
