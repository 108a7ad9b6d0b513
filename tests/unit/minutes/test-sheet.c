#include "mcu/minutes/sheet.h"

#include <string.h>

#include "tests/unit/minutes/pdf-text.h"

static guint
count(const char *text, const char *part)
{
  guint n = 0;
  for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
    n++;
  return n;
}

static GBytes *
finish(McuSheet *sheet, guint *out_n_pages)
{
  g_autoptr(GError) error = NULL;
  GBytes *pdf = mcu_sheet_finish(sheet, out_n_pages, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(pdf_count_pages(pdf), ==, *out_n_pages);
  mcu_sheet_free(sheet);
  return pdf;
}

static void
test_one_page(void)
{
  McuSheet *sheet = mcu_sheet_new("Tên");
  guint pages;
  mcu_sheet_text(sheet, MCU_SHEET_TITLE, MCU_SHEET_CENTER, "BIÊN BẢN");
  mcu_sheet_text(sheet, MCU_SHEET_BODY, MCU_SHEET_LEFT, "Kính gửi các đồng chí: Nguyễn Thị Ửng, Đặng Ngọc Quỳnh");
  g_autoptr(GBytes) pdf = finish(sheet, &pages);
  g_autofree char *text = pdf_text(pdf);
  g_assert_cmpuint(pages, ==, 1);
  g_assert_true(text == NULL ||
                strstr(text, "BIÊN BẢN Kính gửi các đồng chí: Nguyễn Thị Ửng, Đặng Ngọc Quỳnh") != NULL);
}

/* The head stands again on each page, and no row is lost. */
static void
test_table(void)
{
  static const McuSheetColumn columns[] = {{"Đầu A", 1, MCU_SHEET_RIGHT}, {"Đầu B", 3, MCU_SHEET_LEFT}};
  McuSheet *sheet = mcu_sheet_new("Tên");
  guint pages;
  mcu_sheet_table(sheet, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < 300; i++) {
    g_autofree char *number = g_strdup_printf("hàng-%u-", i);
    const char *const cells[] = {number, "ô"};
    mcu_sheet_row(sheet, cells);
  }
  mcu_sheet_table_end(sheet);
  g_autoptr(GBytes) pdf = finish(sheet, &pages);
  g_autofree char *text = pdf_text(pdf);
  g_assert_cmpuint(pages, >, 3);
  if (text == NULL)
    return;
  g_assert_cmpuint(count(text, "Đầu A"), ==, pages);
  for (guint i = 0; i < 300; i++) {
    g_autofree char *number = g_strdup_printf("hàng-%u-", i);
    g_assert_cmpuint(count(text, number), ==, 1);
  }
}

/* A paragraph longer than a page goes on on the next; a cell longer than a page is cut, so that its row has an end. */
static void
test_long(void)
{
  static const McuSheetColumn columns[] = {{"A", 1, MCU_SHEET_LEFT}, {"B", 30, MCU_SHEET_LEFT}};
  McuSheet *sheet = mcu_sheet_new("Tên");
  g_autoptr(GString) words = g_string_new(NULL);
  g_autofree char *letters = g_strnfill(5 * 1024, 'W');
  guint pages;
  for (guint i = 0; i < 3000; i++)
    g_string_append_printf(words, "chữ%u ", i);
  mcu_sheet_text(sheet, MCU_SHEET_BODY, MCU_SHEET_LEFT, words->str);
  mcu_sheet_text(sheet, MCU_SHEET_BODY, MCU_SHEET_LEFT, letters);
  mcu_sheet_table(sheet, columns, G_N_ELEMENTS(columns));
  const char *const cells[] = {letters, words->str};
  mcu_sheet_row(sheet, cells);
  mcu_sheet_row(sheet, cells);
  mcu_sheet_table_end(sheet);
  g_autoptr(GBytes) pdf = finish(sheet, &pages);
  g_autofree char *text = pdf_text(pdf);
  g_assert_cmpuint(pages, >, 5);
  g_assert_cmpuint(pages, <, 30);
  g_assert_true(text == NULL || strstr(text, "chữ2999") != NULL);
}

/* Texts are no markup. */
static void
test_markup(void)
{
  McuSheet *sheet = mcu_sheet_new("<b>");
  guint pages;
  mcu_sheet_text(sheet, MCU_SHEET_BODY, MCU_SHEET_LEFT, "<b>x</b> &amp; <span size='999999'>y</span>");
  g_autoptr(GBytes) pdf = finish(sheet, &pages);
  g_autofree char *text = pdf_text(pdf);
  g_assert_true(text == NULL || strstr(text, "<b>x</b> &amp; <span size='999999'>y</span>") != NULL);
}

static void
test_beside(void)
{
  static const McuSheetLine left[] = {{"TRÁI", MCU_SHEET_BODY, TRUE}}, right[] = {{"PHẢI", MCU_SHEET_BOLD, FALSE}};
  McuSheet *sheet = mcu_sheet_new("");
  guint pages;
  for (guint i = 0; i < 200; i++)
    mcu_sheet_beside(sheet, 0.5, left, 1, right, 1);
  mcu_sheet_beside(sheet, 0.5, left, 0, right, 1);
  g_autoptr(GBytes) pdf = finish(sheet, &pages);
  g_autofree char *text = pdf_text(pdf);
  g_assert_cmpuint(pages, >, 1);
  g_assert_true(text == NULL || count(text, "TRÁI") == 200);
  g_assert_true(text == NULL || count(text, "PHẢI") == 201);
}

/* Each thread has its own fonts: a signaling server exports for several at once. */
static gpointer
write_one(gpointer data)
{
  McuSheet *sheet = mcu_sheet_new("Tên");
  guint pages;
  (void)data;
  for (guint i = 0; i < 100; i++)
    mcu_sheet_text(sheet, MCU_SHEET_BODY, MCU_SHEET_LEFT, "Đồng chí chủ trì kết luận phiên họp");
  g_bytes_unref(finish(sheet, &pages));
  return GUINT_TO_POINTER(pages);
}

static void
test_threads(void)
{
  GThread *threads[4];
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    threads[i] = g_thread_new("sheet", write_one, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(threads[i])), ==, 3);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/minutes/sheet/one-page", test_one_page);
  g_test_add_func("/minutes/sheet/table", test_table);
  g_test_add_func("/minutes/sheet/long", test_long);
  g_test_add_func("/minutes/sheet/markup", test_markup);
  g_test_add_func("/minutes/sheet/beside", test_beside);
  g_test_add_func("/minutes/sheet/threads", test_threads);
  return g_test_run();
}
