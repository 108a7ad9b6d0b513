/* Pages: what is below the folder is found under its exact path, and nothing else is. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "mcu/signaling/assets.h"
#include "mcu/util/error.h"

typedef struct {
  char *folder;
} Fixture;

static void
put(Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(f->folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  f->folder = g_dir_make_tmp("diemcau-assets-XXXXXX", NULL);
}

static void
remove_all(const char *path)
{
  g_autoptr(GDir) dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    remove_all(child);
  }
  g_remove(path);
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  remove_all(f->folder);
  g_free(f->folder);
}

static void
test_types(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    const char *name, *mime, *cache;
  } table[] = {
      {"index.html", "text/html; charset=utf-8", "no-store"},
      {"about/index.html", "text/html; charset=utf-8", "no-store"},
      {"assets/app-1f.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
      {"assets/app-1f.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"},
      {"favicon.svg", "image/svg+xml", "no-cache"},
      {"sound.mp3", "audio/mpeg", "no-cache"},
      {"guides/en/desk.webp", "image/webp", "no-cache"},
      {"strange.xyz", "application/octet-stream", "no-cache"},
      {"none", "application/octet-stream", "no-cache"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++)
    put(f, table[i].name, table[i].name);
  g_autoptr(GError) error = NULL;
  g_autoptr(McuAssets) assets = mcu_assets_load(f->folder, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_autofree char *path = g_strconcat("/", table[i].name, NULL);
    const McuAsset *asset = mcu_assets_find(assets, path);
    g_assert_nonnull(asset);
    g_assert_cmpstr(asset->mime, ==, table[i].mime);
    g_assert_cmpstr(asset->cache_control, ==, table[i].cache);
    g_assert_cmpuint(g_bytes_get_size(asset->plain), ==, strlen(table[i].name));
  }
  g_assert_true(mcu_assets_find(assets, "/") == mcu_assets_find(assets, "/index.html"));
}

static void
test_other_paths(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const table[] = {"",
                                      "index.html",
                                      "/../index.html",
                                      "//index.html",
                                      "/./index.html",
                                      "/assets",
                                      "/assets/",
                                      "/assets/../index.html",
                                      "/link.html",
                                      "/folder/a.txt",
                                      "/INDEX.HTML",
                                      "/index.html/"};
  put(f, "index.html", "x");
  put(f, "assets/a.js", "x");
  g_autofree char *link = g_build_filename(f->folder, "link.html", NULL);
  g_autofree char *folder = g_build_filename(f->folder, "folder", NULL);
  g_assert_cmpint(symlink("/etc/hostname", link), ==, 0);
  g_assert_cmpint(symlink("/etc", folder), ==, 0);
  g_autoptr(McuAssets) assets = mcu_assets_load(f->folder, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(table); i++)
    g_assert_null(mcu_assets_find(assets, table[i]));
  g_assert_null(mcu_assets_find(NULL, "/"));
}

static void
test_compression(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *much = g_strnfill(10000, 'x');
  put(f, "index.html", much);
  put(f, "tiny.js", "1");
  put(f, "photo.jpg", much);
  g_autoptr(McuAssets) assets = mcu_assets_load(f->folder, NULL);
  const McuAsset *page = mcu_assets_find(assets, "/");
  g_assert_nonnull(page->gzip);
  g_assert_cmpuint(g_bytes_get_size(page->gzip), <, 200);
  g_assert_cmpint(memcmp(g_bytes_get_data(page->gzip, NULL), "\x1f\x8b", 2), ==, 0);
  g_assert_null(mcu_assets_find(assets, "/tiny.js")->gzip);
  g_assert_null(mcu_assets_find(assets, "/photo.jpg")->gzip);
  g_assert_cmpstr(page->etag, !=, mcu_assets_find(assets, "/tiny.js")->etag);
}

static void
test_no_pages(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) empty = NULL;
  g_autoptr(GError) missing = NULL;
  g_assert_null(mcu_assets_load(f->folder, &empty));
  g_assert_error(empty, MCU_ERROR, MCU_ERROR_CONFIG);
  g_assert_null(mcu_assets_load("/nowhere/at/all", &missing));
  g_assert_error(missing, MCU_ERROR, MCU_ERROR_CONFIG);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/assets/types", Fixture, NULL, set_up, test_types, tear_down);
  g_test_add("/assets/other-paths", Fixture, NULL, set_up, test_other_paths, tear_down);
  g_test_add("/assets/compression", Fixture, NULL, set_up, test_compression, tear_down);
  g_test_add("/assets/no-pages", Fixture, NULL, set_up, test_no_pages, tear_down);
  return g_test_run();
}
