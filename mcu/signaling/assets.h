/* McuAssets: the built pages, read into memory once. A request is looked up by its exact path and
 * never reaches the file system, so there is no path to escape from. Read-only after loading. */
#pragma once

#include <glib.h>

typedef struct McuAssets McuAssets;

typedef struct {
  GBytes *plain;
  GBytes *gzip; /* NULL when not smaller */
  const char *mime;
  const char *cache_control;
  char *etag;
} McuAsset;

/* [any] All regular files below `dir`; symbolic links are left out. MCU_ERROR_CONFIG when there is
 * no index.html, MCU_ERROR_TOO_LARGE over 64 MiB or 4,096 files. */
McuAssets *mcu_assets_load(const char *dir, GError **error);
void mcu_assets_free(McuAssets *assets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuAssets, mcu_assets_free)
/* [any] `path` as in the request, "/" for the index; NULL: no such page. Borrowed. */
const McuAsset *mcu_assets_find(const McuAssets *assets, const char *path);
