#include "mcu/minutes/agenda-times.h"

#include <string.h>

#include "mcu/minutes/clean.h"
#include "mcu/minutes/when.h"

#define TITLE_MAX_CHARS 200
#define WHO_MAX_CHARS 128
#define ITEMS_MAX 1000 /* far more than any agenda has: a log that was touched must not grow without end */
#define MINUTES_MAX 1440

struct McuAgendaTimes {
  GPtrArray *list; /* of McuAgendaTime *, owned: first the agenda, then what was dropped */
  guint n_items;   /* of the agenda */
  gint64 at;       /* -1: none */
  gint64 since_us; /* of the present item */
};

static void
free_item(gpointer data)
{
  McuAgendaTime *item = data;
  g_free(item->title);
  g_free(item->who);
  g_free(item);
}

McuAgendaTimes *
mcu_agenda_times_new(void)
{
  McuAgendaTimes *times = g_new0(McuAgendaTimes, 1);
  times->list = g_ptr_array_new_with_free_func(free_item);
  times->at = -1;
  return times;
}

void
mcu_agenda_times_free(McuAgendaTimes *times)
{
  if (times == NULL)
    return;
  g_ptr_array_unref(times->list);
  g_free(times);
}

static McuAgendaTime *
current(const McuAgendaTimes *times)
{
  return times->at >= 0 && times->at < times->n_items ? g_ptr_array_index(times->list, times->at) : NULL;
}

static void
leave(McuAgendaTimes *times, gint64 time_us)
{
  McuAgendaTime *item = current(times);
  if (item == NULL)
    return;
  item->ended_us = MAX(times->since_us, time_us);
  item->total_us = mcu_when_sum(item->total_us, times->since_us, item->ended_us);
}

static void
enter(McuAgendaTimes *times, gint64 index, gint64 time_us)
{
  times->at = index;
  times->since_us = time_us;
  McuAgendaTime *item = current(times);
  if (item == NULL)
    times->at = -1;
  else if (item->began_us == 0)
    item->began_us = item->ended_us = time_us;
}

/* "MINUTES\tTITLE\tWHO". NULL: it is not. */
static McuAgendaTime *
read_item(const char *line)
{
  g_auto(GStrv) cells = g_strsplit(line, "\t", 3);
  if (g_strv_length(cells) < 2)
    return NULL;
  McuAgendaTime *item = g_new0(McuAgendaTime, 1);
  item->planned_minutes = (guint)MIN(g_ascii_strtoull(cells[0], NULL, 10), MINUTES_MAX);
  item->title = mcu_minutes_clean(cells[1], TITLE_MAX_CHARS);
  item->who = mcu_minutes_clean(cells[2], WHO_MAX_CHARS);
  return item;
}

/* The times of the first of `old` with the same title; it is taken out. */
static void
inherit(McuAgendaTime *item, GPtrArray *old)
{
  for (guint i = 0; i < old->len; i++) {
    const McuAgendaTime *before = g_ptr_array_index(old, i);
    if (strcmp(before->title, item->title) != 0)
      continue;
    item->began_us = before->began_us;
    item->ended_us = before->ended_us;
    item->total_us = before->total_us;
    g_ptr_array_remove_index(old, i);
    return;
  }
}

static void
set_items(McuAgendaTimes *times, const McuMinutesRow *row)
{
  g_autoptr(GPtrArray) old = times->list;
  g_auto(GStrv) lines = g_strsplit(row->text, "\n", ITEMS_MAX + 1);
  times->list = g_ptr_array_new_with_free_func(free_item);
  for (guint i = 0; lines[i] != NULL && i < ITEMS_MAX; i++) {
    McuAgendaTime *item = read_item(lines[i]);
    if (item == NULL)
      continue;
    inherit(item, old);
    g_ptr_array_add(times->list, item);
  }
  times->n_items = times->list->len;
  while (old->len > 0 && times->list->len < 2 * ITEMS_MAX) {
    McuAgendaTime *item = g_ptr_array_steal_index(old, 0);
    item->dropped = TRUE;
    if (item->began_us != 0)
      g_ptr_array_add(times->list, item);
    else
      free_item(item);
  }
}

void
mcu_agenda_times_apply(McuAgendaTimes *times, const McuMinutesRow *row)
{
  gboolean set = strcmp(row->type, "agenda-set") == 0;
  if (!set && strcmp(row->type, "agenda-at") != 0)
    return;
  leave(times, row->time_us);
  if (set)
    set_items(times, row);
  enter(times, set ? times->at : row->number, row->time_us);
}

void
mcu_agenda_times_finish(McuAgendaTimes *times, gint64 time_us)
{
  leave(times, time_us);
  times->at = -1;
}

const GPtrArray *
mcu_agenda_times_list(const McuAgendaTimes *times)
{
  return times->list;
}

const char *
mcu_agenda_times_title(const McuAgendaTimes *times, gint64 index)
{
  return index >= 0 && index < times->n_items ? ((McuAgendaTime *)g_ptr_array_index(times->list, index))->title : NULL;
}
