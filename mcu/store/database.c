/* The only file that knows SQLite. Runs on the store's thread after opening; the reading functions
 * open the file anew and run on the caller's. */
#include "mcu/store/database.h"

#include <sqlite3.h>
#include <string.h>

#include "mcu/store/store.h"
#include "mcu/util/error.h"

#define BUSY_MS 2000

struct McuDatabase {
  sqlite3 *db;
  sqlite3_stmt *statements[MCU_STORE_N_ITEMS];
  sqlite3_stmt *last_hash;
  GHashTable *heads; /* uuid -> Head *, both owned; as of the transaction under way */
};

/* The last event of a meeting. */
typedef struct {
  char *hash; /* "" before the first */
  gint64 seq; /* -1 before the first */
} Head;

/* Schema 1. */
static const char schema[] = "CREATE TABLE meeting ("
                             "  uuid TEXT PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL,"
                             "  opened_us INTEGER NOT NULL, closed_us INTEGER);"
                             "CREATE INDEX meeting_by_id ON meeting (id, opened_us);"
                             "CREATE TABLE event ("
                             "  meeting TEXT NOT NULL, seq INTEGER NOT NULL, time_us INTEGER NOT NULL,"
                             "  type TEXT NOT NULL, payload TEXT NOT NULL, PRIMARY KEY (meeting, seq)) WITHOUT ROWID;"
                             "CREATE TABLE recording ("
                             "  path TEXT PRIMARY KEY, meeting TEXT NOT NULL, started_us INTEGER NOT NULL,"
                             "  duration_us INTEGER, size INTEGER, sha256 TEXT, error TEXT);"
                             "CREATE INDEX recording_by_meeting ON recording (meeting, started_us);";

/* Schema 2: each event has the hash of itself and the one before. */
static const char schema_2[] = "ALTER TABLE event ADD COLUMN hash TEXT";

/* ?1 uuid, ?2 word, ?3 text, ?4 path, ?5 sha256, ?6 seq, ?7 time, ?8 duration, ?9 size, ?10 hash */
static const char *const statements[MCU_STORE_N_ITEMS] = {
    [MCU_STORE_MEETING_OPENED] = "INSERT INTO meeting (uuid, id, title, opened_us) VALUES (?1, ?2, ?3, ?7)",
    [MCU_STORE_MEETING_TITLED] = "UPDATE meeting SET title = ?3 WHERE uuid = ?1",
    [MCU_STORE_MEETING_CLOSED] = "UPDATE meeting SET closed_us = ?7 WHERE uuid = ?1",
    [MCU_STORE_EVENT] =
        "INSERT INTO event (meeting, seq, time_us, type, payload, hash) VALUES (?1, ?6, ?7, ?2, ?3, ?10)",
    [MCU_STORE_RECORDING_STARTED] = "INSERT INTO recording (path, meeting, started_us) VALUES (?4, ?1, ?7)",
    [MCU_STORE_RECORDING_FINISHED] =
        "UPDATE recording SET duration_us = ?8, size = ?9, sha256 = ?5, error = ?3 WHERE path = ?4",
};

void
mcu_store_item_free(McuStoreItem *item)
{
  if (item == NULL)
    return;
  g_free(item->uuid);
  g_free(item->word);
  g_free(item->text);
  g_free(item->path);
  g_free(item->sha256);
  g_free(item);
}

static gboolean
fail(sqlite3 *db, const char *what, GError **error)
{
  g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s: %s", what, db != NULL ? sqlite3_errmsg(db) : "out of memory");
  return FALSE;
}

static gboolean
exec(sqlite3 *db, const char *sql, GError **error)
{
  return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || fail(db, "database", error);
}

