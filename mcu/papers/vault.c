/* Files and children. */
#include "mcu/papers/vault.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mcu/util/error.h"

#define CHILD_MEMORY_BYTES (1024 * 1024 * 1024)
#define CHILD_FILE_BYTES (32 * 1024 * 1024)
#define CHILD_CPU_S 8
#define CHILD_WALL_S 8     /* HTTP waits for ten */
#define PAGE_PIXELS "1600" /* of the longer side: A4 is read at it, and it is 100 to 300 KB */

static gboolean
fail(GError **error, int code, const char *why)
{
  g_set_error_literal(error, MCU_ERROR, code, why);
  return FALSE;
}

/* --- children ----------------------------------------------------------------------------- */

/* [child] Between fork and exec: only what is async-signal-safe. */
static void
confine(gpointer user_data G_GNUC_UNUSED)
{
  const struct rlimit memory = {CHILD_MEMORY_BYTES, CHILD_MEMORY_BYTES}, file = {CHILD_FILE_BYTES, CHILD_FILE_BYTES},
                      cpu = {CHILD_CPU_S, CHILD_CPU_S}, none = {0, 0};
  setrlimit(RLIMIT_AS, &memory);
  setrlimit(RLIMIT_FSIZE, &file);
  setrlimit(RLIMIT_CPU, &cpu);
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  alarm(CHILD_WALL_S); /* survives exec */
}

/* What it wrote to its output, at most some KB of it; NULL: it failed. Caller frees. */
static char *
run(const char *const *argv)
{
  g_autoptr(GSubprocessLauncher) launcher =
      g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_child_setup(launcher, confine, NULL, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) child = g_subprocess_launcher_spawnv(launcher, argv, &error);
  g_autoptr(GBytes) output = NULL;
  if (child == NULL) {
    g_warning("%s: %s", argv[0], error->message);
    return NULL;
  }
  if (!g_subprocess_communicate(child, NULL, NULL, &output, NULL, NULL) || !g_subprocess_get_successful(child))
    return NULL;
  gsize size = MIN(g_bytes_get_size(output), 64 * 1024);
  return size > 0 ? g_strndup(g_bytes_get_data(output, NULL), size) : g_strdup("");
}

/* 0: it cannot be read. */
static guint
count_pages(const char *path)
{
  const char *argv[] = {"pdfinfo", path, NULL};
  g_autofree char *text = run(argv);
  const char *line = text != NULL ? g_strstr_len(text, -1, "\nPages:") : NULL;
  return line != NULL ? (guint)g_ascii_strtoull(line + strlen("\nPages:"), NULL, 10) : 0;
}

/* --- keeping ------------------------------------------------------------------------------ */

static char *
path_of(const char *folder, const char *id, McuPaperKind kind)
{
  g_autofree char *name = g_strdup_printf("%s.%s", id, mcu_paper_kind_word(kind));
  return g_build_filename(folder, name, NULL);
}

static gboolean
look_at(const char *path, McuPaperInfo *info, GError **error)
{
  info->pages = info->kind == MCU_PAPER_PDF ? count_pages(path) : 1;
  if (info->pages == 0)
    return fail(error, MCU_ERROR_BAD_MESSAGE, "the PDF cannot be read");
  if (info->pages > MCU_PAPER_PAGES_MAX)
    return fail(error, MCU_ERROR_TOO_LARGE, "a document has at most " G_STRINGIFY(MCU_PAPER_PAGES_MAX) " pages");
  return TRUE;
}

gboolean
mcu_vault_keep(const char *folder, const char *id, GBytes *bytes, McuPaperInfo *out_info, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data(bytes, &size);
  McuPaperInfo info = {.kind = mcu_paper_kind((const guint8 *)data, size)};
  if (info.kind == MCU_PAPER_NONE)
    return fail(error, MCU_ERROR_BAD_MESSAGE, "only PDF, PNG and JPEG are taken");
  g_autofree char *path = path_of(folder, id, info.kind), *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
  g_autoptr(GError) why = NULL;
  g_strlcpy(info.sha256, sum, sizeof info.sha256);
  if (g_mkdir_with_parents(folder, 0700) != 0 ||
      !g_file_set_contents_full(path, data, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &why)) {
    g_warning("%s: %s", folder, why != NULL ? why->message : g_strerror(errno));
    return fail(error, MCU_ERROR_INTERNAL, "the document could not be kept");
  }
  if (!look_at(path, &info, error)) {
    g_unlink(path);
    return FALSE;
  }
  *out_info = info;
  return TRUE;
}

/* --- pages -------------------------------------------------------------------------------- */

static GBytes *
read_file(const char *path)
{
  char *data;
  gsize size;
  return g_file_get_contents(path, &data, &size, NULL) ? g_bytes_new_take(data, size) : NULL;
}

/* Under a name of its own first: two may ask at once. */
static gboolean
draw(const char *pdf, guint page, const char *picture)
{
  g_autofree char *number = g_strdup_printf("%u", page);
  g_autofree char *stem = g_strdup_printf("%s.%08x", picture, g_random_int());
  g_autofree char *drawn = g_strconcat(stem, ".png", NULL);
  const char *argv[] = {"pdftoppm", "-png", "-singlefile", "-scale-to", PAGE_PIXELS, "-f",
                        number,     "-l",   number,        pdf,         stem,        NULL};
  g_autofree char *output = run(argv);
  gboolean ok = output != NULL && g_rename(drawn, picture) == 0;
  if (!ok)
    g_unlink(drawn);
  return ok;
}

static GBytes *
pdf_page(const char *folder, const char *id, guint page, GError **error)
{
  g_autofree char *pdf = path_of(folder, id, MCU_PAPER_PDF);
  g_autofree char *name = g_strdup_printf("%s.%u.png", id, page);
  g_autofree char *picture = g_build_filename(folder, name, NULL);
  GBytes *bytes = read_file(picture);
  if (bytes != NULL)
    return bytes;
  if (!g_file_test(pdf, G_FILE_TEST_IS_REGULAR)) {
    fail(error, MCU_ERROR_NOT_FOUND, "the document is not there");
    return NULL;
  }
  bytes = draw(pdf, page, picture) ? read_file(picture) : NULL;
  if (bytes == NULL)
    fail(error, MCU_ERROR_INTERNAL, "the page could not be drawn");
  return bytes;
}

GBytes *
mcu_vault_page(const char *folder, const char *id, McuPaperKind kind, guint page, const char **out_mime, GError **error)
{
  *out_mime = kind == MCU_PAPER_JPEG ? "image/jpeg" : "image/png";
  if (kind == MCU_PAPER_PDF)
    return pdf_page(folder, id, page, error);
  g_autofree char *path = path_of(folder, id, kind);
  GBytes *bytes = page == 1 ? read_file(path) : NULL;
  if (bytes == NULL)
    fail(error, MCU_ERROR_NOT_FOUND, "the page is not there");
  return bytes;
}
