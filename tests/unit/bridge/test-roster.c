/* Lists and changes of sites. check-messages.py runs this with --write DIR, for the schema of `sites`. */
#include "mcu/bridge/roster.h"

#include <string.h>

static void
set(McuRoster *roster, const char *site, gboolean mic)
{
  McuRoomSeat seat = {.role = MCU_ROLE_SITE, .mic = mic, .name = "X"};
  g_strlcpy(seat.site, site, sizeof seat.site);
  mcu_roster_set(roster, &seat);
}

/* The sites of a list or a change as a word: "a+ b- /gone c", plus for a microphone that is on. */
static void
append_sites(GString *words, const char *json)
{
  static const char id[] = "{\"id\":\"";
  for (const char *at = json; (at = strstr(at, id)) != NULL;) {
    at += strlen(id);
    const char *mic = strstr(at, "\"mic\":");
    g_string_append_printf(words, "%.*s%c ", (int)strcspn(at, "\""), at, mic[6] == 't' ? '+' : '-');
  }
}

static char *
changes(McuRoster *roster)
{
  g_autoptr(GBytes) bytes = mcu_roster_take_changes(roster);
  if (bytes == NULL)
    return g_strdup("none");
  g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  GString *words = g_string_new(NULL);
  append_sites(words, text);
  const char *gone = strstr(text, "\"gone\":");
  g_assert_nonnull(gone);
  g_string_append(words, gone + strlen("\"gone\":"));
  g_string_truncate(words, words->len - 1); /* the object's end */
  return g_string_free(words, FALSE);
}

static char *
list(McuRoster *roster)
{
  GString *words = g_string_new(NULL);
  append_sites(words, mcu_roster_list(roster));
  return g_string_free(words, FALSE);
}

#define ASSERT_WORDS(made, expected)                                                                                   \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autofree char *words_ = made;                                                                                    \
    g_assert_cmpstr(words_, ==, expected);                                                                             \
  }                                                                                                                    \
  G_STMT_END

static void
test_text(void)
{
  g_autoptr(McuRoster) roster = mcu_roster_new();
  g_assert_cmpstr(mcu_roster_list(roster), ==, "[]");
  mcu_roster_set(
      roster,
      &(McuRoomSeat){
          .site = "tinh", .name = "UBND \"tỉnh\"", .role = MCU_ROLE_CHAIR, .mic = TRUE, .camera = TRUE, .floor = TRUE});
  mcu_roster_set(roster, &(McuRoomSeat){.site = "xa-1", .name = "Xã", .role = MCU_ROLE_SITE, .lost = TRUE});
#define FIRST                                                                                                          \
  "{\"id\":\"tinh\",\"name\":\"UBND \\\"tỉnh\\\"\",\"role\":\"chair\",\"present\":true,\"lost\":false,\"mic\":true," \
  "\"camera\":true,\"floor\":true,\"silenced\":false,\"consent\":false}"
#define SECOND                                                                                                         \
  "{\"id\":\"xa-1\",\"name\":\"Xã\",\"role\":\"site\",\"present\":false,\"lost\":true,\"mic\":false,"                 \
  "\"camera\":false,\"floor\":false,\"silenced\":false,\"consent\":false}"
  g_assert_cmpstr(mcu_roster_list(roster), ==, "[" FIRST "," SECOND "]");
  g_autoptr(GBytes) bytes = mcu_roster_take_changes(roster);
  g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  g_assert_cmpstr(text, ==, "{\"v\":1,\"type\":\"sites\",\"sites\":[" FIRST "," SECOND "],\"gone\":[]}");
}

static void
test_changes(void)
{
  g_autoptr(McuRoster) roster = mcu_roster_new();
  ASSERT_WORDS(changes(roster), "none");
  set(roster, "a", TRUE);
  set(roster, "b", TRUE);
  set(roster, "c", TRUE);
  ASSERT_WORDS(changes(roster), "a+ b+ c+ []");
  ASSERT_WORDS(changes(roster), "none");
  set(roster, "b", TRUE); /* as it was */
  ASSERT_WORDS(changes(roster), "none");
  set(roster, "c", FALSE);
  set(roster, "a", FALSE);
  set(roster, "a", TRUE);
  set(roster, "a", FALSE);
  ASSERT_WORDS(changes(roster), "a- c- []");
  mcu_roster_remove(roster, "b");
  mcu_roster_remove(roster, "b");
  mcu_roster_remove(roster, "nobody");
  set(roster, "d", TRUE);
  ASSERT_WORDS(changes(roster), "d+ [\"b\"]");
  ASSERT_WORDS(list(roster), "a- c- d+ ");
}

/* Came and went unseen, or seen only by who joined meanwhile: gone is said all the same. */
static void
test_short_stay(void)
{
  g_autoptr(McuRoster) roster = mcu_roster_new();
  set(roster, "a", TRUE);
  mcu_roster_remove(roster, "a");
  ASSERT_WORDS(changes(roster), "[\"a\"]");
  ASSERT_WORDS(changes(roster), "none");
}

/* --- what a client makes of it ------------------------------------------------------------ */

typedef struct {
  GPtrArray *sites; /* of "a+" */
} Reader;

