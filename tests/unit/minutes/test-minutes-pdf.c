#include "mcu/minutes/minutes-pdf.h"

#include <string.h>

#include "tests/unit/minutes/log-builder.h"
#include "tests/unit/minutes/pdf-text.h"

static GBytes *
write_pdf(const McuMinutes *minutes, const char *agency, guint *out_n_pages)
{
  const McuMinutesHeader header = {.agency = agency};
  g_autoptr(GError) error = NULL;
  GBytes *pdf = mcu_minutes_to_pdf(minutes, agency != NULL ? &header : NULL, out_n_pages, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(pdf_count_pages(pdf), ==, *out_n_pages);
  return pdf;
}

static void
assert_has(const char *text, const char *part)
{
  if (text != NULL && strstr(text, part) == NULL)
    g_error("\"%s\" is not in:\n%s", part, text);
}

static void
assert_lacks(const char *text, const char *part)
{
  if (text != NULL && strstr(text, part) != NULL)
    g_error("\"%s\" is in:\n%s", part, text);
}

static void
test_sample(void)
{
  static const char *const parts[] = {
      "UBND TỈNH HÀ GIANG",
      "VĂN PHÒNG",
      "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
      "Độc lập - Tự do - Hạnh phúc",
      "BIÊN BẢN",
      "Giao ban tháng 11",
      "Thời gian bắt đầu: 7 giờ 30 phút, ngày 25 tháng 11 năm 2026",
      "Chủ trì: UBND tỉnh",
      "Được mời 3 điểm cầu; có mặt 2, vắng 1; ngoài danh sách 1.",
      "Xã Đồng Văn",
      "Vắng có phép",
      "Đi công tác",
      "Khai mạc",
      "0:01:30",
      "Biểu quyết 1: Thông qua?",
      "Tán thành: Xã Đồng Văn.",
      "Yêu cầu ít nhất 90% số có quyền bỏ phiếu: KHÔNG ĐẠT.",
      "Nghỉ 10 phút",
      "Kính chào",
      "Báo cáo",
      "Phiên họp kết thúc vào 7 giờ 33 phút, ngày 25 tháng 11 năm 2026./.",
      "THƯ KÝ",
      "CHỦ TRÌ",
  };
  McuMinutes *minutes = log_sample("Xã Đồng Văn");
  guint pages;
  g_autoptr(GBytes) pdf = write_pdf(minutes, "UBND TỈNH HÀ GIANG\nVĂN PHÒNG", &pages);
  g_autofree char *text = pdf_text(pdf);
  g_assert_cmpuint(pages, >=, 2);
  g_assert_cmpuint(pages, <=, 4);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    assert_has(text, parts[i]);
  assert_lacks(text, "BÍ MẬT");
  assert_lacks(text, "0219");
  assert_lacks(text, "Đồng ý: "); /* who chose that is secret */
  mcu_minutes_free(minutes);
}

/* Of a log with nothing in it, and with no agency. */
static void
test_empty(void)
{
  LogBuilder log;
  guint pages;
  log_begin(&log);
  mcu_minutes_finish(log.minutes);
  g_autoptr(GBytes) pdf = write_pdf(log.minutes, NULL, &pages);
  g_autofree char *text = pdf_text(pdf);
  g_assert_cmpuint(pages, ==, 1);
  assert_has(text, "Phiên họp chưa kết thúc");
  mcu_minutes_free(log.minutes);
}

/* Names are drawn as they are, and change nothing around them. */
static void
test_hostile(void)
{
  g_autofree char *long_one = g_strnfill(10 * 1024, 'M');
  g_autoptr(GString) tower = g_string_new("x");
  while (tower->len < 10 * 1024)
    g_string_append(tower, "\u0323");
  const char *const names[] = {"<span size='9999999'>to</span>",
                               "&lt;&",
                               "\u202etxet neddih\u202c",
                               "a\u2066b\u2069\u200f",
                               "dòng\n\n\n\n\nmới",
                               "\x01\x1b[31m",
                               long_one,
                               tower->str,
                               "\u0627\u0644\u0639\u0631\u0628",
                               "漢字 😀",
                               "%s%n%s",
                               ""};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    McuMinutes *minutes = log_sample(names[i]);
    guint pages;
    g_autoptr(GBytes) pdf = write_pdf(minutes, names[i], &pages);
    g_autofree char *text = pdf_text(pdf);
    g_assert_cmpuint(pages, <=, 5);
    assert_has(text, "CHỦ TRÌ");
    assert_lacks(text, "\u202e");
    assert_lacks(text, "\x1b");
    if (i == 0)
      assert_has(text, "Tán thành: <span size='9999999'>to</span>.");
    mcu_minutes_free(minutes);
  }
}

