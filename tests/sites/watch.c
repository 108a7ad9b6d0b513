/* The picture is an equal grid (pipelines/grid.h): the wall has as many tiles as the meeting has seats, the
 * programme may have fewer. Which seat is where is not asked: every tile is read, and a mark says whose it is.
 * One owner, one thread. */
#include "watch.h"

#include "pipelines/grid.h"

/* A site's tile is expected so long after it was asked for its picture: its first key frame must have come. */
#define SETTLE_US (3 * G_USEC_PER_SEC)
#define PROGRAMME_FPS 10  /* less is asked for the wall alone */
#define PROGRAMME_PART 75 /* percent of a cell's width, at least, that is asked for the programme */
#define SEARCH_EVERY 25   /* pictures */
#define SEEN_PART 0.8     /* of the pictures in which it is expected */

typedef struct {
  guint expected, seen; /* pictures */
  gboolean expecting;   /* in the picture before this one */
  gboolean has_frame;
  guint frame;
  gint64 changed_us, frozen_us;
  gint64 sent_us; /* when the frame that was seen last was sent; 0: not known */
  SimHistogram *age;
} Tile;

struct SimWatch {
  SimWorld *world;
  McuView view;
  guint n;
  Tile *tiles;
  gboolean *in_picture;            /* scratch: which sites are in the picture looked at */
  gboolean others[SIM_MARK_SITES]; /* marks seen that are not of this process */
  guint grid;                      /* tiles of the grid that was found; 0: none yet */
  guint64 pictures;
  SimHistogram *delay; /* of frames, when they are first seen */
  SimHistogram *shown; /* age of what is shown, at every picture */
};

SimWatch *
sim_watch_new(SimWorld *world, McuView view)
{
  SimWatch *watch = g_new0(SimWatch, 1);
  watch->world = world;
  watch->view = view;
  watch->n = sim_world_sites(world);
  watch->tiles = g_new0(Tile, watch->n);
  for (guint i = 0; i < watch->n; i++)
    watch->tiles[i].age = g_new0(SimHistogram, 1);
  watch->in_picture = g_new0(gboolean, watch->n);
  watch->delay = g_new0(SimHistogram, 1);
  watch->shown = g_new0(SimHistogram, 1);
  return watch;
}

void
sim_watch_free(SimWatch *watch)
{
  if (watch == NULL)
    return;
  for (guint i = 0; i < watch->n; i++)
    g_free(watch->tiles[i].age);
  g_free(watch->tiles);
  g_free(watch->in_picture);
  g_free(watch->delay);
  g_free(watch->shown);
  g_free(watch);
}

void
sim_watch_restart(SimWatch *watch)
{
  for (guint i = 0; i < watch->n; i++) {
    Tile *tile = &watch->tiles[i];
    tile->expected = tile->seen = 0;
    tile->frozen_us = 0;
    *tile->age = (SimHistogram){0};
  }
  *watch->delay = *watch->shown = (SimHistogram){0};
  watch->pictures = 0;
}

static gboolean
read_tile(const SimLuma *picture, guint n_tiles, guint index, SimMark *out_mark)
{
  PlRect rect;
  pl_grid_cell(picture->width, picture->height, n_tiles, index, &rect);
  if (rect.x + rect.width > picture->width || rect.y + rect.height > picture->height)
    return FALSE;
  SimLuma tile = {
      .data = picture->data + (gsize)rect.y * picture->stride + rect.x,
      .stride = picture->stride,
      .width = rect.width,
      .height = rect.height,
  };
  return sim_mark_read(&tile, out_mark);
}

static guint
count_marks(const SimLuma *picture, guint n_tiles)
{
  guint found = 0;
  SimMark mark;
  for (guint i = 0; i < n_tiles; i++)
    found += read_tile(picture, n_tiles, i, &mark);
  return found;
}

/* How many tiles the grid has: as many as there are seats, or, because not all need be shown and a picture may
 * be older than the list, the number under which most marks are found. */
static void
find_grid(SimWatch *watch, const SimLuma *picture)
{
  guint seats = MIN(sim_world_seats(watch->world), PL_GRID_MAX_TILES);
  guint best = seats, most = seats > 0 ? count_marks(picture, seats) : 0;
  for (guint n = 1; n <= PL_GRID_MAX_TILES; n++) {
    guint found = count_marks(picture, n);
    if (found > most) {
      most = found;
      best = n;
    }
  }
  watch->grid = best;
}