static void
bind_text(sqlite3_stmt *statement, int index, const char *text)
{
  /* Static: the item outlives the step. Unused numbers give SQLITE_RANGE, which is fine. */
  if (text != NULL)
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static char *
column_text(sqlite3_stmt *row, int column)
{
  return g_strdup((const char *)sqlite3_column_text(row, column));
}

/* Never NULL. What stands behind a zero byte would be seen by SQL but not by us: it must not go unnoticed. */
static char *
event_text(sqlite3_stmt *row, int column)
{
  const char *text = (const char *)sqlite3_column_text(row, column);
  gsize length = (gsize)sqlite3_column_bytes(row, column);
  if (text == NULL)
    return g_strdup("");
  return strlen(text) == length ? g_strdup(text) : g_utf8_make_valid(text, (gssize)length);
}

char *
mcu_database_hash(const char *before, const char *uuid, gint64 seq, gint64 time_us, const char *type,
                  const char *payload)
{
  g_autoptr(GString) text = g_string_new(before);
  const char *const parts[] = {uuid, type, payload};
  /* With lengths: no two events have the same text. */
  g_string_append_printf(text, "\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT, seq, time_us);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    g_string_append_printf(text, "\n%" G_GSIZE_FORMAT ":%s", strlen(parts[i]), parts[i]);
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, (gssize)text->len);
}

/* --- opening ------------------------------------------------------------------------------ */

static gboolean
read_version(sqlite3 *db, int *out_version, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean ok = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;
  if (ok)
    *out_version = sqlite3_column_int(statement, 0);
  else
    fail(db, "database", error);
  sqlite3_finalize(statement);
  return ok;
}

/* The hash of the event in `row` behind `*before` of the meeting `*uuid`, which both become those of this event. */
static int
chain_row(sqlite3_stmt *row, sqlite3_stmt *update, char **uuid, char **before)
{
  g_autofree char *meeting = event_text(row, 0);
  g_autofree char *type = event_text(row, 3);
  g_autofree char *payload = event_text(row, 4);
  gint64 seq = sqlite3_column_int64(row, 1);
  char *hash = mcu_database_hash(g_strcmp0(*uuid, meeting) == 0 ? *before : "", meeting, seq,
                                 sqlite3_column_int64(row, 2), type, payload);
  g_free(*before);
  *before = hash;
  g_free(*uuid);
  *uuid = g_steal_pointer(&meeting);
  bind_text(update, 1, hash);
  bind_text(update, 2, *uuid);
  sqlite3_bind_int64(update, 3, seq);
  int result = sqlite3_step(update);
  sqlite3_reset(update);
  return result;
}

/* Events of before the chain get their hashes now: one without would otherwise be let pass for ever, also one that
 * somebody put in. Their keys stay, so that the reading goes on behind each while it is written. */
static gboolean
chain_old_events(sqlite3 *db, GError **error)
{
  sqlite3_stmt *row = NULL, *update = NULL;
  g_autofree char *uuid = NULL;
  g_autofree char *before = NULL;
  gboolean ok = sqlite3_prepare_v2(db, "SELECT meeting, seq, time_us, type, payload FROM event ORDER BY meeting, seq",
                                   -1, &row, NULL) == SQLITE_OK &&
                sqlite3_prepare_v2(db, "UPDATE event SET hash = ?1 WHERE meeting = ?2 AND seq = ?3", -1, &update,
                                   NULL) == SQLITE_OK;
  int result = SQLITE_DONE;
  while (ok && (result = sqlite3_step(row)) == SQLITE_ROW)
    ok = chain_row(row, update, &uuid, &before) == SQLITE_DONE;
  ok = (ok && result == SQLITE_DONE) || fail(db, "database", error);
  sqlite3_finalize(row);
  sqlite3_finalize(update);
  return ok;
}

static gboolean
check_version(int version, const char *path, GError **error)
{
  if (version <= MCU_STORE_SCHEMA)
    return TRUE;
  g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s was written by a newer version (schema %d, this one knows %d)",
              path, version, MCU_STORE_SCHEMA);
  return FALSE;
}

