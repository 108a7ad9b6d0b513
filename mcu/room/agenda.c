/* The items, from their text. Pure; with its room. */
#include "mcu/room/agenda.h"

#include "mcu/room/legal.h"

struct McuAgenda {
  GPtrArray *items; /* of McuAgendaItem *, owned */
  gint at;
  gint64 since_us;
};

static void
free_item(gpointer data)
{
  McuAgendaItem *item = data;
  g_free(item->title);
  g_free(item->who);
  g_free(item);
}

McuAgenda *
mcu_agenda_new(void)
{
  McuAgenda *agenda = g_new0(McuAgenda, 1);
  agenda->items = g_ptr_array_new_with_free_func(free_item);
  agenda->at = -1;
  return agenda;
}

void
mcu_agenda_free(McuAgenda *agenda)
{
  g_ptr_array_unref(agenda->items);
  g_free(agenda);
}

guint
mcu_agenda_n(const McuAgenda *agenda)
{
  return agenda->items->len;
}

const McuAgendaItem *
mcu_agenda_item(const McuAgenda *agenda, guint index)
{
  g_assert(index < agenda->items->len);
  return g_ptr_array_index(agenda->items, index);
}

gint
mcu_agenda_at(const McuAgenda *agenda)
{
  return agenda->at;
}

gint64
mcu_agenda_since(const McuAgenda *agenda)
{
  return agenda->since_us;
}

/* NULL: it is no such line. */
static McuAgendaItem *
parse_line(const char *line)
{
  g_auto(GStrv) cells = g_strsplit(line, "\t", 4);
  guint64 minutes;
  if (g_strv_length(cells) != 3 || !mcu_is_legal_name(cells[1], MCU_AGENDA_TITLE_MAX_CHARS) ||
      (*cells[2] != '\0' && !mcu_is_legal_name(cells[2], MCU_NAME_MAX_CHARS)) ||
      !g_ascii_string_to_unsigned(cells[0], 10, 0, MCU_AGENDA_MINUTES_MAX, &minutes, NULL))
    return NULL;
  McuAgendaItem *item = g_new0(McuAgendaItem, 1);
  item->minutes = (guint)minutes;
  item->title = g_strdup(cells[1]);
  item->who = g_strdup(cells[2]);
  return item;
}

/* NULL: a line is none; else owned by the caller. */
static GPtrArray *
parse(const char *text)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(free_item);
  g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", MCU_AGENDA_MAX + 1);
  guint n = g_strv_length(lines);
  if (n > MCU_AGENDA_MAX)
    return NULL;
  for (guint i = 0; i < n; i++) {
    McuAgendaItem *item = parse_line(lines[i]);
    if (item == NULL)
      return NULL;
    g_ptr_array_add(items, item);
  }
  return g_steal_pointer(&items);
}

gboolean
mcu_agenda_is_legal(const char *text)
{
  g_autoptr(GPtrArray) items = parse(text);
  return items != NULL;
}

/* --- events ------------------------------------------------------------------------------- */

gboolean
mcu_agenda_fits(const McuAgenda *agenda, const McuRoomEvent *event)
{
  switch (event->type) {
  case MCU_ROOM_AGENDA_SET:
    return mcu_agenda_is_legal(event->text);
  case MCU_ROOM_AGENDA_AT:
    return event->number >= -1 && event->number < (gint64)agenda->items->len;
  default:
    return TRUE;
  }
}

void
mcu_agenda_apply(McuAgenda *agenda, const McuRoomEvent *event)
{
  switch (event->type) {
  case MCU_ROOM_AGENDA_SET:
    g_ptr_array_unref(agenda->items);
    agenda->items = parse(event->text);
    if (agenda->at >= (gint)agenda->items->len)
      agenda->at = -1;
    break;
  case MCU_ROOM_AGENDA_AT:
    agenda->at = (gint)event->number;
    agenda->since_us = event->time_us;
    break;
  default:
    g_assert_not_reached();
  }
}

void
mcu_agenda_describe(const McuAgenda *agenda, GString *text)
{
  g_string_append_printf(text, "agenda at %d since %" G_GINT64_FORMAT "\n", agenda->at, agenda->since_us);
  for (guint i = 0; i < agenda->items->len; i++) {
    const McuAgendaItem *item = mcu_agenda_item(agenda, i);
    g_string_append_printf(text, "item %u min \"%s\" by \"%s\"\n", item->minutes, item->title, item->who);
  }
}
