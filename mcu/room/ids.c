/* Pure; any thread. */
#include "mcu/room/ids.h"

#include <string.h>

#include "mcu/room/legal.h"

gboolean
mcu_ids_are_legal(const char *ids, guint max)
{
  g_auto(GStrv) each = g_strsplit(ids != NULL ? ids : "", " ", (gint)max + 1);
  guint n = g_strv_length(each);
  for (guint i = 0; i < n; i++)
    if (!mcu_is_legal_id(each[i]))
      return FALSE;
  return n > 0 && n <= max;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
mcu_ids_sorted(GHashTable *set)
{
  GPtrArray *ids = g_ptr_array_new();
  GHashTableIter iter;
  gpointer id;
  g_hash_table_iter_init(&iter, set);
  while (g_hash_table_iter_next(&iter, &id, NULL))
    g_ptr_array_add(ids, id);
  g_ptr_array_sort(ids, compare);
  return ids;
}
