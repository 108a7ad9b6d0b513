/* The only file here that sees Pango and Cairo. The fonts are the sheet's own, so that any thread may write one. Where
 * it stands is `y`, from the top; whatever does not fit below it begins a page. */
#include "mcu/minutes/sheet.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "mcu/util/error.h"

/* Points; the margins are those of official documents. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define MARGIN_LEFT 85.0
#define MARGIN_RIGHT 43.0
#define MARGIN_TOP 57.0
#define MARGIN_BOTTOM 57.0
#define NUMBER_Y 28.0
#define CELL_PAD_X 3.0
#define CELL_PAD_Y 2.0
#define SECTION_KEEPS 70.0 /* below the head of a section */
#define RULE_SHARE 0.4
#define GAP 8.0 /* between what stands beside each other */

#define FONT "DejaVu Serif"

static const struct {
  double size, before, after;
  gboolean bold;
} styles[MCU_SHEET_N_STYLES] = {
    [MCU_SHEET_BODY] = {10.5, 0, 4, FALSE},    [MCU_SHEET_BOLD] = {10.5, 0, 4, TRUE},
    [MCU_SHEET_SMALL] = {8, 0, 3, FALSE},      [MCU_SHEET_HEAD] = {9.5, 0, 0, FALSE},
    [MCU_SHEET_HEAD_BOLD] = {9.5, 0, 0, TRUE}, [MCU_SHEET_TITLE] = {14, 12, 4, TRUE},
    [MCU_SHEET_SECTION] = {11.5, 12, 5, TRUE},
};

struct McuSheet {
  GByteArray *bytes;
  cairo_surface_t *surface;
  cairo_t *cr;
  PangoFontMap *fonts;
  PangoContext *context;
  PangoLayout *layout;                       /* of paragraphs */
  PangoLayout *cells[MCU_SHEET_COLUMNS_MAX]; /* of a table's row */
  PangoFontDescription *descriptions[MCU_SHEET_N_STYLES], *head_font;
  double y;
  guint page; /* from 1 */

  McuSheetColumn columns[MCU_SHEET_COLUMNS_MAX]; /* of the table under way */
  double lefts[MCU_SHEET_COLUMNS_MAX + 1];       /* where they stand, and where the last ends */
  guint n_columns;                               /* 0: no table */
};

static cairo_status_t
on_bytes(void *closure, const unsigned char *data, unsigned int n)
{
  g_byte_array_append(closure, data, n);
  return CAIRO_STATUS_SUCCESS;
}

static PangoFontDescription *
make_font(double size, gboolean bold)
{
  PangoFontDescription *font = pango_font_description_new();
  pango_font_description_set_family_static(font, FONT);
  pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  return font;
}

static PangoLayout *
make_layout(McuSheet *sheet)
{
  PangoLayout *layout = pango_layout_new(sheet->context);
  pango_layout_set_auto_dir(layout, FALSE);
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  return layout;
}

static void
make_context(McuSheet *sheet)
{
  cairo_font_options_t *options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  sheet->fonts = pango_cairo_font_map_new();
  sheet->context = pango_font_map_create_context(sheet->fonts);
  pango_context_set_base_dir(sheet->context, PANGO_DIRECTION_LTR);
  pango_context_set_round_glyph_positions(sheet->context, FALSE);
  pango_cairo_context_set_font_options(sheet->context, options);
  pango_cairo_update_context(sheet->cr, sheet->context);
  cairo_font_options_destroy(options);
}

McuSheet *
mcu_sheet_new(const char *title)
{
  McuSheet *sheet = g_new0(McuSheet, 1);
  sheet->bytes = g_byte_array_new();
  sheet->surface = cairo_pdf_surface_create_for_stream(on_bytes, sheet->bytes, PAGE_WIDTH, PAGE_HEIGHT);
  cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATOR, "Diemcau");
  sheet->cr = cairo_create(sheet->surface);
  make_context(sheet);
  sheet->layout = make_layout(sheet);
  for (guint i = 0; i < MCU_SHEET_COLUMNS_MAX; i++) {
    sheet->cells[i] = make_layout(sheet);
    pango_layout_set_height(sheet->cells[i], -MCU_SHEET_CELL_LINES_MAX);
    pango_layout_set_ellipsize(sheet->cells[i], PANGO_ELLIPSIZE_END);
  }
  for (guint i = 0; i < MCU_SHEET_N_STYLES; i++)
    sheet->descriptions[i] = make_font(styles[i].size, styles[i].bold);
  sheet->head_font = make_font(styles[MCU_SHEET_SMALL].size, TRUE);
  cairo_set_line_width(sheet->cr, 0.5);
  sheet->y = MARGIN_TOP;
  sheet->page = 1;
  return sheet;
}