static gboolean
migrate(sqlite3 *db, const char *path, GError **error)
{
  int version = 0;
  /* Immediate: two servers on one folder must not both create the tables. */
  if (!exec(db, "BEGIN IMMEDIATE", error) || !read_version(db, &version, error) || !check_version(version, path, error))
    return FALSE;
  if (version < 1 && !exec(db, schema, error))
    return FALSE;
  if (version < 2 && (!exec(db, schema_2, error) || !chain_old_events(db, error)))
    return FALSE;
  if (!exec(db, "PRAGMA user_version = " G_STRINGIFY(MCU_STORE_SCHEMA), error))
    return FALSE;
  return exec(db, "COMMIT", error);
}

static void
head_free(gpointer data)
{
  Head *head = data;
  g_free(head->hash);
  g_free(head);
}

McuDatabase *
mcu_database_open(const char *path, GError **error)
{
  McuDatabase *database = g_new0(McuDatabase, 1);
  database->heads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, head_free);
  g_autofree char *what = g_strdup_printf("cannot open the database %s", path);
  gboolean ok = sqlite3_open_v2(path, &database->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK &&
                sqlite3_busy_timeout(database->db, BUSY_MS) == SQLITE_OK;
  if (!ok)
    fail(database->db, what, error);
  /* WAL: readers never lock us out. NORMAL: after a power cut the last moments may be missing, but
   * the file is whole. */
  ok = ok && exec(database->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", error) &&
       migrate(database->db, path, error);
  for (guint i = 0; ok && i < MCU_STORE_N_ITEMS; i++)
    ok = sqlite3_prepare_v3(database->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &database->statements[i],
                            NULL) == SQLITE_OK ||
         fail(database->db, what, error);
  ok = ok &&
       (sqlite3_prepare_v3(database->db, "SELECT hash, seq FROM event WHERE meeting = ?1 ORDER BY seq DESC LIMIT 1", -1,
                           SQLITE_PREPARE_PERSISTENT, &database->last_hash, NULL) == SQLITE_OK ||
        fail(database->db, what, error));
  if (!ok) {
    g_prefix_error(error, "%s: ", path);
    mcu_database_close(database);
    return NULL;
  }
  return database;
}

void
mcu_database_close(McuDatabase *database)
{
  if (database == NULL)
    return;
  for (guint i = 0; i < MCU_STORE_N_ITEMS; i++)
    sqlite3_finalize(database->statements[i]);
  sqlite3_finalize(database->last_hash);
  g_hash_table_unref(database->heads);
  sqlite3_close(database->db);
  g_free(database);
}

/* --- writing ------------------------------------------------------------------------------ */

#define HEADS_MAX 1000

/* Borrowed; NULL when the database fails. */
static Head *
find_head(McuDatabase *database, const char *uuid)
{
  Head *head = g_hash_table_lookup(database->heads, uuid);
  if (head != NULL)
    return head;
  if (g_hash_table_size(database->heads) >= HEADS_MAX)
    g_hash_table_remove_all(database->heads);
  bind_text(database->last_hash, 1, uuid);
  int result = sqlite3_step(database->last_hash);
  if (result == SQLITE_ROW || result == SQLITE_DONE) {
    head = g_new0(Head, 1);
    head->hash = result == SQLITE_ROW ? event_text(database->last_hash, 0) : g_strdup("");
    head->seq = result == SQLITE_ROW ? sqlite3_column_int64(database->last_hash, 1) : -1;
    g_hash_table_insert(database->heads, g_strdup(uuid), head);
  }
  sqlite3_reset(database->last_hash);
  return head;
}

static int
write_item(sqlite3_stmt *statement, const McuStoreItem *item, const char *hash)
{
  bind_text(statement, 10, hash);
  bind_text(statement, 1, item->uuid);
  bind_text(statement, 2, item->word);
  bind_text(statement, 3, item->text);
  bind_text(statement, 4, item->path);
  bind_text(statement, 5, item->sha256);
  sqlite3_bind_int64(statement, 6, item->seq);
  sqlite3_bind_int64(statement, 7, item->time_us);
  sqlite3_bind_int64(statement, 8, item->duration_us);
  if (item->sha256 != NULL)
    sqlite3_bind_int64(statement, 9, item->size);
  int result = sqlite3_step(statement);
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return result;
}

/* A gap is said in `gaps`: once, when the batch has been written. */
static int
write_event(McuDatabase *database, const McuStoreItem *item, GString *gaps)
{
  Head *head = find_head(database, item->uuid);
  if (head == NULL)
    return SQLITE_IOERR;
  g_autofree char *hash = mcu_database_hash(head->hash, item->uuid, item->seq, item->time_us, item->word, item->text);
  int result = write_item(database->statements[item->type], item, hash);
  if (result != SQLITE_DONE)
    return result;
  if (item->seq > head->seq + 1)
    g_string_append_printf(gaps, "%s%s lacks %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, gaps->len > 0 ? ", " : "",
                           item->uuid, head->seq + 1, item->seq - 1);
  g_free(head->hash);
  head->hash = g_steal_pointer(&hash);
  head->seq = item->seq;
  return result;
}

static gboolean
roll_back(McuDatabase *database)
{
  sqlite3_exec(database->db, "ROLLBACK", NULL, NULL, NULL);
  g_hash_table_remove_all(database->heads);
  return FALSE;
}

gboolean
mcu_database_write(McuDatabase *database, GPtrArray *items, guint *out_refused, GError **error)
{
  guint refused = 0;
  g_autoptr(GString) gaps = g_string_new(NULL);
  if (!exec(database->db, "BEGIN IMMEDIATE", error))
    return FALSE;
  for (guint i = 0; i < items->len; i++) {
    const McuStoreItem *item = g_ptr_array_index(items, i);
    int result = item->type == MCU_STORE_EVENT ? write_event(database, item, gaps)
                                               : write_item(database->statements[item->type], item, NULL);
    result &= 0xff; /* the primary code */
    if (result == SQLITE_DONE)
      continue;
    if (result == SQLITE_CONSTRAINT || result == SQLITE_MISMATCH || result == SQLITE_TOOBIG) {
      refused++;
      g_warning("not kept: %s", sqlite3_errmsg(database->db));
      continue;
    }
    fail(database->db, "database", error);
    return roll_back(database);
  }
  if (!exec(database->db, "COMMIT", error))
    return roll_back(database);
  if (gaps->len > 0)
    g_warning("events are missing: the log of meeting %s", gaps->str);
  *out_refused = refused;
  return TRUE;
}

/* --- reading back ------------------------------------------------------------------------- */

static void
free_event(gpointer data)
{
  McuStoreEvent *event = data;
  g_free(event->type);
  g_free(event->payload);
  g_free(event->uuid);
  g_free(event->hash);
  g_free(event);
}

static void
free_recording(gpointer data)
{
  McuStoreRecording *recording = data;
  g_free(recording->uuid);
  g_free(recording->path);
  g_free(recording->sha256);
  g_free(recording->error);
  g_free(recording);
}

static void
free_meeting(gpointer data)
{
  McuStoreMeeting *meeting = data;
  g_free(meeting->uuid);
  g_free(meeting->id);
  g_free(meeting->title);
  g_free(meeting);
}

static gpointer
read_event(sqlite3_stmt *row)
{
  McuStoreEvent *event = g_new0(McuStoreEvent, 1);
  event->seq = sqlite3_column_int64(row, 0);
  event->time_us = sqlite3_column_int64(row, 1);
  event->type = event_text(row, 2);
  event->payload = event_text(row, 3);
  event->uuid = event_text(row, 4);
  event->hash = column_text(row, 5);
  return event;
}

static gpointer
read_recording(sqlite3_stmt *row)
{
  McuStoreRecording *recording = g_new0(McuStoreRecording, 1);
  recording->uuid = column_text(row, 0);
  recording->path = column_text(row, 1);
  recording->started_us = sqlite3_column_int64(row, 2);
  recording->duration_us = sqlite3_column_int64(row, 3);
  recording->size = sqlite3_column_int64(row, 4);
  recording->sha256 = column_text(row, 5);
  recording->error = column_text(row, 6);
  return recording;
}

static gpointer
read_meeting(sqlite3_stmt *row)
{
  McuStoreMeeting *meeting = g_new0(McuStoreMeeting, 1);
  meeting->uuid = column_text(row, 0);
  meeting->id = column_text(row, 1);
  meeting->title = column_text(row, 2);
  meeting->opened_us = sqlite3_column_int64(row, 3);
  meeting->closed_us = sqlite3_column_int64(row, 4);
  return meeting;
}

/* A reader does not migrate: it may be another user than the bridge's. */
static gboolean
check_readable(sqlite3 *db, const char *path, GError **error)
{
  int version = 0;
  if (!read_version(db, &version, error)) {
    g_prefix_error(error, "%s: ", path);
    return FALSE;
  }
  if (version < MCU_STORE_SCHEMA) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG,
                "%s was written by an older version (schema %d, this one reads %d): start the bridge on it once", path,
                version, MCU_STORE_SCHEMA);
    return FALSE;
  }
  return check_version(version, path, error);
}

