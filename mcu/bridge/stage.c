/* Seats of the mix and the views on them. Owned by a meeting, on main; no wait, no media. */
#include "mcu/bridge/stage.h"

#include <string.h>

#include "mcu/bridge/told-work.h"
#include "mcu/room/json.h"
#include "mcu/room/panes.h"

/* What is shown while somebody presents, where the chair has chosen no layout for it. */
#define PRESENTATION "presentation"
#define CONTENT "~content" /* after the site's id: a name that no site has */

enum { PROGRAMME, SPEAKER, PREVIEW, N_COMPOSED };

static const McuView views[N_COMPOSED] = {MCU_VIEW_PROGRAMME, MCU_VIEW_SPEAKER, MCU_VIEW_PREVIEW};

typedef struct {
  McuSceneSeat scene; /* first: panes hand back pointers to it */
  McuMixSeat *seat;
  guint64 serial;                   /* no other tile ever has it */
  char site[MCU_ID_MAX_BYTES + 16]; /* or what is presented: no site has such an id */
  char name[MCU_NAME_MAX_BYTES + 1];
  gboolean away; /* stands in for a site that a pane names and that has no seat */
  gboolean named;
  /* as the mix was told */
  gboolean told, muted, camera, lost, floor, warm;
  gboolean expected; /* of the update at hand: to be warm */
} Tile;

/* So many of those who have a hand up are ready to be shown, and of those who stand in the preview. */
#define WARM_HANDS 3
#define WARM_PREVIEW 8

struct McuStage {
  const McuMediaEngineOps *engine;
  McuMix *mix;
  McuLayouts *own_layouts; /* NULL: they are given */
  const McuLayouts *layouts;

  McuPanes *panes[N_COMPOSED];
  char *shows[N_COMPOSED]; /* what the view was told, as text; NULL: nothing yet */
  GString *shown;
  gboolean speaker_view;

  GHashTable *by_site; /* site -> Tile *, owned */
  GHashTable *by_seat; /* McuMixSeat * -> Tile *, borrowed */
  GPtrArray *seats;    /* of the update at hand: McuSceneSeat *, in order */
  guint64 last_serial;
  gboolean changed; /* tiles came or went since the wall was told */
  Tile *content;    /* borrowed; NULL: nobody presents */
};

McuStage *
mcu_stage_new(const McuMediaEngineOps *engine, McuMix *mix, const McuLayouts *layouts, guint max_visible)
{
  McuStage *stage = g_new0(McuStage, 1);
  stage->engine = engine;
  stage->mix = mix;
  stage->own_layouts = layouts == NULL ? mcu_layouts_new() : NULL;
  stage->layouts = layouts != NULL ? layouts : stage->own_layouts;
  for (guint i = 0; i < N_COMPOSED; i++)
    stage->panes[i] = mcu_panes_new(i, MIN(max_visible, MCU_VIEW_SEATS_MAX));
  stage->shown = g_string_new("[]");
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
  g_string_free(stage->shown, TRUE);
  for (guint i = 0; i < N_COMPOSED; i++) {
    mcu_panes_free(stage->panes[i]);
    g_free(stage->shows[i]);
  }
  mcu_layouts_free(stage->own_layouts);
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
  return tile != NULL && !tile->away ? tile->seat : NULL;
}

const char *
mcu_stage_site(const McuStage *stage, McuMixSeat *seat)
{
  const Tile *tile = g_hash_table_lookup(stage->by_seat, seat);
  return tile != NULL ? tile->site : NULL;
}

gboolean
mcu_stage_has_speaker_view(const McuStage *stage)
{
  return stage->speaker_view;
}

const char *
mcu_stage_shown(const McuStage *stage)
{
  return stage->shown->str;
}

/* --- tiles -------------------------------------------------------------------------------- */

static Tile *
make_tile(McuStage *stage, const char *site, const char *name, GError **error)
{
  McuMixSeat *seat = stage->engine->seat_new(stage->mix, name, error);
  if (seat == NULL)
    return NULL;
  Tile *tile = g_new0(Tile, 1);
  tile->seat = seat;
  tile->serial = ++stage->last_serial;
  g_strlcpy(tile->site, site, sizeof tile->site);
  g_strlcpy(tile->name, name, sizeof tile->name);
  tile->scene.site = tile->site;
  g_hash_table_insert(stage->by_site, tile->site, tile);
  g_hash_table_insert(stage->by_seat, seat, tile);
  return tile;
}

gboolean
mcu_stage_add(McuStage *stage, const char *site, const char *name, GError **error)
{
  Tile *tile = find_tile(stage, site);
  if (tile != NULL) {
    stage->changed |= tile->away;
    tile->away = FALSE;
    return TRUE;
  }
  stage->changed = TRUE;
  return make_tile(stage, site, name, error) != NULL;
}

