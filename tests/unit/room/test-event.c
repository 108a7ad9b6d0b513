#include "mcu/room/event.h"

#include <string.h>

static void
test_payload(void)
{
  static const struct {
    McuRoomEvent event;
    const char *payload;
  } cases[] = {
      {{.type = MCU_ROOM_SEAT_ADDED, .site = "xa-1", .name = "Xã Đồng Văn", .role = MCU_ROLE_SITE, .camera = TRUE},
       "{\"site\":\"xa-1\",\"name\":\"Xã Đồng "
       "Văn\",\"role\":\"site\",\"invited-as\":\"chair\",\"mic\":false,\"camera\":true}"},
      {{.type = MCU_ROOM_SEAT_REPLACED, .site = "a", .name = "\"\\\n\x01</b>", .role = MCU_ROLE_CHAIR, .mic = TRUE},
       "{\"site\":\"a\",\"name\":\"\\\"\\\\\\u000a\\u0001</"
       "b>\",\"role\":\"chair\",\"invited-as\":\"chair\",\"mic\":true,\"camera\":false}"},
      {{.type = MCU_ROOM_SEAT_REMOVED, .site = "a", .reason = MCU_ROOM_EXPIRED},
       "{\"site\":\"a\",\"reason\":\"expired\"}"},
      {{.type = MCU_ROOM_SEAT_REMOVED, .site = "a"}, "{\"site\":\"a\",\"reason\":\"left\"}"},
      {{.type = MCU_ROOM_SEAT_LOST, .site = "a"}, "{\"site\":\"a\"}"},
      {{.type = MCU_ROOM_MEDIA_CHANGED, .site = "a", .mic = TRUE}, "{\"site\":\"a\",\"mic\":true,\"camera\":false}"},
      {{.type = MCU_ROOM_FLOOR_GIVEN, .site = "a", .number = 120}, "{\"site\":\"a\",\"number\":120}"},
      {{.type = MCU_ROOM_RECORDING_ON}, "{\"site\":\"\"}"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *payload = mcu_room_event_payload(&cases[i].event);
    g_assert_cmpstr(payload, ==, cases[i].payload);
  }
}

static void
test_words(void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < MCU_ROOM_N_EVENTS; i++)
    g_assert_true(g_hash_table_add(seen, (gpointer)mcu_room_event_word(i)));
}

static void
test_work(void)
{
  g_assert_false(mcu_room_event_is_work(MCU_ROOM_SEAT_ADDED));
  g_assert_false(mcu_room_event_is_work(MCU_ROOM_ENDED));
  g_assert_true(mcu_room_event_is_work(MCU_ROOM_CHAT_SAID));
  g_assert_true(mcu_room_event_is_work(MCU_ROOM_VOTE_CLOSED));
  g_assert_true(mcu_room_event_is_work(MCU_ROOM_ASIDE_SET));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/event/payload", test_payload);
  g_test_add_func("/room/event/words", test_words);
  g_test_add_func("/room/event/work", test_work);
  return g_test_run();
}
