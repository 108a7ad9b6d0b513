/* CSV (RFC 4180) that a spreadsheet may open without harm: a cell that it would take for a formula begins with an
 * apostrophe. Pure; [any]. */
#pragma once

#include <glib.h>

/* All append to `csv`. */
void mcu_csv_cell(GString *csv, const char *text);
void mcu_csv_row(GString *csv, const char *const *cells, guint n);
