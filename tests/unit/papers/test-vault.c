/* Real files and Poppler's real programs, in a temporary folder. */
#include "mcu/papers/vault.h"

#include <glib/gstdio.h>
#include <string.h>

#include "mcu/util/error.h"

typedef struct {
  char *root, *folder;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  f->root = g_dir_make_tmp("diemcau-papers-XXXXXX", NULL);
  f->folder = g_build_filename(f->root, "documents", NULL);
}

static guint
count_files(Fixture *f)
{
  guint n = 0;
  g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
  while (dir != NULL && g_dir_read_name(dir) != NULL)
    n++;
  return n;
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *path = g_build_filename(f->folder, name, NULL);
    g_unlink(path);
  }
  g_rmdir(f->folder);
  g_rmdir(f->root);
  g_free(f->folder);
  g_free(f->root);
}

static GBytes *
make_pdf(guint pages)
{
  GString *pdf = g_string_new("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[");
  for (guint i = 0; i < pages; i++)
    g_string_append_printf(pdf, "%u 0 R ", 3 + i);
  g_string_append_printf(pdf, "]/Count %u>>endobj\n", pages);
  for (guint i = 0; i < pages; i++)
    g_string_append_printf(pdf, "%u 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 %u]>>endobj\n", 3 + i, 100 + i);
  g_string_append(pdf, "trailer<</Root 1 0 R>>\n%%EOF\n");
  return g_string_free_to_bytes(pdf);
}

static void
test_pdf(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GBytes) pdf = make_pdf(3);
  g_autoptr(GError) error = NULL;
  McuPaperInfo info;
  const char *mime;
  g_assert_true(mcu_vault_keep(f->folder, "d1", pdf, &info, &error));
  g_assert_no_error(error);
  g_assert_cmpint(info.kind, ==, MCU_PAPER_PDF);
  g_assert_cmpuint(info.pages, ==, 3);
  for (guint round = 0; round < 2; round++) { /* drawn, and as it was drawn before */
    g_autoptr(GBytes) page = mcu_vault_page(f->folder, "d1", MCU_PAPER_PDF, 2, &mime, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(mime, ==, "image/png");
    g_assert_cmpint(mcu_paper_kind(g_bytes_get_data(page, NULL), g_bytes_get_size(page)), ==, MCU_PAPER_PNG);
  }
  g_assert_cmpuint(count_files(f), ==, 2);
  g_assert_null(mcu_vault_page(f->folder, "d2", MCU_PAPER_PDF, 1, &mime, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_NOT_FOUND);
}

static void
test_picture(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x02\0\0\0";
  g_autoptr(GBytes) bytes = g_bytes_new_static(png, sizeof png - 1);
  McuPaperInfo info;
  const char *mime;
  g_assert_true(mcu_vault_keep(f->folder, "d1", bytes, &info, NULL));
  g_autoptr(GBytes) page = mcu_vault_page(f->folder, "d1", info.kind, 1, &mime, NULL);
  g_assert_true(g_bytes_equal(page, bytes));
  g_assert_null(mcu_vault_page(f->folder, "d1", info.kind, 2, &mime, NULL));
}

/* Refused, and nothing stays. */
static void
test_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const bad[] = {"<script>alert(1)</script>", "%PDF-1.7\n<script>alert(1)</script>",
                                    "%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF\n"};
  McuPaperInfo info;
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(bad[i], strlen(bad[i]));
    g_assert_false(mcu_vault_keep(f->folder, "d1", bytes, &info, &error));
    g_assert_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE);
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) long_one = make_pdf(MCU_PAPER_PAGES_MAX + 1);
  g_assert_false(mcu_vault_keep(f->folder, "d1", long_one, &info, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_TOO_LARGE);
  g_assert_cmpuint(count_files(f), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add("/papers/vault/" name, Fixture, NULL, set_up, function, tear_down)
  ADD("pdf", test_pdf);
  ADD("picture", test_picture);
  ADD("refused", test_refused);
  return g_test_run();
}
