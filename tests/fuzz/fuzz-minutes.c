/* Fuzz target: a meeting's log, one event a line (its type, a blank, its payload), as minutes read it: from a disk, and
 * perhaps touched. A line that begins with < is written an hour before the one above it. Whatever comes, the figures
 * fit each other, and JSON and CSV are whole and harmless. */
#include <jansson.h>
#include <string.h>

#include "fuzz.h"
#include "mcu/minutes/clean.h"
#include "mcu/minutes/minutes-csv.h"
#include "mcu/minutes/minutes-json.h"

#define BEGAN_US (G_GINT64_CONSTANT(1795000000) * G_USEC_PER_SEC)
#define ROWS_MAX 200

static void
add_line(McuMinutes *minutes, char *line, gint64 seq, gint64 *time_us)
{
  gboolean back = *line == '<';
  char *type = line + (back ? 1 : 0), *blank = strchr(type, ' ');
  *time_us += back ? -3600 * (gint64)G_USEC_PER_SEC : (gint64)G_USEC_PER_SEC;
  if (blank != NULL)
    *blank = '\0';
  g_assert(mcu_minutes_add(minutes, seq, *time_us, type, blank != NULL ? blank + 1 : ""));
}

static void
check_clean(const char *text)
{
  g_autofree char *clean = mcu_minutes_clean(text, 100000);
  g_assert_cmpstr(clean, ==, text);
}

/* --- figures --- */

static void
check_attendance(const McuMinutes *minutes)
{
  const McuMinutesHead *head = mcu_minutes_head(minutes);
  const GPtrArray *list = mcu_minutes_attendance(minutes);
  guint n_present = 0, n_invited = 0;
  for (guint i = 0; i < list->len; i++) {
    const McuAttendee *one = g_ptr_array_index(list, i);
    gint64 sum_us = 0;
    for (guint k = 0; k < one->spans->len; k++) {
      const McuMinutesSpan *span = &g_array_index(one->spans, McuMinutesSpan, k);
      g_assert(span->from_us <= span->to_us);
      sum_us += span->to_us - span->from_us;
    }
    g_assert(one->present_us == sum_us && one->interruptions == MAX(one->spans->len, 1) - 1);
    g_assert(*one->site != '\0' && *one->name != '\0' && !(one->guest && one->invited));
    g_assert(one->invited || one->spans->len > 0);
    check_clean(one->name);
    n_present += one->spans->len > 0;
    n_invited += one->invited;
  }
  g_assert(n_present == head->n_present && n_invited == head->n_invited);
  g_assert(head->n_invited_present <= MIN(n_present, n_invited) && head->n_guests <= n_present);
}

static void
check_floor(const McuMinutes *minutes)
{
  const GPtrArray *turns = mcu_minutes_turns(minutes), *times = mcu_minutes_floor(minutes);
  gint64 of_turns = 0, of_sites = 0;
  guint n = 0;
  for (guint i = 0; i < turns->len; i++) {
    const McuFloorTurn *turn = g_ptr_array_index(turns, i);
    g_assert(turn->began_us <= turn->ended_us);
    of_turns += turn->ended_us - turn->began_us;
  }
  for (guint i = 0; i < times->len; i++) {
    const McuFloorTime *time = g_ptr_array_index(times, i);
    of_sites += time->total_us;
    n += time->n_turns;
  }
  g_assert(of_turns == of_sites && n == turns->len);
}

static void
check_vote(const McuBallot *ballot)
{
  guint64 counted = 0;
  g_assert(ballot->n_choices <= MCU_VOTE_CHOICES_MAX && ballot->n_voted <= ballot->n_entitled && ballot->rounds >= 1);
  g_assert(ballot->casts->len == (ballot->secret ? 0 : ballot->n_voted));
  for (guint i = 0; i < ballot->casts->len; i++)
    g_assert(g_array_index(ballot->casts, McuBallotCast, i).choice < ballot->n_choices);
  for (guint i = 0; i < ballot->n_choices; i++) {
    counted += ballot->counts[i];
    check_clean(ballot->choices[i]);
  }
  g_assert(ballot->secret || (ballot->counted && counted == ballot->n_voted));
  check_clean(ballot->question);
}

static void
check_others(const McuMinutes *minutes, guint n_rows)
{
  const GPtrArray *rolls = mcu_minutes_rolls(minutes), *agenda = mcu_minutes_agenda(minutes);
  for (guint i = 0; i < rolls->len; i++) {
    const McuMinutesRoll *roll = g_ptr_array_index(rolls, i);
    for (guint k = 0; k < roll->marks->len; k++)
      g_assert(((const McuMinutesMark *)g_ptr_array_index(roll->marks, k))->status < MCU_ROLL_N_STATUSES);
  }
  for (guint i = 0; i < agenda->len; i++) {
    const McuAgendaTime *item = g_ptr_array_index(agenda, i);
    g_assert(item->total_us >= 0);
    check_clean(item->title);
  }
  g_assert(mcu_minutes_log(minutes)->len == n_rows && mcu_minutes_head(minutes)->n_rows == n_rows);
  g_assert(mcu_minutes_head(minutes)->n_missing == 0);
}

/* --- documents --- */

static void
check_json(const McuMinutes *minutes)
{
  g_autoptr(GBytes) bytes = mcu_minutes_to_json(minutes);
  json_t *json =
      json_loadb(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
  g_assert(json_is_object(json));
  json_decref(json);
}

/* No cell begins as a formula does, whatever is before it in the spreadsheet's eyes. */
static void
check_csv(const McuMinutes *minutes)
{
  g_autoptr(GBytes) bytes = mcu_minutes_to_csv(minutes);
  gsize size;
  const char *text = g_bytes_get_data(bytes, &size);
  gboolean begins = TRUE, quoted = FALSE;
  g_assert(size > 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 && g_utf8_validate(text, (gssize)size, NULL));
  for (gsize i = 3; i < size; i++) {
    char c = text[i];
    g_assert((guchar)c >= 0x20 || c == '\r' || c == '\n');
    if (begins && c == ' ')
      continue;
    g_assert(!begins || strchr("=+-@\t", c) == NULL);
    quoted ^= c == '"';
    begins = (begins && c == '"') || (!quoted && (c == ',' || c == '\n'));
  }
  g_assert(!quoted);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  g_auto(GStrv) lines = g_strsplit(text, "\n", ROWS_MAX);
  McuMinutes *minutes = mcu_minutes_new("3f0c", "giao-ban", "Giao ban");
  gint64 time_us = BEGAN_US;
  guint n = 0;
  for (; lines[n] != NULL; n++)
    add_line(minutes, lines[n], n, &time_us);
  mcu_minutes_finish(minutes);
  check_attendance(minutes);
  check_floor(minutes);
  for (guint i = 0; i < mcu_minutes_votes(minutes)->len; i++)
    check_vote(g_ptr_array_index(mcu_minutes_votes(minutes), i));
  check_others(minutes, n);
  check_json(minutes);
  check_csv(minutes);
  mcu_minutes_free(minutes);
  return 0;
}
