/* One function for each, as they have little in common. Strict, as all that comes from clients; any thread. */
#include "mcu/signaling/message-work.h"

#include <jansson.h>
#include <string.h>

#include "mcu/room/legal.h"
#include "mcu/signaling/message-members.h"
#include "mcu/util/error.h"

#define NAMED_MAX 256
#define PATIENCE_S 8

typedef gboolean (*Parse)(json_t *tree, McuMessage *m, GError **error);

/* --- chat --------------------------------------------------------------------------------- */

static gboolean
parse_chat(json_t *tree, McuMessage *m, GError **error)
{
  const char *to = json_string_value(json_object_get(tree, "to"));
  gboolean desk = g_strcmp0(to, "desk") == 0;
  if (!desk && g_strcmp0(to, "all") != 0)
    return mcu_members_refuse(error, "to", "\"all\" or \"desk\"");
  m->command.room.on = desk;
  return mcu_members_words(tree, "text", MCU_CHAT_TEXT_MAX_CHARS, &m->command.text, error);
}

static gboolean
parse_switch(json_t *tree, McuMessage *m, GError **error)
{
  return mcu_members_flag(tree, "on", &m->command.room.on, error);
}

static gboolean
parse_announce(json_t *tree, McuMessage *m, GError **error)
{
  return mcu_members_words(tree, "text", MCU_ANNOUNCE_MAX_CHARS, &m->command.text, error) &&
         mcu_members_ids(tree, "to", NAMED_MAX, &m->command.more, error);
}

/* --- votes -------------------------------------------------------------------------------- */

static gboolean
take_choices(json_t *tree, char **out, GError **error)
{
  json_t *list = json_object_get(tree, "choices"), *value;
  g_autoptr(GString) lines = g_string_new(NULL);
  size_t i;
  if (!json_is_array(list) || json_array_size(list) < 2 || json_array_size(list) > MCU_VOTE_CHOICES_MAX)
    return mcu_members_refuse(error, "choices", "a list of 2 to 10 texts");
  json_array_foreach(list, i, value)
  {
    const char *text = json_string_value(value);
    g_autofree char *clean = text != NULL ? mcu_make_clean_name(text, MCU_VOTE_CHOICE_MAX_CHARS) : NULL;
    if (clean == NULL || *clean == '\0')
      return mcu_members_refuse(error, "choices", "a list of texts of 1 to 80 characters");
    g_string_append_printf(lines, "%s%s", i > 0 ? "\n" : "", clean);
  }
  *out = g_strdup(lines->str);
  return TRUE;
}

static gboolean
parse_vote_open(json_t *tree, McuMessage *m, GError **error)
{
  McuRoomCommand *room = &m->command.room;
  return mcu_members_words(tree, "question", MCU_VOTE_QUESTION_MAX_CHARS, &m->command.name, error) &&
         take_choices(tree, &m->command.text, error) &&
         mcu_members_ids(tree, "voters", MCU_INVITED_MAX, &m->command.more, error) &&
         mcu_members_flag(tree, "secret", &room->on, error) &&
         mcu_members_number(tree, "quorum", 0, 100, &room->number, error) &&
         mcu_members_number(tree, "seconds", 0, MCU_VOTE_LIMIT_MAX_S, &room->limit, error);
}

static gboolean
parse_vote(json_t *tree, McuMessage *m, GError **error)
{
  return mcu_members_number(tree, "vote", 1, MCU_VOTES_MAX, &m->command.room.number, error) &&
         mcu_members_number(tree, "choice", 0, MCU_VOTE_CHOICES_MAX - 1, &m->command.room.count, error);
}

static gboolean
parse_vote_show(json_t *tree, McuMessage *m, GError **error)
{
  return mcu_members_number(tree, "vote", 1, MCU_VOTES_MAX, &m->command.room.number, error) &&
         parse_switch(tree, m, error);
}

/* --- roll call ---------------------------------------------------------------------------- */

static gboolean
parse_mark(json_t *tree, McuMessage *m, GError **error)
{
  McuRollStatus status;
  if (!mcu_members_id(tree, "site", &m->command.site, error))
    return FALSE;
  if (!mcu_roll_status_parse(json_string_value(json_object_get(tree, "status")), &status))
    return mcu_members_refuse(error, "status", "a status of the roll call");
  m->command.room.number = status;
  return !mcu_members_has(tree, "reason") ||
         mcu_members_words(tree, "reason", MCU_ROLL_REASON_MAX_CHARS, &m->command.text, error);
}

static gboolean
parse_calls(json_t *tree, McuMessage *m, GError **error)
{
  static const struct {
    const char *word;
    McuRoomCommandType type;
    gboolean on;
  } verbs[] = {
      {"start", MCU_ROOM_CALLS_START, FALSE},  {"pause", MCU_ROOM_CALLS_PAUSE, TRUE},
      {"resume", MCU_ROOM_CALLS_PAUSE, FALSE}, {"next", MCU_ROOM_CALLS_NEXT, FALSE},
      {"back", MCU_ROOM_CALLS_BACK, FALSE},    {"stop", MCU_ROOM_CALLS_STOP, FALSE},
  };
  McuRoomCommand *room = &m->command.room;
  const char *verb = json_string_value(json_object_get(tree, "do"));
  guint i = 0;
  while (i < G_N_ELEMENTS(verbs) && g_strcmp0(verbs[i].word, verb) != 0)
    i++;
  if (i == G_N_ELEMENTS(verbs))
    return mcu_members_refuse(error, "do", "\"start\", \"pause\", \"resume\", \"next\", \"back\" or \"stop\"");
  room->type = verbs[i].type;
  room->on = verbs[i].on;
  room->number = PATIENCE_S;
  return !mcu_members_has(tree, "patience") ||
         mcu_members_number(tree, "patience", MCU_CALLS_PATIENCE_MIN_S, MCU_CALLS_PATIENCE_MAX_S, &room->number, error);
}

