/* Layouts from text. Made at start, then only read: any thread. */
#include "mcu/room/layout.h"

#include <stdio.h>
#include <string.h>

#include "mcu/room/json.h"
#include "mcu/room/legal.h"
#include "mcu/util/error.h"

#define GROUP "layout"
#define TITLE_MAX_CHARS 60

struct McuLayouts {
  GPtrArray *list; /* of McuLayout, owned, in the order they came */
};

static void
layout_free(gpointer data)
{
  McuLayout *layout = data;
  if (layout == NULL)
    return;
  g_free(layout->title);
  g_free(layout->title_vi);
  g_free(layout);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuLayout, layout_free)

McuLayouts *
mcu_layouts_new(void)
{
  McuLayouts *layouts = g_new0(McuLayouts, 1);
  layouts->list = g_ptr_array_new_with_free_func(layout_free);
  McuLayout *equal = g_new0(McuLayout, 1);
  g_strlcpy(equal->name, MCU_LAYOUT_AUTO, sizeof equal->name);
  equal->title = g_strdup("All, equal");
  equal->title_vi = g_strdup("Tự động, ô bằng nhau");
  g_ptr_array_add(layouts->list, equal);
  return layouts;
}

void
mcu_layouts_free(McuLayouts *layouts)
{
  if (layouts == NULL)
    return;
  g_ptr_array_unref(layouts->list);
  g_free(layouts);
}

const McuLayout *
mcu_layouts_find(const McuLayouts *layouts, const char *name)
{
  for (guint i = 0; i < layouts->list->len; i++) {
    const McuLayout *layout = g_ptr_array_index(layouts->list, i);
    if (strcmp(layout->name, name) == 0)
      return layout;
  }
  return NULL;
}

guint
mcu_layouts_count(const McuLayouts *layouts)
{
  return layouts->list->len;
}

const McuLayout *
mcu_layouts_get(const McuLayouts *layouts, guint index)
{
  return g_ptr_array_index(layouts->list, index);
}

/* --- reading ------------------------------------------------------------------------------ */

static gboolean
fail(GError **error, const char *what, const char *value)
{
  g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s: \"%s\"", what, value != NULL ? value : "");
  return FALSE;
}

/* "4x4" */
static gboolean
parse_pair(const char *text, char between, guint max, guint *out_a, guint *out_b)
{
  guint64 a, b;
  const char *mark = text != NULL ? strchr(text, between) : NULL;
  if (mark == NULL)
    return FALSE;
  g_autofree char *first = g_strndup(text, (gsize)(mark - text));
  if (!g_ascii_string_to_unsigned(first, 10, 0, max, &a, NULL) ||
      !g_ascii_string_to_unsigned(mark + 1, 10, 0, max, &b, NULL))
    return FALSE;
  *out_a = (guint)a;
  *out_b = (guint)b;
  return TRUE;
}

/* Both edges are rounded by the same rule, so that neighbours meet. */
static void
place(guint column, guint width, guint columns, guint16 *out_at, guint16 *out_size)
{
  guint from = column * MCU_PANE_UNITS / columns, to = (column + width) * MCU_PANE_UNITS / columns;
  *out_at = (guint16)from;
  *out_size = (guint16)(to - from);
}

static gboolean
parse_pane(const char *value, guint columns, guint rows, McuLayoutPane *out_pane, GError **error)
{
  g_auto(GStrv) words = g_strsplit(value, " ", 4);
  guint x, y, width, height, n = g_strv_length(words);
  if (n < 2 || n > 3 || !parse_pair(words[0], ',', MCU_LAYOUT_GRID_MAX, &x, &y) ||
      !parse_pair(words[1], 'x', MCU_LAYOUT_GRID_MAX, &width, &height))
    return fail(error, "a pane is written as 0,0 3x3 or 0,0 3x3 floor", value);
  if (width == 0 || height == 0 || x + width > columns || y + height > rows)
    return fail(error, "the pane lies outside of the grid", value);
  place(x, width, columns, &out_pane->x, &out_pane->width);
  place(y, height, rows, &out_pane->y, &out_pane->height);
  return mcu_scene_pane_parse(n == 3 ? words[2] : "auto", &out_pane->shows, NULL) ||
         fail(error, "not something a pane can show", words[2]);
}

static gboolean
parse_panes(GKeyFile *file, McuLayout *layout, GError **error)
{
  guint columns, rows;
  g_autofree char *grid = g_key_file_get_string(file, GROUP, "grid", NULL);
  if (!parse_pair(grid, 'x', MCU_LAYOUT_GRID_MAX, &columns, &rows) || columns == 0 || rows == 0)
    return fail(error, "grid is written as 4x4, 1 to 24 each", grid);
  for (;;) {
    g_autofree char *key = g_strdup_printf("pane%u", layout->n_panes + 1);
    g_autofree char *value = g_key_file_get_string(file, GROUP, key, NULL);
    if (value == NULL)
      break;
    if (layout->n_panes == MCU_SCENE_PANES_MAX)
      return fail(error, "too many panes", key);
    if (!parse_pane(g_strstrip(value), columns, rows, &layout->panes[layout->n_panes], error))
      return FALSE;
    layout->n_panes++;
  }
  return layout->n_panes > 0 || fail(error, "it has no pane1", layout->name);
}

