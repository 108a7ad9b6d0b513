#include "mcu/minutes/floor-turns.h"

#include <string.h>

#include "mcu/minutes/clean.h"
#include "mcu/minutes/when.h"
#include "mcu/types.h"

struct McuFloorTurns {
  GPtrArray *list;       /* of McuFloorTurn *, owned */
  McuFloorTurn *current; /* borrowed; NULL: nobody has the floor */
};

static void
free_turn(gpointer data)
{
  McuFloorTurn *turn = data;
  g_free(turn->site);
  g_free(turn);
}

McuFloorTurns *
mcu_floor_turns_new(void)
{
  McuFloorTurns *turns = g_new0(McuFloorTurns, 1);
  turns->list = g_ptr_array_new_with_free_func(free_turn);
  return turns;
}

void
mcu_floor_turns_free(McuFloorTurns *turns)
{
  if (turns == NULL)
    return;
  g_ptr_array_unref(turns->list);
  g_free(turns);
}

void
mcu_floor_turns_finish(McuFloorTurns *turns, gint64 time_us)
{
  if (turns->current != NULL)
    turns->current->ended_us = MAX(turns->current->began_us, time_us);
  turns->current = NULL;
}

static gboolean
has_floor(const McuFloorTurns *turns, const char *site)
{
  return turns->current != NULL && strcmp(turns->current->site, site) == 0;
}

static void
give(McuFloorTurns *turns, const char *site, gint64 time_us)
{
  if (*site == '\0' || has_floor(turns, site))
    return;
  mcu_floor_turns_finish(turns, time_us);
  turns->current = g_new0(McuFloorTurn, 1);
  turns->current->site = g_strdup(site);
  turns->current->began_us = turns->current->ended_us = time_us;
  g_ptr_array_add(turns->list, turns->current);
}

void
mcu_floor_turns_apply(McuFloorTurns *turns, const McuMinutesRow *row)
{
  gboolean given = strcmp(row->type, "floor-given") == 0;
  /* Whoever goes has lost it before; unless that row is missing. */
  gboolean taken = strcmp(row->type, "floor-taken") == 0 || strcmp(row->type, "seat-removed") == 0;
  if (!given && !taken)
    return;
  g_autofree char *site = mcu_minutes_clean(row->site, MCU_ID_MAX_BYTES);
  if (given)
    give(turns, site, row->time_us);
  else if (has_floor(turns, site))
    mcu_floor_turns_finish(turns, row->time_us);
}

const GPtrArray *
mcu_floor_turns_list(const McuFloorTurns *turns)
{
  return turns->list;
}

GPtrArray *
mcu_floor_turns_sum(const McuFloorTurns *turns)
{
  GPtrArray *times = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GHashTable) by_site = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < turns->list->len; i++) {
    const McuFloorTurn *turn = g_ptr_array_index(turns->list, i);
    McuFloorTime *time = g_hash_table_lookup(by_site, turn->site);
    if (time == NULL) {
      time = g_new0(McuFloorTime, 1);
      time->site = turn->site;
      g_hash_table_insert(by_site, turn->site, time);
      g_ptr_array_add(times, time);
    }
    time->n_turns++;
    time->total_us = mcu_when_sum(time->total_us, turn->began_us, turn->ended_us);
  }
  return times;
}
