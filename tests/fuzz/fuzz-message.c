/* Fuzz target: signaling messages. What is read must be within its limits, and no input may do more
 * than be refused. */
#include <string.h>

#include "fuzz.h"
#include "mcu/room/agenda.h"
#include "mcu/room/chat.h"
#include "mcu/room/legal.h"
#include "mcu/room/roll.h"
#include "mcu/room/votes.h"
#include "mcu/signaling/message.h"
#include "mcu/util/error.h"

static gboolean
is_scene(const char *text)
{
  McuSceneSpec spec;
  g_autofree char *again = mcu_scene_spec_parse(text, &spec, NULL) ? mcu_scene_spec_text(&spec) : NULL;
  return g_strcmp0(text, again) == 0;
}

/* Up to `max` lines, each a text of up to `max_chars`. */
static gboolean
are_lines(const char *text, guint max, guint max_chars)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  gboolean all = g_strv_length(lines) <= max;
  for (guint i = 0; all && lines[i] != NULL; i++)
    all = mcu_is_legal_name(lines[i], max_chars);
  return all;
}

/* Ids with a space between. */
static gboolean
are_ids(const char *text, guint max)
{
  g_auto(GStrv) ids = g_strsplit(text, " ", -1);
  gboolean all = g_strv_length(ids) <= max;
  for (guint i = 0; all && ids[i] != NULL; i++)
    all = mcu_is_legal_id(ids[i]);
  return all;
}

static gboolean
is_words(const char *text, guint max_chars)
{
  return *text == '\0' || mcu_is_legal_name(text, max_chars);
}

/* What `text` is depends on the command; most have none. */
static void
check_text(McuRoomCommandType type, const char *text)
{
  switch ((int)type) {
  case MCU_ROOM_BANNER:
    g_assert(is_words(text, MCU_BANNER_MAX_CHARS));
    break;
  case MCU_ROOM_CHAT:
    g_assert(is_words(text, MCU_CHAT_TEXT_MAX_CHARS));
    break;
  case MCU_ROOM_ANNOUNCE:
    g_assert(is_words(text, MCU_ANNOUNCE_MAX_CHARS));
    break;
  case MCU_ROOM_VOTE_OPEN:
    g_assert(are_lines(text, MCU_VOTE_CHOICES_MAX, MCU_VOTE_CHOICE_MAX_CHARS));
    break;
  case MCU_ROOM_ROLL_MARK:
    g_assert(text == NULL || is_words(text, MCU_ROLL_REASON_MAX_CHARS));
    break;
  case MCU_ROOM_AGENDA: /* minutes, a tab, the title, a tab, who */
    g_assert(*text == '\0' || are_lines(text, MCU_AGENDA_MAX, MCU_AGENDA_TITLE_MAX_CHARS + MCU_NAME_MAX_CHARS + 16));
    break;
  case MCU_ROOM_SILENCE_ALL:
    g_assert(text == NULL || *text == '\0' || are_ids(text, 256));
    break;
  case MCU_ROOM_SHOW:
  case MCU_ROOM_PREVIEW:
    g_assert(text != NULL && is_scene(text));
    break;
  case MCU_ROOM_SAVE_SCENE:
    g_assert(text == NULL || is_scene(text));
    break;
  default:
    g_assert(text == NULL);
  }
}

/* What the room counts on, or would write to its log as it is. */
static void
check_command(const McuMessage *message)
{
  const McuRoomCommand *command = &message->command.room;
  guint name_max = command->type == MCU_ROOM_VOTE_OPEN ? MCU_VOTE_QUESTION_MAX_CHARS : MCU_NAME_MAX_CHARS;
  g_assert(command->actor == NULL && (guint)command->type < MCU_ROOM_N_COMMANDS);
  g_assert((guint)command->role < MCU_N_ROLES);
  g_assert(command->number >= (command->type == MCU_ROOM_AGENDA_GO ? -1 : 0) &&
           command->number <= MCU_ROOM_FLOOR_MAX_S);
  g_assert(command->count >= 0 && command->count < MCU_VOTE_CHOICES_MAX);
  g_assert(command->limit >= 0 && command->limit <= MCU_VOTE_LIMIT_MAX_S);
  g_assert(command->site == NULL || mcu_is_legal_id(command->site));
  g_assert(command->other == NULL || *command->other == '\0' || mcu_is_legal_id(command->other));
  g_assert(command->name == NULL || is_words(command->name, name_max));
  g_assert(command->more == NULL || *command->more == '\0' || are_ids(command->more, MCU_INVITED_MAX));
  check_text(command->type, command->text);
}

static void
check(const McuMessage *message, gsize size)
{
  g_assert(size <= MCU_MESSAGE_MAX_BYTES && message->type < MCU_N_MESSAGES);
  g_assert(message->id >= 1 && message->id <= G_MAXINT32);
  if (message->type == MCU_MESSAGE_JOIN) {
    g_assert(g_utf8_validate(message->join.token, -1, NULL));
    g_assert(message->join.meeting == NULL || mcu_is_legal_id(message->join.meeting));
    g_assert(message->join.client == NULL || mcu_is_legal_id(message->join.client));
  }
  if (message->type == MCU_MESSAGE_COMMAND)
    check_command(message);
  if (message->type == MCU_MESSAGE_CANDIDATE)
    g_assert(strlen(message->candidate.candidate) <= MCU_CANDIDATE_MAX_BYTES);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  McuMessage message;
  guint32 id = 0;
  g_autoptr(GError) error = NULL;
  if (mcu_message_parse((const char *)data, size, &message, &id, &error)) {
    check(&message, size);
    mcu_message_clear(&message);
  } else {
    g_assert(error != NULL && error->domain == MCU_ERROR);
    g_autofree char *answer = mcu_message_error(id, error);
    g_assert(g_utf8_validate(answer, -1, NULL));
  }
  return 0;
}
