/* Atomics that main writes and the checking threads read. */
#include "world.h"

#include <stdatomic.h>

#include "content.h"

typedef struct {
  SimSent *sent;
  _Atomic gint64 active_since; /* 0: not active */
  _Atomic gint64 asked_since;
  atomic_uint asked_width, asked_fps; /* width 0: no picture */
} WorldSite;

struct SimWorld {
  guint first, n_sites;
  atomic_uint seats;
  WorldSite *sites;
};

SimWorld *
sim_world_new(guint first, guint n_sites)
{
  SimWorld *world = g_new0(SimWorld, 1);
  world->first = first;
  world->n_sites = n_sites;
  world->sites = g_new0(WorldSite, n_sites);
  for (guint i = 0; i < n_sites; i++)
    world->sites[i].sent = sim_sent_new(SIM_FRAME_NUMBERS);
  return world;
}

void
sim_world_free(SimWorld *world)
{
  if (world == NULL)
    return;
  for (guint i = 0; i < world->n_sites; i++)
    sim_sent_free(world->sites[i].sent);
  g_free(world->sites);
  g_free(world);
}

guint
sim_world_sites(const SimWorld *world)
{
  return world->n_sites;
}

guint
sim_world_number(const SimWorld *world, guint index)
{
  return world->first + index;
}

SimSent *
sim_world_sent(SimWorld *world, guint index)
{
  return world->sites[index].sent;
}

void
sim_world_set_active(SimWorld *world, guint index, gint64 since_us)
{
  atomic_store(&world->sites[index].active_since, since_us);
}

gboolean
sim_world_is_active(SimWorld *world, guint index, gint64 at_us, gint64 for_us)
{
  gint64 since = atomic_load(&world->sites[index].active_since);
  return since != 0 && at_us - since >= for_us;
}

/* The time first: a reader in between sees the old width with the new time and waits a little longer. */
void
sim_world_set_asked(SimWorld *world, guint index, const McuPicture *asked, gint64 since_us)
{
  WorldSite *site = &world->sites[index];
  if (atomic_load(&site->asked_width) == asked->width && atomic_load(&site->asked_fps) == asked->fps)
    return;
  atomic_store(&site->asked_since, since_us);
  atomic_store(&site->asked_width, asked->width);
  atomic_store(&site->asked_fps, asked->fps);
}

gboolean
sim_world_is_asked(SimWorld *world, guint index, guint width, guint fps, gint64 at_us, gint64 for_us)
{
  WorldSite *site = &world->sites[index];
  guint asked = atomic_load(&site->asked_width);
  return asked != 0 && asked >= width && atomic_load(&site->asked_fps) >= fps &&
         at_us - atomic_load(&site->asked_since) >= for_us;
}

void
sim_world_set_seats(SimWorld *world, guint seats)
{
  atomic_store(&world->seats, seats);
}

guint
sim_world_seats(SimWorld *world)
{
  return atomic_load(&world->seats);
}