void
mcu_stage_remove(McuStage *stage, const char *site)
{
  Tile *tile = find_tile(stage, site);
  if (tile == NULL || tile->away)
    return;
  McuMixSeat *seat = tile->seat;
  if (stage->content == tile)
    stage->content = NULL;
  g_hash_table_remove(stage->by_seat, seat);
  g_hash_table_remove(stage->by_site, site);
  stage->changed = TRUE;
  stage->engine->seat_free(seat);
}

static void
tell_flag(const Tile *tile, gboolean *told, gboolean is, void (*tell)(McuMixSeat *seat, gboolean on))
{
  if (tile->told && *told == is)
    return;
  *told = is;
  tell(tile->seat, is);
}

gboolean
mcu_stage_set_content(McuStage *stage, const char *site, const char *name, GError **error)
{
  g_autofree char *key = site != NULL ? g_strconcat(site, CONTENT, NULL) : NULL;
  Tile *before = stage->content;
  if (before != NULL && g_strcmp0(before->site, key) == 0)
    return TRUE;
  if (before != NULL)
    mcu_stage_remove(stage, before->site);
  if (key == NULL)
    return TRUE;
  Tile *tile = stage->content = make_tile(stage, key, name, error);
  if (tile == NULL)
    return FALSE;
  tell_flag(tile, &tile->muted, TRUE, stage->engine->seat_set_muted);
  tell_flag(tile, &tile->camera, TRUE, stage->engine->seat_set_camera);
  tile->told = TRUE;
  return TRUE;
}

McuMixSeat *
mcu_stage_content(const McuStage *stage, const char *site)
{
  gsize size = strlen(site);
  const Tile *tile = stage->content;
  return tile != NULL && strncmp(tile->site, site, size) == 0 && strcmp(tile->site + size, CONTENT) == 0 ? tile->seat
                                                                                                         : NULL;
}

static void
tell(const McuStage *stage, Tile *tile, const McuRoomSeat *seat)
{
  const McuMediaEngineOps *engine = stage->engine;
  if (strcmp(tile->name, seat->name) != 0) {
    g_strlcpy(tile->name, seat->name, sizeof tile->name);
    engine->seat_set_name(tile->seat, seat->name);
  }
  tell_flag(tile, &tile->muted, !seat->mic || seat->silenced, engine->seat_set_muted);
  tell_flag(tile, &tile->camera, seat->camera, engine->seat_set_camera);
  tell_flag(tile, &tile->lost, seat->lost, engine->seat_set_lost);
  tell_flag(tile, &tile->floor, seat->floor, engine->seat_set_floor);
  tile->told = TRUE;
}

void
mcu_stage_set(McuStage *stage, const McuRoomSeat *seat)
{
  Tile *tile = find_tile(stage, seat->site);
  if (tile != NULL && !tile->away)
    tell(stage, tile, seat);
}

/* The tile of a site that is named and has no seat: a card with its name. NULL: it could not be made. */
static Tile *
find_or_make_away(McuStage *stage, const McuRoom *room, const char *site)
{
  Tile *tile = find_tile(stage, site);
  if (tile != NULL)
    return tile;
  const McuRoomInvited *invited = mcu_room_find_invited(room, site);
  McuRoomSeat seat = {.lost = TRUE};
  g_strlcpy(seat.name, invited != NULL ? invited->name : site, sizeof seat.name);
  tile = make_tile(stage, site, seat.name, NULL);
  if (tile == NULL)
    return NULL;
  tile->away = TRUE;
  tell(stage, tile, &seat);
  return tile;
}

static void
forget_away(McuStage *stage)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, stage->by_site);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    Tile *tile = value;
    if (!tile->away || tile->named)
      continue;
    McuMixSeat *seat = tile->seat;
    g_hash_table_remove(stage->by_seat, seat);
    g_hash_table_iter_remove(&iter);
    stage->engine->seat_free(seat);
  }
}

/* --- views -------------------------------------------------------------------------------- */

static void
collect(McuStage *stage, const McuRoom *room)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, stage->by_site);
  while (g_hash_table_iter_next(&iter, NULL, &value))
    ((Tile *)value)->named = FALSE;
  g_ptr_array_set_size(stage->seats, 0);
  for (guint i = 0; i < mcu_room_n_seats(room); i++) {
    const McuRoomSeat *seat = mcu_room_seat(room, i);
    Tile *tile = find_tile(stage, seat->site);
    if (tile == NULL || tile->away)
      continue; /* an observer */
    tile->scene.role = seat->role;
    tile->scene.lost = seat->lost;
    tile->scene.camera = seat->camera;
    tile->scene.floor = seat->floor;
    tile->scene.heard_us = stage->engine->seat_heard_us(tile->seat);
    g_ptr_array_add(stage->seats, &tile->scene);
  }
}

