/* McuSheet: a document on A4 that is written from top to bottom: paragraphs, columns side by side, tables whose heads
 * stand again on each page. Pages are numbered but the first. Texts are texts, never markup; they must be clean
 * (clean.h). Vector PDF with its letters in it. One thread at a time; [any]. */
#pragma once

#include <glib.h>

typedef struct McuSheet McuSheet;

typedef enum {
  MCU_SHEET_BODY,
  MCU_SHEET_BOLD,
  MCU_SHEET_SMALL,
  MCU_SHEET_HEAD, /* of the first page */
  MCU_SHEET_HEAD_BOLD,
  MCU_SHEET_TITLE,   /* the document's */
  MCU_SHEET_SECTION, /* a part's; never the last on its page */
  MCU_SHEET_N_STYLES
} McuSheetStyle;

typedef enum { MCU_SHEET_LEFT, MCU_SHEET_CENTER, MCU_SHEET_RIGHT } McuSheetAlign;

typedef struct {
  const char *title; /* borrowed until the table ends */
  double width;      /* a share: of the sum of all */
  McuSheetAlign align;
} McuSheetColumn;

typedef struct {
  const char *text;
  McuSheetStyle style;
  gboolean ruled; /* a short line below it */
} McuSheetLine;

#define MCU_SHEET_COLUMNS_MAX 12
#define MCU_SHEET_CELL_LINES_MAX 30 /* of a cell; the rest is left out, and a mark shows it */

/* `title` is the document's in its list of properties. */
McuSheet *mcu_sheet_new(const char *title);
/* NULL is fine. */
void mcu_sheet_free(McuSheet *sheet);

void mcu_sheet_text(McuSheet *sheet, McuSheetStyle style, McuSheetAlign align, const char *text);
void mcu_sheet_space(McuSheet *sheet, double points);
/* Lines in the middle of a left part, `share` of the width, and of a right one; beside each other and kept together. */
void mcu_sheet_beside(McuSheet *sheet, double share, const McuSheetLine *left, guint n_left, const McuSheetLine *right,
                      guint n_right);
/* So much is left on the page, or a new one begins. */
void mcu_sheet_keep(McuSheet *sheet, double points);

void mcu_sheet_table(McuSheet *sheet, const McuSheetColumn *columns, guint n_columns);
void mcu_sheet_row(McuSheet *sheet, const char *const *cells);
void mcu_sheet_table_end(McuSheet *sheet);

/* The document; the sheet takes nothing more. NULL: it could not be made. */
GBytes *mcu_sheet_finish(McuSheet *sheet, guint *out_n_pages, GError **error);
