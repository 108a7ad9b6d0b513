#include "mcu/minutes/csv.h"

static void
test_cells(void)
{
  static const struct {
    const char *text, *cell;
  } cases[] = {
      {"", ""},
      {"Xã Đồng Văn", "Xã Đồng Văn"},
      {"a,b", "\"a,b\""},
      {"a\"b", "\"a\"\"b\""},
      {"\"", "\"\"\"\""},
      {"a\r\nb", "\"a\r\nb\""},
      {"a;b", "\"a;b\""},
      {"=1+1", "'=1+1"},
      {"+84 219", "'+84 219"},
      {"-1", "'-1"},
      {"@SUM(A1)", "'@SUM(A1)"},
      {"\t=1", "\"'\t=1\""},
      {"\r=1", "\"'\r=1\""},
      {"  =1", "'  =1"},
      {"＝1", "'＝1"},
      {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
      {"a=1", "a=1"},
      {"–", "–"}, /* a dash is no minus */
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GString) csv = g_string_new(NULL);
    mcu_csv_cell(csv, cases[i].text);
    g_assert_cmpstr(csv->str, ==, cases[i].cell);
  }
}

static void
test_rows(void)
{
  static const char *const cells[] = {"a", "", "b,c"};
  g_autoptr(GString) csv = g_string_new(NULL);
  mcu_csv_row(csv, cells, G_N_ELEMENTS(cells));
  mcu_csv_row(csv, cells, 1);
  mcu_csv_row(csv, cells, 0);
  g_assert_cmpstr(csv->str, ==, "a,,\"b,c\"\r\na\r\n\r\n");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/minutes/csv/cells", test_cells);
  g_test_add_func("/minutes/csv/rows", test_rows);
  return g_test_run();
}
