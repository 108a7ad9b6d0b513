/* The last lines are kept, and no log may go on with what cannot be. */
#include "mcu/room/chat.h"

static void
say(McuChat *chat, const char *text, gint64 number)
{
  McuRoomEvent event = {.type = MCU_ROOM_CHAT_SAID, .site = "a", .number = number, .text = g_ref_string_new(text)};
  g_assert_true(mcu_chat_fits(chat, &event));
  mcu_chat_apply(chat, &event);
  mcu_room_event_clear(&event);
}

static void
test_kept(void)
{
  McuChat *chat = mcu_chat_new();
  g_assert_null(mcu_chat_line(chat, 0));
  for (guint n = 1; n <= MCU_CHAT_KEPT + 5; n++) {
    g_autofree char *text = g_strdup_printf("line %u", n);
    say(chat, text, n % 2);
  }
  g_assert_cmpuint(mcu_chat_n_said(chat), ==, MCU_CHAT_KEPT + 5);
  g_assert_null(mcu_chat_line(chat, 0));
  g_assert_null(mcu_chat_line(chat, 5));
  g_assert_cmpstr(mcu_chat_line(chat, 6)->text, ==, "line 6");
  g_assert_false(mcu_chat_line(chat, 6)->to_desk);
  g_assert_cmpuint(mcu_chat_line(chat, MCU_CHAT_KEPT + 5)->n, ==, MCU_CHAT_KEPT + 5);
  g_assert_null(mcu_chat_line(chat, MCU_CHAT_KEPT + 6));
  mcu_chat_free(chat);
}

static void
test_fits(void)
{
  McuChat *chat = mcu_chat_new();
  g_autofree char *long_text = g_strnfill(MCU_CHAT_TEXT_MAX_CHARS + 1, 'x');
  McuRoomEvent said = {.type = MCU_ROOM_CHAT_SAID, .site = "a"};
  g_assert_false(mcu_chat_fits(chat, &said)); /* says nothing */
  said.text = g_ref_string_new(long_text);
  g_assert_false(mcu_chat_fits(chat, &said));
  mcu_room_event_clear(&said);
  McuRoomEvent other = {
      .type = MCU_ROOM_ANNOUNCED, .site = "a", .text = g_ref_string_new("x"), .more = g_ref_string_new("a b/c")};
  g_assert_false(mcu_chat_fits(chat, &other));
  mcu_room_event_clear(&other);
  mcu_chat_free(chat);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/chat/kept", test_kept);
  g_test_add_func("/room/chat/fits", test_fits);
  return g_test_run();
}
