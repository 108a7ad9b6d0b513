#include "mcu/room/legal.h"

#include <string.h>

#include "mcu/types.h"

gboolean
mcu_is_legal_id(const char *id)
{
  if (id == NULL || *id == '\0' || strlen(id) > MCU_ID_MAX_BYTES || strcmp(id, ".") == 0 || strcmp(id, "..") == 0)
    return FALSE;
  for (const char *c = id; *c != '\0'; c++)
    if (!g_ascii_isalnum(*c) && strchr("._-", *c) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
mcu_is_legal_name(const char *name, guint max_chars)
{
  return name != NULL && *name != '\0' && g_utf8_validate(name, -1, NULL) && g_utf8_strlen(name, -1) <= max_chars;
}

/* Characters that draw nothing of their own but change how their neighbours are drawn or where a
 * line of a log ends: directional marks, embeddings and isolates (UAX 9), separators, controls. */
static gboolean
is_hidden(gunichar c)
{
  switch (g_unichar_type(c)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
    return TRUE;
  default:
    return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0xfeff;
  }
}

/* Hidden ones go first: what stood between a letter and its mark would keep them apart. */
char *
mcu_make_clean_name(const char *name, guint max_chars)
{
  if (!g_utf8_validate(name, -1, NULL))
    return NULL;
  g_autoptr(GString) shown = g_string_new(NULL);
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char(p))
    if (!is_hidden(g_utf8_get_char(p)))
      g_string_append_unichar(shown, g_utf8_get_char(p));
  g_autofree char *nfc = g_utf8_normalize(shown->str, -1, G_NORMALIZE_NFC);
  g_strstrip(nfc);
  return g_utf8_strlen(nfc, -1) <= (glong)max_chars ? g_steal_pointer(&nfc) : NULL;
}
