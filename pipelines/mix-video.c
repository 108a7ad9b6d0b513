/* Owned by a mix of engine.c. Wishes are made anew, for all seats at once, after anything they depend on has
 * changed: some hundred additions, a few times a second at most. */
#include "pipelines/mix-video.h"

#include "pipelines/wish.h"

/* The wall shows that everybody is there; movement is for the programme. A tile is never older than a
 * site's period, a tick and the way, well below half a second. */
#define WALL_FPS 10
#define WALL_TILE_FPS 5
/* Of a picture that nobody sees yet. */
#define WARM_WIDTH 320
#define WARM_HEIGHT 180
/* The preview is for choosing, by one or two at the desk. */
#define PREVIEW_FPS 15

/* What a view shows: as told, but for pictures that have gone since. */
typedef struct {
  McuViewLook look; /* its panes and banner are these: */
  GArray *panes;    /* McuPane */
  char *banner;
  GPtrArray *pictures; /* PlPicture, borrowed; NULL in an empty pane */
} Shown;

struct PlVideoMix {
  PlVideoMixConfig config;
  PlVideoMixEvents events;
  gpointer user_data;
  char *name;
  PlView *views[MCU_N_VIEWS];
  Shown shown[MCU_N_VIEWS];
  GHashTable *warm;   /* set of PlPicture, borrowed */
  GHashTable *wishes; /* PlPicture -> McuPicture, owned; all pictures of the mix */
  guint watched;      /* views that somebody receives, as bits; told to all slots */
};

static guint
view_fps(const PlVideoMix *mix, McuView view)
{
  return view == MCU_VIEW_WALL      ? WALL_FPS
         : view == MCU_VIEW_PREVIEW ? MIN(mix->config.fps, PREVIEW_FPS)
                                    : mix->config.fps;
}

static PlView *
make_view(PlVideoMix *mix, McuView view, GError **error)
{
  static const char *const words[MCU_N_VIEWS] = {
      [MCU_VIEW_PROGRAMME] = "programme",
      [MCU_VIEW_WALL] = "wall",
      [MCU_VIEW_SPEAKER] = "speaker",
      [MCU_VIEW_PREVIEW] = "preview",
  };
  g_autofree char *name = g_strdup_printf("%s-%s", mix->name, words[view]);
  const PlViewConfig config = {.name = name, .view = view, .fps = view_fps(mix, view), .kbps = mix->config.kbps};
  return pl_view_new(&config, error);
}

PlVideoMix *
pl_video_mix_new(const PlVideoMixConfig *config, const PlVideoMixEvents *events, gpointer user_data, GError **error)
{
  PlVideoMix *mix = g_new0(PlVideoMix, 1);
  mix->config = *config;
  mix->events = *events;
  mix->user_data = user_data;
  mix->config.name = mix->name = g_strdup(config->name);
  mix->warm = g_hash_table_new(NULL, NULL);
  mix->wishes = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  for (guint i = 0; i < MCU_N_VIEWS; i++)
    mix->shown[i] = (Shown){.panes = g_array_new(FALSE, TRUE, sizeof(McuPane)), .pictures = g_ptr_array_new()};
  for (guint i = 0; i < MCU_N_VIEWS; i++) {
    mix->views[i] = make_view(mix, (McuView)i, error);
    if (mix->views[i] == NULL) {
      pl_video_mix_free(mix);
      return NULL;
    }
  }
  return mix;
}

void
pl_video_mix_free(PlVideoMix *mix)
{
  if (mix == NULL)
    return;
  g_assert(g_hash_table_size(mix->wishes) == 0);
  for (guint i = 0; i < MCU_N_VIEWS; i++) {
    pl_view_free(mix->views[i]);
    g_array_unref(mix->shown[i].panes);
    g_ptr_array_unref(mix->shown[i].pictures);
    g_free(mix->shown[i].banner);
  }
  g_hash_table_unref(mix->warm);
  g_hash_table_unref(mix->wishes);
  g_free(mix->name);
  g_free(mix);
}

PlView *
pl_video_mix_view(PlVideoMix *mix, McuView view)
{
  return mix->views[view];
}

/* --- wishes ---------------------------------------------------------------------------------- */

/* A picture that lies over it hides all of it. */
static gboolean
is_hidden(const Shown *shown, const PlRect *cells, guint index)
{
  const PlRect *cell = &cells[index];
  for (guint i = index + 1; !shown->look.equal && i < shown->pictures->len; i++)
    if (g_ptr_array_index(shown->pictures, i) != NULL && pl_grid_contains(&cells[i], cell))
      return TRUE;
  return FALSE;
}

static void
add_wishes(PlVideoMix *mix, McuView view)
{
  const Shown *shown = &mix->shown[view];
  guint fps = view == MCU_VIEW_WALL ? WALL_TILE_FPS : view_fps(mix, view);
  PlRect cells[MCU_VIEW_SEATS_MAX];
  for (guint i = 0; i < shown->pictures->len; i++)
    pl_canvas_place(pl_view_canvas(mix->views[view]), &shown->look, i, &cells[i]);
  for (guint i = 0; i < shown->pictures->len; i++) {
    PlPicture *picture = g_ptr_array_index(shown->pictures, i);
    if (picture == NULL || !pl_picture_camera(picture) || is_hidden(shown, cells, i))
      continue;
    McuPicture wish;
    pl_wish_for_cell(cells[i].width, cells[i].height, fps, mix->config.site_kbps, &wish);
    pl_wish_merge(g_hash_table_lookup(mix->wishes, picture), &wish);
  }
}

