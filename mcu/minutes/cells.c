#include "mcu/minutes/cells.h"

struct McuCells {
  GPtrArray *texts; /* owned */
};

McuCells *
mcu_cells_new(void)
{
  McuCells *cells = g_new0(McuCells, 1);
  cells->texts = g_ptr_array_new_with_free_func(g_free);
  return cells;
}

void
mcu_cells_free(McuCells *cells)
{
  if (cells == NULL)
    return;
  g_ptr_array_unref(cells->texts);
  g_free(cells);
}

void
mcu_cells_add(McuCells *cells, const char *text)
{
  g_ptr_array_add(cells->texts, g_strdup(text));
}

void
mcu_cells_take(McuCells *cells, char *text)
{
  g_ptr_array_add(cells->texts, text);
}

void
mcu_cells_number(McuCells *cells, gint64 number)
{
  g_ptr_array_add(cells->texts, g_strdup_printf("%" G_GINT64_FORMAT, number));
}

guint
mcu_cells_n(const McuCells *cells)
{
  return cells->texts->len;
}

const char *const *
mcu_cells_get(const McuCells *cells)
{
  return (const char *const *)cells->texts->pdata;
}

void
mcu_cells_clear(McuCells *cells)
{
  g_ptr_array_set_size(cells->texts, 0);
}
