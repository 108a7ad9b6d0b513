/* McuSceneSpec: what a scene is to show: a layout by name, and for each of its panes what stands in it. Has a
 * compact text, as it is kept in the log:
 *
 *   LAYOUT[;letterbox][;nolabels][;noborder][|PANE,PANE,...]        1+7;letterbox|floor,auto,site:lung-cu,roll:10
 *
 *   PANE: auto  loudest[:HOLD_S]  previous  floor  chair  site:ID  roll:SECONDS  nothing
 *
 * Panes that are not named show what the layout says. Pure. */
#pragma once

#include <glib.h>

#include "mcu/types.h"

#define MCU_SCENE_PANES_MAX 64
#define MCU_LAYOUT_NAME_MAX_BYTES 32
#define MCU_LAYOUT_AUTO "auto" /* an equal grid that grows with the sites */
#define MCU_SHOW_SECONDS_MAX 3600

typedef enum {
  MCU_SHOW_AUTO,     /* whom the meeting shows, by talk */
  MCU_SHOW_LOUDEST,  /* who talks now; another takes the pane after `seconds` of talk */
  MCU_SHOW_PREVIOUS, /* who was in the loudest pane, or had the floor, before */
  MCU_SHOW_FLOOR,    /* who has the floor; else as auto */
  MCU_SHOW_CHAIR,
  MCU_SHOW_SITE,    /* `site`, also while it is away */
  MCU_SHOW_ROLL,    /* one after the other, `seconds` each */
  MCU_SHOW_CONTENT, /* what is presented; else as floor */
  MCU_SHOW_NOTHING,
  MCU_N_SHOWS
} McuShow;

typedef struct {
  McuShow show;
  guint seconds;
  char site[MCU_ID_MAX_BYTES + 1];
} McuScenePane;

typedef struct {
  char layout[MCU_LAYOUT_NAME_MAX_BYTES + 1];
  gboolean letterbox, no_labels, no_border;
  guint n_panes;
  McuScenePane panes[MCU_SCENE_PANES_MAX];
} McuSceneSpec;

/* [any] MCU_ERROR_BAD_MESSAGE. */
gboolean mcu_scene_spec_parse(const char *text, McuSceneSpec *out_spec, GError **error);
gboolean mcu_scene_pane_parse(const char *text, McuScenePane *out_pane, GError **error);
/* [any] Caller frees. */
char *mcu_scene_spec_text(const McuSceneSpec *spec);
/* [any] As in the protocol: {"layout":...}; appends to `json`. */
void mcu_scene_spec_json(const McuSceneSpec *spec, GString *json);
gboolean mcu_layout_name_is_legal(const char *name);