static const McuLayout *
find_layout(const McuStage *stage, const char *name)
{
  const McuLayout *layout = mcu_layouts_find(stage->layouts, name);
  /* One that the operator has taken away since. */
  return layout != NULL ? layout : mcu_layouts_find(stage->layouts, MCU_LAYOUT_AUTO);
}

static Tile *
tile_of_choice(McuStage *stage, const McuRoom *room, const McuPaneChoice *choice)
{
  Tile *tile = (Tile *)choice->seat;
  if (choice->away[0] != '\0')
    tile = find_or_make_away(stage, room, choice->away);
  if (tile != NULL)
    tile->named = TRUE;
  return tile;
}

static void
fill_pane(const McuStage *stage, const McuRoom *room, const Tile *tile, const McuLayoutPane *place, McuPane *pane)
{
  *pane = (McuPane){0};
  if (place != NULL) {
    pane->place.x = place->x;
    pane->place.y = place->y;
    pane->place.width = place->width;
    pane->place.height = place->height;
  }
  if (tile == NULL)
    return;
  pane->seat = tile->seat;
  pane->whole = tile == stage->content;
  if (tile->floor) {
    pane->clock_us = mcu_room_floor_since(room);
    pane->limit_us = mcu_room_floor_limit(room) * G_USEC_PER_SEC;
  }
}

/* What the view is told, as text: the same again is not told. */
static char *
describe(const McuViewLook *look, const guint64 *serials)
{
  GString *text = g_string_new(NULL);
  g_string_printf(text, "%d %d %d %d %s\n", look->equal, look->letterbox, look->no_labels, look->mark_speaker,
                  look->banner != NULL ? look->banner : "");
  for (guint i = 0; i < look->n_panes; i++) {
    const McuPane *pane = &look->panes[i];
    g_string_append_printf(text, "%u,%u %ux%u %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                           pane->place.x, pane->place.y, pane->place.width, pane->place.height, serials[i],
                           pane->clock_us, pane->limit_us);
  }
  return g_string_free(text, FALSE);
}

static gboolean
tell_view(McuStage *stage, guint which, const McuViewLook *look, const guint64 *serials)
{
  char *text = describe(look, serials);
  if (g_strcmp0(text, stage->shows[which]) == 0) {
    g_free(text);
    return FALSE;
  }
  g_free(stage->shows[which]);
  stage->shows[which] = text;
  stage->engine->view_show(stage->mix, views[which], look);
  return TRUE;
}

static gboolean
show_scene(McuStage *stage, guint which, const McuRoom *room, const McuPanesAsk *ask)
{
  McuPane panes[MCU_PANES_MAX];
  guint64 serials[MCU_PANES_MAX];
  guint n;
  mcu_panes_update(stage->panes[which], ask);
  const McuPaneChoice *choices = mcu_panes_get(stage->panes[which], &n);
  for (guint i = 0; i < n; i++) {
    Tile *tile = tile_of_choice(stage, room, &choices[i]);
    fill_pane(stage, room, tile, i < ask->layout->n_panes ? &ask->layout->panes[i] : NULL, &panes[i]);
    serials[i] = tile != NULL ? tile->serial : 0;
  }
  /* The result of a vote, while it is shown, takes the place of the banner. */
  g_autofree char *result = mcu_told_result(room);
  const char *banner = result != NULL ? result : mcu_room_banner(room);
  const McuViewLook look = {
      .panes = panes,
      .n_panes = n,
      .equal = ask->layout->n_panes == 0,
      .letterbox = ask->spec->letterbox,
      .no_labels = ask->spec->no_labels,
      .mark_speaker = !ask->spec->no_border,
      .banner = which != PREVIEW && *banner != '\0' ? banner : NULL,
  };
  return tell_view(stage, which, &look, serials);
}

static void
note_shown(McuStage *stage)
{
  guint n;
  const McuPaneChoice *choices = mcu_panes_get(stage->panes[PROGRAMME], &n);
  g_string_assign(stage->shown, "[");
  for (guint i = 0; i < n; i++) {
    mcu_json_next(stage->shown);
    mcu_json_string(stage->shown, choices[i].seat != NULL ? choices[i].seat->site : choices[i].away);
  }
  mcu_json_close_list(stage->shown);
}

