#include "mcu/minutes/csv.h"

#include <string.h>

/* What begins a formula, also after a spreadsheet has taken the blanks or made the letters narrow. */
static gboolean
is_formula(const char *text)
{
  static const char *const wide[] = {"＝", "＋", "－", "＠"};
  if (*text == '\0')
    return FALSE;
  if (strchr("=+-@\t\r\n", *text) != NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(wide); i++)
    if (g_str_has_prefix(text, wide[i]))
      return TRUE;
  return FALSE;
}

void
mcu_csv_cell(GString *csv, const char *text)
{
  gboolean formula = is_formula(text) || is_formula(text + strspn(text, " "));
  gboolean quoted = strpbrk(text, ",;\"\r\n\t") != NULL;
  if (quoted)
    g_string_append_c(csv, '"');
  if (formula)
    g_string_append_c(csv, '\'');
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '"')
      g_string_append_c(csv, '"');
    g_string_append_c(csv, *c);
  }
  if (quoted)
    g_string_append_c(csv, '"');
}

void
mcu_csv_row(GString *csv, const char *const *cells, guint n)
{
  for (guint i = 0; i < n; i++) {
    if (i > 0)
      g_string_append_c(csv, ',');
    mcu_csv_cell(csv, cells[i]);
  }
  g_string_append(csv, "\r\n");
}
