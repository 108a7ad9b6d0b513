/* Single members: what is taken, what is refused, and with which words. */
#include "mcu/signaling/message-members.h"

#include <jansson.h>

#include "mcu/util/error.h"

static void
assert_refused(gboolean taken, GError **error, int code, const char *message)
{
  g_assert_false(taken);
  g_assert_error(*error, MCU_ERROR, code);
  g_assert_cmpstr((*error)->message, ==, message);
  g_clear_error(error);
}

static void
test_members(void)
{
  json_t *tree = json_loads(
      "{\"f\":true,\"n\":-1,\"x\":9007199254740993,\"id\":\"a.b\",\"t\":\" Xã \\u202e \",\"l\":[\"a\",\"b\"],"
      "\"m\":[\"a\",7]}",
      0, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL, *text = NULL, *ids = NULL, *none = NULL;
  gboolean flag;
  gint64 number;
  g_assert_true(mcu_members_has(tree, "f") && !mcu_members_has(tree, "g"));
  g_assert_true(mcu_members_flag(tree, "f", &flag, NULL) && flag);
  assert_refused(mcu_members_flag(tree, "n", &flag, &error), &error, MCU_ERROR_BAD_MESSAGE,
                 "\"n\" must be true or false");
  g_assert_true(mcu_members_number(tree, "n", -1, 5, &number, NULL) && number == -1);
  assert_refused(mcu_members_number(tree, "n", 0, 5, &number, &error), &error, MCU_ERROR_BAD_MESSAGE,
                 "\"n\" must be a whole number of 0 to 5");
  g_assert_false(mcu_members_number(tree, "x", 0, 5, &number, NULL));
  g_assert_false(mcu_members_number(tree, "t", 0, 5, &number, NULL));
  g_assert_true(mcu_members_id(tree, "id", &id, NULL));
  g_assert_cmpstr(id, ==, "a.b");
  assert_refused(mcu_members_id(tree, "t", &none, &error), &error, MCU_ERROR_BAD_MESSAGE, "\"t\" must be an id");
  g_assert_true(mcu_members_words(tree, "t", 2, &text, NULL));
  g_assert_cmpstr(text, ==, "Xã");
  assert_refused(mcu_members_words(tree, "id", 2, &none, &error), &error, MCU_ERROR_TOO_LARGE,
                 "\"id\" must be a text of at most 2 characters");
  g_assert_true(mcu_members_ids(tree, "l", 2, &ids, NULL));
  g_assert_cmpstr(ids, ==, "a b");
  g_assert_true(mcu_members_ids(tree, "no such", 2, &none, NULL) && none == NULL);
  g_assert_false(mcu_members_ids(tree, "l", 1, &none, NULL));
  g_assert_false(mcu_members_ids(tree, "m", 9, &none, NULL));
  json_decref(tree);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/message-members/members", test_members);
  return g_test_run();
}
