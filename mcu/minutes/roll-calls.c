#include "mcu/minutes/roll-calls.h"

#include <string.h>

#include "mcu/minutes/clean.h"

struct McuMinutesRolls {
  GPtrArray *list;     /* of McuMinutesRoll *, owned */
  GHashTable *by_site; /* marks of the last roll, borrowed with their keys */
};

static void
free_mark(gpointer data)
{
  McuMinutesMark *mark = data;
  g_free(mark->site);
  g_free(mark->reason);
  g_free(mark);
}

static void
free_roll(gpointer data)
{
  McuMinutesRoll *roll = data;
  g_ptr_array_unref(roll->marks);
  g_free(roll);
}

McuMinutesRolls *
mcu_minutes_rolls_new(void)
{
  McuMinutesRolls *rolls = g_new0(McuMinutesRolls, 1);
  rolls->list = g_ptr_array_new_with_free_func(free_roll);
  rolls->by_site = g_hash_table_new(g_str_hash, g_str_equal);
  return rolls;
}

void
mcu_minutes_rolls_free(McuMinutesRolls *rolls)
{
  if (rolls == NULL)
    return;
  g_hash_table_unref(rolls->by_site);
  g_ptr_array_unref(rolls->list);
  g_free(rolls);
}

static McuMinutesRoll *
last_roll(const McuMinutesRolls *rolls)
{
  return rolls->list->len > 0 ? g_ptr_array_index(rolls->list, rolls->list->len - 1) : NULL;
}

static McuMinutesRoll *
open_roll(McuMinutesRolls *rolls, gint64 time_us)
{
  McuMinutesRoll *roll = g_new0(McuMinutesRoll, 1);
  roll->opened_us = time_us;
  roll->marks = g_ptr_array_new_with_free_func(free_mark);
  g_ptr_array_add(rolls->list, roll);
  g_hash_table_remove_all(rolls->by_site);
  return roll;
}

static void
mark_site(McuMinutesRolls *rolls, const McuMinutesRow *row)
{
  g_autofree char *site = mcu_minutes_clean(row->site, MCU_ID_MAX_BYTES);
  if (*site == '\0' || row->number < 0 || row->number >= MCU_ROLL_N_STATUSES)
    return;
  /* The row that opened it may be missing. */
  McuMinutesRoll *roll = last_roll(rolls) != NULL ? last_roll(rolls) : open_roll(rolls, row->time_us);
  McuMinutesMark *mark = g_hash_table_lookup(rolls->by_site, site);
  if (mark == NULL) {
    mark = g_new0(McuMinutesMark, 1);
    mark->site = g_steal_pointer(&site);
    g_ptr_array_add(roll->marks, mark);
    g_hash_table_insert(rolls->by_site, mark->site, mark);
  }
  g_free(mark->reason);
  mark->reason = mcu_minutes_clean(row->text, MCU_ROLL_REASON_MAX_CHARS);
  mark->status = (McuRollStatus)row->number;
  mark->by_hand = row->on;
  mark->time_us = row->time_us;
}

void
mcu_minutes_rolls_apply(McuMinutesRolls *rolls, const McuMinutesRow *row)
{
  McuMinutesRoll *last = last_roll(rolls);
  if (strcmp(row->type, "roll-opened") == 0)
    open_roll(rolls, row->time_us);
  else if (strcmp(row->type, "roll-marked") == 0)
    mark_site(rolls, row);
  else if (strcmp(row->type, "roll-closed") == 0 && last != NULL && last->closed_us == 0)
    last->closed_us = row->time_us;
}

const GPtrArray *
mcu_minutes_rolls_list(const McuMinutesRolls *rolls)
{
  return rolls->list;
}
