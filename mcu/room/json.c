/* Pure; any thread. */
#include "mcu/room/json.h"

void
mcu_json_open(GString *json)
{
  g_string_append_c(json, '{');
}

void
mcu_json_close(GString *json)
{
  g_string_append_c(json, '}');
}

/* RFC 8259 section 7. */
void
mcu_json_string(GString *json, const char *text)
{
  g_string_append_c(json, '"');
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\')
      g_string_append_printf(json, "\\%c", *c);
    else if ((guchar)*c < 0x20)
      g_string_append_printf(json, "\\u%04x", (guint)(guchar)*c);
    else
      g_string_append_c(json, *c);
  }
  g_string_append_c(json, '"');
}

void
mcu_json_key(GString *json, const char *key)
{
  if (json->str[json->len - 1] != '{')
    g_string_append_c(json, ',');
  mcu_json_string(json, key);
  g_string_append_c(json, ':');
}

void
mcu_json_text(GString *json, const char *key, const char *text)
{
  mcu_json_key(json, key);
  mcu_json_string(json, text);
}

void
mcu_json_flag(GString *json, const char *key, gboolean value)
{
  mcu_json_key(json, key);
  g_string_append(json, value ? "true" : "false");
}

void
mcu_json_number(GString *json, const char *key, gint64 value)
{
  mcu_json_key(json, key);
  g_string_append_printf(json, "%" G_GINT64_FORMAT, value);
}

void
mcu_json_open_list(GString *json)
{
  g_string_append_c(json, '[');
}

void
mcu_json_next(GString *json)
{
  if (json->str[json->len - 1] != '[')
    g_string_append_c(json, ',');
}

void
mcu_json_close_list(GString *json)
{
  g_string_append_c(json, ']');
}

void
mcu_json_null(GString *json, const char *key)
{
  mcu_json_key(json, key);
  g_string_append(json, "null");
}

void
mcu_json_key_list(GString *json, const char *key)
{
  mcu_json_key(json, key);
  mcu_json_open_list(json);
}
