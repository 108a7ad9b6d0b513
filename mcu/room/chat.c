/* Lines and announcement. Pure; with its room. */
#include "mcu/room/chat.h"

#include <string.h>

#include "mcu/room/ids.h"
#include "mcu/room/legal.h"

struct McuChat {
  gboolean closed;
  guint n_said;
  McuChatLine kept[MCU_CHAT_KEPT]; /* line n at n mod its size */
  McuAnnouncement announcement;
};

McuChat *
mcu_chat_new(void)
{
  return g_new0(McuChat, 1);
}

static void
clear_announcement(McuChat *chat)
{
  g_clear_pointer(&chat->announcement.text, g_ref_string_release);
  g_clear_pointer(&chat->announcement.who, g_ref_string_release);
}

void
mcu_chat_free(McuChat *chat)
{
  for (guint i = 0; i < MCU_CHAT_KEPT; i++)
    g_clear_pointer(&chat->kept[i].text, g_ref_string_release);
  clear_announcement(chat);
  g_free(chat);
}

gboolean
mcu_chat_is_open(const McuChat *chat)
{
  return !chat->closed;
}

guint
mcu_chat_n_said(const McuChat *chat)
{
  return chat->n_said;
}

const McuChatLine *
mcu_chat_line(const McuChat *chat, guint n)
{
  const McuChatLine *line = &chat->kept[n % MCU_CHAT_KEPT];
  return n > 0 && line->n == n ? line : NULL;
}

const McuAnnouncement *
mcu_chat_announcement(const McuChat *chat)
{
  return &chat->announcement;
}

/* --- events ------------------------------------------------------------------------------- */

gboolean
mcu_chat_fits(const McuChat *chat, const McuRoomEvent *event)
{
  switch (event->type) {
  case MCU_ROOM_CHAT_SAID:
    return chat->n_said < MCU_CHAT_LINES_MAX && (event->number == 0 || event->number == 1) &&
           mcu_is_legal_name(event->text, MCU_CHAT_TEXT_MAX_CHARS);
  case MCU_ROOM_ANNOUNCED:
    return (event->text == NULL || mcu_is_legal_name(event->text, MCU_ANNOUNCE_MAX_CHARS)) &&
           (event->more == NULL || mcu_ids_are_legal(event->more, MCU_INVITED_MAX));
  default:
    return TRUE;
  }
}

static void
say(McuChat *chat, const McuRoomEvent *event)
{
  guint n = ++chat->n_said;
  McuChatLine *line = &chat->kept[n % MCU_CHAT_KEPT];
  g_clear_pointer(&line->text, g_ref_string_release);
  *line = (McuChatLine){.n = n, .time_us = event->time_us, .to_desk = event->number == 1};
  g_strlcpy(line->site, event->site, sizeof line->site);
  line->text = g_ref_string_acquire(event->text);
}

void
mcu_chat_apply(McuChat *chat, const McuRoomEvent *event)
{
  switch (event->type) {
  case MCU_ROOM_CHAT_SAID:
    say(chat, event);
    break;
  case MCU_ROOM_CHAT_OPENED:
    chat->closed = !event->on;
    break;
  case MCU_ROOM_ANNOUNCED:
    clear_announcement(chat);
    chat->announcement.time_us = event->time_us;
    chat->announcement.text = event->text != NULL ? g_ref_string_acquire(event->text) : NULL;
    chat->announcement.who = event->text != NULL && event->more != NULL ? g_ref_string_acquire(event->more) : NULL;
    break;
  default:
    g_assert_not_reached();
  }
}

void
mcu_chat_describe(const McuChat *chat, GString *text)
{
  g_string_append_printf(text, "chat %s %u lines\n", chat->closed ? "closed" : "open", chat->n_said);
  for (guint n = 1; n <= chat->n_said; n++) {
    const McuChatLine *line = mcu_chat_line(chat, n);
    if (line != NULL)
      g_string_append_printf(text, "said %u %s%s \"%s\"\n", n, line->site, line->to_desk ? " to the desk" : "",
                             line->text);
  }
  if (chat->announcement.text != NULL)
    g_string_append_printf(text, "announced \"%s\" for %s\n", chat->announcement.text,
                           chat->announcement.who != NULL ? chat->announcement.who : "all");
}