/* Each site has its row, and the head of the table stands on each of its pages. */
static void
test_many_sites(void)
{
  LogBuilder log;
  guint pages;
  log_begin(&log);
  for (guint i = 0; i < 209; i++) {
    g_autofree char *site = g_strdup_printf("s%u", i);
    g_autofree char *name = g_strdup_printf("Xã số %u,", i);
    log_add(&log, "invited", "site", site, "name", name, "role", "site", "other", "", "#number", "2", NULL);
  }
  log_add(&log, "ended", NULL);
  mcu_minutes_finish(log.minutes);
  g_autoptr(GBytes) pdf = write_pdf(log.minutes, NULL, &pages);
  g_autofree char *text = pdf_text(pdf);
  g_assert_cmpuint(pages, >=, 4);
  for (guint i = 0; i < 209; i++) {
    g_autofree char *name = g_strdup_printf("Xã số %u,", i);
    assert_has(text, name);
  }
  mcu_minutes_free(log.minutes);
}

/* A log that was touched or is not whole: the minutes say so, in words that are not overlooked. */
static void
test_proof(void)
{
  const McuMinutesProof proof = {.checked = TRUE, .bad_seq = 7};
  LogBuilder log;
  guint pages;
  log_begin(&log);
  log.seq = 5;
  log_add(&log, "ended", NULL);
  mcu_minutes_set_proof(log.minutes, &proof);
  mcu_minutes_finish(log.minutes);
  g_autoptr(GBytes) pdf = write_pdf(log.minutes, NULL, &pages);
  g_autofree char *text = pdf_text(pdf);
  assert_has(text, "NHẬT KÝ KHÔNG CÒN NGUYÊN VẸN từ sự kiện 7.");
  assert_has(text, "Nhật ký thiếu 5 sự kiện");
  mcu_minutes_free(log.minutes);
}

/* Over midnight a clock alone does not say when. */
static void
test_days(void)
{
  LogBuilder log;
  guint pages;
  log_begin(&log);
  log_add(&log, "seat-added", "site", "a", "name", "A", "role", "site", NULL);
  log_wait(&log, 24 * 3600);
  log_add(&log, "ended", NULL);
  mcu_minutes_finish(log.minutes);
  g_autoptr(GBytes) pdf = write_pdf(log.minutes, NULL, &pages);
  g_autofree char *text = pdf_text(pdf);
  assert_has(text, "25/11 ");
  assert_has(text, "26/11 ");
  assert_has(text, "24:00:00");
  mcu_minutes_free(log.minutes);
}

int
main(int argc, char **argv)
{
  g_setenv("TZ", "Asia/Ho_Chi_Minh", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/minutes/minutes-pdf/sample", test_sample);
  g_test_add_func("/minutes/minutes-pdf/empty", test_empty);
  g_test_add_func("/minutes/minutes-pdf/hostile", test_hostile);
  g_test_add_func("/minutes/minutes-pdf/many-sites", test_many_sites);
  g_test_add_func("/minutes/minutes-pdf/proof", test_proof);
  g_test_add_func("/minutes/minutes-pdf/days", test_days);
  return g_test_run();
}