static guint
find(const Reader *reader, const char *site)
{
  guint i = 0;
  while (i < reader->sites->len && strncmp(g_ptr_array_index(reader->sites, i), site, strlen(site) - 1) != 0)
    i++;
  return i;
}

static void
reader_join(Reader *reader, McuRoster *roster)
{
  g_autofree char *words = list(roster);
  g_auto(GStrv) sites = g_strsplit(g_strchomp(words), " ", -1);
  reader->sites = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; sites[i] != NULL && sites[i][0] != '\0'; i++)
    g_ptr_array_add(reader->sites, g_strdup(sites[i]));
}

/* As docs/protocol.md says: gone first, then who is known in place, then new ones behind. */
static void
reader_hear(Reader *reader, const char *words)
{
  g_auto(GStrv) parts = g_strsplit(words, " ", -1);
  guint n = g_strv_length(parts);
  g_auto(GStrv) gone = g_strsplit_set(parts[n - 1], "[],\"", -1);
  for (guint i = 0; gone[i] != NULL; i++) {
    g_autofree char *site = g_strconcat(gone[i], "+", NULL);
    guint at = find(reader, site);
    if (gone[i][0] != '\0' && at < reader->sites->len)
      g_ptr_array_remove_index(reader->sites, at);
  }
  for (guint i = 0; i + 1 < n; i++) {
    guint at = find(reader, parts[i]);
    if (at == reader->sites->len) {
      g_ptr_array_add(reader->sites, g_strdup(parts[i]));
    } else {
      g_free(g_ptr_array_index(reader->sites, at));
      g_ptr_array_index(reader->sites, at) = g_strdup(parts[i]);
    }
  }
}

static char *
reader_list(const Reader *reader)
{
  GString *words = g_string_new(NULL);
  for (guint i = 0; i < reader->sites->len; i++)
    g_string_append_printf(words, "%s ", (const char *)g_ptr_array_index(reader->sites, i));
  return g_string_free(words, FALSE);
}

/* Whoever joins at whatever moment has the same list, in the same order, after each telling. */
static void
test_readers(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(2122);
  for (guint round = 0; round < 30; round++) {
    g_autoptr(McuRoster) roster = mcu_roster_new();
    g_autoptr(GArray) readers = g_array_new(FALSE, TRUE, sizeof(Reader));
    for (guint step = 0; step < 300; step++) {
      char site[2] = {(char)g_rand_int_range(rand, 'a', 'h'), '\0'};
      gint what = g_rand_int_range(rand, 0, 12);
      if (what < 5) {
        set(roster, site, g_rand_boolean(rand));
      } else if (what < 9) {
        mcu_roster_remove(roster, site);
      } else if (what < 10 && readers->len < 20) {
        Reader reader;
        reader_join(&reader, roster);
        g_array_append_val(readers, reader);
      } else {
        g_autofree char *words = changes(roster);
        g_autofree char *whole = list(roster);
        for (guint i = 0; i < readers->len; i++) {
          Reader *reader = &g_array_index(readers, Reader, i);
          if (strcmp(words, "none") != 0)
            reader_hear(reader, words);
          ASSERT_WORDS(reader_list(reader), whole);
        }
      }
    }
    for (guint i = 0; i < readers->len; i++)
      g_ptr_array_unref(g_array_index(readers, Reader, i).sites);
  }
}

/* The list that is written on is the list written anew. */
static void
test_list(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  g_autoptr(McuRoster) roster = mcu_roster_new();
  g_autoptr(McuRoster) lazy = mcu_roster_new();
  for (guint step = 0; step < 5000; step++) {
    char site[2] = {(char)g_rand_int_range(rand, 'a', 'h'), '\0'};
    gboolean mic = g_rand_boolean(rand);
    if (g_rand_int_range(rand, 0, 3) > 0) {
      set(roster, site, mic);
      set(lazy, site, mic);
    } else {
      mcu_roster_remove(roster, site);
      mcu_roster_remove(lazy, site);
    }
    g_autofree char *now = g_strdup(mcu_roster_list(roster));
    if (g_rand_int_range(rand, 0, 10) == 0)
      g_assert_cmpstr(mcu_roster_list(lazy), ==, now);
  }
}

static int
write_messages(const char *dir)
{
  g_autoptr(McuRoster) roster = mcu_roster_new();
  set(roster, "xa-1", TRUE);
  set(roster, "xa-2", FALSE);
  for (guint i = 1; i <= 3; i++) {
    g_autoptr(GBytes) bytes = mcu_roster_take_changes(roster);
    g_autofree char *path = g_strdup_printf("%s/sites-%u.json", dir, i);
    if (!g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL))
      return 1;
    mcu_roster_remove(roster, i == 1 ? "xa-1" : "xa-2");
    set(roster, "xa-2", i == 1);
  }
  return 0;
}

int
main(int argc, char **argv)
{
  if (argc == 3 && strcmp(argv[1], "--write") == 0)
    return write_messages(argv[2]);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bridge/roster/text", test_text);
  g_test_add_func("/bridge/roster/changes", test_changes);
  g_test_add_func("/bridge/roster/short-stay", test_short_stay);
  g_test_add_func("/bridge/roster/readers", test_readers);
  g_test_add_func("/bridge/roster/list", test_list);
  return g_test_run();
}
