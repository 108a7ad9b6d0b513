#include "mcu/store/database.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "mcu/store/store.h"
#include "mcu/util/error.h"
#include "tests/unit/store/tamper.h"

static McuStoreItem *
event(const char *uuid, gint64 seq)
{
  McuStoreItem *item = g_new0(McuStoreItem, 1);
  item->type = MCU_STORE_EVENT;
  item->uuid = g_strdup(uuid);
  item->seq = seq;
  item->word = g_strdup("t");
  item->text = g_strdup("{}");
  return item;
}

static gboolean
write_events(McuDatabase *database, guint n, McuStoreItem **items, guint *out_refused, GError **error)
{
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func((GDestroyNotify)mcu_store_item_free);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(batch, items[i]);
  return mcu_database_write(database, batch, out_refused, error);
}

static guint
count_events(const char *path)
{
  g_autoptr(GPtrArray) events = mcu_store_read_events(path, NULL, NULL);
  g_assert_nonnull(events);
  return events->len;
}

/* A batch is written whole, or not at all when it can be tried again. */
static void
test_batches(void)
{
  g_autofree char *dir = g_dir_make_tmp("diemcau-database-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "x.db", NULL);
  g_autoptr(GError) error = NULL;
  McuDatabase *database = mcu_database_open(path, &error);
  g_assert_no_error(error);
  guint refused = 9;
  g_assert_true(write_events(database, 2, (McuStoreItem *[]){event("u", 0), event("u", 1)}, &refused, &error));
  g_assert_cmpuint(refused, ==, 0);

  /* One row that can never be written, between two that can. */
  g_test_expect_message("mcu-store", G_LOG_LEVEL_WARNING, "not kept*");
  g_assert_true(
      write_events(database, 3, (McuStoreItem *[]){event("u", 2), event("u", 1), event("u", 3)}, &refused, &error));
  g_test_assert_expected_messages();
  g_assert_cmpuint(refused, ==, 1);
  g_assert_cmpuint(count_events(path), ==, 4);

  /* Locked: nothing of the batch is there, and a later try succeeds. */
  sqlite3 *other = NULL;
  g_assert_cmpint(sqlite3_open(path, &other), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_false(write_events(database, 2, (McuStoreItem *[]){event("u", 4), event("u", 5)}, &refused, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  g_clear_error(&error);
  g_assert_cmpint(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close(other);
  g_assert_cmpuint(count_events(path), ==, 4);
  g_assert_true(write_events(database, 2, (McuStoreItem *[]){event("u", 4), event("u", 5)}, &refused, &error));
  g_assert_cmpuint(count_events(path), ==, 6);
  mcu_database_close(database);
  mcu_database_close(NULL);
  g_unlink(path);
  g_rmdir(dir);
}

/* Text from outside stays text. */
static void
test_quoting(void)
{
  g_autofree char *dir = g_dir_make_tmp("diemcau-database-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "x.db", NULL);
  McuDatabase *database = mcu_database_open(path, NULL);
  McuStoreItem *item = event("'; DROP TABLE event; --", 0);
  guint refused = 0;
  g_assert_true(write_events(database, 1, &item, &refused, NULL));
  g_autoptr(GPtrArray) events = mcu_store_read_events(path, "'; DROP TABLE event; --", NULL);
  g_assert_cmpuint(events->len, ==, 1);
  g_assert_cmpuint(count_events(path), ==, 1);
  mcu_database_close(database);
  g_unlink(path);
  g_rmdir(dir);
}

/* A database of the first schema, as older versions left it: its events stay, and the chain has them too. */
static void
test_migration(void)
{
  g_autofree char *dir = g_dir_make_tmp("diemcau-database-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "x.db", NULL);
  sqlite3 *old = NULL;
  g_assert_cmpint(sqlite3_open(path, &old), ==, SQLITE_OK);
  g_assert_cmpint(
      sqlite3_exec(old,
                   "CREATE TABLE meeting (uuid TEXT PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL,"
                   "  opened_us INTEGER NOT NULL, closed_us INTEGER);"
                   "CREATE TABLE event (meeting TEXT NOT NULL, seq INTEGER NOT NULL, time_us INTEGER NOT NULL,"
                   "  type TEXT NOT NULL, payload TEXT NOT NULL, PRIMARY KEY (meeting, seq)) WITHOUT ROWID;"
                   "CREATE TABLE recording (path TEXT PRIMARY KEY, meeting TEXT NOT NULL, started_us INTEGER NOT NULL,"
                   "  duration_us INTEGER, size INTEGER, sha256 TEXT, error TEXT);"
                   "INSERT INTO event VALUES ('u', 0, 1, 't', '{}'), ('u', 1, 2, 't', '{}'),"
                   "  ('v', 0, 1, 't', '{}'), ('v', 1, 2, 't', '{}'); PRAGMA user_version = 1;",
                   NULL, NULL, NULL),
      ==, SQLITE_OK);
  sqlite3_close(old);
  McuDatabase *database = mcu_database_open(path, NULL);
  g_assert_nonnull(database);
  guint refused;
  g_assert_true(write_events(database, 2, (McuStoreItem *[]){event("u", 2), event("v", 2)}, &refused, NULL));
  mcu_database_close(database);
  mcu_database_close(mcu_database_open(path, NULL)); /* a second start finds nothing more to do */
  g_assert_cmpuint(count_events(path), ==, 6);
  gint64 bad = -1;
  g_assert_true(mcu_store_verify(path, "u", &bad, NULL));
  g_assert_true(mcu_store_verify(path, "v", &bad, NULL));
  tamper(path, "UPDATE event SET payload = '[]' WHERE meeting = 'v' AND seq = 1");
  g_assert_true(mcu_store_verify(path, "u", &bad, NULL));
  g_assert_false(mcu_store_verify(path, "v", &bad, NULL));
  g_assert_cmpint(bad, ==, 1);
  g_unlink(path);
  g_rmdir(dir);
}

/* The chain goes on over a restart, and shows where it was touched. */
static void
test_chain(void)
{
  static const struct {
    const char *sql;
    gint64 bad;
  } cases[] = {
      {"UPDATE event SET payload = '{\"x\":1}' WHERE seq = 2", 2},
      {"UPDATE event SET time_us = 5 WHERE seq = 0", 0},
      {"DELETE FROM event WHERE seq = 1", 2},
      {"UPDATE event SET hash = NULL WHERE seq = 3", 3},
      {"UPDATE event SET hash = NULL", 0},
      {"UPDATE event SET hash = (CASE substr(hash, 1, 1) WHEN 'e' THEN 'f' ELSE 'e' END) || substr(hash, 2)"
       " WHERE seq = 4",
       4},
      {"UPDATE event SET type = 'u' WHERE seq = 3", 3},
      {"UPDATE event SET payload = payload || char(0) || 'x' WHERE seq = 4", 4}, /* C would not see it */
      {"UPDATE event SET seq = 9 WHERE seq = 1", 2},
      /* Swapped, with their hashes. */
      {"UPDATE event SET seq = 90 WHERE seq = 1; UPDATE event SET seq = 1 WHERE seq = 2;"
       "UPDATE event SET seq = 2 WHERE seq = 90",
       1},
      {"DELETE FROM event WHERE seq = 0", 1},
      {"INSERT INTO event SELECT meeting, -1, time_us, type, payload, NULL FROM event WHERE seq = 5", -1},
      {"INSERT INTO event SELECT meeting, 7, time_us, type, payload, hash FROM event WHERE seq = 5", 7},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *dir = g_dir_make_tmp("diemcau-database-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "x.db", NULL);
    for (guint part = 0; part < 2; part++) {
      McuDatabase *database = mcu_database_open(path, NULL);
      guint refused;
      McuStoreItem *items[] = {event("u", part * 3), event("u", part * 3 + 1), event("u", part * 3 + 2)};
      g_assert_true(write_events(database, 3, items, &refused, NULL));
      mcu_database_close(database);
    }
    gint64 bad = 99;
    g_autoptr(GError) error = NULL;
    g_assert_true(mcu_store_verify(path, "u", &bad, &error));
    tamper(path, cases[i].sql);
    g_test_message("%s", cases[i].sql);
    g_assert_false(mcu_store_verify(path, "u", &bad, &error));
    g_assert_cmpint(bad, ==, cases[i].bad);
    g_assert_error(error, MCU_ERROR, MCU_ERROR_INTERNAL);
    g_autofree char *named = g_strdup_printf("event %d of meeting u", (int)cases[i].bad);
    g_assert_nonnull(strstr(error->message, named));
    g_unlink(path);
    g_rmdir(dir);
  }
}

/* The limit that store.h states: who relies on more needs a last hash from elsewhere. */
static void
test_cut_tail(void)
{
  g_autofree char *dir = g_dir_make_tmp("diemcau-database-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "x.db", NULL);
  McuDatabase *database = mcu_database_open(path, NULL);
  guint refused;
  gint64 bad = 99;
  g_assert_true(
      write_events(database, 3, (McuStoreItem *[]){event("u", 0), event("u", 1), event("u", 2)}, &refused, NULL));
  mcu_database_close(database);
  tamper(path, "DELETE FROM event WHERE seq = 2");
  g_assert_true(mcu_store_verify(path, "u", &bad, NULL));
  g_unlink(path);
  g_rmdir(dir);
}

/* The encoding is unambiguous: what moves from one member to its neighbour gives another hash. */
static void
test_hash(void)
{
  g_autofree char *whole = mcu_database_hash("", "u", 1, 23, "ab", "c");
  g_autofree char *moved = mcu_database_hash("", "u", 1, 23, "a", "bc");
  g_autofree char *digits = mcu_database_hash("", "u", 12, 3, "ab", "c");
  g_autofree char *follows = mcu_database_hash(whole, "u", 1, 23, "ab", "c");
  /* printf '\n1\n23\n1:u\n2:ab\n1:c' | sha256sum */
  g_assert_cmpstr(whole, ==, "724c7a3a15268711a9d78aadd63c2fb0122bff44fdc0b7d0af40e02aba955601");
  g_assert_cmpstr(whole, !=, moved);
  g_assert_cmpstr(whole, !=, digits);
  g_assert_cmpstr(whole, !=, follows);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/database/batches", test_batches);
  g_test_add_func("/database/quoting", test_quoting);
  g_test_add_func("/database/migration", test_migration);
  g_test_add_func("/database/chain", test_chain);
  g_test_add_func("/database/cut-tail", test_cut_tail);
  g_test_add_func("/database/hash", test_hash);
  return g_test_run();
}
