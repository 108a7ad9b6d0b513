/* The choice for the panes of one view. Owned by a stage; pure, so any one thread at a time. */
#include "mcu/room/panes.h"

#include <string.h>

#define FLOOR_HOLD_S 2

/* What a pane that follows the talk, or rolls, remembers: by ids, for seats come and go. */
typedef struct {
  char site[MCU_ID_MAX_BYTES + 1];
  char before[MCU_ID_MAX_BYTES + 1];
  gint64 since_us;
} Follow;

struct McuPanes {
  guint number;
  guint max_visible;
  McuScene *scene;
  Follow follows[MCU_SCENE_PANES_MAX];
  McuPaneChoice choices[MCU_PANES_MAX];
  guint n_choices;
  char *as_before; /* the choice of the update before, as text */

  /* of the update at hand */
  McuScenePane shows[MCU_PANES_MAX];
  gboolean settled[MCU_PANES_MAX];
  GPtrArray *left; /* of McuSceneSeat *: stand in no pane yet, in order */
};

McuPanes *
mcu_panes_new(guint number, guint max_visible)
{
  McuPanes *panes = g_new0(McuPanes, 1);
  panes->number = number;
  panes->max_visible = MIN(max_visible, MCU_PANES_MAX);
  panes->scene = mcu_scene_new(panes->max_visible, number);
  panes->left = g_ptr_array_new();
  return panes;
}

void
mcu_panes_free(McuPanes *panes)
{
  if (panes == NULL)
    return;
  g_ptr_array_unref(panes->left);
  g_free(panes->as_before);
  mcu_scene_free(panes->scene);
  g_free(panes);
}

const McuPaneChoice *
mcu_panes_get(const McuPanes *panes, guint *out_n)
{
  *out_n = panes->n_choices;
  return panes->choices;
}

/* --- seats -------------------------------------------------------------------------------- */

static McuSceneSeat *
find_left(const McuPanes *panes, const char *site)
{
  for (guint i = 0; *site != '\0' && i < panes->left->len; i++) {
    McuSceneSeat *seat = g_ptr_array_index(panes->left, i);
    if (strcmp(seat->site, site) == 0)
      return seat;
  }
  return NULL;
}

static void
collect(McuPanes *panes, const McuPanesAsk *ask)
{
  g_ptr_array_set_size(panes->left, 0);
  for (guint i = 0; i < ask->n_seats; i++) {
    McuSceneSeat *seat = ask->seats[i];
    mcu_scene_note_talk(seat);
    if (mcu_role_has_voice(seat->role) && seat != ask->without)
      g_ptr_array_add(panes->left, seat);
    else
      seat->scene[panes->number].cell = 0;
  }
}

/* NULL: the pane stays empty. */
static void
settle(McuPanes *panes, guint pane, McuSceneSeat *seat)
{
  panes->settled[pane] = TRUE;
  panes->choices[pane].seat = seat;
  if (seat == NULL)
    return;
  seat->scene[panes->number].cell = 0;
  g_ptr_array_remove(panes->left, seat);
}

/* --- who is meant ------------------------------------------------------------------------- */

static McuSceneSeat *
find_floor(const McuPanes *panes)
{
  for (guint i = 0; i < panes->left->len; i++)
    if (((McuSceneSeat *)g_ptr_array_index(panes->left, i))->floor)
      return g_ptr_array_index(panes->left, i);
  return NULL;
}

static McuSceneSeat *
find_chair(const McuPanes *panes)
{
  for (guint i = 0; i < panes->left->len; i++)
    if (((McuSceneSeat *)g_ptr_array_index(panes->left, i))->role == MCU_ROLE_CHAIR)
      return g_ptr_array_index(panes->left, i);
  return NULL;
}

/* Who began to talk first, of those who do. */
static McuSceneSeat *
find_talker(const McuPanes *panes, guint hold_s, gint64 now_us)
{
  McuSceneSeat *found = NULL;
  for (guint i = 0; i < panes->left->len; i++) {
    McuSceneSeat *seat = g_ptr_array_index(panes->left, i);
    if (!seat->lost && mcu_scene_talks(seat, hold_s * G_USEC_PER_SEC, now_us) &&
        (found == NULL || seat->talk_us < found->talk_us))
      found = seat;
  }
  return found;
}

static McuSceneSeat *
find_anyone(const McuPanes *panes)
{
  McuSceneSeat *chair = find_chair(panes);
  for (guint i = 0; chair == NULL && i < panes->left->len; i++)
    if (!((McuSceneSeat *)g_ptr_array_index(panes->left, i))->lost)
      return g_ptr_array_index(panes->left, i);
  return chair != NULL || panes->left->len == 0 ? chair : g_ptr_array_index(panes->left, 0);
}