/* --- agenda and documents ----------------------------------------------------------------- */

static gboolean
append_item(json_t *item, GString *lines, GError **error)
{
  gint64 minutes;
  g_autofree char *title = NULL, *who = NULL;
  if (!mcu_members_words(item, "title", MCU_AGENDA_TITLE_MAX_CHARS, &title, error) ||
      !mcu_members_number(item, "minutes", 0, MCU_AGENDA_MINUTES_MAX, &minutes, error) ||
      !mcu_members_words(item, "who", MCU_NAME_MAX_CHARS, &who, error))
    return FALSE;
  if (*title == '\0')
    return mcu_members_refuse(error, "title", "a text that is not empty");
  g_string_append_printf(lines, "%s%" G_GINT64_FORMAT "\t%s\t%s", lines->len > 0 ? "\n" : "", minutes, title, who);
  return TRUE;
}

static gboolean
parse_agenda(json_t *tree, McuMessage *m, GError **error)
{
  json_t *list = json_object_get(tree, "items"), *item;
  g_autoptr(GString) lines = g_string_new(NULL);
  size_t i;
  if (!json_is_array(list) || json_array_size(list) > MCU_AGENDA_MAX)
    return mcu_members_refuse(error, "items", "a list of at most 50 items");
  json_array_foreach(list, i, item)
  {
    if (!json_is_object(item))
      return mcu_members_refuse(error, "items", "a list of objects");
    if (!append_item(item, lines, error))
      return FALSE;
  }
  m->command.text = g_strdup(lines->str);
  return TRUE;
}

static gboolean
parse_agenda_at(json_t *tree, McuMessage *m, GError **error)
{
  return mcu_members_number(tree, "item", -1, MCU_AGENDA_MAX - 1, &m->command.room.number, error);
}

static gboolean
parse_document_show(json_t *tree, McuMessage *m, GError **error)
{
  if (g_strcmp0(json_string_value(json_object_get(tree, "document")), "") == 0) {
    m->command.other = g_strdup("");
    return TRUE;
  }
  return mcu_members_id(tree, "document", &m->command.other, error) &&
         mcu_members_number(tree, "page", 1, MCU_DOCUMENT_PAGES_MAX, &m->command.room.number, error);
}

static gboolean
parse_document_remove(json_t *tree, McuMessage *m, GError **error)
{
  return mcu_members_id(tree, "document", &m->command.other, error);
}

/* --- others ------------------------------------------------------------------------------- */

static gboolean
parse_nothing(json_t *tree G_GNUC_UNUSED, McuMessage *m G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static gboolean
parse_site_switch(json_t *tree, McuMessage *m, GError **error)
{
  return mcu_members_id(tree, "site", &m->command.site, error) && parse_switch(tree, m, error);
}

static const struct {
  const char *word;
  McuRoomCommandType type;
  Parse parse;
} kinds[] = {
    {"chat", MCU_ROOM_CHAT, parse_chat},
    {"chat-open", MCU_ROOM_CHAT_OPEN, parse_switch},
    {"announce", MCU_ROOM_ANNOUNCE, parse_announce},
    {"vote-open", MCU_ROOM_VOTE_OPEN, parse_vote_open},
    {"vote", MCU_ROOM_VOTE, parse_vote},
    {"vote-close", MCU_ROOM_VOTE_CLOSE, parse_nothing},
    {"vote-show", MCU_ROOM_VOTE_SHOW, parse_vote_show},
    {"roll-open", MCU_ROOM_ROLL_OPEN, parse_nothing},
    {"roll-mark", MCU_ROOM_ROLL_MARK, parse_mark},
    {"roll-close", MCU_ROOM_ROLL_CLOSE, parse_nothing},
    {"calls", MCU_ROOM_CALLS_START, parse_calls},
    {"agenda", MCU_ROOM_AGENDA, parse_agenda},
    {"agenda-at", MCU_ROOM_AGENDA_GO, parse_agenda_at},
    {"document-show", MCU_ROOM_SHOW_DOCUMENT, parse_document_show},
    {"document-remove", MCU_ROOM_REMOVE_DOCUMENT, parse_document_remove},
    {"let-present", MCU_ROOM_LET_PRESENT, parse_site_switch},
    {"present", MCU_ROOM_PRESENT, parse_switch},
    {"aside", MCU_ROOM_ASIDE, parse_site_switch},
};

static guint
find(const char *word)
{
  guint i = 0;
  while (i < G_N_ELEMENTS(kinds) && strcmp(kinds[i].word, word) != 0)
    i++;
  return i;
}

gboolean
mcu_message_is_work(const char *type)
{
  return find(type) < G_N_ELEMENTS(kinds);
}

gboolean
mcu_message_parse_work(json_t *tree, McuMessage *message, GError **error)
{
  guint index = find(json_string_value(json_object_get(tree, "type")));
  McuRoomCommand *room = &message->command.room;
  room->type = kinds[index].type;
  if (!kinds[index].parse(tree, message, error))
    return FALSE;
  room->site = message->command.site;
  room->name = message->command.name;
  room->text = message->command.text;
  room->more = message->command.more;
  room->other = message->command.other;
  return TRUE;
}
