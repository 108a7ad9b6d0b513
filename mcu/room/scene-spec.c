/* Scenes as text. No state; any thread. */
#include "mcu/room/scene-spec.h"

#include <string.h>

#include "mcu/room/json.h"
#include "mcu/room/legal.h"
#include "mcu/util/error.h"

static const char *const words[MCU_N_SHOWS] = {
    [MCU_SHOW_AUTO] = "auto",   [MCU_SHOW_LOUDEST] = "loudest", [MCU_SHOW_PREVIOUS] = "previous",
    [MCU_SHOW_FLOOR] = "floor", [MCU_SHOW_CHAIR] = "chair",     [MCU_SHOW_SITE] = "site",
    [MCU_SHOW_ROLL] = "roll",   [MCU_SHOW_CONTENT] = "content", [MCU_SHOW_NOTHING] = "nothing",
};

#define HOLD_DEFAULT_S 1
#define ROLL_MIN_S 2

static gboolean
fail(GError **error, const char *what, const char *text)
{
  g_autofree char *shown = g_utf8_make_valid(text, (gssize)MIN(strlen(text), 80));
  g_set_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE, "%s: \"%s\"", what, shown);
  return FALSE;
}

gboolean
mcu_layout_name_is_legal(const char *name)
{
  if (name == NULL || *name == '\0' || strlen(name) > MCU_LAYOUT_NAME_MAX_BYTES)
    return FALSE;
  for (const char *c = name; *c != '\0'; c++)
    if (!g_ascii_isalnum(*c) && strchr("+._-", *c) == NULL)
      return FALSE;
  return TRUE;
}

/* --- panes -------------------------------------------------------------------------------- */

static gboolean
parse_seconds(const char *text, guint least, guint *out)
{
  guint64 value;
  if (!g_ascii_string_to_unsigned(text, 10, least, MCU_SHOW_SECONDS_MAX, &value, NULL))
    return FALSE;
  *out = (guint)value;
  return TRUE;
}

static gboolean
parse_argument(McuScenePane *pane, const char *argument)
{
  switch (pane->show) {
  case MCU_SHOW_SITE:
    return mcu_is_legal_id(argument) && g_strlcpy(pane->site, argument, sizeof pane->site) < sizeof pane->site;
  case MCU_SHOW_ROLL:
    return argument != NULL && parse_seconds(argument, ROLL_MIN_S, &pane->seconds);
  case MCU_SHOW_LOUDEST:
    pane->seconds = HOLD_DEFAULT_S;
    return argument == NULL || parse_seconds(argument, 0, &pane->seconds);
  default:
    return argument == NULL;
  }
}

gboolean
mcu_scene_pane_parse(const char *text, McuScenePane *out_pane, GError **error)
{
  const char *colon = strchr(text, ':');
  gsize length = colon != NULL ? (gsize)(colon - text) : strlen(text);
  *out_pane = (McuScenePane){0};
  for (guint i = 0; i < MCU_N_SHOWS; i++) {
    if (strlen(words[i]) != length || strncmp(words[i], text, length) != 0)
      continue;
    out_pane->show = (McuShow)i;
    if (parse_argument(out_pane, colon != NULL ? colon + 1 : NULL))
      return TRUE;
    break;
  }
  return fail(error, "not something a pane can show", text);
}

static void
append_pane(const McuScenePane *pane, GString *text)
{
  g_string_append(text, words[pane->show]);
  if (pane->show == MCU_SHOW_SITE)
    g_string_append_printf(text, ":%s", pane->site);
  else if (pane->show == MCU_SHOW_ROLL || pane->show == MCU_SHOW_LOUDEST)
    g_string_append_printf(text, ":%u", pane->seconds);
}

/* --- scenes ------------------------------------------------------------------------------- */

static gboolean
parse_panes(const char *text, McuSceneSpec *spec, GError **error)
{
  g_auto(GStrv) panes = g_strsplit(text, ",", MCU_SCENE_PANES_MAX + 1);
  for (guint i = 0; panes[i] != NULL; i++) {
    if (i == MCU_SCENE_PANES_MAX)
      return fail(error, "too many panes", panes[i]);
    if (!mcu_scene_pane_parse(panes[i], &spec->panes[i], error))
      return FALSE;
    spec->n_panes++;
  }
  return spec->n_panes > 0 || fail(error, "no pane behind the bar", text);
}

static gboolean
parse_head(char *head, McuSceneSpec *spec, GError **error)
{
  g_auto(GStrv) parts = g_strsplit(head, ";", 5);
  if (!mcu_layout_name_is_legal(parts[0]))
    return fail(error, "not the name of a layout", head);
  g_strlcpy(spec->layout, parts[0], sizeof spec->layout);
  for (guint i = 1; parts[i] != NULL; i++) {
    if (strcmp(parts[i], "letterbox") == 0)
      spec->letterbox = TRUE;
    else if (strcmp(parts[i], "nolabels") == 0)
      spec->no_labels = TRUE;
    else if (strcmp(parts[i], "noborder") == 0)
      spec->no_border = TRUE;
    else
      return fail(error, "not a property of a scene", parts[i]);
  }
  return TRUE;
}

gboolean
mcu_scene_spec_parse(const char *text, McuSceneSpec *out_spec, GError **error)
{
  *out_spec = (McuSceneSpec){0};
  if (strlen(text) > MCU_SCENE_PANES_MAX * (MCU_ID_MAX_BYTES + 8) + 128)
    return fail(error, "too long for a scene", text);
  const char *bar = strchr(text, '|');
  g_autofree char *head = bar != NULL ? g_strndup(text, (gsize)(bar - text)) : g_strdup(text);
  return parse_head(head, out_spec, error) && (bar == NULL || parse_panes(bar + 1, out_spec, error));
}

char *
mcu_scene_spec_text(const McuSceneSpec *spec)
{
  GString *text = g_string_new(spec->layout);
  if (spec->letterbox)
    g_string_append(text, ";letterbox");
  if (spec->no_labels)
    g_string_append(text, ";nolabels");
  if (spec->no_border)
    g_string_append(text, ";noborder");
  for (guint i = 0; i < spec->n_panes; i++) {
    g_string_append_c(text, i == 0 ? '|' : ',');
    append_pane(&spec->panes[i], text);
  }
  return g_string_free(text, FALSE);
}

void
mcu_scene_spec_json(const McuSceneSpec *spec, GString *json)
{
  mcu_json_open(json);
  mcu_json_text(json, "layout", spec->layout);
  mcu_json_flag(json, "letterbox", spec->letterbox);
  mcu_json_flag(json, "labels", !spec->no_labels);
  mcu_json_flag(json, "border", !spec->no_border);
  mcu_json_key_list(json, "panes");
  for (guint i = 0; i < spec->n_panes; i++) {
    g_autoptr(GString) pane = g_string_new(NULL);
    append_pane(&spec->panes[i], pane);
    mcu_json_next(json);
    mcu_json_string(json, pane->str);
  }
  mcu_json_close_list(json);
  mcu_json_close(json);
}
