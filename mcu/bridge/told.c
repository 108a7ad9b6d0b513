/* The texts. Owned by a meeting, on main. */
#include "mcu/bridge/told.h"

#include <string.h>

#include "mcu/bridge/told-work.h"
#include "mcu/room/json.h"

typedef struct {
  guint quality;
  gboolean changed;
} Line;

struct McuTold {
  char *state, *desk, *work, *desk_work; /* bodies as told last */
  guint chat;                            /* the last line told */
  GHashTable *lines;                     /* site -> Line *, both owned */
  guint n_changed;
};

McuTold *
mcu_told_new(void)
{
  McuTold *told = g_new0(McuTold, 1);
  told->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return told;
}

void
mcu_told_free(McuTold *told)
{
  if (told == NULL)
    return;
  g_hash_table_unref(told->lines);
  g_free(told->state);
  g_free(told->desk);
  g_free(told->work);
  g_free(told->desk_work);
  g_free(told);
}

/* --- pieces ------------------------------------------------------------------------------- */

static void
append_turn(GString *json, const char *site, gint64 since_us, gint64 wall_us)
{
  mcu_json_open(json);
  mcu_json_text(json, "site", site);
  mcu_json_number(json, "since", (since_us + wall_us) / 1000);
}

static void
append_floor(const McuRoom *room, gint64 wall_us, GString *json)
{
  const McuRoomSeat *floor = mcu_room_floor(room);
  if (floor == NULL) {
    mcu_json_null(json, "floor");
    return;
  }
  mcu_json_key(json, "floor");
  append_turn(json, floor->site, mcu_room_floor_since(room), wall_us);
  mcu_json_number(json, "limit", mcu_room_floor_limit(room));
  mcu_json_close(json);
}

static void
append_queue(const McuRoom *room, gint64 wall_us, GString *json)
{
  mcu_json_key_list(json, "queue");
  for (guint i = 0; i < mcu_room_n_hands(room); i++) {
    const McuRoomSeat *seat = mcu_room_hand(room, i);
    mcu_json_next(json);
    append_turn(json, seat->site, seat->hand_us, wall_us);
    mcu_json_close(json);
  }
  mcu_json_close_list(json);
}

static void
append_scene(GString *json, const char *key, const char *text)
{
  McuSceneSpec spec;
  mcu_json_key(json, key);
  if (text != NULL && mcu_scene_spec_parse(text, &spec, NULL))
    mcu_scene_spec_json(&spec, json);
  else
    g_string_append(json, "null");
}

/* --- bodies ------------------------------------------------------------------------------- */

char *
mcu_told_state(const McuRoom *room, gint64 wall_us)
{
  GString *json = g_string_new("{");
  const McuRoomSeat *chair = mcu_room_chair(room);
  mcu_json_text(json, "policy", mcu_room_policy_word(mcu_room_policy(room)));
  mcu_json_flag(json, "selfUnmute", mcu_room_self_unmute(room));
  mcu_json_flag(json, "locked", mcu_room_locked(room));
  mcu_json_text(json, "banner", mcu_room_banner(room));
  if (chair != NULL)
    mcu_json_text(json, "chair", chair->site);
  else
    mcu_json_null(json, "chair");
  append_floor(room, wall_us, json);
  append_queue(room, wall_us, json);
  mcu_json_number(json, "tour", mcu_room_tour(room));
  mcu_json_close(json);
  return g_string_free(json, FALSE);
}

static void
append_scenes(const McuRoom *room, GString *json)
{
  mcu_json_key_list(json, "scenes");
  for (guint i = 0; i < mcu_room_n_scenes(room); i++) {
    const McuRoomScene *scene = mcu_room_scene(room, i);
    mcu_json_next(json);
    mcu_json_open(json);
    mcu_json_text(json, "name", scene->name);
    append_scene(json, "scene", scene->scene);
    mcu_json_close(json);
  }
  mcu_json_close_list(json);
}

