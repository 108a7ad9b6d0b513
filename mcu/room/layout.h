/* McuLayout: where the panes of a scene are, and what each shows unless told otherwise. Read from files (GKeyFile):
 *
 *   [layout]
 *   name=1+7
 *   title=1 large and 7 small          title[vi]=1 lớn 7 nhỏ
 *   grid=4x4                            columns x rows that places count in, 1..24 each
 *   pane1=0,0 3x3 floor                 column,row  widthxheight  [what it shows; auto]
 *   pane2=3,0 1x1
 *   speaker=grid-4x4                    the layout that who has the floor sees instead; need not be there
 *
 * Later panes lie over earlier ones. Pure: text in, layouts out. */
#pragma once

#include "mcu/room/scene-spec.h"

#define MCU_LAYOUT_GRID_MAX 24
#define MCU_LAYOUTS_MAX 200

typedef struct {
  guint16 x, y, width, height; /* in MCU_PANE_UNITS of the picture */
  McuScenePane shows;
} McuLayoutPane;

typedef struct {
  char name[MCU_LAYOUT_NAME_MAX_BYTES + 1];
  char *title, *title_vi;
  char speaker[MCU_LAYOUT_NAME_MAX_BYTES + 1]; /* "": none */
  guint n_panes;                               /* 0: MCU_LAYOUT_AUTO */
  McuLayoutPane panes[MCU_SCENE_PANES_MAX];
} McuLayout;

typedef struct McuLayouts McuLayouts;

/* [any] Knows MCU_LAYOUT_AUTO from the start. */
McuLayouts *mcu_layouts_new(void);
void mcu_layouts_free(McuLayouts *layouts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuLayouts, mcu_layouts_free)
/* [any] The text of one file. One of the same name takes the place of the one before. MCU_ERROR_CONFIG names what is
 * wrong; then nothing has changed. */
gboolean mcu_layouts_add(McuLayouts *layouts, const char *text, gsize size, GError **error);
/* [any] NULL: unknown. Borrowed. */
const McuLayout *mcu_layouts_find(const McuLayouts *layouts, const char *name);
guint mcu_layouts_count(const McuLayouts *layouts);
const McuLayout *mcu_layouts_get(const McuLayouts *layouts, guint index);
/* [any] {"layouts":[...]}, as told to pages; caller frees. */
char *mcu_layouts_json(const McuLayouts *layouts);
