/* The texts of the sites, kept until they change. Owned by a meeting, on main. */
#include "mcu/bridge/roster.h"

#include <string.h>

#include "mcu/room/json.h"

typedef struct {
  char site[MCU_ID_MAX_BYTES + 1];
  char *text;
  gboolean fresh;   /* nobody but those who have joined since has heard of it */
  gboolean changed; /* to be told */
  GList link;       /* in `entries` */
} Entry;

struct McuRoster {
  GQueue entries;      /* of Entry, in order */
  GHashTable *by_site; /* site -> Entry *, owned */
  GHashTable *gone;    /* set of sites, owned; since the last changes were taken */
  guint n_changed;
  GString *list; /* "[{...},{...}]" */
  gsize last_at; /* where its last entry begins */
  gboolean list_valid;
};

static void
entry_free(gpointer data)
{
  Entry *entry = data;
  g_free(entry->text);
  g_free(entry);
}

McuRoster *
mcu_roster_new(void)
{
  McuRoster *roster = g_new0(McuRoster, 1);
  g_queue_init(&roster->entries);
  roster->by_site = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
  roster->gone = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  roster->list = g_string_new("[]");
  roster->list_valid = TRUE;
  return roster;
}

void
mcu_roster_free(McuRoster *roster)
{
  if (roster == NULL)
    return;
  g_hash_table_unref(roster->by_site);
  g_hash_table_unref(roster->gone);
  g_string_free(roster->list, TRUE);
  g_free(roster);
}

static char *
make_text(const McuRoomSeat *seat)
{
  GString *json = g_string_sized_new(256);
  mcu_json_open(json);
  mcu_json_text(json, "id", seat->site);
  mcu_json_text(json, "name", seat->name);
  mcu_json_text(json, "role", mcu_room_role_word(seat->role));
  mcu_json_flag(json, "present", !seat->lost);
  mcu_json_flag(json, "lost", seat->lost);
  mcu_json_flag(json, "mic", seat->mic);
  mcu_json_flag(json, "camera", seat->camera);
  mcu_json_flag(json, "floor", seat->floor);
  mcu_json_flag(json, "silenced", seat->silenced);
  mcu_json_flag(json, "consent", seat->consent);
  mcu_json_close(json);
  return g_string_free(json, FALSE);
}

/* --- the list ----------------------------------------------------------------------------- */

static void
append(GString *list, const char *text)
{
  mcu_json_next(list);
  g_string_append(list, text);
}

static void
append_to_list(McuRoster *roster, const Entry *entry)
{
  g_string_truncate(roster->list, roster->list->len - 1);
  roster->last_at = roster->list->len;
  append(roster->list, entry->text);
  mcu_json_close_list(roster->list);
}

/* What comes last may be written anew in place: who joins says in the same breath whether it is muted. */
static void
update_list(McuRoster *roster, const Entry *entry, gboolean is_new)
{
  if (!roster->list_valid)
    return;
  if (!is_new && entry != roster->entries.tail->data) {
    roster->list_valid = FALSE;
    return;
  }
  if (!is_new) {
    g_string_truncate(roster->list, roster->last_at);
    mcu_json_close_list(roster->list);
  }
  append_to_list(roster, entry);
}

const char *
mcu_roster_list(McuRoster *roster)
{
  if (!roster->list_valid) {
    g_string_assign(roster->list, "[]");
    for (const GList *l = roster->entries.head; l != NULL; l = l->next)
      append_to_list(roster, l->data);
    roster->list_valid = TRUE;
  }
  return roster->list->str;
}

/* --- changes ------------------------------------------------------------------------------ */

static void
mark_changed(McuRoster *roster, Entry *entry, gboolean changed)
{
  roster->n_changed += !entry->changed && changed;
  roster->n_changed -= entry->changed && !changed;
  entry->changed = changed;
}

void
mcu_roster_set(McuRoster *roster, const McuRoomSeat *seat)
{
  Entry *entry = g_hash_table_lookup(roster->by_site, seat->site);
  gboolean is_new = entry == NULL;
  g_autofree char *text = make_text(seat);
  if (!is_new && strcmp(entry->text, text) == 0)
    return;
  if (is_new) {
    entry = g_new0(Entry, 1);
    g_strlcpy(entry->site, seat->site, sizeof entry->site);
    entry->fresh = TRUE;
    entry->link.data = entry;
    g_queue_push_tail_link(&roster->entries, &entry->link);
    g_hash_table_insert(roster->by_site, entry->site, entry);
  }
  g_free(entry->text);
  entry->text = g_steal_pointer(&text);
  mark_changed(roster, entry, TRUE);
  update_list(roster, entry, is_new);
}

void
mcu_roster_remove(McuRoster *roster, const char *site)
{
  Entry *entry = g_hash_table_lookup(roster->by_site, site);
  if (entry == NULL)
    return;
  g_hash_table_add(roster->gone, g_strdup(site)); /* a fresh one too: who joined meanwhile knows it */
  mark_changed(roster, entry, FALSE);
  g_queue_unlink(&roster->entries, &entry->link);
  g_hash_table_remove(roster->by_site, site);
  roster->list_valid = FALSE;
}

/* Who went and is here again stands behind the others now. Members that joined meanwhile have the new
 * ones in their lists already, perhaps without that one before them: all new ones are taken out and
 * put in again, so that every list has the same order. */
static void
append_gone(McuRoster *roster, GString *json)
{
  gboolean again = FALSE;
  GHashTableIter iter;
  gpointer site;
  g_hash_table_iter_init(&iter, roster->gone);
  while (!again && g_hash_table_iter_next(&iter, &site, NULL))
    again = g_hash_table_contains(roster->by_site, site);
  for (const GList *l = roster->entries.tail; again && l != NULL && ((const Entry *)l->data)->fresh; l = l->prev)
    g_hash_table_add(roster->gone, g_strdup(((const Entry *)l->data)->site));

  g_hash_table_iter_init(&iter, roster->gone);
  while (g_hash_table_iter_next(&iter, &site, NULL)) {
    mcu_json_next(json);
    mcu_json_string(json, site);
  }
}

GBytes *
mcu_roster_take_changes(McuRoster *roster)
{
  if (roster->n_changed == 0 && g_hash_table_size(roster->gone) == 0)
    return NULL;
  GString *json = g_string_sized_new(256);
  g_string_append(json, "{\"v\":1,\"type\":\"sites\",\"sites\":[");
  for (const GList *l = roster->entries.head; l != NULL && roster->n_changed > 0; l = l->next) {
    Entry *entry = l->data;
    if (!entry->changed)
      continue;
    append(json, entry->text);
    mark_changed(roster, entry, FALSE);
  }
  g_string_append(json, "],\"gone\":[");
  append_gone(roster, json);
  g_string_append(json, "]}");
  g_hash_table_remove_all(roster->gone);
  for (GList *l = roster->entries.tail; l != NULL && ((Entry *)l->data)->fresh; l = l->prev)
    ((Entry *)l->data)->fresh = FALSE;
  return g_string_free_to_bytes(json);
}
