#include "tests/unit/minutes/pdf-text.h"

#include <gio/gio.h>
#include <string.h>

guint
pdf_count_pages(GBytes *pdf)
{
  gsize n;
  const char *data = g_bytes_get_data(pdf, &n);
  guint pages = 0;
  static const char page[] = "/Type /Page";
  g_assert_true(n > 8 && memcmp(data, "%PDF-1.", 7) == 0);
  for (const char *at = data; (at = memmem(at, n - (gsize)(at - data), page, strlen(page))) != NULL; at++)
    pages += at[strlen(page)] != 's' ? 1 : 0;
  return pages;
}

char *
pdf_text(GBytes *pdf)
{
  g_autofree char *program = g_find_program_in_path("pdftotext");
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  if (program == NULL)
    return NULL;
  g_autoptr(GSubprocess) process =
      g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "-", "-", NULL);
  g_assert_no_error(error);
  g_autoptr(GBytes) out = NULL;
  g_assert_true(g_subprocess_communicate(process, pdf, NULL, &out, NULL, &error));
  g_assert_true(g_subprocess_get_successful(process));
  text = g_strndup(g_bytes_get_data(out, NULL), g_bytes_get_size(out));
  g_autoptr(GRegex) blanks = g_regex_new("\\s+", 0, 0, NULL);
  return g_regex_replace_literal(blanks, text, -1, 0, " ", 0, NULL);
}
