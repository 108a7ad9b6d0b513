/* McuCells: the cells of one row of a table while it is put together. [any] */
#pragma once

#include <glib.h>

typedef struct McuCells McuCells;

McuCells *mcu_cells_new(void);
void mcu_cells_free(McuCells *cells);
void mcu_cells_add(McuCells *cells, const char *text); /* copied */
void mcu_cells_take(McuCells *cells, char *text);      /* owned from now on */
void mcu_cells_number(McuCells *cells, gint64 number);
guint mcu_cells_n(const McuCells *cells);
/* Borrowed until the next change. */
const char *const *mcu_cells_get(const McuCells *cells);
void mcu_cells_clear(McuCells *cells);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuCells, mcu_cells_free)
