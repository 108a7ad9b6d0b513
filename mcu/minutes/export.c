#include "mcu/minutes/export.h"

#include <string.h>

#include "mcu/minutes/minutes-csv.h"
#include "mcu/minutes/minutes-json.h"
#include "mcu/store/store.h"
#include "mcu/util/error.h"

static const struct {
  const char *word, *mime;
} formats[MCU_MINUTES_N_FORMATS] = {
    [MCU_MINUTES_JSON] = {"json", "application/json"},
    [MCU_MINUTES_CSV] = {"csv", "text/csv; charset=utf-8"},
    [MCU_MINUTES_PDF] = {"pdf", "application/pdf"},
};

const char *
mcu_minutes_format_word(McuMinutesFormat format)
{
  g_assert((guint)format < MCU_MINUTES_N_FORMATS);
  return formats[format].word;
}

gboolean
mcu_minutes_format_parse(const char *word, McuMinutesFormat *out_format)
{
  for (guint i = 0; i < MCU_MINUTES_N_FORMATS; i++) {
    if (strcmp(formats[i].word, word) == 0) {
      *out_format = (McuMinutesFormat)i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *
mcu_minutes_format_mime(McuMinutesFormat format)
{
  g_assert((guint)format < MCU_MINUTES_N_FORMATS);
  return formats[format].mime;
}

/* --- reading ------------------------------------------------------------------------------ */

typedef struct {
  McuMinutes *minutes; /* NULL: the meeting is still to come */
  McuMinutesProof proof;
  char *before; /* hash of the last row */
} Reading;

static void
on_meeting(const McuStoreMeeting *meeting, gpointer user_data)
{
  Reading *reading = user_data;
  reading->minutes = mcu_minutes_new(meeting->uuid, meeting->id, meeting->title);
}

/* As mcu_store_verify(): each row against what is written at the row before it. */
static void
check(Reading *reading, const McuStoreEvent *event)
{
  g_autofree char *hash = mcu_store_hash(reading->before, event);
  if (reading->proof.whole && g_strcmp0(hash, event->hash) != 0) {
    reading->proof.whole = FALSE;
    reading->proof.bad_seq = event->seq;
  }
  g_free(reading->before);
  reading->before = g_strdup(event->hash != NULL ? event->hash : "");
}

static gboolean
on_event(const McuStoreEvent *event, gpointer user_data, GError **error)
{
  Reading *reading = user_data;
  check(reading, event);
  if (mcu_minutes_add(reading->minutes, event->seq, event->time_us, event->type, event->payload))
    return TRUE;
  g_set_error_literal(error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "the log is longer than minutes can be");
  return FALSE;
}

static gboolean
is_hash(const char *text)
{
  return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static McuMinutes *
read_minutes(const char *database_path, const char *uuid, GError **error)
{
  const McuStoreLogReader reader = {.meeting = on_meeting, .event = on_event};
  Reading reading = {.proof = {.checked = TRUE, .whole = TRUE}, .before = g_strdup("")};
  if (mcu_store_read_log(database_path, uuid, &reader, &reading, error)) {
    if (is_hash(reading.before))
      g_strlcpy(reading.proof.hash, reading.before, sizeof reading.proof.hash);
    mcu_minutes_set_proof(reading.minutes, &reading.proof);
    mcu_minutes_finish(reading.minutes);
  } else {
    g_clear_pointer(&reading.minutes, mcu_minutes_free);
  }
  g_free(reading.before);
  return reading.minutes;
}

GBytes *
mcu_minutes_export(const char *database_path, const char *uuid, McuMinutesFormat format, const McuMinutesHeader *header,
                   GError **error)
{
  McuMinutes *minutes = read_minutes(database_path, uuid, error);
  GBytes *bytes = NULL;
  if (minutes == NULL)
    return NULL;
  switch (format) {
  case MCU_MINUTES_JSON:
    bytes = mcu_minutes_to_json(minutes);
    break;
  case MCU_MINUTES_CSV:
    bytes = mcu_minutes_to_csv(minutes);
    break;
  case MCU_MINUTES_PDF:
    bytes = mcu_minutes_to_pdf(minutes, header, NULL, error);
    break;
  default:
    g_assert_not_reached();
  }
  mcu_minutes_free(minutes);
  return bytes;
}
