#include "mcu/store/database.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "mcu/store/store.h"
#include "mcu/util/error.h"

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

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/database/batches", test_batches);
  g_test_add_func("/database/quoting", test_quoting);
  return g_test_run();
}
