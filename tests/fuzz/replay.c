/* Runs a fuzz target in the normal tests: every file named (or in a folder named) on the command line,
 * and MUTATIONS changed copies of each, the same on every run. */
#include <string.h>

#include "fuzz.h"

#define MUTATIONS 400
#define INPUT_MAX 70000

/* An exact copy, so that reading past the end is seen. */
static void
run(const guint8 *data, gsize size)
{
  g_autofree guint8 *copy = g_malloc(MAX(size, 1));

  memcpy(copy, data, size);
  LLVMFuzzerTestOneInput(copy, size);
}

static gsize
position(GRand *rand, gsize size)
{
  return size == 0 ? 0 : (gsize)g_rand_int_range(rand, 0, (gint32)size);
}

/* One change of `buffer`, which has room for INPUT_MAX; the new size. */
static gsize
mutate(GRand *rand, guint8 *buffer, gsize size)
{
  static const guint8 edges[] = {0, 1, 2, 3, 0x0f, 0x10, 0x7f, 0x80, 0xfe, 0xff, '\n', '\r', ' ', ':', ';', '='};
  gsize at = position(rand, size), other = position(rand, size);
  gsize length = (gsize)g_rand_int_range(rand, 1, 64);

  if (size == 0)
    return 0;
  length = MIN(length, size - MAX(at, other));
  switch (g_rand_int_range(rand, 0, 7)) {
  case 0:
    buffer[at] ^= (guint8)(1 << g_rand_int_range(rand, 0, 8));
    break;
  case 1:
    buffer[at] = edges[g_rand_int_range(rand, 0, G_N_ELEMENTS(edges))];
    break;
  case 2:
    buffer[at] = (guint8)g_rand_int(rand);
    break;
  case 3: /* cut the end */
    return at;
  case 4: /* a piece over another */
    memmove(buffer + at, buffer + other, length);
    break;
  case 5: /* take a piece out */
    memmove(buffer + at, buffer + at + length, size - at - length);
    return size - length;
  default: /* a piece twice */
    if (size + length > INPUT_MAX)
      break;
    memmove(buffer + at + length, buffer + at, size - at);
    return size + length;
  }
  return size;
}

static void
replay_file(const char *path, guint seed)
{
  g_autofree char *data = NULL;
  g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
  g_autofree guint8 *buffer = g_malloc(INPUT_MAX);
  gsize whole;

  g_assert(g_file_get_contents(path, &data, &whole, NULL) && whole <= INPUT_MAX);
  run((const guint8 *)data, whole);
  for (guint i = 0; i < MUTATIONS; i++) {
    gsize size = whole;
    memcpy(buffer, data, whole);
    for (gint n = g_rand_int_range(rand, 1, 6); n > 0; n--)
      size = mutate(rand, buffer, size);
    run(buffer, size);
  }
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of the names, as the seeds go by it. */
static guint
replay(const char *path, guint seed)
{
  guint n = 0;
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

  if (dir == NULL) {
    replay_file(path, seed);
    return 1;
  }
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
    g_ptr_array_add(names, g_build_filename(path, name, NULL));
  g_ptr_array_sort(names, by_name);
  for (guint i = 0; i < names->len; i++)
    n += replay(g_ptr_array_index(names, i), i + 1);
  return n;
}

int
main(int argc, char **argv)
{
  guint n = 0;

  for (int i = 1; i < argc; i++)
    n += replay(argv[i], 1);
  g_print("%u files, %u mutations of each\n", n, MUTATIONS);
  return n > 0 ? 0 : 1;
}
