#include "mcu/minutes/clean.h"

#include <string.h>

#define MARKS_MAX 3 /* on one letter, after NFC: no writing that we know has more */

static gboolean
is_plain(const char *text, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (text[i] < 0x20 || text[i] > 0x7e)
      return FALSE;
  return TRUE;
}

static gboolean
is_shown(gunichar c)
{
  switch (g_unichar_type(c)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_FORMAT: /* bidi marks, overrides and isolates, zero-width joiners, soft hyphen */
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
  case G_UNICODE_SURROGATE:
  case G_UNICODE_PRIVATE_USE:
  case G_UNICODE_UNASSIGNED:
    return FALSE;
  default:
    return TRUE;
  }
}

/* Before letters and marks are put together: what stood between them would keep them apart. */
static char *
take_out_hidden(const char *text, gsize n)
{
  g_autofree char *valid = g_utf8_make_valid(text, (gssize)n);
  GString *out = g_string_new(NULL);
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (c == '\n' || c == '\r' || c == '\t')
      g_string_append_c(out, ' ');
    else if (is_shown(c))
      g_string_append_unichar(out, c);
  }
  return g_string_free(out, FALSE);
}

static char *
clean_any(const char *text, gsize n, guint max_chars)
{
  g_autofree char *shown = take_out_hidden(text, n);
  g_autofree char *nfc = g_utf8_normalize(shown, -1, G_NORMALIZE_NFC);
  GString *out = g_string_new(NULL);
  guint n_chars = 0, n_marks = 0;
  for (const char *p = nfc; *p != '\0' && n_chars < max_chars; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    n_marks = g_unichar_ismark(c) ? n_marks + 1 : 0;
    if (n_marks > MARKS_MAX)
      continue;
    g_string_append_unichar(out, c);
    n_chars++;
  }
  return g_strstrip(g_string_free(out, FALSE));
}

char *
mcu_minutes_clean(const char *text, guint max_chars)
{
  if (text == NULL)
    return g_strdup("");
  /* Four bytes a character, and some for what is taken out: no work for a text of megabytes. */
  gsize n = strnlen(text, 16 * (gsize)max_chars);
  if (n <= max_chars && is_plain(text, n))
    return g_strstrip(g_strndup(text, n));
  return clean_any(text, n, max_chars);
}