static GPtrArray *
read_rows(const char *path, const char *sql, const char *uuid, gpointer (*read)(sqlite3_stmt *row),
          GDestroyNotify free_row, GError **error)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  GPtrArray *rows = g_ptr_array_new_with_free_func(free_row);
  int result = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
  if (result == SQLITE_OK) {
    sqlite3_busy_timeout(db, BUSY_MS);
    if (!check_readable(db, path, error)) {
      g_ptr_array_unref(rows);
      sqlite3_close(db);
      return NULL;
    }
    result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
  }
  if (result == SQLITE_OK) {
    bind_text(statement, 1, uuid);
    while ((result = sqlite3_step(statement)) == SQLITE_ROW)
      g_ptr_array_add(rows, read(statement));
  }
  if (result != SQLITE_DONE) {
    fail(db, path, error);
    g_clear_pointer(&rows, g_ptr_array_unref);
  }
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return rows;
}

GPtrArray *
mcu_store_read_meetings(const char *database, GError **error)
{
  return read_rows(database, "SELECT uuid, id, title, opened_us, closed_us FROM meeting ORDER BY opened_us, rowid",
                   NULL, read_meeting, free_meeting, error);
}

GPtrArray *
mcu_store_read_open_meetings(const char *database, GError **error)
{
  return read_rows(database,
                   "SELECT uuid, id, title, opened_us, closed_us FROM meeting WHERE closed_us IS NULL "
                   "ORDER BY opened_us, rowid",
                   NULL, read_meeting, free_meeting, error);
}

