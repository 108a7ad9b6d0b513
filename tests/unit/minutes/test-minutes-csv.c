/* Read back by a reader of RFC 4180 of its own. */
#include "mcu/minutes/minutes-csv.h"

#include <string.h>

#include "tests/unit/minutes/log-builder.h"

#define BOM "\xef\xbb\xbf"

/* Rows, each an array of cells; the caller unrefs. */
static GPtrArray *
parse(const char *at)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
  while (*at != '\0') {
    GPtrArray *row = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(rows, row);
    for (gboolean more = TRUE; more;) {
      GString *cell = g_string_new(NULL);
      gboolean quoted = *at == '"';
      at += quoted ? 1 : 0;
      while (quoted ? at[0] != '"' || at[1] == '"' : strchr(",\r", *at) == NULL) {
        g_assert_cmpint(*at, !=, '\0');
        g_assert_true(quoted || (*at != '"' && *at != '\n'));
        at += *at == '"' ? 1 : 0;
        g_string_append_c(cell, *at++);
      }
      at += quoted ? 1 : 0;
      g_ptr_array_add(row, g_string_free(cell, FALSE));
      more = *at == ',';
      at += more ? 1 : 0;
    }
    g_assert_true(g_str_has_prefix(at, "\r\n"));
    at += 2;
  }
  return rows;
}

static GPtrArray *
write_and_parse(const McuMinutes *minutes)
{
  g_autoptr(GBytes) bytes = mcu_minutes_to_csv(minutes);
  gsize n;
  const char *data = g_bytes_get_data(bytes, &n);
  g_autofree char *text = g_strndup(data, n);
  g_assert_cmpuint(strlen(text), ==, n);
  g_assert_true(g_str_has_prefix(text, BOM));
  g_assert_true(g_utf8_validate(text, -1, NULL));
  return parse(text + strlen(BOM));
}

static const char *
cell(const GPtrArray *rows, guint row, guint column)
{
  g_assert_cmpuint(row, <, rows->len);
  const GPtrArray *cells = g_ptr_array_index(rows, row);
  return column < cells->len ? g_ptr_array_index(cells, column) : NULL;
}

/* The line of a section's name. */
static guint
find_section(const GPtrArray *rows, const char *name)
{
  for (guint i = 0; i < rows->len; i++)
    if (strcmp(cell(rows, i, 0), name) == 0 && ((GPtrArray *)g_ptr_array_index(rows, i))->len == 1)
      return i;
  g_error("no section %s", name);
}

static void
test_sections(void)
{
  static const char *const sections[] = {"Phiên họp",          "Điểm cầu",           "Vào và ra",        "Điểm danh",
                                         "Phát biểu",          "Các lượt phát biểu", "Chương trình họp", "Biểu quyết",
                                         "Kết quả biểu quyết", "Phiếu công khai",    "Thông báo",        "Trò chuyện",
                                         "Tài liệu",           "Ghi hình",           "Nhật ký"};
  McuMinutes *minutes = log_sample("Xã Đồng Văn");
  g_autoptr(GPtrArray) rows = write_and_parse(minutes);
  guint before = 0;
  for (guint i = 0; i < G_N_ELEMENTS(sections); i++) {
    guint at = find_section(rows, sections[i]);
    g_assert_true(i == 0 || at > before);
    /* As many cells in each row as the head names. */
    const GPtrArray *head = g_ptr_array_index(rows, at + 1);
    for (guint r = at + 2; r<rows->len && * cell(rows, r, 0) + ((GPtrArray *)g_ptr_array_index(rows, r))->len> 1; r++)
      g_assert_cmpuint(((GPtrArray *)g_ptr_array_index(rows, r))->len, ==, head->len);
    before = at;
  }
  mcu_minutes_free(minutes);
}

