#include "tests/unit/store/tamper.h"

#include <glib.h>
#include <sqlite3.h>

void
tamper(const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_total_changes(db), >, 0);
  sqlite3_close(db);
}