GPtrArray *
mcu_store_read_events(const char *database, const char *uuid, GError **error)
{
  return read_rows(database,
                   "SELECT seq, time_us, type, payload, meeting, hash FROM event WHERE ?1 IS NULL OR meeting = ?1 "
                   "ORDER BY meeting, seq",
                   uuid, read_event, free_event, error);
}

GPtrArray *
mcu_store_read_recordings(const char *database, const char *uuid, GError **error)
{
  return read_rows(database,
                   "SELECT meeting, path, started_us, duration_us, size, sha256, error FROM recording "
                   "WHERE ?1 IS NULL OR meeting = ?1 ORDER BY started_us, rowid",
                   uuid, read_recording, free_recording, error);
}

/* --- one log ------------------------------------------------------------------------------ */

/* SQLITE_DONE with `*error` set: the reader does not want more. */
static int
tell_events(sqlite3_stmt *row, const McuStoreLogReader *reader, gpointer user_data, GError **error)
{
  int result;
  gboolean go_on = TRUE;
  while (go_on && (result = sqlite3_step(row)) == SQLITE_ROW) {
    McuStoreEvent *event = read_event(row);
    go_on = reader->event(event, user_data, error);
    free_event(event);
  }
  return go_on ? result : SQLITE_DONE;
}

