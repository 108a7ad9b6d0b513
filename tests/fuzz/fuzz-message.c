/* Fuzz target: signaling messages. What is read must be within its limits, and no input may do more
 * than be refused. With libFuzzer this is the target alone; without, it replays the files and
 * folders named on the command line. */
#include <string.h>

#include "mcu/signaling/message.h"
#include "mcu/util/error.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
check(const McuMessage *message, gsize size)
{
  g_assert(size <= MCU_MESSAGE_MAX_BYTES && message->type < MCU_N_MESSAGES);
  g_assert(message->id >= 1 && message->id <= G_MAXINT32);
  if (message->type == MCU_MESSAGE_JOIN)
    g_assert(g_utf8_validate(message->join.token, -1, NULL));
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
