/* The pages in memory. Loaded on main, read by the web thread. */
#include "mcu/signaling/assets.h"

#include <gio/gio.h>
#include <string.h>

#include "mcu/util/error.h"

#define MAX_BYTES (64 * 1024 * 1024)
#define MAX_FILES 4096
#define MAX_DEPTH 8

struct McuAssets {
  GHashTable *by_path; /* "/assets/x.js" -> McuAsset */
  gsize bytes;
};

static const struct {
  const char *ending, *mime;
  gboolean text; /* worth compressing */
} mime_types[] = {
    {".html", "text/html; charset=utf-8", TRUE},
    {".js", "text/javascript; charset=utf-8", TRUE},
    {".mjs", "text/javascript; charset=utf-8", TRUE},
    {".css", "text/css; charset=utf-8", TRUE},
    {".json", "application/json", TRUE},
    {".map", "application/json", TRUE},
    {".webmanifest", "application/manifest+json", TRUE},
    {".svg", "image/svg+xml", TRUE},
    {".txt", "text/plain; charset=utf-8", TRUE},
    {".wasm", "application/wasm", TRUE},
    {".png", "image/png", FALSE},
    {".jpg", "image/jpeg", FALSE},
    {".webp", "image/webp", FALSE},
    {".ico", "image/x-icon", FALSE},
    {".woff2", "font/woff2", FALSE},
    {".mp3", "audio/mpeg", FALSE},
    {".ogg", "audio/ogg", FALSE},
    {".wav", "audio/wav", FALSE},
    {".mp4", "video/mp4", FALSE},
    {".webm", "video/webm", FALSE},
    {"", "application/octet-stream", FALSE},
};

static void
asset_free(gpointer data)
{
  McuAsset *asset = data;
  g_bytes_unref(asset->plain);
  if (asset->gzip != NULL)
    g_bytes_unref(asset->gzip);
  g_free(asset->etag);
  g_free(asset);
}

static GBytes *
compress(GBytes *plain)
{
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
  g_autoptr(GOutputStream) stream = g_converter_output_stream_new(memory, G_CONVERTER(compressor));
  gsize size;
  const void *data = g_bytes_get_data(plain, &size);
  if (!g_output_stream_write_all(stream, data, size, NULL, NULL, NULL) || !g_output_stream_close(stream, NULL, NULL))
    return NULL;
  g_autoptr(GBytes) packed = g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(memory));
  return g_bytes_get_size(packed) < size ? g_steal_pointer(&packed) : NULL;
}

/* Vite puts what carries a hash of its content in its name below assets/: that never changes. The
 * page itself names them and must always be fresh. */
static const char *
cache_control_of(const char *path)
{
  if (g_str_has_prefix(path, "/assets/"))
    return "public, max-age=31536000, immutable";
  return g_str_has_suffix(path, ".html") ? "no-store" : "no-cache";
}

static McuAsset *
asset_new(const char *path, GBytes *plain)
{
  guint i = 0;
  while (!g_str_has_suffix(path, mime_types[i].ending))
    i++;
  McuAsset *asset = g_new0(McuAsset, 1);
  asset->plain = plain;
  asset->mime = mime_types[i].mime;
  asset->gzip = mime_types[i].text ? compress(plain) : NULL;
  asset->cache_control = cache_control_of(path);
  g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, plain);
  asset->etag = g_strdup_printf("\"%.32s\"", sum);
  return asset;
}

static gboolean
load_file(McuAssets *assets, GFile *file, const char *path, GError **error)
{
  g_autoptr(GBytes) plain = g_file_load_bytes(file, NULL, NULL, error);
  if (plain == NULL)
    return FALSE;
  assets->bytes += g_bytes_get_size(plain);
  if (assets->bytes > MAX_BYTES || g_hash_table_size(assets->by_path) >= MAX_FILES) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "too many pages to serve");
    return FALSE;
  }
  g_hash_table_insert(assets->by_path, g_strdup(path), asset_new(path, g_steal_pointer(&plain)));
  return TRUE;
}

static gboolean
load_folder(McuAssets *assets, GFile *folder, const char *path, guint depth, GError **error)
{
  g_autoptr(GFileEnumerator) entries =
      g_file_enumerate_children(folder, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, error);
  if (entries == NULL)
    return FALSE;
  for (;;) {
    GFileInfo *info;
    GFile *child;
    if (!g_file_enumerator_iterate(entries, &info, &child, NULL, error))
      return FALSE;
    if (info == NULL)
      return TRUE;
    g_autofree char *child_path = g_strdup_printf("%s/%s", path, g_file_info_get_name(info));
    gboolean ok = TRUE;
    if (g_file_info_get_file_type(info) == G_FILE_TYPE_DIRECTORY && depth < MAX_DEPTH)
      ok = load_folder(assets, child, child_path, depth + 1, error);
    else if (g_file_info_get_file_type(info) == G_FILE_TYPE_REGULAR)
      ok = load_file(assets, child, child_path, error);
    if (!ok)
      return FALSE;
  }
}

McuAssets *
mcu_assets_load(const char *dir, GError **error)
{
  g_autoptr(McuAssets) assets = g_new0(McuAssets, 1);
  assets->by_path = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, asset_free);
  g_autoptr(GFile) folder = g_file_new_for_path(dir);
  g_autoptr(GError) local = NULL;
  if (!load_folder(assets, folder, "", 0, &local)) {
    McuError code = local->domain == MCU_ERROR ? (McuError)local->code : MCU_ERROR_CONFIG;
    g_set_error(error, MCU_ERROR, code, "pages in %s: %s", dir, local->message);
    return NULL;
  }
  if (mcu_assets_find(assets, "/") == NULL) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "no index.html in %s", dir);
    return NULL;
  }
  return g_steal_pointer(&assets);
}

void
mcu_assets_free(McuAssets *assets)
{
  if (assets == NULL)
    return;
  g_hash_table_unref(assets->by_path);
  g_free(assets);
}

const McuAsset *
mcu_assets_find(const McuAssets *assets, const char *path)
{
  if (assets == NULL)
    return NULL;
  return g_hash_table_lookup(assets->by_path, strcmp(path, "/") == 0 ? "/index.html" : path);
}
