/* McuStore: what is kept of meetings: which were held, what happened in them in order, and where
 * the recordings are. SQLite, on a thread of its own behind a bounded queue: a slow, locked or full
 * disk never stops a meeting. What could not be queued is counted and logged, and shows in the log
 * of the meeting as a gap in `seq`. */
#pragma once

#include <glib.h>

typedef struct McuStore McuStore;

#define MCU_STORE_QUEUE_MAX 20000
#define MCU_STORE_SCHEMA 2 /* user_version of the database */

typedef struct {
  guint queued;
  guint64 written; /* items in the database */
  guint64 dropped; /* queue full */
  guint64 failed;  /* refused by the database for good, or left over at the end */
  guint64 retries; /* batches that had to wait: locked, disk full */
  gboolean behind; /* what is queued waits for the disk */
} McuStoreStats;

/* [main] Opens or creates the database file and brings its schema up to date. MCU_ERROR_CONFIG. */
McuStore *mcu_store_open(const char *path, GError **error);
/* [main] Writes what is queued (at most 5 s long), joins the thread. NULL is fine. */
void mcu_store_close(McuStore *store);
/* [any] Waits until everything queued so far is written; FALSE after `timeout_us`. Not for main
 * while meetings run. */
gboolean mcu_store_flush(McuStore *store, gint64 timeout_us);
/* [main] Gives the disk at most `timeout_us` to have what is queued, so that an event is kept before it takes effect.
 * FALSE: it has not. The store is behind then, says so once in the log, and from then on this returns FALSE at once
 * until all has been written; that, and how many events it were, is logged once, too. Events stay in their order, and
 * the meeting goes on. */
gboolean mcu_store_settle(McuStore *store, gint64 timeout_us);
void mcu_store_get_stats(McuStore *store, McuStoreStats *out_stats); /* [any] */

/* All below [any]: queued, copies its arguments, returns at once; FALSE when the queue is full.
 * `uuid` is that of one holding of a meeting; times are Unix microseconds. */
gboolean mcu_store_meeting_opened(McuStore *store, const char *uuid, const char *id, const char *title, gint64 time_us);
/* Its name has become known later. */
gboolean mcu_store_meeting_titled(McuStore *store, const char *uuid, const char *title);
gboolean mcu_store_meeting_closed(McuStore *store, const char *uuid, gint64 time_us);
gboolean mcu_store_append_event(McuStore *store, const char *uuid, gint64 seq, gint64 time_us, const char *type,
                                const char *payload);
gboolean mcu_store_recording_started(McuStore *store, const char *uuid, const char *path, gint64 time_us);
/* Size and SHA-256 are found out on the store's thread. `error` NULL: it ended as wanted. */
gboolean mcu_store_recording_finished(McuStore *store, const char *path, gint64 duration_us, const char *error);

/* --- reading back; [any], blocking, through a connection of its own ------------------------- */

typedef struct {
  gint64 seq, time_us;
  char *type, *payload, *uuid;
  char *hash; /* SHA-256, hex, of this event and the hash before it; NULL: somebody took it out */
} McuStoreEvent;

typedef struct {
  char *uuid, *path, *sha256, *error; /* sha256 NULL: not (yet) known */
  gint64 started_us, duration_us, size;
} McuStoreRecording;

typedef struct {
  char *uuid, *id, *title;
  gint64 opened_us, closed_us; /* closed 0: not (properly) */
} McuStoreMeeting;

/* Arrays of McuStoreMeeting * (oldest first), McuStoreEvent * (by seq), McuStoreRecording * (oldest
 * first); the caller unrefs the array. `uuid` NULL: of all meetings. MCU_ERROR_CONFIG: no such file, no database, or
 * of another schema. */
GPtrArray *mcu_store_read_meetings(const char *database, GError **error);
/* Those that were not closed: held now, planned, or held when a server stopped; it brings them back. */
GPtrArray *mcu_store_read_open_meetings(const char *database, GError **error);
GPtrArray *mcu_store_read_events(const char *database, const char *uuid, GError **error);
GPtrArray *mcu_store_read_recordings(const char *database, const char *uuid, GError **error);

/* What a log says as it is read; both get what is borrowed for the call. */
typedef struct {
  void (*meeting)(const McuStoreMeeting *meeting, gpointer user_data);               /* first, once */
  gboolean (*event)(const McuStoreEvent *event, gpointer user_data, GError **error); /* by seq; FALSE: enough */
} McuStoreLogReader;

/* The whole log of a meeting as it is at one moment, event by event: nothing is gathered. The connection only reads;
 * others may write meanwhile, and wait for nothing. MCU_ERROR_NOT_FOUND: no such meeting; MCU_ERROR_CONFIG; what
 * `event` says. */
gboolean mcu_store_read_log(const char *database, const char *uuid, const McuStoreLogReader *reader, gpointer user_data,
                            GError **error);

/* What an event's hash must be behind an event of hash `before` ("": it is the first); caller frees. */
char *mcu_store_hash(const char *before, const McuStoreEvent *event);

/* [any] Each event of the meeting is what was written, and follows the one before. FALSE: one was changed, taken out,
 * put in or moved, and `*out_bad_seq` is the first that does not fit (MCU_ERROR_INTERNAL); or the database cannot be
 * read (MCU_ERROR_CONFIG, and it stays). What a bare chain does not show: a tail that was cut off, and a log that was
 * written anew from some event on with all its hashes. Both show against a last hash noted elsewhere. Events that were
 * there before the chain (schema 1) are as they were when the database was migrated. A gap in `seq` alone is no fault:
 * the queue was full, and the log says so. */
gboolean mcu_store_verify(const char *database, const char *uuid, gint64 *out_bad_seq, GError **error);
