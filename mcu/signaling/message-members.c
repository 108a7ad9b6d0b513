/* What several kinds of messages have in common. */
#include "mcu/signaling/message-members.h"

#include <jansson.h>

#include "mcu/room/legal.h"
#include "mcu/util/error.h"

gboolean
mcu_members_refuse(GError **error, const char *key, const char *what)
{
  g_set_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE, "\"%s\" must be %s", key, what);
  return FALSE;
}

gboolean
mcu_members_has(json_t *tree, const char *key)
{
  return json_object_get(tree, key) != NULL;
}

gboolean
mcu_members_flag(json_t *tree, const char *key, gboolean *out, GError **error)
{
  json_t *value = json_object_get(tree, key);
  *out = json_is_true(value);
  return json_is_boolean(value) || mcu_members_refuse(error, key, "true or false");
}

gboolean
mcu_members_number(json_t *tree, const char *key, gint64 min, gint64 max, gint64 *out, GError **error)
{
  json_t *value = json_object_get(tree, key);
  *out = json_is_integer(value) ? json_integer_value(value) : min - 1;
  if (*out >= min && *out <= max)
    return TRUE;
  g_set_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE,
              "\"%s\" must be a whole number of %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, key, min, max);
  return FALSE;
}

gboolean
mcu_members_id(json_t *tree, const char *key, char **out, GError **error)
{
  const char *id = json_string_value(json_object_get(tree, key));
  if (!mcu_is_legal_id(id))
    return mcu_members_refuse(error, key, "an id");
  *out = g_strdup(id);
  return TRUE;
}

gboolean
mcu_members_words(json_t *tree, const char *key, guint max_chars, char **out, GError **error)
{
  const char *text = json_string_value(json_object_get(tree, key));
  *out = text != NULL ? mcu_make_clean_name(text, max_chars) : NULL;
  if (*out != NULL)
    return TRUE;
  g_set_error(error, MCU_ERROR, text != NULL ? MCU_ERROR_TOO_LARGE : MCU_ERROR_BAD_MESSAGE,
              "\"%s\" must be a text of at most %u characters", key, max_chars);
  return FALSE;
}

gboolean
mcu_members_ids(json_t *tree, const char *key, guint max, char **out, GError **error)
{
  json_t *list = json_object_get(tree, key), *value;
  g_autoptr(GString) ids = g_string_new(NULL);
  size_t i;
  if (list == NULL)
    return TRUE;
  if (!json_is_array(list) || json_array_size(list) > max)
    return mcu_members_refuse(error, key, "a list of ids that is not too long");
  json_array_foreach(list, i, value)
  {
    if (!mcu_is_legal_id(json_string_value(value)))
      return mcu_members_refuse(error, key, "a list of ids");
    g_string_append_printf(ids, "%s%s", i > 0 ? " " : "", json_string_value(value));
  }
  *out = g_strdup(ids->str);
  return TRUE;
}
