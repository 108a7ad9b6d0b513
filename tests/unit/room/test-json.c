#include "mcu/room/json.h"

static void
test_object(void)
{
  g_autoptr(GString) json = g_string_new("[");
  mcu_json_open(json);
  mcu_json_close(json);
  g_string_append_c(json, ',');
  mcu_json_open(json);
  mcu_json_text(json, "name", "Xã \"Đồng Văn\" \\ </b>");
  mcu_json_flag(json, "on", TRUE);
  mcu_json_flag(json, "off", FALSE);
  mcu_json_text(json, "empty", "");
  mcu_json_close(json);
  g_assert_cmpstr(json->str, ==,
                  "[{},{\"name\":\"Xã \\\"Đồng Văn\\\" \\\\ </b>\",\"on\":true,\"off\":false,\"empty\":\"\"}");
}

static void
test_control(void)
{
  g_autoptr(GString) json = g_string_new(NULL);
  mcu_json_string(json, "\x01\n\x1f\x7f");
  g_assert_cmpstr(json->str, ==, "\"\\u0001\\u000a\\u001f\x7f\"");
}

static void
test_list(void)
{
  g_autoptr(GString) json = g_string_new(NULL);
  mcu_json_open_list(json);
  mcu_json_close_list(json);
  mcu_json_open_list(json);
  mcu_json_next(json);
  mcu_json_string(json, "[");
  mcu_json_next(json);
  mcu_json_open(json);
  mcu_json_number(json, "n", -7);
  mcu_json_key(json, "list");
  mcu_json_open_list(json);
  mcu_json_close_list(json);
  mcu_json_close(json);
  mcu_json_close_list(json);
  g_assert_cmpstr(json->str, ==, "[][\"[\",{\"n\":-7,\"list\":[]}]");
}

static void
test_members(void)
{
  g_autoptr(GString) json = g_string_new(NULL);
  mcu_json_open(json);
  mcu_json_null(json, "chair");
  mcu_json_key_list(json, "queue");
  mcu_json_close_list(json);
  mcu_json_close(json);
  g_assert_cmpstr(json->str, ==, "{\"chair\":null,\"queue\":[]}");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/json/object", test_object);
  g_test_add_func("/room/json/control", test_control);
  g_test_add_func("/room/json/list", test_list);
  g_test_add_func("/room/json/members", test_members);
  return g_test_run();
}
