#include "mcu/minutes/minutes-json.h"

#include <jansson.h>
#include <string.h>

#include "tests/unit/minutes/log-builder.h"

static json_t *
write_and_parse(const McuMinutes *minutes)
{
  g_autoptr(GBytes) bytes = mcu_minutes_to_json(minutes);
  json_error_t error;
  json_t *tree = json_loadb(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), JSON_REJECT_DUPLICATES, &error);
  if (tree == NULL)
    g_error("%s at %d", error.text, error.position);
  return tree;
}

static void
test_sample(void)
{
  McuMinutes *minutes = log_sample("Xã \"Đồng\" Văn\\");
  json_t *tree = write_and_parse(minutes);
  const char *id, *title, *name, *status, *reason, *question, *text, *hat, *chosen;
  json_int_t began, present, spoken, count, planned, entitled, at;
  int quorate, quorate_2, guest, ever;
  json_t *closed, *cast, *secret_cast;
  g_assert_cmpint(json_unpack(tree, "{s:{s:s,s:s,s:I,s:o}}", "meeting", "id", &id, "title", &title, "began", &began,
                              "ended", &closed),
                  ==, 0);
  g_assert_cmpstr(id, ==, "giao-ban");
  g_assert_cmpstr(title, ==, "Giao ban tháng 11");
  g_assert_cmpint(began, ==, (LOG_START_S + 10) * 1000);
  g_assert_cmpint(json_integer_value(closed), ==, (LOG_START_S + 190) * 1000);
  g_assert_cmpint(json_unpack(json_array_get(json_object_get(tree, "attendance"), 1), "{s:s,s:I,s:b,s:b,s:[{s:I}]}",
                              "name", &name, "presentMs", &present, "guest", &guest, "present", &ever, "spans", "from",
                              &at),
                  ==, 0);
  g_assert_cmpstr(name, ==, "Xã \"Đồng\" Văn\\");
  g_assert_cmpint(present, ==, 180000);
  g_assert_true(ever && !guest);
  g_assert_cmpint(json_unpack(tree, "{s:[{s:[{},{s:s,s:s}]}]}", "rolls", "marks", "status", &status, "reason", &reason),
                  ==, 0);
  g_assert_cmpstr(status, ==, "excused");
  g_assert_cmpstr(reason, ==, "Đi công tác");
  g_assert_cmpint(
      json_unpack(tree, "{s:[{s:I}],s:[{s:I}]}", "floor", "totalMs", &spoken, "agenda", "minutes", &planned), ==, 0);
  g_assert_cmpint(spoken, ==, 90000);
  g_assert_cmpint(planned, ==, 10);
  g_assert_cmpint(json_unpack(tree, "{s:[{s:s,s:b,s:I,s:[I],s:o},{s:b,s:o}]}", "votes", "question", &question,
                              "quorate", &quorate, "entitled", &entitled, "counts", &count, "cast", &cast, "quorate",
                              &quorate_2, "cast", &secret_cast),
                  ==, 0);
  g_assert_cmpstr(question, ==, "Thông qua?");
  g_assert_true(quorate && !quorate_2);
  g_assert_cmpint(entitled, ==, 3);
  g_assert_cmpint(count, ==, 1);
  g_assert_cmpuint(json_array_size(cast), ==, 2);
  g_assert_cmpint(json_unpack(cast, "[{s:s}]", "site", &chosen), ==, 0);
  g_assert_cmpstr(chosen, ==, "s1");
  g_assert_cmpuint(json_array_size(secret_cast), ==, 0);
  g_assert_cmpuint(json_array_size(json_object_get(tree, "chat")), ==, 1);
  g_assert_cmpint(json_unpack(tree, "{s:[{s:s}]}", "chat", "text", &text), ==, 0);
  g_assert_cmpstr(text, ==, "Kính chào");
  const json_t *log = json_object_get(tree, "log");
  g_assert_cmpuint(json_array_size(log), ==, mcu_minutes_head(minutes)->n_rows);
  g_assert_cmpint(json_unpack(json_array_get(log, json_array_size(log) - 3), "{s:s}", "type", &hat), ==, 0);
  g_assert_cmpstr(hat, ==, "hat-worn");
  json_decref(tree);
  mcu_minutes_free(minutes);
}

/* Whom it is not to name, and whose telephone it is, stands nowhere. */
static void
test_secrets(void)
{
  McuMinutes *minutes = log_sample("Xã Đồng Văn");
  g_autoptr(GBytes) bytes = mcu_minutes_to_json(minutes);
  g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  g_assert_null(strstr(text, "BÍ MẬT"));
  g_assert_null(strstr(text, "0219"));
  g_assert_null(strstr(text, "vp@example"));
  g_assert_nonnull(strstr(text, "\"type\":\"vote-used\",\"site\":\"\""));
  mcu_minutes_free(minutes);
}

static void
test_empty(void)
{
  LogBuilder log;
  log_begin(&log);
  mcu_minutes_finish(log.minutes);
  json_t *tree = write_and_parse(log.minutes);
  g_assert_true(json_is_null(json_object_get(json_object_get(tree, "meeting"), "began")));
  g_assert_cmpuint(json_array_size(json_object_get(tree, "log")), ==, 0);
  json_decref(tree);
  mcu_minutes_free(log.minutes);
}

/* Found out by who read the log, told as it is. */
static void
test_proof(void)
{
  McuMinutesProof proof = {.checked = TRUE, .bad_seq = 4};
  LogBuilder log;
  const char *hash;
  json_int_t bad, missing;
  int whole;
  log_begin(&log);
  log.seq = 2;
  log_add(&log, "ended", NULL);
  g_strlcpy(proof.hash, "abcd", sizeof proof.hash);
  mcu_minutes_set_proof(log.minutes, &proof);
  mcu_minutes_finish(log.minutes);
  json_t *tree = write_and_parse(log.minutes);
  g_assert_cmpint(json_unpack(tree, "{s:{s:b,s:s,s:I,s:I}}", "proof", "whole", &whole, "hash", &hash, "badSeq", &bad,
                              "missing", &missing),
                  ==, 0);
  g_assert_false(whole);
  g_assert_cmpstr(hash, ==, "abcd");
  g_assert_cmpint(bad, ==, 4);
  g_assert_cmpint(missing, ==, 2);
  json_decref(tree);
  mcu_minutes_free(log.minutes);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/minutes/minutes-json/sample", test_sample);
  g_test_add_func("/minutes/minutes-json/secrets", test_secrets);
  g_test_add_func("/minutes/minutes-json/empty", test_empty);
  g_test_add_func("/minutes/minutes-json/proof", test_proof);
  return g_test_run();
}
