/* Reads the database and writes one file, or to the standard output. Runs once, on main. */
#include "mcu/minutes-command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mcu/minutes/export.h"
#include "mcu/minutes/when.h"
#include "mcu/server.h"
#include "mcu/store/store.h"
#include "mcu/subcommand.h"

typedef struct {
  char *data, *meeting, *format, *output;
  GStrv header;
  gboolean list;
} Options;

static void
options_clear(Options *options)
{
  g_free(options->data);
  g_free(options->meeting);
  g_free(options->format);
  g_free(options->output);
  g_strfreev(options->header);
}

static void G_GNUC_PRINTF(1, 2) complain(const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  fprintf(stderr, "diemcau minutes: %s\n", text);
}

/* --- which -------------------------------------------------------------------------------- */

static void
list_meetings(const GPtrArray *meetings)
{
  for (guint i = 0; i < meetings->len; i++) {
    const McuStoreMeeting *meeting = g_ptr_array_index(meetings, i);
    g_autofree char *opened = mcu_when_full(meeting->opened_us);
    g_autofree char *id = mcu_subcommand_printable(meeting->id);
    g_autofree char *uuid = mcu_subcommand_printable(meeting->uuid);
    g_autofree char *title = mcu_subcommand_printable(meeting->title);
    printf("%s  %s  %s  %s  \"%s\"\n", opened, id, uuid, meeting->closed_us != 0 ? "closed" : "open", title);
  }
}

/* By the uuid of one holding, or by id: its newest. NULL: there is none. */
static const McuStoreMeeting *
find_meeting(const GPtrArray *meetings, const char *word)
{
  const McuStoreMeeting *found = NULL;
  for (guint i = 0; i < meetings->len; i++) {
    const McuStoreMeeting *meeting = g_ptr_array_index(meetings, i);
    if (g_strcmp0(meeting->uuid, word) == 0)
      return meeting;
    if (g_strcmp0(meeting->id, word) == 0)
      found = meeting;
  }
  return found;
}

/* --- where to ----------------------------------------------------------------------------- */

static gboolean
write_stream(FILE *stream, GBytes *bytes)
{
  gsize n;
  const void *data = g_bytes_get_data(bytes, &n);
  if (fwrite(data, 1, n, stream) == n && fflush(stream) == 0)
    return TRUE;
  complain("cannot write: %s", g_strerror(errno));
  return FALSE;
}

/* A pipe or a device: it must not be replaced. */
static gboolean
write_special(const char *path, GBytes *bytes)
{
  FILE *stream = fopen(path, "wb");
  if (stream == NULL) {
    complain("%s: %s", path, g_strerror(errno));
    return FALSE;
  }
  gboolean ok = write_stream(stream, bytes);
  return fclose(stream) == 0 && ok;
}

static gboolean
write_file(const char *path, GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  gsize n;
  const char *data = g_bytes_get_data(bytes, &n);
  if (g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return write_special(path, bytes);
  /* Whole or not at all; and what a meeting said is not for every user of the machine. */
  if (g_file_set_contents_full(path, data, (gssize)n, G_FILE_SET_CONTENTS_CONSISTENT, 0640, &error))
    return TRUE;
  complain("%s", error->message);
  return FALSE;
}

/* --- the command -------------------------------------------------------------------------- */

static int export(const char *database, const McuStoreMeeting *meeting, McuMinutesFormat format, const Options *options)
{
  g_autofree char *agency = options->header != NULL ? g_strjoinv("\n", options->header) : NULL;
  const McuMinutesHeader header = {.agency = agency};
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = mcu_minutes_export(database, meeting->uuid, format, &header, &error);
  if (bytes == NULL) {
    complain("%s", error->message);
    return 1;
  }
  gboolean to_stdout = options->output == NULL || strcmp(options->output, "-") == 0;
  return (to_stdout ? write_stream(stdout, bytes) : write_file(options->output, bytes)) ? 0 : 1;
}

static int
run_on(const char *database, McuMinutesFormat format, const Options *options)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) meetings = mcu_store_read_meetings(database, &error);
  if (meetings == NULL) {
    complain("%s", error->message);
    return 1;
  }
  if (options->list) {
    list_meetings(meetings);
    return 0;
  }
  const McuStoreMeeting *meeting = find_meeting(meetings, options->meeting);
  if (meeting != NULL)
    return export(database, meeting, format, options);
  complain("there is no meeting \"%s\" in %s; --list names those there are", options->meeting, database);
  return 1;
}

static int
run(const Options *options)
{
  McuMinutesFormat format = MCU_MINUTES_PDF;
  g_autofree char *database = mcu_server_make_database_path(options->data != NULL ? options->data : "data");
  if (options->list == (options->meeting != NULL)) {
    complain("name one meeting by --meeting, or ask for all by --list; see diemcau minutes --help");
    return 2;
  }
  if (options->format != NULL && !mcu_minutes_format_parse(options->format, &format)) {
    complain("\"%s\" is no format: json, csv or pdf; see diemcau minutes --help", options->format);
    return 2;
  }
  if (!options->list && options->output == NULL && format == MCU_MINUTES_PDF && isatty(STDOUT_FILENO)) {
    complain("a PDF is not for a terminal; name a file by --output");
    return 2;
  }
  if (!g_file_test(database, G_FILE_TEST_EXISTS)) {
    complain("there is no %s; name the data folder of the server by --data", database);
    return 1;
  }
  return run_on(database, format, options);
}

int
mcu_minutes_command(char **argv)
{
  Options options = {0};
  const GOptionEntry entries[] = {
      {"data", 0, 0, G_OPTION_ARG_FILENAME, &options.data, "Data folder of the server (./data)", "DIR"},
      {"list", 0, 0, G_OPTION_ARG_NONE, &options.list, "Name all meetings, and write nothing", NULL},
      {"meeting", 0, 0, G_OPTION_ARG_STRING, &options.meeting,
       "Id of the meeting (its newest holding), or the long one of one holding of it", "ID"},
      {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "json, csv or pdf (pdf)", "FORMAT"},
      {"header", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.header,
       "Whose minutes these are, for the head of the PDF; once for each line", "NAME"},
      {"output", 0, 0, G_OPTION_ARG_FILENAME, &options.output, "File to write (standard output)", "FILE"},
      G_OPTION_ENTRY_NULL,
  };
  const McuSubcommand command = {
      .name = "minutes",
      .what = "- write the minutes of a meeting",
      .summary = "Made of the meeting's log alone, also while the meeting goes on.",
      .entries = entries,
  };
  int code;
  if (mcu_subcommand_parse(&command, argv, &code))
    code = run(&options);
  options_clear(&options);
  return code;
}
