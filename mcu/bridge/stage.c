/* Seats of the mix and the views on them. Owned by a meeting, on main; no wait, no media. */
#include "mcu/bridge/stage.h"

#include "mcu/room/scene.h"

typedef struct {
  McuSceneSeat scene; /* first: the scene hands back pointers to it */
  McuMixSeat *seat;
  char site[MCU_ID_MAX_BYTES + 1];
  gboolean fresh; /* the mix has not been told of microphone and camera */
} Tile;

struct McuStage {
  const McuMediaEngineOps *engine;
  McuMix *mix;

  McuScene *scene;
  GHashTable *by_site; /* site -> Tile *, owned */
  GHashTable *by_seat; /* McuMixSeat * -> Tile *, borrowed */
  GPtrArray *seats;    /* of the update at hand: McuSceneSeat *, in order */
  gboolean changed;    /* tiles came or went since the wall was told */
};

McuStage *
mcu_stage_new(const McuMediaEngineOps *engine, McuMix *mix, guint max_visible)
{
  McuStage *stage = g_new0(McuStage, 1);
  stage->engine = engine;
  stage->mix = mix;
  stage->scene = mcu_scene_new(MIN(max_visible, MCU_VIEW_SEATS_MAX));
  stage->by_site = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  stage->by_seat = g_hash_table_new(NULL, NULL);
  stage->seats = g_ptr_array_new();
  return stage;
}

void
mcu_stage_clear(McuStage *stage)
{
  GHashTableIter iter;
  gpointer seat;
  g_hash_table_iter_init(&iter, stage->by_seat);
  while (g_hash_table_iter_next(&iter, &seat, NULL)) {
    g_hash_table_iter_remove(&iter);
    stage->engine->seat_free(seat);
  }
  g_hash_table_remove_all(stage->by_site);
}

void
mcu_stage_free(McuStage *stage)
{
  if (stage == NULL)
    return;
  mcu_stage_clear(stage);
  g_hash_table_unref(stage->by_seat);
  g_hash_table_unref(stage->by_site);
  g_ptr_array_unref(stage->seats);
  mcu_scene_free(stage->scene);
  g_free(stage);
}

static Tile *
find_tile(const McuStage *stage, const char *site)
{
  return g_hash_table_lookup(stage->by_site, site);
}

McuMixSeat *
mcu_stage_seat(const McuStage *stage, const char *site)
{
  const Tile *tile = find_tile(stage, site);
  return tile != NULL ? tile->seat : NULL;
}

const char *
mcu_stage_site(const McuStage *stage, McuMixSeat *seat)
{
  const Tile *tile = g_hash_table_lookup(stage->by_seat, seat);
  return tile != NULL ? tile->site : NULL;
}

/* --- tiles -------------------------------------------------------------------------------- */

gboolean
mcu_stage_add(McuStage *stage, const char *site, const char *name, GError **error)
{
  if (find_tile(stage, site) != NULL)
    return TRUE;
  McuMixSeat *seat = stage->engine->seat_new(stage->mix, name, error);
  if (seat == NULL)
    return FALSE;
  Tile *tile = g_new0(Tile, 1);
  tile->seat = seat;
  tile->fresh = TRUE;
  g_strlcpy(tile->site, site, sizeof tile->site);
  g_hash_table_insert(stage->by_site, tile->site, tile);
  g_hash_table_insert(stage->by_seat, seat, tile);
  stage->changed = TRUE;
  return TRUE;
}

void
mcu_stage_remove(McuStage *stage, const char *site)
{
  Tile *tile = find_tile(stage, site);
  if (tile == NULL)
    return;
  McuMixSeat *seat = tile->seat;
  g_hash_table_remove(stage->by_seat, seat);
  g_hash_table_remove(stage->by_site, site);
  stage->changed = TRUE;
  stage->engine->seat_free(seat);
}

static void
set_media(const McuStage *stage, Tile *tile, const McuRoomEvent *event)
{
  stage->engine->seat_set_muted(tile->seat, !event->mic);
  stage->engine->seat_set_camera(tile->seat, event->camera);
  tile->fresh = FALSE;
}

void
mcu_stage_obey(McuStage *stage, const McuRoomEvent *event)
{
  const McuMediaEngineOps *engine = stage->engine;
  Tile *tile = find_tile(stage, event->site);
  if (tile == NULL)
    return;
  McuMixSeat *seat = tile->seat;
  switch (event->type) {
  case MCU_ROOM_SEAT_ADDED:
  case MCU_ROOM_MEDIA_CHANGED:
    set_media(stage, tile, event);
    break;
  case MCU_ROOM_SEAT_REPLACED:
    engine->seat_set_name(seat, event->name);
    if (tile->fresh) /* an observer before */
      set_media(stage, tile, event);
    break;
  case MCU_ROOM_SEAT_LOST:
  case MCU_ROOM_SEAT_BACK:
    engine->seat_set_lost(seat, event->type == MCU_ROOM_SEAT_LOST);
    break;
  case MCU_ROOM_FLOOR_GIVEN:
  case MCU_ROOM_FLOOR_TAKEN:
    engine->seat_set_floor(seat, event->type == MCU_ROOM_FLOOR_GIVEN);
    break;
  default:
    break;
  }
}

/* --- views -------------------------------------------------------------------------------- */

static void
collect(McuStage *stage, const McuRoom *room)
{
  g_ptr_array_set_size(stage->seats, 0);
  for (guint i = 0; i < mcu_room_n_seats(room); i++) {
    const McuRoomSeat *seat = mcu_room_seat(room, i);
    Tile *tile = find_tile(stage, seat->site);
    if (tile == NULL)
      continue; /* an observer */
    tile->scene.role = seat->role;
    tile->scene.lost = seat->lost;
    tile->scene.camera = seat->camera;
    tile->scene.floor = seat->floor;
    tile->scene.heard_us = stage->engine->seat_heard_us(tile->seat);
    g_ptr_array_add(stage->seats, &tile->scene);
  }
}

static void
show(McuStage *stage, McuView view, McuSceneSeat *const *cells, guint n)
{
  McuPane panes[MCU_VIEW_SEATS_MAX];
  for (guint i = 0; i < n; i++)
    panes[i] = (McuPane){.seat = ((const Tile *)cells[i])->seat};
  const McuViewLook look = {.panes = panes, .n_panes = n, .equal = TRUE};
  stage->engine->view_show(stage->mix, view, &look);
}

void
mcu_stage_update(McuStage *stage, const McuRoom *room, gint64 now_us)
{
  collect(stage, room);
  McuSceneSeat *const *seats = (McuSceneSeat *const *)stage->seats->pdata;
  if (mcu_scene_update(stage->scene, seats, stage->seats->len, now_us)) {
    guint n;
    McuSceneSeat *const *cells = mcu_scene_cells(stage->scene, &n);
    show(stage, MCU_VIEW_PROGRAMME, cells, n);
  }
  if (stage->changed)
    show(stage, MCU_VIEW_WALL, seats, MIN(stage->seats->len, MCU_VIEW_SEATS_MAX));
  stage->changed = FALSE;
}
