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
