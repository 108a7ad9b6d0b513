/* McuTold: what members are told of the meeting besides the list of sites: `state` for all, and `desk` and `lines` for
 * those at the desk (docs/protocol.md). Each text is made once for everybody, and only given out when it has changed.
 * Owned by a meeting; pure. */
#pragma once

#include "mcu/room/room.h"

typedef struct McuTold McuTold;

McuTold *mcu_told_new(void);
void mcu_told_free(McuTold *told);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuTold, mcu_told_free)

/* Bodies, as members of a message, for `joined`; caller frees. `wall_us`: to be added to the room's times for Unix
 * time. `shown`: list of sites as JSON (mcu_stage_shown()). */
char *mcu_told_state(const McuRoom *room, gint64 wall_us);
char *mcu_told_desk(const McuRoom *room, const char *shown);

/* The message `state` or `desk`; NULL: as told last. The caller unrefs. */
GBytes *mcu_told_take_state(McuTold *told, const McuRoom *room, gint64 wall_us);
GBytes *mcu_told_take_desk(McuTold *told, const McuRoom *room, const char *shown);
/* Likewise `work` and `desk-work` (told-work.h). */
GBytes *mcu_told_take_work(McuTold *told, const McuRoom *room, gint64 wall_us);
GBytes *mcu_told_take_desk_work(McuTold *told, const McuRoom *room, gint64 wall_us);
/* Lines of the chat since it was asked last: the number behind which they are. */
guint mcu_told_take_chat(McuTold *told, const McuRoom *room);
/* A message of `type` with `body`, an object that is not empty. The caller unrefs. */
GBytes *mcu_told_message(const char *type, const char *body);

/* The quality of a site's line, 0..3; told with the next `lines` if it has changed. */
void mcu_told_line(McuTold *told, const char *site, guint quality);
void mcu_told_forget(McuTold *told, const char *site);
/* NULL: none has changed. `all`: for somebody who has been told of none. */
GBytes *mcu_told_take_lines(McuTold *told, gboolean all);
