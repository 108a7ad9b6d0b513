/* The list of seats: all at first, then changes. */
#include "roster.h"

static json_t *
parse(const char *text)
{
  json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
  g_assert_nonnull(value);
  return value;
}

static void
change(SimRoster *roster, const char *sites, const char *gone)
{
  json_t *changed = sites ? parse(sites) : NULL, *left = gone ? parse(gone) : NULL;
  sim_roster_change(roster, changed, left);
  json_decref(changed);
  json_decref(left);
}

static void
test_changes(void)
{
  SimRoster *roster = sim_roster_new();
  json_t *all = parse("[{\"id\":\"a\",\"role\":\"chair\"},{\"id\":\"b\",\"role\":\"site\"},"
                      "{\"id\":\"c\",\"role\":\"observer\"}]");
  sim_roster_set(roster, all);
  g_assert_cmpuint(sim_roster_seats(roster), ==, 2);
  change(roster, "[{\"id\":\"d\",\"role\":\"site\"},{\"id\":\"b\",\"role\":\"site\",\"lost\":true}]", NULL);
  g_assert_cmpuint(sim_roster_seats(roster), ==, 3);
  change(roster, "[]", "[\"b\",\"c\",\"nobody\"]");
  g_assert_cmpuint(sim_roster_seats(roster), ==, 2);
  /* A seat may change its role. */
  change(roster, "[{\"id\":\"d\",\"role\":\"observer\"}]", "[]");
  g_assert_cmpuint(sim_roster_seats(roster), ==, 1);
  sim_roster_set(roster, all);
  g_assert_cmpuint(sim_roster_seats(roster), ==, 2);
  json_decref(all);
  sim_roster_free(roster);
}

static void
test_nonsense(void)
{
  SimRoster *roster = sim_roster_new();
  change(roster, "[1,{},{\"id\":2,\"role\":\"site\"},{\"id\":\"a\"}]", "[null,{}]");
  change(roster, "{}", "\"a\"");
  g_assert_cmpuint(sim_roster_seats(roster), ==, 0);
  sim_roster_free(roster);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sites/roster/changes", test_changes);
  g_test_add_func("/sites/roster/nonsense", test_nonsense);
  return g_test_run();
}
