/* Ids and whether each can be seen; nothing else of the list is needed. Main thread. */
#include "roster.h"

struct SimRoster {
  GHashTable *seen; /* id -> GUINT_TO_POINTER(1: not an observer) */
  guint seats;
};

SimRoster *
sim_roster_new(void)
{
  SimRoster *roster = g_new0(SimRoster, 1);
  roster->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return roster;
}

void
sim_roster_free(SimRoster *roster)
{
  if (roster == NULL)
    return;
  g_hash_table_unref(roster->seen);
  g_free(roster);
}

static void
forget(SimRoster *roster, const char *id)
{
  roster->seats -= GPOINTER_TO_UINT(g_hash_table_lookup(roster->seen, id));
  g_hash_table_remove(roster->seen, id);
}

static void
take(SimRoster *roster, const json_t *site)
{
  const char *id = json_string_value(json_object_get(site, "id"));
  const char *role = json_string_value(json_object_get(site, "role"));
  if (id == NULL || role == NULL)
    return;
  forget(roster, id);
  guint seen = !g_str_equal(role, "observer");
  g_hash_table_insert(roster->seen, g_strdup(id), GUINT_TO_POINTER(seen));
  roster->seats += seen;
}

void
sim_roster_set(SimRoster *roster, const json_t *sites)
{
  g_hash_table_remove_all(roster->seen);
  roster->seats = 0;
  sim_roster_change(roster, sites, NULL);
}

void
sim_roster_change(SimRoster *roster, const json_t *sites, const json_t *gone)
{
  size_t i;
  json_t *item;
  json_array_foreach(sites, i, item) take(roster, item);
  json_array_foreach(gone, i, item)
  {
    if (json_is_string(item))
      forget(roster, json_string_value(item));
  }
}

guint
sim_roster_seats(const SimRoster *roster)
{
  return roster->seats;
}