static gboolean
tell_meeting(sqlite3_stmt *row, const char *uuid, const McuStoreLogReader *reader, gpointer user_data, int *out_result,
             GError **error)
{
  *out_result = sqlite3_step(row);
  if (*out_result == SQLITE_DONE)
    g_set_error(error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no meeting %s", uuid);
  if (*out_result != SQLITE_ROW)
    return FALSE;
  McuStoreMeeting *meeting = read_meeting(row);
  reader->meeting(meeting, user_data);
  free_meeting(meeting);
  return TRUE;
}

/* Within one transaction: what is written meanwhile is not seen. */
static gboolean
read_log(sqlite3 *db, const char *path, const char *uuid, const McuStoreLogReader *reader, gpointer user_data,
         GError **error)
{
  sqlite3_stmt *meeting = NULL, *events = NULL;
  GError *refusal = NULL;
  int result = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
  if (result == SQLITE_OK)
    result = sqlite3_prepare_v2(db, "SELECT uuid, id, title, opened_us, closed_us FROM meeting WHERE uuid = ?1", -1,
                                &meeting, NULL);
  if (result == SQLITE_OK)
    result = sqlite3_prepare_v2(db,
                                "SELECT seq, time_us, type, payload, meeting, hash FROM event WHERE meeting = ?1 "
                                "ORDER BY seq",
                                -1, &events, NULL);
  if (result == SQLITE_OK) {
    bind_text(meeting, 1, uuid);
    bind_text(events, 1, uuid);
    if (tell_meeting(meeting, uuid, reader, user_data, &result, &refusal))
      result = tell_events(events, reader, user_data, &refusal);
  }
  gboolean ok = refusal == NULL && (result == SQLITE_DONE || fail(db, path, error));
  if (refusal != NULL)
    g_propagate_error(error, refusal);
  sqlite3_finalize(meeting);
  sqlite3_finalize(events);
  return ok;
}

gboolean
mcu_store_read_log(const char *database, const char *uuid, const McuStoreLogReader *reader, gpointer user_data,
                   GError **error)
{
  sqlite3 *db = NULL;
  gboolean ok = sqlite3_open_v2(database, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK || fail(db, database, error);
  if (ok)
    sqlite3_busy_timeout(db, BUSY_MS);
  ok = ok && check_readable(db, database, error) && read_log(db, database, uuid, reader, user_data, error);
  sqlite3_close(db);
  return ok;
}

char *
mcu_store_hash(const char *before, const McuStoreEvent *event)
{
  return mcu_database_hash(before, event->uuid, event->seq, event->time_us, event->type, event->payload);
}

/* --- checking ----------------------------------------------------------------------------- */

gboolean
mcu_store_verify(const char *database, const char *uuid, gint64 *out_bad_seq, GError **error)
{
  g_autoptr(GPtrArray) events = mcu_store_read_events(database, uuid, error);
  const McuStoreEvent *before = NULL;
  if (events == NULL)
    return FALSE;
  for (guint i = 0; i < events->len; i++) {
    const McuStoreEvent *event = g_ptr_array_index(events, i);
    g_autofree char *hash = mcu_database_hash(before != NULL ? before->hash : "", event->uuid, event->seq,
                                              event->time_us, event->type, event->payload);
    if (g_strcmp0(hash, event->hash) != 0) {
      *out_bad_seq = event->seq;
      g_set_error(error, MCU_ERROR, MCU_ERROR_INTERNAL,
                  "event %" G_GINT64_FORMAT
                  " of meeting %s was changed or put in, or does not follow the one before it",
                  event->seq, uuid);
      return FALSE;
    }
    before = event;
  }
  return TRUE;
}
