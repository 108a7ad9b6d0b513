/* Lock: PlFace.lock, a leaf, for the name alone; the rest is atomic. */
#include "pipelines/face.h"

#include <stdatomic.h>

struct PlFace {
  gatomicrefcount refs;
  PlSlot *slot;
  GMutex lock; /* protects name */
  char *name;
  atomic_uint version;
  atomic_bool lost, camera;
  PlHeardAt *heard_at; /* referenced; NULL: none. Set before others know the face */
};

PlFace *
pl_face_new(const char *name)
{
  PlFace *face = g_new0(PlFace, 1);
  g_atomic_ref_count_init(&face->refs);
  g_mutex_init(&face->lock);
  face->slot = pl_slot_new();
  face->name = g_strdup(name);
  atomic_init(&face->camera, TRUE);
  return face;
}

PlFace *
pl_face_ref(PlFace *face)
{
  g_atomic_ref_count_inc(&face->refs);
  return face;
}

void
pl_face_unref(PlFace *face)
{
  if (face == NULL || !g_atomic_ref_count_dec(&face->refs))
    return;
  pl_slot_unref(face->slot);
  pl_heard_at_unref(face->heard_at);
  g_mutex_clear(&face->lock);
  g_free(face->name);
  g_free(face);
}

void
pl_face_set_name(PlFace *face, const char *name)
{
  char *copy = g_strdup(name);
  g_mutex_lock(&face->lock);
  char *old = g_steal_pointer(&face->name);
  face->name = copy;
  gboolean changed = g_strcmp0(old, copy) != 0;
  g_mutex_unlock(&face->lock);
  g_free(old);
  if (changed)
    atomic_fetch_add(&face->version, 1);
}

void
pl_face_set_lost(PlFace *face, gboolean lost)
{
  atomic_store(&face->lost, lost);
}

void
pl_face_set_camera(PlFace *face, gboolean on)
{
  atomic_store(&face->camera, on);
}

PlSlot *
pl_face_slot(PlFace *face)
{
  return face->slot;
}

char *
pl_face_dup_name(PlFace *face)
{
  g_mutex_lock(&face->lock);
  char *name = g_strdup(face->name);
  g_mutex_unlock(&face->lock);
  return name;
}

guint
pl_face_version(PlFace *face)
{
  return atomic_load(&face->version);
}

gboolean
pl_face_lost(PlFace *face)
{
  return atomic_load(&face->lost);
}

gboolean
pl_face_camera(PlFace *face)
{
  return atomic_load(&face->camera);
}

void
pl_face_follow_sound(PlFace *face, PlHeardAt *heard_at)
{
  g_assert(face->heard_at == NULL);
  face->heard_at = pl_heard_at_ref(heard_at);
}

gint64
pl_face_heard(PlFace *face)
{
  return face->heard_at != NULL ? pl_heard_at_get(face->heard_at) : 0;
}