static void
test_values(void)
{
  McuMinutes *minutes = log_sample("Xã Đồng Văn");
  g_autoptr(GPtrArray) rows = write_and_parse(minutes);
  guint sites = find_section(rows, "Điểm cầu") + 2, floor = find_section(rows, "Phát biểu") + 2;
  g_assert_cmpstr(cell(rows, sites, 1), ==, "UBND tỉnh");
  g_assert_cmpstr(cell(rows, sites, 2), ==, "Chủ trì");
  g_assert_cmpstr(cell(rows, sites + 1, 4), ==, "tinh");
  g_assert_cmpstr(cell(rows, sites + 1, 7), ==, "07:30:10 25/11/2026");
  g_assert_cmpstr(cell(rows, sites + 1, 9), ==, "0:03:00");
  g_assert_cmpstr(cell(rows, sites + 2, 6), ==, "Vắng");
  g_assert_cmpstr(cell(rows, sites + 2, 7), ==, "");
  g_assert_cmpstr(cell(rows, sites + 3, 5), ==, "Ngoài danh sách");
  g_assert_cmpstr(cell(rows, floor, 4), ==, "90");
  guint results = find_section(rows, "Kết quả biểu quyết") + 2, casts = find_section(rows, "Phiếu công khai") + 2;
  g_assert_cmpstr(cell(rows, results + 2, 1), ==, "Đồng ý");
  g_assert_cmpstr(cell(rows, results + 2, 2), ==, "1");
  g_assert_cmpstr(cell(rows, casts, 2), ==, "Xã Đồng Văn");
  g_assert_cmpstr(cell(rows, casts + 1, 3), ==, "Không");
  g_assert_cmpstr(cell(rows, casts + 2, 0), ==, ""); /* and none of the secret vote */
  mcu_minutes_free(minutes);
}

/* No cell of the whole file begins what a spreadsheet would work out, whatever stands in the log. */
static void
test_injection(void)
{
  static const char *const evil[] = {"=cmd|' /C calc'!A0", "+1+1", "-2+3",     "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1",
                                     "a\",=1\r\n=2",       "\"=1", "\u200b=1", "\u202e=1"};
  for (guint i = 0; i < G_N_ELEMENTS(evil); i++) {
    LogBuilder log;
    log_begin(&log);
    log_add(&log, "made", "name", evil[i], NULL);
    log_add(&log, "invited", "site", evil[i], "name", evil[i], "other", evil[i], "role", "site", NULL);
    log_add(&log, "seat-added", "site", evil[i], "name", evil[i], NULL);
    log_add(&log, "chat-said", "site", evil[i], "text", evil[i], NULL);
    log_add(&log, "announced", "site", evil[i], "text", evil[i], "more", evil[i], NULL);
    log_add(&log, "agenda-set", "text", evil[i], NULL);
    log_add(&log, "vote-opened", "#number", "1", "name", evil[i], "text", evil[i], "more", evil[i], NULL);
    log_add(&log, "roll-marked", "site", evil[i], "text", evil[i], NULL);
    log_add(&log, "document-added", "other", evil[i], "name", evil[i], "text", evil[i], "more", evil[i], NULL);
    log_add(&log, evil[i], "site", evil[i], NULL);
    mcu_minutes_finish(log.minutes);
    g_autoptr(GPtrArray) rows = write_and_parse(log.minutes);
    for (guint r = 0; r < rows->len; r++)
      for (guint c = 0; c < ((GPtrArray *)g_ptr_array_index(rows, r))->len; c++) {
        g_autofree char *text = g_strstrip(g_strdup(cell(rows, r, c)));
        g_assert_true(*text == '\0' || strchr("=+-@\t\r\n", *text) == NULL);
        g_assert_null(strpbrk(text, "\r\n"));
      }
    mcu_minutes_free(log.minutes);
  }
}

int
main(int argc, char **argv)
{
  g_setenv("TZ", "Asia/Ho_Chi_Minh", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/minutes/minutes-csv/sections", test_sections);
  g_test_add_func("/minutes/minutes-csv/values", test_values);
  g_test_add_func("/minutes/minutes-csv/injection", test_injection);
  return g_test_run();
}
