/* One table: which members a command has. Strict, as all that comes from clients; any thread. */
#include "mcu/signaling/message-command.h"

#include <jansson.h>
#include <string.h>

#include "mcu/signaling/message-members.h"
#include "mcu/signaling/token.h"
#include "mcu/util/error.h"

#define EXCEPT_MAX 256

/* Members; those of the second line need not be there. */
enum {
  SITE = 1 << 0,
  ON = 1 << 1,
  NAME = 1 << 2,
  TEXT = 1 << 3,
  SCENE = 1 << 4,
  TO = 1 << 5,
  SECONDS = 1 << 6,
  MIC = 1 << 7,
  ROLE = 1 << 8,
  KEEP_OUT = 1 << 9,

  SCENE_MAYBE = 1 << 10,
  SECONDS_MAYBE = 1 << 11,
  SELF_UNMUTE = 1 << 12,
  EXCEPT = 1 << 13,
};

static const struct {
  const char *word;
  McuRoomCommandType type;
  guint members;
} commands[] = {
    {"record", MCU_ROOM_RECORD, ON},
    {"floor", MCU_ROOM_FLOOR, SITE | ON | SECONDS_MAYBE},
    {"hand", MCU_ROOM_HAND, ON},
    {"lower", MCU_ROOM_LOWER, SITE},
    {"queue", MCU_ROOM_QUEUE, SITE | TO},
    {"policy", MCU_ROOM_POLICY, MIC | SELF_UNMUTE},
    {"silence", MCU_ROOM_SILENCE, SITE | ON},
    {"silence-all", MCU_ROOM_SILENCE_ALL, ON | EXCEPT},
    {"consent", MCU_ROOM_CONSENT, ON},
    {"lock", MCU_ROOM_LOCK, ON},
    {"admit", MCU_ROOM_ADMIT, SITE | ON},
    {"remove", MCU_ROOM_REMOVE, SITE | KEEP_OUT},
    {"let-in", MCU_ROOM_LET_IN, SITE},
    {"role", MCU_ROOM_ROLE, SITE | ROLE},
    {"hand-over", MCU_ROOM_HAND_OVER, SITE},
    {"show", MCU_ROOM_SHOW, SCENE},
    {"preview", MCU_ROOM_PREVIEW, SCENE},
    {"take", MCU_ROOM_TAKE, 0},
    {"undo", MCU_ROOM_UNDO, 0},
    {"scene-save", MCU_ROOM_SAVE_SCENE, NAME | SCENE_MAYBE},
    {"scene-drop", MCU_ROOM_DROP_SCENE, NAME},
    {"layout-lock", MCU_ROOM_LOCK_LAYOUT, ON},
    {"banner", MCU_ROOM_BANNER, TEXT},
    {"tour", MCU_ROOM_TOUR, SECONDS},
    {"end", MCU_ROOM_END, 0},
};

/* --- members ------------------------------------------------------------------------------ */

static gboolean
take_policy(json_t *tree, gint64 *out, GError **error)
{
  McuMicPolicy policy;
  if (!mcu_room_policy_parse(json_string_value(json_object_get(tree, "mic")), &policy))
    return mcu_members_refuse(error, "mic", "\"open\", \"permission\" or \"chair\"");
  *out = policy;
  return TRUE;
}

/* --- scenes ------------------------------------------------------------------------------- */

static gboolean
take_property(json_t *scene, const char *key, gboolean is, gboolean *out, GError **error)
{
  gboolean value;
  if (json_object_get(scene, key) == NULL)
    return TRUE;
  if (!mcu_members_flag(scene, key, &value, error))
    return FALSE;
  *out = value == is;
  return TRUE;
}

static gboolean
take_panes(json_t *scene, McuSceneSpec *spec, GError **error)
{
  json_t *list = json_object_get(scene, "panes"), *value;
  size_t i;
  if (list == NULL)
    return TRUE;
  if (!json_is_array(list) || json_array_size(list) > MCU_SCENE_PANES_MAX)
    return mcu_members_refuse(error, "panes", "a list of at most " G_STRINGIFY(MCU_SCENE_PANES_MAX) " texts");
  json_array_foreach(list, i, value)
  {
    const char *text = json_string_value(value);
    if (text == NULL)
      return mcu_members_refuse(error, "panes", "a list of texts");
    if (!mcu_scene_pane_parse(text, &spec->panes[i], error))
      return FALSE;
    spec->n_panes++;
  }
  return TRUE;
}

