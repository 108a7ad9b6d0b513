/* McuMinutes: the minutes of a meeting, folded from the rows of its log and nothing else. Rows go in, in their order;
 * then it is finished and read. A row that it does not know stands in the log's list and does nothing else. All texts
 * are clean (clean.h), and all times are the rows' (Unix microseconds, 0: none). Pure; any thread, one at a time. */
#pragma once

#include "mcu/minutes/agenda-times.h"
#include "mcu/minutes/attendance.h"
#include "mcu/minutes/ballots.h"
#include "mcu/minutes/floor-turns.h"
#include "mcu/minutes/roll-calls.h"

#define MCU_MINUTES_ROWS_MAX 1000000
#define MCU_MINUTES_MAX_BYTES (256 * 1024 * 1024) /* of all rows together */

typedef struct McuMinutes McuMinutes;

typedef struct {
  const char *id, *uuid, *title;
  gint64 planned_us, began_us, ended_us; /* began: the first came; ended 0: not when the log ends */
  gint64 last_us;                        /* of the last row */
  guint n_rows;
  guint64 n_missing; /* rows that their numbers show to be missing */
  guint n_invited, n_present, n_invited_present, n_guests;
} McuMinutesHead;

/* A line that was written to all, or an announcement. */
typedef struct {
  gint64 time_us;
  char *site, *text;
  char *to; /* announcement: ids with spaces between, "": all */
} McuMinutesLine;

typedef struct {
  char *id, *title, *kind, *sha256;
  gint64 bytes;
  guint pages;
  gint64 added_us, removed_us, shown_us; /* shown: first */
} McuMinutesDocument;

typedef struct {
  gint64 began_us, ended_us;
} McuMinutesRecording;

typedef struct {
  gint64 seq, time_us;
  const char *type; /* clean */
  char *site;       /* "": none, or not to be told */
  char *text;
} McuMinutesEntry;

/* Whether the log is as it was written, found out by whoever read it. */
typedef struct {
  gboolean checked, whole;
  gint64 bad_seq; /* not whole: the first row that does not fit */
  char hash[65];  /* of the last row, hex */
} McuMinutesProof;

McuMinutes *mcu_minutes_new(const char *uuid, const char *id, const char *title);
void mcu_minutes_free(McuMinutes *minutes);
/* FALSE: more than minutes may hold; the row is not in them. */
gboolean mcu_minutes_add(McuMinutes *minutes, gint64 seq, gint64 time_us, const char *type, const char *payload);
void mcu_minutes_set_proof(McuMinutes *minutes, const McuMinutesProof *proof);
/* No row comes any more: what is under way ends with the last one. */
void mcu_minutes_finish(McuMinutes *minutes);

/* --- all below after finish; borrowed ---------------------------------------------------------- */

const McuMinutesHead *mcu_minutes_head(const McuMinutes *minutes);
const McuMinutesProof *mcu_minutes_proof(const McuMinutes *minutes);
/* The name of a site, or its code. */
const char *mcu_minutes_name(const McuMinutes *minutes, const char *site);
const GPtrArray *mcu_minutes_attendance(const McuMinutes *minutes);    /* McuAttendee * */
const GPtrArray *mcu_minutes_rolls(const McuMinutes *minutes);         /* McuMinutesRoll * */
const GPtrArray *mcu_minutes_turns(const McuMinutes *minutes);         /* McuFloorTurn * */
const GPtrArray *mcu_minutes_floor(const McuMinutes *minutes);         /* McuFloorTime * */
const GPtrArray *mcu_minutes_agenda(const McuMinutes *minutes);        /* McuAgendaTime * */
const GPtrArray *mcu_minutes_votes(const McuMinutes *minutes);         /* McuBallot * */
const GPtrArray *mcu_minutes_chat(const McuMinutes *minutes);          /* McuMinutesLine * */
const GPtrArray *mcu_minutes_announcements(const McuMinutes *minutes); /* McuMinutesLine * */
const GPtrArray *mcu_minutes_documents(const McuMinutes *minutes);     /* McuMinutesDocument * */
const GArray *mcu_minutes_recordings(const McuMinutes *minutes);       /* McuMinutesRecording */
const GPtrArray *mcu_minutes_log(const McuMinutes *minutes);           /* McuMinutesEntry * */
