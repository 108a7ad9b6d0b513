/* What members are told of the meeting's work (docs/protocol.md): bodies of `work` for all, of `desk-work` for the
 * desk, and the messages `said` and `ballot`. `wall_us`: to be added to the room's times for Unix time. Pure. */
#pragma once

#include "mcu/room/room.h"

/* Bodies, as members of a message; caller frees. */
char *mcu_told_work(const McuRoom *room, gint64 wall_us);
char *mcu_told_desk_work(const McuRoom *room, gint64 wall_us);

/* Who reads lines of the chat. */
typedef enum {
  MCU_READER_ALL,  /* lines to all */
  MCU_READER_DESK, /* all lines */
  MCU_READER_SITE, /* lines to all, and the site's own to the desk */
  MCU_READER_OWN,  /* only the latter */
} McuReader;

/* The body of `said` with the lines after number `after`, at most the last `max`; `site` is of MCU_READER_SITE and
 * _OWN. NULL: there are none, unless `even_none`. Caller frees. */
char *mcu_told_chat(const McuRoom *room, guint after, guint max, McuReader reader, const char *site, gint64 wall_us,
                    gboolean even_none);
/* The body of `ballot`: of the vote that is open, else of the last. Caller frees. */
char *mcu_told_ballot(const McuRoom *room, const char *site);

/* "Question: A 12 · B 3" of the vote whose result is shown in the picture; NULL: none is. Caller frees. */
char *mcu_told_result(const McuRoom *room);