static gboolean
take_scene(json_t *tree, char **out, GError **error)
{
  json_t *scene = json_object_get(tree, "scene");
  const char *layout = json_string_value(json_object_get(scene, "layout"));
  McuSceneSpec spec = {0};
  if (!mcu_layout_name_is_legal(layout))
    return mcu_members_refuse(error, "scene", "an object with the name of a layout");
  g_strlcpy(spec.layout, layout, sizeof spec.layout);
  if (!take_property(scene, "letterbox", TRUE, &spec.letterbox, error) ||
      !take_property(scene, "labels", FALSE, &spec.no_labels, error) ||
      !take_property(scene, "border", FALSE, &spec.no_border, error) || !take_panes(scene, &spec, error))
    return FALSE;
  *out = mcu_scene_spec_text(&spec);
  return TRUE;
}

/* --- commands ----------------------------------------------------------------------------- */

static gboolean
take_who(json_t *tree, guint members, McuMessage *m, GError **error)
{
  McuRoomCommand *room = &m->command.room;
  if ((members & SITE) && !mcu_members_id(tree, "site", &m->command.site, error))
    return FALSE;
  if ((members & ON) && !mcu_members_flag(tree, "on", &room->on, error))
    return FALSE;
  if ((members & KEEP_OUT) && !mcu_members_flag(tree, "keepOut", &room->on, error))
    return FALSE;
  if ((members & ROLE) && !mcu_room_role_parse(json_string_value(json_object_get(tree, "role")), &room->role))
    return mcu_members_refuse(error, "role", "a role");
  return !(members & EXCEPT) || mcu_members_ids(tree, "except", EXCEPT_MAX, &m->command.text, error);
}

static gboolean
take_numbers(json_t *tree, guint members, McuRoomCommand *room, GError **error)
{
  if ((members & TO) && !mcu_members_number(tree, "to", 0, MCU_INVITED_MAX, &room->number, error))
    return FALSE;
  if ((members & SECONDS) && !mcu_members_number(tree, "seconds", 0, MCU_SHOW_SECONDS_MAX, &room->number, error))
    return FALSE;
  if ((members & SECONDS_MAYBE) && mcu_members_has(tree, "seconds") &&
      !mcu_members_number(tree, "seconds", 0, MCU_ROOM_FLOOR_MAX_S, &room->number, error))
    return FALSE;
  if (members & SELF_UNMUTE)
    room->on = TRUE;
  if ((members & SELF_UNMUTE) && mcu_members_has(tree, "selfUnmute") &&
      !mcu_members_flag(tree, "selfUnmute", &room->on, error))
    return FALSE;
  return !(members & MIC) || take_policy(tree, &room->number, error);
}

static gboolean
take_texts(json_t *tree, guint members, McuMessage *m, GError **error)
{
  if ((members & NAME) && !mcu_members_words(tree, "name", MCU_NAME_MAX_CHARS, &m->command.name, error))
    return FALSE;
  if ((members & TEXT) && !mcu_members_words(tree, "text", MCU_BANNER_MAX_CHARS, &m->command.text, error))
    return FALSE;
  if ((members & SCENE) || ((members & SCENE_MAYBE) && mcu_members_has(tree, "scene")))
    return take_scene(tree, &m->command.text, error);
  return TRUE;
}

static guint
find(const char *word)
{
  guint i = 0;
  while (i < G_N_ELEMENTS(commands) && strcmp(commands[i].word, word) != 0)
    i++;
  return i;
}

gboolean
mcu_message_is_command(const char *type)
{
  return find(type) < G_N_ELEMENTS(commands);
}

gboolean
mcu_message_parse_command(json_t *tree, McuMessage *message, GError **error)
{
  guint index = find(json_string_value(json_object_get(tree, "type")));
  guint members = commands[index].members;
  McuRoomCommand *room = &message->command.room;
  room->type = commands[index].type;
  if (!take_who(tree, members, message, error) || !take_numbers(tree, members, room, error) ||
      !take_texts(tree, members, message, error))
    return FALSE;
  room->site = message->command.site;
  room->name = message->command.name;
  room->text = message->command.text;
  return TRUE;
}
