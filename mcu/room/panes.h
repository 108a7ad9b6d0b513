/* McuPanes: who stands in which pane of a view: a scene (what each pane is to show), its layout, the seats and the time
 * in; one seat, or none, for each pane out. No seat stands in two panes. Pure.
 *
 * Panes that name whom they show come first: a site, who has the floor, the chair; then those that roll or follow the
 * talk; the automatic ones take who is left, by the rules of McuScene. A floor pane follows the talk while nobody has
 * the floor. */
#pragma once

#include "mcu/room/layout.h"
#include "mcu/room/scene.h"

#define MCU_PANES_MAX 256

typedef struct McuPanes McuPanes;

typedef struct {
  McuSceneSeat *seat;              /* NULL: empty */
  char away[MCU_ID_MAX_BYTES + 1]; /* the site that the pane names and that is not here; "": none */
} McuPaneChoice;

/* What is to be shown, and of whom. */
typedef struct {
  const McuSceneSpec *spec;
  const McuLayout *layout; /* n_panes 0: as many as there are seats to show */
  McuSceneSeat *const *seats;
  guint n_seats;
  const McuSceneSeat *without; /* NULL; else who does not see itself */
  McuSceneSeat *content;       /* what is presented, not among the seats; NULL: nothing is */
  guint tour_s;                /* the first pane rolls; 0: it does not */
  gboolean frozen;             /* nobody comes or goes by talk or by time */
  gint64 now_us;
} McuPanesAsk;

/* [any] `number`: as of McuScene. */
McuPanes *mcu_panes_new(guint number, guint max_visible);
void mcu_panes_free(McuPanes *panes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuPanes, mcu_panes_free)

/* [any] TRUE: another choice than before. Seats of the update before may have been freed. */
gboolean mcu_panes_update(McuPanes *panes, const McuPanesAsk *ask);
/* [any] Borrowed until the next update. */
const McuPaneChoice *mcu_panes_get(const McuPanes *panes, guint *out_n);
