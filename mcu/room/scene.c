/* The rules of who is shown. Owned by a meeting; pure, so any one thread at a time. */
#include "mcu/room/scene.h"

struct McuScene {
  guint number;
  guint max_visible;
  McuSceneSeat **cells;
  guint n_cells;
  GPtrArray *waiting; /* of the update at hand: who has no cell, in order */
};

McuScene *
mcu_scene_new(guint max_visible, guint number)
{
  g_assert(max_visible > 0 && number < MCU_SCENES);
  McuScene *scene = g_new0(McuScene, 1);
  scene->number = number;
  scene->max_visible = max_visible;
  scene->cells = g_new0(McuSceneSeat *, max_visible);
  scene->waiting = g_ptr_array_new();
  return scene;
}

void
mcu_scene_free(McuScene *scene)
{
  if (scene == NULL)
    return;
  g_ptr_array_unref(scene->waiting);
  g_free(scene->cells);
  g_free(scene);
}

void
mcu_scene_resize(McuScene *scene, guint max_visible)
{
  g_assert(max_visible > 0);
  if (max_visible == scene->max_visible)
    return;
  scene->cells = g_renew(McuSceneSeat *, scene->cells, max_visible);
  scene->max_visible = max_visible;
  scene->n_cells = 0; /* who is shown says so itself */
}

McuSceneSeat *const *
mcu_scene_cells(const McuScene *scene, guint *out_n)
{
  *out_n = scene->n_cells;
  return scene->cells;
}

/* --- talking ------------------------------------------------------------------------------ */

void
mcu_scene_note_talk(McuSceneSeat *seat)
{
  if (seat->heard_us <= seat->talk_last_us)
    return;
  if (seat->heard_us - seat->talk_last_us > MCU_SCENE_PAUSE_US)
    seat->talk_us = seat->heard_us;
  seat->talk_last_us = seat->heard_us;
}

gboolean
mcu_scene_talks(const McuSceneSeat *seat, gint64 least_us, gint64 now_us)
{
  return seat->heard_us != 0 && now_us - seat->heard_us <= MCU_SCENE_PAUSE_US &&
         seat->heard_us - seat->talk_us >= least_us;
}

/* --- cells -------------------------------------------------------------------------------- */

/* Who is of a higher one is shown before all of a lower one. The floor first: should more chairs be
 * there than cells, who speaks is still seen. */
static guint
rank(const McuSceneSeat *seat)
{
  return seat->floor ? 2 : seat->role == MCU_ROLE_CHAIR ? 1 : 0;
}

static void
put(McuScene *scene, guint cell, McuSceneSeat *seat, gint64 talked_us)
{
  if (scene->cells[cell] != NULL)
    scene->cells[cell]->scene[scene->number].cell = 0;
  scene->cells[cell] = seat;
  seat->scene[scene->number].cell = cell + 1;
  seat->scene[scene->number].talked_here_us = talked_us;
}

/* Gives way before `other` does. Of two alike the later cell: the first seats are the oldest. */
static gboolean
goes_first(const McuSceneSeat *seat, const McuSceneSeat *other)
{
  if (rank(seat) != rank(other))
    return rank(seat) < rank(other);
  if (!seat->lost != !other->lost)
    return seat->lost;
  return seat->heard_us <= other->heard_us;
}

static gboolean
gives_way_to_talk(const McuScene *scene, const McuSceneSeat *shown, const McuSceneSeat *seat, gint64 now_us)
{
  gboolean stays = shown->scene[scene->number].talked_here_us != 0 &&
                   now_us - shown->scene[scene->number].talked_here_us < MCU_SCENE_STAY_US && !shown->lost;
  return rank(shown) == 0 && !stays && shown->heard_us < seat->talk_us;
}

/* The cell for one who must be shown, or has talked (`by_talk`); FALSE: nobody gives way. */
static gboolean
find_cell(const McuScene *scene, const McuSceneSeat *seat, gboolean by_talk, gint64 now_us, guint *out_cell)
{
  const McuSceneSeat *found = NULL;
  for (guint i = 0; i < scene->n_cells; i++) {
    const McuSceneSeat *shown = scene->cells[i];
    if (shown == NULL) {
      *out_cell = i;
      return TRUE;
    }
    gboolean may = by_talk ? gives_way_to_talk(scene, shown, seat, now_us) : rank(shown) < rank(seat);
    if (!may || (found != NULL && !goes_first(shown, found)))
      continue;
    found = shown;
    *out_cell = i;
  }
  return found != NULL;
}

/* --- one update --------------------------------------------------------------------------- */

