/* McuChat: what was written in a meeting, and what is announced. The last lines are kept for those who come later; all
 * of them are in the log. Part of a room's state: changed by its events alone. Pure. */
#pragma once

#include "mcu/room/event.h"

#define MCU_CHAT_TEXT_MAX_CHARS 500
#define MCU_CHAT_KEPT 200
#define MCU_CHAT_LINES_MAX 20000 /* of a meeting, so that its log has an end */
#define MCU_ANNOUNCE_MAX_CHARS 200

typedef struct McuChat McuChat;

typedef struct {
  guint n; /* from 1 */
  gint64 time_us;
  char site[MCU_ID_MAX_BYTES + 1];
  gboolean to_desk;
  GRefString *text;
} McuChatLine;

typedef struct {
  gint64 time_us;
  GRefString *text; /* NULL: nothing is announced */
  GRefString *who;  /* ids with spaces between; NULL: for all */
} McuAnnouncement;

McuChat *mcu_chat_new(void); /* open */
void mcu_chat_free(McuChat *chat);

gboolean mcu_chat_is_open(const McuChat *chat);
guint mcu_chat_n_said(const McuChat *chat); /* lines ever; the last has this number */
/* NULL: not kept, or not yet said. Borrowed until the next event. */
const McuChatLine *mcu_chat_line(const McuChat *chat, guint n);
const McuAnnouncement *mcu_chat_announcement(const McuChat *chat);

/* Whether a log may go on with `event`, which is one of chat-said, chat-opened, announced. */
gboolean mcu_chat_fits(const McuChat *chat, const McuRoomEvent *event);
void mcu_chat_apply(McuChat *chat, const McuRoomEvent *event);
void mcu_chat_describe(const McuChat *chat, GString *text);
