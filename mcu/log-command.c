/* The log of meetings as lines of text, whether the server runs or not. Reads only. Runs once, on main. */
#include "mcu/log-command.h"

#include <stdio.h>
#include <string.h>

#include "mcu/server.h"
#include "mcu/store/store.h"
#include "mcu/subcommand.h"
#include "mcu/util/error.h"

typedef struct {
  char *data, *meeting;
  gboolean verify;
} Options;

static void
options_clear(Options *options)
{
  g_free(options->data);
  g_free(options->meeting);
}

/* --- lines -------------------------------------------------------------------------------- */

/* Local time, with milliseconds. */
static char *
to_time(gint64 time_us)
{
  g_autoptr(GDateTime) seconds = g_date_time_new_from_unix_local(time_us / G_USEC_PER_SEC);
  if (time_us < 0 || seconds == NULL)
    return g_strdup("(no time)");
  g_autofree char *text = g_date_time_format(seconds, "%Y-%m-%d %H:%M:%S");
  return g_strdup_printf("%s.%03d", text, (int)(time_us % G_USEC_PER_SEC / 1000));
}

static void
print_meeting(const McuStoreMeeting *meeting)
{
  g_autofree char *id = mcu_subcommand_printable(meeting->id);
  g_autofree char *uuid = mcu_subcommand_printable(meeting->uuid);
  g_autofree char *title = mcu_subcommand_printable(meeting->title);
  g_autofree char *opened = to_time(meeting->opened_us);
  g_autofree char *closed = meeting->closed_us != 0 ? to_time(meeting->closed_us) : NULL;
  printf("%s  %s  %s  %s%s  \"%s\"\n", opened, id, uuid, closed != NULL ? "closed " : "open",
         closed != NULL ? closed : "", title);
}

static void
print_events(const GPtrArray *events)
{
  gint64 next = 0;
  for (guint i = 0; i < events->len; i++) {
    const McuStoreEvent *event = g_ptr_array_index(events, i);
    g_autofree char *time = to_time(event->time_us);
    g_autofree char *type = mcu_subcommand_printable(event->type);
    g_autofree char *payload = mcu_subcommand_printable(event->payload);
    if (event->seq > next)
      printf("  (events %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " are missing)\n", next, event->seq - 1);
    printf("  %" G_GINT64_FORMAT "  %s  %s  %s\n", event->seq, time, type, payload);
    next = event->seq < G_MAXINT64 ? event->seq + 1 : event->seq;
  }
}

/* The last hash: noted elsewhere, it shows later whether the end was cut off. */
static void
print_whole(const GPtrArray *events)
{
  const McuStoreEvent *last = events->len > 0 ? g_ptr_array_index(events, events->len - 1) : NULL;
  if (last == NULL)
    printf("  whole: no events\n");
  else
    printf("  whole: %u events up to %" G_GINT64_FORMAT ", the last with hash %s\n", events->len, last->seq,
           last->hash);
}

/* --- the command -------------------------------------------------------------------------- */

typedef enum { GOOD, BROKEN, UNREADABLE } Outcome;

static Outcome
verify(const char *database, const McuStoreMeeting *meeting, const GPtrArray *events)
{
  g_autoptr(GError) error = NULL;
  gint64 bad_seq;
  if (mcu_store_verify(database, meeting->uuid, &bad_seq, &error)) {
    print_whole(events);
    return GOOD;
  }
  g_autofree char *message = mcu_subcommand_printable(error->message);
  gboolean broken = g_error_matches(error, MCU_ERROR, MCU_ERROR_INTERNAL);
  if (broken)
    printf("  BROKEN: %s\n", message);
  else
    fprintf(stderr, "diemcau log: %s\n", message);
  return broken ? BROKEN : UNREADABLE;
}

static Outcome
show(const char *database, const McuStoreMeeting *meeting, const Options *options)
{
  print_meeting(meeting);
  if (options->meeting == NULL && !options->verify)
    return GOOD;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) events = mcu_store_read_events(database, meeting->uuid, &error);
  if (events == NULL) {
    fprintf(stderr, "diemcau log: %s\n", error->message);
    return UNREADABLE;
  }
  if (options->meeting != NULL)
    print_events(events);
  return options->verify ? verify(database, meeting, events) : GOOD;
}

static gboolean
is_meant(const McuStoreMeeting *meeting, const char *word)
{
  return word == NULL || g_strcmp0(meeting->id, word) == 0 || g_strcmp0(meeting->uuid, word) == 0;
}

static int
show_all(const char *database, const GPtrArray *meetings, const Options *options)
{
  guint shown = 0, outcomes[] = {[GOOD] = 0, [BROKEN] = 0, [UNREADABLE] = 0};
  for (guint i = 0; i < meetings->len; i++) {
    const McuStoreMeeting *meeting = g_ptr_array_index(meetings, i);
    if (!is_meant(meeting, options->meeting))
      continue;
    shown++;
    outcomes[show(database, meeting, options)]++;
  }
  fflush(stdout); /* before what follows on the other stream */
  if (shown == 0 && options->meeting != NULL) {
    fprintf(stderr, "diemcau log: there is no meeting \"%s\" in %s\n", options->meeting, database);
    return 1;
  }
  if (outcomes[BROKEN] > 0)
    fprintf(stderr, "diemcau log: the log of %u of %u meetings is not what was written\n", outcomes[BROKEN], shown);
  return outcomes[BROKEN] + outcomes[UNREADABLE] > 0 ? 1 : 0;
}

static int
run(const Options *options)
{
  g_autofree char *database = mcu_server_make_database_path(options->data != NULL ? options->data : "data");
  if (!g_file_test(database, G_FILE_TEST_EXISTS)) {
    fprintf(stderr, "diemcau log: there is no %s; name the data folder of the server by --data\n", database);
    return 1;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) meetings = mcu_store_read_meetings(database, &error);
  if (meetings == NULL) {
    fprintf(stderr, "diemcau log: %s\n", error->message);
    return 1;
  }
  return show_all(database, meetings, options);
}

int
mcu_log_command(char **argv)
{
  Options options = {0};
  const GOptionEntry entries[] = {
      {"data", 0, 0, G_OPTION_ARG_FILENAME, &options.data, "Data folder of the server (./data)", "DIR"},
      {"meeting", 0, 0, G_OPTION_ARG_STRING, &options.meeting,
       "Id of the meeting, or the long one of one holding of it: its events too", "ID"},
      {"verify", 0, 0, G_OPTION_ARG_NONE, &options.verify,
       "Check that no event was changed, taken out or put in; exit code 1 if one was", NULL},
      G_OPTION_ENTRY_NULL,
  };
  const McuSubcommand command = {
      .name = "log",
      .what = "- print what was kept of meetings",
      .summary = "Without --meeting: all meetings, without their events.",
      .entries = entries,
  };
  int code;
  if (mcu_subcommand_parse(&command, argv, &code))
    code = run(&options);
  options_clear(&options);
  return code;
}
