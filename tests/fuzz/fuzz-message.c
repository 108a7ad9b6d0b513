/* Fuzz target: signaling messages. What is read must be within its limits, and no input may do more
 * than be refused. With libFuzzer this is the target alone; without, it replays the files and
 * folders named on the command line. */
#include <string.h>

#include "mcu/room/legal.h"
#include "mcu/signaling/message.h"
#include "mcu/util/error.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static gboolean
is_scene(const char *text)
{
  McuSceneSpec spec;
  g_autofree char *again = mcu_scene_spec_parse(text, &spec, NULL) ? mcu_scene_spec_text(&spec) : NULL;
  return g_strcmp0(text, again) == 0;
}

/* What the room counts on, or would write to its log as it is. */
static void
check_command(const McuMessage *message)
{
  const McuRoomCommand *command = &message->command.room;
  g_assert(command->actor == NULL && (guint)command->type < MCU_ROOM_N_COMMANDS);
  g_assert((guint)command->role < MCU_N_ROLES && command->number >= 0 && command->number <= MCU_ROOM_FLOOR_MAX_S);
  g_assert(command->site == NULL || mcu_is_legal_id(command->site));
  g_assert(command->name == NULL || *command->name == '\0' || mcu_is_legal_name(command->name, MCU_NAME_MAX_CHARS));
  if (command->type == MCU_ROOM_BANNER)
    g_assert(*command->text == '\0' || mcu_is_legal_name(command->text, MCU_BANNER_MAX_CHARS));
  else if (command->type == MCU_ROOM_SILENCE_ALL)
    g_assert(command->text == NULL || strlen(command->text) <= 256 * (MCU_ID_MAX_BYTES + 1));
  else
    g_assert(command->text == NULL || is_scene(command->text));
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

#ifndef DIEMCAU_LIBFUZZER
static guint
replay(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  guint n = 0;
  if (dir == NULL) {
    g_autofree char *data = NULL;
    gsize size;
    g_assert(g_file_get_contents(path, &data, &size, NULL));
    /* An exact copy, so that reading past the end is seen. */
    g_autofree guint8 *copy = g_memdup2(data, size);
    LLVMFuzzerTestOneInput(copy, size);
    return 1;
  }
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    n += replay(child);
  }
  return n;
}

int
main(int argc, char **argv)
{
  guint n = 0;
  for (int i = 1; i < argc; i++)
    n += replay(argv[i]);
  g_print("%u inputs\n", n);
  return n > 0 ? 0 : 1;
}
#endif