void
mcu_sheet_free(McuSheet *sheet)
{
  if (sheet == NULL)
    return;
  for (guint i = 0; i < MCU_SHEET_N_STYLES; i++)
    pango_font_description_free(sheet->descriptions[i]);
  pango_font_description_free(sheet->head_font);
  for (guint i = 0; i < MCU_SHEET_COLUMNS_MAX; i++)
    g_object_unref(sheet->cells[i]);
  g_object_unref(sheet->layout);
  g_object_unref(sheet->context);
  cairo_destroy(sheet->cr);
  cairo_surface_destroy(sheet->surface); /* writes its end */
  g_object_unref(sheet->fonts);
  g_byte_array_unref(sheet->bytes);
  g_free(sheet);
}

/* --- pages -------------------------------------------------------------------------------- */

static double
room(const McuSheet *sheet)
{
  return PAGE_HEIGHT - MARGIN_BOTTOM - sheet->y;
}

static void
new_page(McuSheet *sheet)
{
  char number[16];
  int width;
  cairo_show_page(sheet->cr);
  sheet->page++;
  g_snprintf(number, sizeof number, "%u", sheet->page);
  pango_layout_set_font_description(sheet->cells[0], sheet->descriptions[MCU_SHEET_BODY]);
  pango_layout_set_width(sheet->cells[0], -1);
  pango_layout_set_text(sheet->cells[0], number, -1);
  pango_layout_get_size(sheet->cells[0], &width, NULL);
  cairo_move_to(sheet->cr, (PAGE_WIDTH - (double)width / PANGO_SCALE) / 2, NUMBER_Y);
  pango_cairo_show_layout(sheet->cr, sheet->cells[0]);
  sheet->y = MARGIN_TOP;
}

void
mcu_sheet_keep(McuSheet *sheet, double points)
{
  if (room(sheet) < points && sheet->y > MARGIN_TOP)
    new_page(sheet);
}

void
mcu_sheet_space(McuSheet *sheet, double points)
{
  sheet->y += MIN(points, MAX(room(sheet), 0));
}

/* --- paragraphs --------------------------------------------------------------------------- */

