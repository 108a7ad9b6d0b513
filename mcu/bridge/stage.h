/* McuStage: the seats of a meeting in its mix, and which of them the views show. Follows the room: seats as they
 * change, views once per heartbeat and after each command about the picture, however many came or went since. Owned by
 * a meeting; all [main]. */
#pragma once

#include "mcu/media-engine.h"
#include "mcu/room/room.h"

typedef struct McuStage McuStage;

/* `engine`, `mix` and `layouts` are borrowed; `layouts` NULL: none but MCU_LAYOUT_AUTO. */
McuStage *mcu_stage_new(const McuMediaEngineOps *engine, McuMix *mix, const McuLayouts *layouts, guint max_visible);
void mcu_stage_free(McuStage *stage);
/* Frees the mix seats that are left: before the mix, which still has its say about the recording. */
void mcu_stage_clear(McuStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuStage, mcu_stage_free)

/* The tile must be there before the room says that it is, so that a failure leaves no trace. One that is
 * there already stays. */
gboolean mcu_stage_add(McuStage *stage, const char *site, const char *name, GError **error);
/* What `site` presents has a tile of its own, besides that of the site; NULL: nothing is presented. Labelled `name`. */
gboolean mcu_stage_set_content(McuStage *stage, const char *site, const char *name, GError **error);
McuMixSeat *mcu_stage_content(const McuStage *stage, const char *site); /* NULL: `site` does not present */
void mcu_stage_remove(McuStage *stage, const char *site);               /* none there: fine */
/* Tells the mix how a seat of the room is now. One without a tile: fine. */
void mcu_stage_set(McuStage *stage, const McuRoomSeat *seat);
/* Who is shown now. TRUE: the programme shows others, or otherwise, than before. */
gboolean mcu_stage_update(McuStage *stage, const McuRoom *room, gint64 now_us);

McuMixSeat *mcu_stage_seat(const McuStage *stage, const char *site); /* NULL: none in the picture */
const char *mcu_stage_site(const McuStage *stage, McuMixSeat *seat); /* NULL: not (yet, or no more) here */
/* Who has the floor sees a picture of its own. As of the last update. */
gboolean mcu_stage_has_speaker_view(const McuStage *stage);
/* The sites of the programme's panes, as a list in JSON; "" for an empty one. Borrowed until the next update. */
const char *mcu_stage_shown(const McuStage *stage);