static McuPanesAsk
ask_for(const McuStage *stage, const char *text, McuSceneSpec *spec, gint64 now_us)
{
  gboolean ok = mcu_scene_spec_parse(text, spec, NULL);
  g_assert(ok); /* the room holds none that is not */
  return (McuPanesAsk){
      .spec = spec,
      .layout = find_layout(stage, spec->layout),
      .seats = (McuSceneSeat *const *)stage->seats->pdata,
      .n_seats = stage->seats->len,
      .content = stage->content != NULL ? &stage->content->scene : NULL,
      .now_us = now_us,
  };
}

static void
show_speaker(McuStage *stage, const McuRoom *room, const McuLayout *programme, gint64 now_us)
{
  McuSceneSpec spec;
  const McuRoomSeat *floor = mcu_room_floor(room);
  const Tile *tile = floor != NULL ? find_tile(stage, floor->site) : NULL;
  stage->speaker_view = tile != NULL && !tile->away && programme->speaker[0] != '\0';
  if (!stage->speaker_view)
    return;
  McuPanesAsk ask = ask_for(stage, programme->speaker, &spec, now_us);
  ask.without = &tile->scene;
  show_scene(stage, SPEAKER, room, &ask);
}

static void
show_preview(McuStage *stage, const McuRoom *room, gint64 now_us)
{
  McuSceneSpec spec;
  const char *preview = mcu_room_preview(room);
  if (preview == NULL)
    return; /* what has been prepared once can only change */
  const McuPanesAsk ask = ask_for(stage, preview, &spec, now_us);
  show_scene(stage, PREVIEW, room, &ask);
}

static void
show_wall(McuStage *stage)
{
  McuPane panes[MCU_VIEW_SEATS_MAX];
  guint n = MIN(stage->seats->len, MCU_VIEW_SEATS_MAX);
  for (guint i = 0; i < n; i++)
    panes[i] = (McuPane){.seat = ((const Tile *)g_ptr_array_index(stage->seats, i))->seat};
  const McuViewLook look = {.panes = panes, .n_panes = n, .equal = TRUE, .mark_speaker = TRUE};
  stage->engine->view_show(stage->mix, MCU_VIEW_WALL, &look);
}

static void
expect(const McuStage *stage, const char *site)
{
  Tile *tile = find_tile(stage, site);
  if (tile != NULL)
    tile->expected = !tile->away;
}

/* Who is likely to be shown next has its picture ready, so that it is there with the press of the button. */
static void
warm(McuStage *stage, const McuRoom *room)
{
  McuSceneSpec spec;
  const char *next = mcu_roll_calls(mcu_room_roll(room))->on ? mcu_room_next_called(room, FALSE) : NULL;
  if (next != NULL)
    expect(stage, next);
  for (guint i = 0; i < MIN(mcu_room_n_hands(room), WARM_HANDS); i++)
    expect(stage, mcu_room_hand(room, i)->site);
  if (mcu_room_preview(room) != NULL && mcu_scene_spec_parse(mcu_room_preview(room), &spec, NULL))
    for (guint i = 0; i < MIN(spec.n_panes, WARM_PREVIEW); i++)
      if (spec.panes[i].show == MCU_SHOW_SITE)
        expect(stage, spec.panes[i].site);
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, stage->by_site);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    Tile *tile = value;
    if (tile->warm != tile->expected)
      stage->engine->seat_set_warm(tile->seat, tile->expected);
    tile->warm = tile->expected;
    tile->expected = FALSE;
  }
}

static gboolean
has_content(const McuPanesAsk *ask)
{
  guint n = ask->layout->n_panes > 0 ? ask->layout->n_panes : ask->spec->n_panes;
  for (guint i = 0; i < n; i++) {
    const McuScenePane *pane = i < ask->spec->n_panes ? &ask->spec->panes[i] : &ask->layout->panes[i].shows;
    if (pane->show == MCU_SHOW_CONTENT)
      return TRUE;
  }
  return FALSE;
}

gboolean
mcu_stage_update(McuStage *stage, const McuRoom *room, gint64 now_us)
{
  McuSceneSpec spec;
  collect(stage, room);
  McuPanesAsk ask = ask_for(stage, mcu_room_programme(room), &spec, now_us);
  if (stage->content != NULL && !has_content(&ask))
    ask = ask_for(stage, PRESENTATION, &spec, now_us); /* until it is over */
  ask.tour_s = mcu_room_tour(room);
  ask.frozen = mcu_room_layout_locked(room);
  gboolean changed = show_scene(stage, PROGRAMME, room, &ask);
  note_shown(stage);
  show_speaker(stage, room, ask.layout, now_us);
  show_preview(stage, room, now_us);
  warm(stage, room);
  if (stage->changed)
    show_wall(stage);
  stage->changed = FALSE;
  forget_away(stage);
  return changed;
}