static void
append_door(const McuRoom *room, GString *json)
{
  mcu_json_key_list(json, "lobby");
  for (guint i = 0; i < mcu_room_n_lobby(room); i++) {
    const McuRoomGuest *guest = mcu_room_guest(room, i);
    mcu_json_next(json);
    mcu_json_open(json);
    mcu_json_text(json, "site", guest->site);
    mcu_json_text(json, "name", guest->name);
    mcu_json_close(json);
  }
  mcu_json_close_list(json);
  g_autoptr(GPtrArray) out = mcu_room_kept_out(room);
  mcu_json_key_list(json, "keptOut");
  for (guint i = 0; i < out->len; i++) {
    mcu_json_next(json);
    mcu_json_string(json, g_ptr_array_index(out, i));
  }
  mcu_json_close_list(json);
}

char *
mcu_told_desk(const McuRoom *room, const char *shown)
{
  GString *json = g_string_new("{");
  append_scene(json, "programme", mcu_room_programme(room));
  append_scene(json, "preview", mcu_room_preview(room));
  mcu_json_flag(json, "canUndo", mcu_room_can_undo(room));
  mcu_json_flag(json, "layoutLocked", mcu_room_layout_locked(room));
  append_scenes(room, json);
  append_door(room, json);
  mcu_json_key(json, "shown");
  g_string_append(json, shown);
  mcu_json_close(json);
  return g_string_free(json, FALSE);
}

/* --- changes ------------------------------------------------------------------------------ */

GBytes *
mcu_told_message(const char *type, const char *body)
{
  GString *text = g_string_new(NULL);
  g_string_printf(text, "{\"v\":1,\"type\":\"%s\",%s", type, body + 1); /* behind its brace */
  return g_string_free_to_bytes(text);
}

/* Takes `body`. */
static GBytes *
take(char **before, const char *type, char *body)
{
  if (g_strcmp0(*before, body) == 0) {
    g_free(body);
    return NULL;
  }
  g_free(*before);
  *before = body;
  return mcu_told_message(type, body);
}

GBytes *
mcu_told_take_state(McuTold *told, const McuRoom *room, gint64 wall_us)
{
  return take(&told->state, "state", mcu_told_state(room, wall_us));
}

GBytes *
mcu_told_take_desk(McuTold *told, const McuRoom *room, const char *shown)
{
  return take(&told->desk, "desk", mcu_told_desk(room, shown));
}

GBytes *
mcu_told_take_work(McuTold *told, const McuRoom *room, gint64 wall_us)
{
  return take(&told->work, "work", mcu_told_work(room, wall_us));
}

GBytes *
mcu_told_take_desk_work(McuTold *told, const McuRoom *room, gint64 wall_us)
{
  return take(&told->desk_work, "desk-work", mcu_told_desk_work(room, wall_us));
}

guint
mcu_told_take_chat(McuTold *told, const McuRoom *room)
{
  guint before = told->chat;
  told->chat = mcu_chat_n_said(mcu_room_chat(room));
  return before;
}

/* --- lines -------------------------------------------------------------------------------- */

void
mcu_told_line(McuTold *told, const char *site, guint quality)
{
  Line *line = g_hash_table_lookup(told->lines, site);
  if (line != NULL && line->quality == quality)
    return;
  if (line == NULL) {
    line = g_new0(Line, 1);
    g_hash_table_insert(told->lines, g_strdup(site), line);
  }
  told->n_changed += !line->changed;
  line->quality = quality;
  line->changed = TRUE;
}

void
mcu_told_forget(McuTold *told, const char *site)
{
  const Line *line = g_hash_table_lookup(told->lines, site);
  if (line == NULL)
    return;
  told->n_changed -= line->changed;
  g_hash_table_remove(told->lines, site);
}

GBytes *
mcu_told_take_lines(McuTold *told, gboolean all)
{
  if (all ? g_hash_table_size(told->lines) == 0 : told->n_changed == 0)
    return NULL;
  GString *json = g_string_new("{\"v\":1,\"type\":\"lines\",\"lines\":[");
  GHashTableIter iter;
  gpointer site, value;
  g_hash_table_iter_init(&iter, told->lines);
  while (g_hash_table_iter_next(&iter, &site, &value)) {
    Line *line = value;
    if (!all && !line->changed)
      continue;
    if (!all)
      line->changed = FALSE;
    mcu_json_next(json);
    mcu_json_open(json);
    mcu_json_text(json, "site", site);
    mcu_json_number(json, "quality", line->quality);
    mcu_json_close(json);
  }
  if (!all)
    told->n_changed = 0;
  g_string_append(json, "]}");
  return g_string_free_to_bytes(json);
}
