#include "mcu/beside.h"

char *
mcu_beside_executable(const char *const *places, gboolean (*fits)(const char *path))
{
  g_autofree char *executable = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *beside = g_path_get_dirname(executable != NULL ? executable : ".");
  for (guint i = 0; places[i] != NULL; i++) {
    g_autofree char *path = g_canonicalize_filename(places[i], beside);
    if (fits(path))
      return g_steal_pointer(&path);
  }
  return NULL;
}