static void
follow_to(Follow *follow, const McuSceneSeat *seat, gint64 now_us)
{
  if (strcmp(follow->site, seat->site) == 0)
    return;
  memcpy(follow->before, follow->site, sizeof follow->before);
  g_strlcpy(follow->site, seat->site, sizeof follow->site);
  follow->since_us = now_us;
}

static McuSceneSeat *
follow_talk(McuPanes *panes, Follow *follow, guint hold_s, const McuPanesAsk *ask)
{
  McuSceneSeat *shown = find_left(panes, follow->site);
  gboolean stays = shown != NULL && (ask->frozen || mcu_scene_talks(shown, 0, ask->now_us));
  McuSceneSeat *talker = stays ? NULL : find_talker(panes, hold_s, ask->now_us);
  McuSceneSeat *seat = talker != NULL ? talker : shown != NULL ? shown : find_anyone(panes);
  if (seat != NULL)
    follow_to(follow, seat, ask->now_us);
  return seat;
}

/* The next one behind `site` in the order of the seats; the first behind the last. */
static McuSceneSeat *
next_behind(const McuPanes *panes, const McuPanesAsk *ask, const char *site)
{
  gboolean passed = FALSE;
  McuSceneSeat *first = NULL;
  for (guint i = 0; i < ask->n_seats; i++) {
    McuSceneSeat *seat = ask->seats[i];
    if (strcmp(seat->site, site) == 0) {
      passed = TRUE;
      continue;
    }
    if (seat->lost || !g_ptr_array_find(panes->left, seat, NULL))
      continue;
    if (passed)
      return seat;
    if (first == NULL)
      first = seat;
  }
  return first;
}

static McuSceneSeat *
roll(McuPanes *panes, Follow *follow, guint seconds, const McuPanesAsk *ask)
{
  McuSceneSeat *shown = find_left(panes, follow->site);
  gboolean due = ask->now_us - follow->since_us >= seconds * G_USEC_PER_SEC;
  if (shown != NULL && (ask->frozen || (!due && !shown->lost)))
    return shown;
  McuSceneSeat *next = next_behind(panes, ask, follow->site);
  if (next != NULL)
    follow_to(follow, next, ask->now_us);
  return next != NULL ? next : shown;
}

static McuSceneSeat *
find_previous(const McuPanes *panes)
{
  const Follow *latest = NULL;
  for (guint i = 0; i < MIN(panes->n_choices, MCU_SCENE_PANES_MAX); i++) {
    const Follow *follow = &panes->follows[i];
    if (follow->before[0] != '\0' && (latest == NULL || follow->since_us > latest->since_us))
      latest = follow;
  }
  return latest != NULL ? find_left(panes, latest->before) : NULL;
}

/* --- one update --------------------------------------------------------------------------- */

/* What each pane is to show, and how many there are. */
static void
lay_out(McuPanes *panes, const McuPanesAsk *ask)
{
  guint n = ask->layout->n_panes;
  if (n == 0)
    n = MIN(MAX(panes->left->len, ask->spec->n_panes), panes->max_visible);
  panes->n_choices = MIN(n, MCU_PANES_MAX);
  for (guint i = 0; i < panes->n_choices; i++) {
    panes->choices[i] = (McuPaneChoice){0};
    panes->settled[i] = FALSE;
    if (i < ask->spec->n_panes)
      panes->shows[i] = ask->spec->panes[i];
    else if (i < ask->layout->n_panes)
      panes->shows[i] = ask->layout->panes[i].shows;
    else
      panes->shows[i] = (McuScenePane){.show = MCU_SHOW_AUTO};
  }
  /* Nothing is presented: whoever speaks is shown instead. */
  for (guint i = 0; ask->content == NULL && i < panes->n_choices; i++)
    if (panes->shows[i].show == MCU_SHOW_CONTENT)
      panes->shows[i] = (McuScenePane){.show = MCU_SHOW_FLOOR};
  if (ask->tour_s > 0 && panes->n_choices > 0)
    panes->shows[0] = (McuScenePane){.show = MCU_SHOW_ROLL, .seconds = ask->tour_s};
}

/* It stands in one pane; a second one for it is as any other. */
static void
place_content(McuPanes *panes, McuSceneSeat *content)
{
  for (guint i = 0; content != NULL && i < panes->n_choices; i++) {
    if (panes->shows[i].show != MCU_SHOW_CONTENT)
      continue;
    settle(panes, i, content);
    return;
  }
}

static void
place_named(McuPanes *panes)
{
  for (guint i = 0; i < panes->n_choices; i++) {
    const McuScenePane *pane = &panes->shows[i];
    if (pane->show == MCU_SHOW_NOTHING) {
      settle(panes, i, NULL);
    } else if (pane->show == MCU_SHOW_SITE) {
      McuSceneSeat *seat = find_left(panes, pane->site);
      settle(panes, i, seat);
      if (seat == NULL)
        g_strlcpy(panes->choices[i].away, pane->site, sizeof panes->choices[i].away);
    }
  }
}