static gboolean
show_all(McuScene *scene, McuSceneSeat *const *seats, guint n_seats, guint n_tiles)
{
  gboolean changed = n_tiles != scene->n_cells;
  guint cell = 0;
  scene->n_cells = n_tiles;
  for (guint i = 0; i < n_seats; i++) {
    if (!mcu_role_has_voice(seats[i]->role))
      continue;
    changed |= seats[i]->scene[scene->number].cell != cell + 1;
    scene->cells[cell] = NULL; /* who was there may have been freed */
    put(scene, cell++, seats[i], 0);
  }
  return changed;
}

/* Who was shown says so itself: the pointers of the update before may be of seats that were freed. */
static gboolean
keep_cells(McuScene *scene, McuSceneSeat *const *seats, guint n_seats)
{
  const guint number = scene->number;
  guint before = scene->n_cells, kept = 0;
  scene->n_cells = scene->max_visible;
  for (guint i = 0; i < scene->n_cells; i++)
    scene->cells[i] = NULL;
  g_ptr_array_set_size(scene->waiting, 0);
  for (guint i = 0; i < n_seats; i++) {
    McuSceneSeat *seat = seats[i];
    if (!mcu_role_has_voice(seat->role)) {
      continue;
    } else if (seat->scene[number].cell != 0 && seat->scene[number].cell <= scene->max_visible) {
      scene->cells[seat->scene[number].cell - 1] = seat;
      kept++;
    } else {
      seat->scene[number].cell = 0;
      g_ptr_array_add(scene->waiting, seat);
    }
  }
  return kept != before || kept != scene->n_cells;
}

static gboolean
place_those_who_must(McuScene *scene, gint64 now_us)
{
  gboolean changed = FALSE;
  for (guint wanted = 2; wanted > 0; wanted--) {
    for (guint i = 0; i < scene->waiting->len; i++) {
      McuSceneSeat *seat = g_ptr_array_index(scene->waiting, i);
      guint cell;
      if (rank(seat) != wanted)
        continue;
      if (!find_cell(scene, seat, FALSE, now_us, &cell))
        break; /* nor for any other of this rank */
      put(scene, cell, seat, 0);
      changed = TRUE;
    }
  }
  return changed;
}

static gint
compare_waiting(gconstpointer left, gconstpointer right)
{
  const McuSceneSeat *a = *(McuSceneSeat *const *)left, *b = *(McuSceneSeat *const *)right;
  if (!a->lost != !b->lost)
    return a->lost ? 1 : -1;
  if (a->heard_us != b->heard_us)
    return a->heard_us > b->heard_us ? -1 : 1;
  return (a->camera ? 0 : 1) - (b->camera ? 0 : 1);
}

static void
fill_free_cells(McuScene *scene)
{
  guint next = 0;
  gboolean sorted = FALSE;
  for (guint cell = 0; cell < scene->n_cells; cell++) {
    if (scene->cells[cell] != NULL)
      continue;
    if (!sorted)
      g_ptr_array_sort(scene->waiting, compare_waiting); /* stable: alike in the order of the seats */
    sorted = TRUE;
    /* Some were placed before; there are more seats than cells, so that enough are left. */
    while (((McuSceneSeat *)g_ptr_array_index(scene->waiting, next))->scene[scene->number].cell != 0)
      next++;
    put(scene, cell, g_ptr_array_index(scene->waiting, next), 0);
  }
}

static gboolean
place_those_who_talk(McuScene *scene, gint64 now_us)
{
  gboolean changed = FALSE;
  for (guint i = 0; i < scene->waiting->len; i++) {
    McuSceneSeat *seat = g_ptr_array_index(scene->waiting, i);
    guint cell;
    if (seat->scene[scene->number].cell != 0 || !mcu_scene_talks(seat, MCU_SCENE_TALK_US, now_us) ||
        !find_cell(scene, seat, TRUE, now_us, &cell))
      continue;
    put(scene, cell, seat, now_us);
    changed = TRUE;
  }
  return changed;
}

gboolean
mcu_scene_update(McuScene *scene, McuSceneSeat *const *seats, guint n_seats, gboolean frozen, gint64 now_us)
{
  guint n_tiles = 0;
  for (guint i = 0; i < n_seats; i++) {
    mcu_scene_note_talk(seats[i]);
    if (!mcu_role_has_voice(seats[i]->role))
      seats[i]->scene[scene->number].cell = 0;
    else
      n_tiles++;
  }
  if (n_tiles <= scene->max_visible)
    return show_all(scene, seats, n_seats, n_tiles);

  gboolean changed = keep_cells(scene, seats, n_seats);
  changed |= place_those_who_must(scene, now_us);
  fill_free_cells(scene);
  if (!frozen)
    changed |= place_those_who_talk(scene, now_us);
  return changed;
}