static void
set_text(PangoLayout *layout, const PangoFontDescription *font, double width, McuSheetAlign align, const char *text)
{
  static const PangoAlignment aligns[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
  pango_layout_set_font_description(layout, font);
  pango_layout_set_width(layout, (int)(MAX(width, 1) * PANGO_SCALE));
  pango_layout_set_alignment(layout, aligns[align]);
  pango_layout_set_text(layout, text, -1);
}

static double
height_of(PangoLayout *layout)
{
  int height;
  pango_layout_get_size(layout, NULL, &height);
  return (double)height / PANGO_SCALE;
}

/* Line by line: a paragraph may be longer than a page. */
static void
draw_lines(McuSheet *sheet, PangoLayout *layout)
{
  PangoLayoutIter *iter = pango_layout_get_iter(layout);
  do {
    PangoRectangle line;
    pango_layout_iter_get_line_extents(iter, NULL, &line);
    double baseline = (double)(pango_layout_iter_get_baseline(iter) - line.y) / PANGO_SCALE;
    double height = (double)line.height / PANGO_SCALE;
    mcu_sheet_keep(sheet, height);
    cairo_move_to(sheet->cr, MARGIN_LEFT + (double)line.x / PANGO_SCALE, sheet->y + baseline);
    pango_cairo_show_layout_line(sheet->cr, pango_layout_iter_get_line_readonly(iter));
    sheet->y += height;
  } while (pango_layout_iter_next_line(iter));
  pango_layout_iter_free(iter);
}

void
mcu_sheet_text(McuSheet *sheet, McuSheetStyle style, McuSheetAlign align, const char *text)
{
  g_assert(sheet->n_columns == 0);
  if (sheet->y > MARGIN_TOP)
    mcu_sheet_space(sheet, styles[style].before);
  if (style == MCU_SHEET_SECTION)
    mcu_sheet_keep(sheet, SECTION_KEEPS);
  set_text(sheet->layout, sheet->descriptions[style], PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT, align, text);
  draw_lines(sheet, sheet->layout);
  mcu_sheet_space(sheet, styles[style].after);
}

/* --- beside each other ------------------------------------------------------------------------------- */

/* Its height; drawn only if it is told to. */
static double
part(McuSheet *sheet, double x, double width, const McuSheetLine *lines, guint n, gboolean draw)
{
  double y = sheet->y;
  for (guint i = 0; i < n; i++) {
    set_text(sheet->layout, sheet->descriptions[lines[i].style], width, MCU_SHEET_CENTER, lines[i].text);
    cairo_move_to(sheet->cr, x, y);
    if (draw)
      pango_cairo_show_layout(sheet->cr, sheet->layout);
    y += height_of(sheet->layout) + 2;
    if (!lines[i].ruled)
      continue;
    cairo_move_to(sheet->cr, x + width * (1 - RULE_SHARE) / 2, y);
    cairo_rel_line_to(sheet->cr, width * RULE_SHARE, 0);
    if (draw)
      cairo_stroke(sheet->cr);
    y += 4;
  }
  cairo_new_path(sheet->cr);
  return y - sheet->y;
}

void
mcu_sheet_beside(McuSheet *sheet, double share, const McuSheetLine *left, guint n_left, const McuSheetLine *right,
                 guint n_right)
{
  double width = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT - GAP, left_width = width * share;
  double x = MARGIN_LEFT + left_width + GAP, right_width = width - left_width;
  g_assert(sheet->n_columns == 0);
  double height = MAX(part(sheet, MARGIN_LEFT, left_width, left, n_left, FALSE),
                      part(sheet, x, right_width, right, n_right, FALSE));
  mcu_sheet_keep(sheet, height);
  part(sheet, MARGIN_LEFT, left_width, left, n_left, TRUE);
  part(sheet, x, right_width, right, n_right, TRUE);
  sheet->y += height;
}

/* --- tables ------------------------------------------------------------------------------- */

static double
lay_cells(McuSheet *sheet, const char *const *texts, const PangoFontDescription *font, gboolean head)
{
  double height = 0;
  for (guint i = 0; i < sheet->n_columns; i++) {
    double width = sheet->lefts[i + 1] - sheet->lefts[i] - 2 * CELL_PAD_X;
    set_text(sheet->cells[i], font, width, head ? MCU_SHEET_CENTER : sheet->columns[i].align, texts[i]);
    height = MAX(height, height_of(sheet->cells[i]));
  }
  return height + 2 * CELL_PAD_Y;
}

static void
draw_cells(McuSheet *sheet, double height, gboolean head)
{
  double left = sheet->lefts[0], width = sheet->lefts[sheet->n_columns] - left;
  if (head) {
    cairo_set_source_rgb(sheet->cr, 0.92, 0.92, 0.92);
    cairo_rectangle(sheet->cr, left, sheet->y, width, height);
    cairo_fill(sheet->cr);
    cairo_set_source_rgb(sheet->cr, 0, 0, 0);
  }
  cairo_rectangle(sheet->cr, left, sheet->y, width, height);
  for (guint i = 1; i < sheet->n_columns; i++) {
    cairo_move_to(sheet->cr, sheet->lefts[i], sheet->y);
    cairo_rel_line_to(sheet->cr, 0, height);
  }
  cairo_stroke(sheet->cr);
  for (guint i = 0; i < sheet->n_columns; i++) {
    cairo_move_to(sheet->cr, sheet->lefts[i] + CELL_PAD_X, sheet->y + CELL_PAD_Y);
    pango_cairo_show_layout(sheet->cr, sheet->cells[i]);
  }
  sheet->y += height;
}

static double
lay_head(McuSheet *sheet)
{
  const char *titles[MCU_SHEET_COLUMNS_MAX];
  for (guint i = 0; i < sheet->n_columns; i++)
    titles[i] = sheet->columns[i].title;
  return lay_cells(sheet, titles, sheet->head_font, TRUE);
}

void
mcu_sheet_table(McuSheet *sheet, const McuSheetColumn *columns, guint n_columns)
{
  double sum = 0, x = MARGIN_LEFT;
  g_assert(sheet->n_columns == 0 && n_columns > 0 && n_columns <= MCU_SHEET_COLUMNS_MAX);
  for (guint i = 0; i < n_columns; i++)
    sum += columns[i].width;
  for (guint i = 0; i < n_columns; i++) {
    sheet->columns[i] = columns[i];
    sheet->lefts[i] = x;
    x += (PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT) * columns[i].width / sum;
  }
  sheet->lefts[n_columns] = x;
  sheet->n_columns = n_columns;
  mcu_sheet_keep(sheet, SECTION_KEEPS);
  draw_cells(sheet, lay_head(sheet), TRUE);
}

void
mcu_sheet_row(McuSheet *sheet, const char *const *cells)
{
  g_assert(sheet->n_columns > 0);
  double height = lay_cells(sheet, cells, sheet->descriptions[MCU_SHEET_SMALL], FALSE);
  if (height > room(sheet)) {
    new_page(sheet);
    draw_cells(sheet, lay_head(sheet), TRUE);
    height = lay_cells(sheet, cells, sheet->descriptions[MCU_SHEET_SMALL], FALSE);
  }
  draw_cells(sheet, height, FALSE);
}

void
mcu_sheet_table_end(McuSheet *sheet)
{
  sheet->n_columns = 0;
  mcu_sheet_space(sheet, 8);
}

GBytes *
mcu_sheet_finish(McuSheet *sheet, guint *out_n_pages, GError **error)
{
  cairo_show_page(sheet->cr);
  cairo_surface_finish(sheet->surface);
  cairo_status_t status = cairo_status(sheet->cr);
  if (status == CAIRO_STATUS_SUCCESS || status == CAIRO_STATUS_SURFACE_FINISHED)
    status = cairo_surface_status(sheet->surface);
  if (status != CAIRO_STATUS_SUCCESS && status != CAIRO_STATUS_SURFACE_FINISHED) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL, "the document could not be made: %s",
                cairo_status_to_string(status));
    return NULL;
  }
  if (out_n_pages != NULL)
    *out_n_pages = sheet->page;
  return g_bytes_new(sheet->bytes->data, sheet->bytes->len);
}