/* A second pane that names the same site has it neither here nor away. */
static void
forget_doubles(McuPanes *panes)
{
  for (guint i = 0; i < panes->n_choices; i++)
    for (guint j = 0; panes->choices[i].away[0] != '\0' && j < panes->n_choices; j++) {
      const McuSceneSeat *seat = panes->choices[j].seat;
      if ((j < i && strcmp(panes->choices[j].away, panes->choices[i].away) == 0) ||
          (seat != NULL && strcmp(seat->site, panes->choices[i].away) == 0))
        panes->choices[i].away[0] = '\0';
    }
}

static void
place_floor_and_chair(McuPanes *panes, gint64 now_us)
{
  static const McuShow order[] = {MCU_SHOW_FLOOR, MCU_SHOW_CHAIR};
  for (guint k = 0; k < G_N_ELEMENTS(order); k++)
    for (guint i = 0; i < panes->n_choices; i++) {
      if (panes->settled[i] || panes->shows[i].show != order[k])
        continue;
      McuSceneSeat *seat = order[k] == MCU_SHOW_FLOOR ? find_floor(panes) : find_chair(panes);
      if (seat == NULL)
        continue;
      if (i < MCU_SCENE_PANES_MAX && order[k] == MCU_SHOW_FLOOR)
        follow_to(&panes->follows[i], seat, now_us);
      settle(panes, i, seat);
    }
}

static McuSceneSeat *
choose_moving(McuPanes *panes, guint pane, const McuPanesAsk *ask)
{
  Follow *follow = &panes->follows[pane];
  switch (panes->shows[pane].show) {
  case MCU_SHOW_FLOOR:
    return follow_talk(panes, follow, FLOOR_HOLD_S, ask);
  case MCU_SHOW_LOUDEST:
    return follow_talk(panes, follow, panes->shows[pane].seconds, ask);
  case MCU_SHOW_ROLL:
    return roll(panes, follow, panes->shows[pane].seconds, ask);
  default:
    return NULL;
  }
}

static void
place_moving(McuPanes *panes, const McuPanesAsk *ask)
{
  guint n = MIN(panes->n_choices, MCU_SCENE_PANES_MAX);
  for (guint i = 0; i < n; i++) {
    McuSceneSeat *seat = panes->settled[i] ? NULL : choose_moving(panes, i, ask);
    if (seat != NULL)
      settle(panes, i, seat);
  }
  for (guint i = 0; i < n; i++) {
    McuSceneSeat *seat = !panes->settled[i] && panes->shows[i].show == MCU_SHOW_PREVIOUS ? find_previous(panes) : NULL;
    if (seat != NULL)
      settle(panes, i, seat);
  }
}

/* The rest: all that is left of the panes, with all that is left of the seats. */
static void
place_auto(McuPanes *panes, const McuPanesAsk *ask)
{
  guint n_free = 0, n_cells = 0, next = 0;
  for (guint i = 0; i < panes->n_choices; i++)
    n_free += !panes->settled[i];
  if (n_free == 0) {
    for (guint i = 0; i < panes->left->len; i++)
      ((McuSceneSeat *)g_ptr_array_index(panes->left, i))->scene[panes->number].cell = 0;
    return;
  }
  mcu_scene_resize(panes->scene, n_free);
  mcu_scene_update(panes->scene, (McuSceneSeat *const *)panes->left->pdata, panes->left->len, ask->frozen, ask->now_us);
  McuSceneSeat *const *cells = mcu_scene_cells(panes->scene, &n_cells);
  for (guint i = 0; i < panes->n_choices && next < n_cells; i++)
    if (!panes->settled[i])
      panes->choices[i].seat = cells[next++];
}

static char *
as_text(const McuPanes *panes)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < panes->n_choices; i++) {
    const McuPaneChoice *choice = &panes->choices[i];
    g_string_append_printf(text, "%s%s ", choice->seat != NULL ? choice->seat->site : "-", choice->away);
  }
  return g_string_free(text, FALSE);
}

gboolean
mcu_panes_update(McuPanes *panes, const McuPanesAsk *ask)
{
  collect(panes, ask);
  lay_out(panes, ask);
  place_content(panes, ask->content);
  place_named(panes);
  forget_doubles(panes);
  place_floor_and_chair(panes, ask->now_us);
  place_moving(panes, ask);
  place_auto(panes, ask);

  char *text = as_text(panes);
  gboolean changed = g_strcmp0(text, panes->as_before) != 0;
  g_free(panes->as_before);
  panes->as_before = text;
  return changed;
}