static void
add_warm_wishes(PlVideoMix *mix)
{
  McuPicture wish;
  GHashTableIter iter;
  gpointer picture;
  pl_wish_for_cell(WARM_WIDTH, WARM_HEIGHT, mix->config.fps, mix->config.site_kbps, &wish);
  g_hash_table_iter_init(&iter, mix->warm);
  while (g_hash_table_iter_next(&iter, &picture, NULL))
    if (pl_picture_camera(picture))
      pl_wish_merge(g_hash_table_lookup(mix->wishes, picture), &wish);
}

/* Before anything is decoded for a view it may put its frames; after a view has ended none are kept for it. */
static void
follow_watched(PlVideoMix *mix)
{
  guint watched = 0;
  for (guint view = 0; view < MCU_N_VIEWS; view++)
    if (pl_view_is_watched(mix->views[view]))
      watched |= 1u << view;
  guint ended = mix->watched & ~watched;
  if (watched == mix->watched)
    return;
  mix->watched = watched;
  GHashTableIter iter;
  gpointer picture;
  g_hash_table_iter_init(&iter, mix->wishes);
  while (g_hash_table_iter_next(&iter, &picture, NULL))
    pl_slot_set_views(pl_face_slot(pl_picture_face(picture)), watched);
  for (guint view = 0; view < MCU_N_VIEWS; view++)
    if ((ended >> view & 1) != 0)
      pl_canvas_forget_pictures(pl_view_canvas(mix->views[view]));
}

void
pl_video_mix_update(PlVideoMix *mix)
{
  follow_watched(mix);
  GHashTableIter iter;
  gpointer picture, wish;
  g_hash_table_iter_init(&iter, mix->wishes);
  while (g_hash_table_iter_next(&iter, NULL, &wish))
    *(McuPicture *)wish = (McuPicture){0};
  for (guint view = 0; view < MCU_N_VIEWS; view++)
    if (pl_view_is_watched(mix->views[view]))
      add_wishes(mix, (McuView)view);
  if (pl_view_is_watched(mix->views[MCU_VIEW_PROGRAMME]))
    add_warm_wishes(mix);
  g_hash_table_iter_init(&iter, mix->wishes);
  while (g_hash_table_iter_next(&iter, &picture, &wish))
    if (pl_picture_want(picture, wish))
      mix->events.wanted(picture, mix->user_data);
}

/* --- who is shown ---------------------------------------------------------------------------- */

static void
show(PlVideoMix *mix, McuView view)
{
  const Shown *shown = &mix->shown[view];
  PlFace *faces[MCU_VIEW_SEATS_MAX];
  for (guint i = 0; i < shown->pictures->len; i++) {
    PlPicture *picture = g_ptr_array_index(shown->pictures, i);
    faces[i] = picture != NULL ? pl_picture_face(picture) : NULL;
  }
  pl_canvas_show(pl_view_canvas(mix->views[view]), &shown->look, faces);
}

/* In a grid the others close up; elsewhere its pane stays empty until the next is told. */
static gboolean
forget(Shown *shown, PlPicture *picture)
{
  guint index;
  if (!g_ptr_array_find(shown->pictures, picture, &index))
    return FALSE;
  if (shown->look.equal) {
    g_ptr_array_remove_index(shown->pictures, index);
    g_array_remove_index(shown->panes, index);
    shown->look.n_panes--;
  } else {
    shown->pictures->pdata[index] = NULL;
  }
  return TRUE;
}

void
pl_video_mix_add(PlVideoMix *mix, PlPicture *picture)
{
  g_hash_table_insert(mix->wishes, picture, g_new0(McuPicture, 1));
  pl_slot_set_views(pl_face_slot(pl_picture_face(picture)), mix->watched);
}

void
pl_video_mix_remove(PlVideoMix *mix, PlPicture *picture)
{
  gboolean known = g_hash_table_remove(mix->wishes, picture), was_shown = FALSE;
  g_assert(known);
  g_hash_table_remove(mix->warm, picture);
  for (guint view = 0; view < MCU_N_VIEWS; view++) {
    if (!forget(&mix->shown[view], picture))
      continue;
    show(mix, (McuView)view);
    was_shown = TRUE;
  }
  if (was_shown)
    pl_video_mix_update(mix); /* the others' cells are larger now */
}

void
pl_video_mix_warm(PlVideoMix *mix, PlPicture *picture, gboolean on)
{
  if (on ? g_hash_table_add(mix->warm, picture) : g_hash_table_remove(mix->warm, picture))
    pl_video_mix_update(mix);
}

void
pl_video_mix_show(PlVideoMix *mix, McuView view, const McuViewLook *look, PlPicture *const *pictures)
{
  Shown *shown = &mix->shown[view];
  g_ptr_array_set_size(shown->pictures, 0);
  for (guint i = 0; i < look->n_panes; i++) {
    g_assert(pictures[i] == NULL || g_hash_table_contains(mix->wishes, pictures[i]));
    g_ptr_array_add(shown->pictures, pictures[i]);
  }
  g_array_set_size(shown->panes, 0);
  g_array_append_vals(shown->panes, look->panes, look->n_panes);
  g_free(shown->banner);
  shown->banner = g_strdup(look->banner);
  shown->look = *look;
  shown->look.panes = (const McuPane *)(gpointer)shown->panes->data;
  shown->look.banner = shown->banner;
  show(mix, view);
  pl_video_mix_update(mix);
}

void
pl_video_mix_get_stats(PlVideoMix *mix, PlViewStats *out_stats)
{
  *out_stats = (PlViewStats){0};
  for (guint i = 0; i < MCU_N_VIEWS; i++) {
    PlViewStats stats;
    pl_view_get_stats(mix->views[i], &stats);
    out_stats->renditions += stats.renditions;
    out_stats->frames += stats.frames;
    out_stats->late += stats.late;
  }
}
