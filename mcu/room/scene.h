/* McuScene: whom a view shows where nobody says whom, and in which cell. Pure: seats and time in, cells out.
 *
 * While all sites fit they stand in the order of the seats. Otherwise:
 *
 *  - the chair and who has the floor are always shown;
 *  - who is shown stays in its cell: no picture jumps because another comes or goes;
 *  - a free cell goes to those present before those lost, to who was heard last, then to who has a
 *    camera, then in the order of the seats;
 *  - who is not shown and talks (MCU_SCENE_TALK_US: a cough does not take the screen) takes the cell
 *    of the one who was heard longest ago, unless that one has talked since the other began, or has
 *    come to be shown by talking less than MCU_SCENE_STAY_US ago.
 *
 * Observers are never shown. One update costs the number of seats, and their sorting only while
 * cells are free for them. */
#pragma once

#include <glib.h>

#include "mcu/types.h"

#define MCU_SCENE_TALK_US 1000000  /* heard for so long: it talks */
#define MCU_SCENE_PAUSE_US 1000000 /* not heard for so long: it has ended */
#define MCU_SCENE_STAY_US 4000000

typedef struct McuScene McuScene;

/* Scenes that may look at the same seats. */
#define MCU_SCENES 3

/* One seat, the owner's, as long as the seat: set to what is so before each update. */
typedef struct {
  const char *site;
  McuRole role;
  gboolean lost, camera, floor;
  gint64 heard_us; /* last; 0: never */

  /* The scenes' own; zero-initialised. */
  gint64 talk_us;      /* since when it talks without a pause */
  gint64 talk_last_us; /* ... as of then */
  struct {
    guint cell;            /* its number and one; 0: none */
    gint64 talked_here_us; /* when talking has brought it where it is; 0: something else has */
  } scene[MCU_SCENES];
} McuSceneSeat;

/* [any] At most `max_visible` cells, 1 or more. `number`: below MCU_SCENES, another one for each scene of the same
 * seats. */
McuScene *mcu_scene_new(guint max_visible, guint number);
void mcu_scene_free(McuScene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuScene, mcu_scene_free)
/* [any] From the next update on. */
void mcu_scene_resize(McuScene *scene, guint max_visible);

/* [any] It talks now, for at least so long. After an update of a scene with it. */
gboolean mcu_scene_talks(const McuSceneSeat *seat, gint64 least_us, gint64 now_us);
/* [any] Who talks since when; each update does it for its seats. */
void mcu_scene_note_talk(McuSceneSeat *seat);

/* [any] `seats` in their order. One that was there before and is no more has lost its cell; it may have
 * been freed. `frozen`: nobody comes to be shown by talking. TRUE: the cells have changed. */
gboolean mcu_scene_update(McuScene *scene, McuSceneSeat *const *seats, guint n_seats, gboolean frozen, gint64 now_us);
/* [any] In the order of the cells; borrowed until the next update. */
McuSceneSeat *const *mcu_scene_cells(const McuScene *scene, guint *out_n);