static void
see_mark(SimWatch *watch, const SimMark *mark, gint64 arrival_us)
{
  guint index = (guint)mark->site - sim_world_number(watch->world, 0);
  if (index >= watch->n) { /* also of numbers below the first */
    watch->others[mark->site] = TRUE;
    return;
  }
  Tile *tile = &watch->tiles[index];
  watch->in_picture[index] = TRUE;
  if (tile->has_frame && tile->frame == mark->frame)
    return;

  if (tile->has_frame && tile->expecting)
    tile->frozen_us = MAX(tile->frozen_us, arrival_us - tile->changed_us);
  tile->has_frame = TRUE;
  tile->frame = mark->frame;
  tile->changed_us = arrival_us;
  gint64 age_us;
  tile->sent_us = 0;
  if (sim_sent_frame_age(sim_world_sent(watch->world, index), mark->frame, arrival_us, &age_us)) {
    tile->sent_us = arrival_us - age_us;
    sim_histogram_add(tile->age, age_us);
    sim_histogram_add(watch->delay, age_us);
  }
}

static gboolean
is_expected(const SimWatch *watch, guint index, guint cell_width, gint64 arrival_us)
{
  gboolean programme = watch->view == MCU_VIEW_PROGRAMME;
  return sim_world_is_active(watch->world, index, arrival_us, SETTLE_US) &&
         sim_world_is_asked(watch->world, index, programme ? cell_width * PROGRAMME_PART / 100 : 1,
                            programme ? PROGRAMME_FPS : 1, arrival_us, SETTLE_US);
}

static void
count_tile(SimWatch *watch, guint index, gboolean expected, gint64 arrival_us)
{
  Tile *tile = &watch->tiles[index];
  if (expected) {
    tile->expected++;
    tile->seen += watch->in_picture[index];
    if (tile->sent_us != 0)
      sim_histogram_add(watch->shown, arrival_us - tile->sent_us);
  } else if (!watch->in_picture[index]) {
    tile->sent_us = 0;
  }
  tile->expecting = expected;
}

void
sim_watch_picture(SimWatch *watch, const SimLuma *picture, gint64 arrival_us)
{
  guint expected = 0, seen = 0, marks = 0;
  guint seats = MIN(sim_world_seats(watch->world), PL_GRID_MAX_TILES);
  if (watch->grid == 0)
    watch->grid = seats;

  for (guint i = 0; i < watch->n; i++)
    watch->in_picture[i] = FALSE;
  for (guint i = 0; i < watch->grid; i++) {
    SimMark mark;
    if (read_tile(picture, watch->grid, i, &mark)) {
      see_mark(watch, &mark, arrival_us);
      marks++;
    }
  }
  PlRect cell = {0};
  if (watch->grid > 0)
    pl_grid_cell(picture->width, picture->height, watch->grid, 0, &cell);
  for (guint i = 0; i < watch->n; i++) {
    gboolean is = is_expected(watch, i, cell.width, arrival_us);
    count_tile(watch, i, is, arrival_us);
    expected += is;
    seen += is && watch->in_picture[i];
  }
  if ((seen < expected || marks == 0) && watch->pictures % SEARCH_EVERY == 0)
    find_grid(watch, picture);
  watch->pictures++;
}

void
sim_watch_report(const SimWatch *watch, SimProbeReport *report)
{
  g_array_set_size(report->seen, watch->n);
  for (guint i = 0; i < watch->n; i++) {
    const Tile *tile = &watch->tiles[i];
    SimSeenSite *seen = &g_array_index(report->seen, SimSeenSite, i);
    seen->number = sim_world_number(watch->world, i);
    seen->tile_expected = tile->expected > 0;
    seen->tile_found = tile->seen > 0 && tile->seen >= SEEN_PART * tile->expected;
    seen->age_ms = sim_histogram_percentile(tile->age, 0.5);
    seen->frozen_ms = tile->has_frame ? (double)tile->frozen_us / 1000 : -1;
  }
  report->pictures = watch->pictures;
  for (guint site = 0; site < SIM_MARK_SITES; site++)
    if (watch->others[site])
      g_array_append_val(report->others, site);
  sim_histogram_merge(&report->video_delay, watch->delay);
  sim_histogram_merge(&report->tile_age, watch->shown);
}
