/* McuStage: the seats of a meeting in its mix, and which of them the views show. Follows the events of
 * the room; what the views show is settled once per heartbeat, however many came or went since. Owned
 * by a meeting; all [main]. */
#pragma once

#include "mcu/media-engine.h"
#include "mcu/room/room.h"

typedef struct McuStage McuStage;

/* `engine` and `mix` are borrowed. */
McuStage *mcu_stage_new(const McuMediaEngineOps *engine, McuMix *mix, guint max_visible);
void mcu_stage_free(McuStage *stage);
/* Frees the mix seats that are left: before the mix, which still has its say about the recording. */
void mcu_stage_clear(McuStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuStage, mcu_stage_free)

/* The tile must be there before the room says that it is, so that a failure leaves no trace. One that is
 * there already stays. */
gboolean mcu_stage_add(McuStage *stage, const char *site, const char *name, GError **error);
void mcu_stage_remove(McuStage *stage, const char *site); /* none there: fine */
/* Tells the mix what an event of the room means for its site. */
void mcu_stage_obey(McuStage *stage, const McuRoomEvent *event);
/* The heartbeat: who is shown now. */
void mcu_stage_update(McuStage *stage, const McuRoom *room, gint64 now_us);

McuMixSeat *mcu_stage_seat(const McuStage *stage, const char *site); /* NULL: none in the picture */
const char *mcu_stage_site(const McuStage *stage, McuMixSeat *seat); /* NULL: not (yet, or no more) here */
