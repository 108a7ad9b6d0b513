#include "mcu/minutes/log-words.h"

#include <string.h>

#include "mcu/room/event.h"

static char *
words(const char *type, const char *payload)
{
  McuMinutesRow row;
  mcu_minutes_row_read(&row, 0, 1, type, payload);
  char *text = mcu_log_words(&row);
  mcu_minutes_row_clear(&row);
  return text;
}

/* Every event that a room can log has a sentence. */
static void
test_all(void)
{
  for (guint i = 0; i < MCU_ROOM_N_EVENTS; i++) {
    const char *type = mcu_room_event_word((McuRoomEventType)i);
    g_autofree char *text = words(type, "{}");
    g_test_message("%s: %s", type, text);
    g_assert_cmpstr(text, !=, "");
    g_assert_true(g_utf8_validate(text, -1, NULL));
  }
}

static void
test_cases(void)
{
  static const struct {
    const char *type, *payload, *text;
  } cases[] = {
      {"seat-removed", "{\"reason\":\"expired\"}", "Rời họp: không nối lại được"},
      {"media-changed", "{\"mic\":true,\"camera\":false}", "Micro bật, camera tắt"},
      {"floor-given", "{\"number\":180}", "Được mời phát biểu, tối đa 180 giây"},
      {"floor-given", "{\"number\":0}", "Được mời phát biểu"},
      {"locked", "{\"on\":false}", "Mở khóa phiên họp"},
      {"chat-said", "{\"number\":0,\"text\":\"a\\u202e\\nb\"}", "Trò chuyện: a b"},
      {"roll-marked", "{\"number\":6,\"text\":\"ốm\",\"on\":true}", "Điểm danh (người ghi): Vắng có phép: ốm"},
      {"agenda-at", "{\"number\":-1}", "Không ở mục nào"},
      {"agenda-set", "{\"text\":\"1\\ta\\tb\\n2\\tc\\td\"}", "Đặt chương trình họp, 2 mục"},
      {"policy-changed", "{\"number\":1}", "Chế độ micro: xin phép"},
      {"hat-worn", "{\"text\":\"x\"}", ""},
      {"policy-changed", "{\"number\":99}", "Chế độ micro"},
      {"roll-marked", "{\"number\":-3}", "Điểm danh (máy ghi): "},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = words(cases[i].type, cases[i].payload);
    g_assert_cmpstr(text, ==, cases[i].text);
  }
}

/* What not all may know is not in the log that all may read. */
static void
test_secrets(void)
{
  McuMinutesRow row;
  g_autofree char *desk = words("chat-said", "{\"number\":1,\"text\":\"TOP\"}");
  g_autofree char *odd = words("chat-said", "{\"number\":2,\"text\":\"TOP\"}");
  g_autofree char *invited = words("invited", "{\"text\":\"TOP\",\"more\":\"TOP\"}");
  g_assert_null(strstr(desk, "TOP"));
  g_assert_null(strstr(odd, "TOP"));
  g_assert_null(strstr(invited, "TOP"));
  mcu_minutes_row_read(&row, 0, 1, "vote-used", "{\"site\":\"s1\",\"number\":1}");
  g_assert_false(mcu_log_words_may_name(&row));
  mcu_minutes_row_clear(&row);
  mcu_minutes_row_read(&row, 0, 1, "vote-cast", "{\"site\":\"s1\",\"number\":1}");
  g_assert_true(mcu_log_words_may_name(&row));
  mcu_minutes_row_clear(&row);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/minutes/log-words/all", test_all);
  g_test_add_func("/minutes/log-words/cases", test_cases);
  g_test_add_func("/minutes/log-words/secrets", test_secrets);
  return g_test_run();
}
