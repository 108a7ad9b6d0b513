/* PlFace: what a seat looks like wherever it is shown: its name, its newest picture, and what to show in
 * place of one. Changed on main, read by the threads that compose. Reference counted, as a tile may
 * outlive the seat for a tick. */
#pragma once

#include "pipelines/heard-at.h"
#include "pipelines/slot.h"

typedef struct PlFace PlFace;

/* [main] `name`: any UTF-8. */
PlFace *pl_face_new(const char *name);
void pl_face_set_name(PlFace *face, const char *name);
/* Which card is shown while there is no fresh picture. */
void pl_face_set_lost(PlFace *face, gboolean lost);
/* Off: the card at once, and pictures are ignored. */
void pl_face_set_camera(PlFace *face, gboolean on);
/* Its site's sound: once, before the face is shown. Keeps a reference. */
void pl_face_follow_sound(PlFace *face, PlHeardAt *heard_at);

/* [any] */
PlFace *pl_face_ref(PlFace *face);
void pl_face_unref(PlFace *face);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlFace, pl_face_unref)
PlSlot *pl_face_slot(PlFace *face);   /* borrowed */
char *pl_face_dup_name(PlFace *face); /* caller frees */
guint pl_face_version(PlFace *face);  /* another one after each change of the name */
gint64 pl_face_heard(PlFace *face);   /* when last, monotonic us; 0: never, or it follows no sound */
gboolean pl_face_lost(PlFace *face);
gboolean pl_face_camera(PlFace *face);
