#include "mcu/room/scene-spec.h"

#include <string.h>

#include "mcu/util/error.h"

static void
test_round_trip(void)
{
  static const char *const texts[] = {
      "auto",
      "1+7;letterbox|floor,auto,site:lung-cu,roll:10,loudest:3,previous,chair,nothing",
      "pip;nolabels;noborder",
      "2x2|loudest:0",
  };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    McuSceneSpec spec;
    g_autoptr(GError) error = NULL;
    mcu_scene_spec_parse(texts[i], &spec, &error);
    g_assert_no_error(error);
    g_autofree char *text = mcu_scene_spec_text(&spec);
    g_assert_cmpstr(text, ==, texts[i]);
  }
  McuSceneSpec spec;
  g_assert_true(mcu_scene_spec_parse("2x1;noborder|loudest,site:a", &spec, NULL));
  g_autoptr(GString) json = g_string_new(NULL);
  mcu_scene_spec_json(&spec, json);
  g_assert_cmpstr(json->str, ==,
                  "{\"layout\":\"2x1\",\"letterbox\":false,\"labels\":true,\"border\":false,"
                  "\"panes\":[\"loudest:1\",\"site:a\"]}");
}

static void
test_refused(void)
{
  static const char *const texts[] = {
      "",         "|auto",     ";letterbox",  "a b",           "1+7;stretched", "1+7|everybody",
      "1+7|site", "1+7|site:", "1+7|roll",    "1+7|roll:1",    "1+7|roll:9999", "1+7|auto:1",
      "1+7|",     "1+7|auto,", "1+7|roll:-3", "1+7|loudest:x", "../etc|auto",
  };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    McuSceneSpec spec;
    g_autoptr(GError) error = NULL;
    g_test_message("%s", texts[i]);
    g_assert_false(mcu_scene_spec_parse(texts[i], &spec, &error));
    g_assert_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE);
  }
  GString *many = g_string_new("1+7|auto");
  for (guint i = 0; i < MCU_SCENE_PANES_MAX; i++)
    g_string_append(many, ",auto");
  McuSceneSpec spec;
  g_assert_false(mcu_scene_spec_parse(many->str, &spec, NULL));
  g_string_free(many, TRUE);
  g_autofree char *long_text = g_strnfill(100000, 'x');
  g_assert_false(mcu_scene_spec_parse(long_text, &spec, NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/scene-spec/round-trip", test_round_trip);
  g_test_add_func("/room/scene-spec/refused", test_refused);
  return g_test_run();
}