static gboolean
parse_names(GKeyFile *file, McuLayout *layout, GError **error)
{
  g_autofree char *name = g_key_file_get_string(file, GROUP, "name", NULL);
  g_autofree char *speaker = g_key_file_get_string(file, GROUP, "speaker", NULL);
  layout->title = g_key_file_get_string(file, GROUP, "title", NULL);
  layout->title_vi = g_key_file_get_locale_string(file, GROUP, "title", "vi", NULL);
  if (!mcu_layout_name_is_legal(name) || strcmp(name, MCU_LAYOUT_AUTO) == 0)
    return fail(error, "name is 1 to 32 of A-Z a-z 0-9 + . _ - and not auto", name);
  if (speaker != NULL && !mcu_layout_name_is_legal(speaker))
    return fail(error, "speaker is the name of a layout", speaker);
  if (!mcu_is_legal_name(layout->title, TITLE_MAX_CHARS) || !mcu_is_legal_name(layout->title_vi, TITLE_MAX_CHARS))
    return fail(error, "title is 1 to 60 characters", layout->title);
  g_strlcpy(layout->name, name, sizeof layout->name);
  g_strlcpy(layout->speaker, speaker != NULL ? speaker : "", sizeof layout->speaker);
  return TRUE;
}

/* Also what is misspelt, or a pane behind a gap in the numbers: it would silently be missing. */
static gboolean
check_keys(GKeyFile *file, const McuLayout *layout, GError **error)
{
  static const char *const known[] = {"name", "title", "speaker", "grid"};
  gsize n = 0;
  g_auto(GStrv) groups = g_key_file_get_groups(file, &n);
  if (n != 1)
    return fail(error, "a layout has the group [layout] alone, and not also", groups[strcmp(groups[0], GROUP) == 0]);
  g_auto(GStrv) keys = g_key_file_get_keys(file, GROUP, NULL, NULL);
  for (guint i = 0; keys[i] != NULL; i++) {
    gboolean is_known = g_str_has_prefix(keys[i], "title[");
    for (guint k = 0; k < G_N_ELEMENTS(known); k++)
      is_known |= strcmp(keys[i], known[k]) == 0;
    if (g_str_has_prefix(keys[i], "pane") && keys[i][4] != '0')
      is_known = g_ascii_string_to_unsigned(keys[i] + 4, 10, 1, layout->n_panes, NULL, NULL);
    if (!is_known)
      return fail(error, "unknown, or behind a gap in the numbers of the panes", keys[i]);
  }
  return TRUE;
}

static void
put(McuLayouts *layouts, McuLayout *layout)
{
  for (guint i = 0; i < layouts->list->len; i++) {
    McuLayout *before = g_ptr_array_index(layouts->list, i);
    if (strcmp(before->name, layout->name) != 0)
      continue;
    layouts->list->pdata[i] = layout;
    layout_free(before);
    return;
  }
  g_ptr_array_add(layouts->list, layout);
}

gboolean
mcu_layouts_add(McuLayouts *layouts, const char *text, gsize size, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(McuLayout) layout = g_new0(McuLayout, 1);
  g_autoptr(GError) why = NULL;
  if (layouts->list->len >= MCU_LAYOUTS_MAX)
    return fail(error, "too many layouts; the most are", G_STRINGIFY(MCU_LAYOUTS_MAX));
  if (!g_key_file_load_from_data(file, text, size, G_KEY_FILE_KEEP_TRANSLATIONS, &why))
    return fail(error, "not a layout file", why->message);
  if (!parse_names(file, layout, error) || !parse_panes(file, layout, error) || !check_keys(file, layout, error))
    return FALSE;
  put(layouts, g_steal_pointer(&layout));
  return TRUE;
}

/* --- telling ------------------------------------------------------------------------------ */

static void
append_fraction(GString *json, const char *key, guint units)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  mcu_json_key(json, key);
  g_string_append(json, g_ascii_formatd(text, sizeof text, "%.5f", units / (double)MCU_PANE_UNITS));
}

static void
append_pane(GString *json, const McuLayoutPane *pane)
{
  const McuSceneSpec one = {.n_panes = 1, .panes = {pane->shows}};
  g_autofree char *shows = mcu_scene_spec_text(&one);
  mcu_json_open(json);
  append_fraction(json, "x", pane->x);
  append_fraction(json, "y", pane->y);
  append_fraction(json, "w", pane->width);
  append_fraction(json, "h", pane->height);
  mcu_json_text(json, "show", shows + 1); /* behind the bar */
  mcu_json_close(json);
}

static void
append_layout(GString *json, const McuLayout *layout)
{
  mcu_json_open(json);
  mcu_json_text(json, "name", layout->name);
  mcu_json_text(json, "title", layout->title);
  mcu_json_text(json, "titleVi", layout->title_vi);
  mcu_json_flag(json, "speaker", layout->speaker[0] != '\0');
  mcu_json_key_list(json, "panes");
  for (guint i = 0; i < layout->n_panes; i++) {
    mcu_json_next(json);
    append_pane(json, &layout->panes[i]);
  }
  mcu_json_close_list(json);
  mcu_json_close(json);
}

char *
mcu_layouts_json(const McuLayouts *layouts)
{
  GString *json = g_string_new("{\"layouts\":[");
  for (guint i = 0; i < layouts->list->len; i++) {
    mcu_json_next(json);
    append_layout(json, g_ptr_array_index(layouts->list, i));
  }
  g_string_append(json, "]}");
  return g_string_free(json, FALSE);
}
