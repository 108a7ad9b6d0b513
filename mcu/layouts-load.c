/* Runs once, at start, on main. */
#include "mcu/layouts-load.h"

#include <string.h>

#include "mcu/beside.h"
#include "mcu/util/error.h"

#define FILE_MAX_BYTES (64 * 1024)

static gint
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gboolean
load_file(McuLayouts *layouts, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) why = NULL;
  gsize size = 0;
  if (!g_file_get_contents(path, &text, &size, &why))
    return g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s", why->message), FALSE;
  if (size > FILE_MAX_BYTES)
    return g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s: too large for a layout", path), FALSE;
  if (mcu_layouts_add(layouts, text, size, error))
    return TRUE;
  g_prefix_error(error, "%s: ", path);
  return FALSE;
}

static gboolean
load_folder(McuLayouts *layouts, const char *folder, GError **error)
{
  g_autoptr(GError) why = NULL;
  g_autoptr(GDir) dir = g_dir_open(folder, 0, &why);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  if (dir == NULL)
    return g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s", why->message), FALSE;
  for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
    if (g_str_has_suffix(name, ".layout"))
      g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename(folder, g_ptr_array_index(names, i), NULL);
    if (!load_file(layouts, path, error))
      return FALSE;
  }
  return TRUE;
}

/* Known only when all are read. */
static gboolean
check_speakers(const McuLayouts *layouts, GError **error)
{
  for (guint i = 0; i < mcu_layouts_count(layouts); i++) {
    const McuLayout *layout = mcu_layouts_get(layouts, i);
    if (layout->speaker[0] == '\0' || mcu_layouts_find(layouts, layout->speaker) != NULL)
      continue;
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "the layout %s has as speaker the layout %s, which is not there",
                layout->name, layout->speaker);
    return FALSE;
  }
  return TRUE;
}

static gboolean
is_dir(const char *path)
{
  return g_file_test(path, G_FILE_TEST_IS_DIR);
}

McuLayouts *
mcu_layouts_load(const char *own, GError **error)
{
  g_autoptr(McuLayouts) layouts = mcu_layouts_new();
  static const char *const places[] = {"../../mcu/room/layouts", "../share/diemcau/layouts", NULL};
  g_autofree char *folder = mcu_beside_executable(places, is_dir);
  if (folder == NULL)
    g_warning("the folder of the layouts is not there: only the automatic one is known");
  else if (!load_folder(layouts, folder, error))
    return NULL;
  if (own != NULL && !load_folder(layouts, own, error))
    return NULL;
  if (!check_speakers(layouts, error))
    return NULL;
  return g_steal_pointer(&layouts);
}
