/* Owned by the picture mix, made and freed with its seat. */
#include "pipelines/picture.h"

#include "pipelines/decode.h"
#include "pipelines/wish.h"

struct PlPicture {
  char *name;
  gpointer owner;
  PlFace *face;
  gboolean camera;
  McuRing *ring; /* referenced; NULL: none */
  McuCodec codec;
  McuPicture wanted;
  PlDecode *decode; /* NULL: not seen, or nothing comes */
  guint64 errors;   /* of decoders that are gone */
};

PlPicture *
pl_picture_new(const char *name, gpointer owner)
{
  PlPicture *picture = g_new0(PlPicture, 1);
  picture->name = g_strdup(name);
  picture->owner = owner;
  picture->face = pl_face_new(name);
  picture->camera = TRUE;
  return picture;
}

static void
drop_decode(PlPicture *picture)
{
  if (picture->ring != NULL)
    mcu_ring_set_wanted(picture->ring, FALSE);
  if (picture->decode == NULL)
    return;
  PlDecodeStats stats;
  pl_decode_get_stats(picture->decode, &stats);
  picture->errors += stats.errors;
  g_clear_pointer(&picture->decode, pl_decode_free);
}

static gboolean
is_seen(const PlPicture *picture)
{
  return picture->wanted.height > 0;
}

static void
follow(PlPicture *picture)
{
  if (!is_seen(picture) || picture->ring == NULL) {
    drop_decode(picture);
    return;
  }
  if (picture->decode != NULL)
    return;
  g_autoptr(GError) error = NULL;
  picture->decode = pl_decode_new(picture->name, picture->codec, picture->ring, pl_face_slot(picture->face), &error);
  if (picture->decode == NULL)
    g_warning("%s: %s", picture->name, error->message);
  else
    mcu_ring_set_wanted(picture->ring, TRUE);
}

void
pl_picture_free(PlPicture *picture)
{
  if (picture == NULL)
    return;
  drop_decode(picture);
  mcu_ring_unref(picture->ring);
  pl_face_unref(picture->face);
  g_free(picture->name);
  g_free(picture);
}

gpointer
pl_picture_owner(const PlPicture *picture)
{
  return picture->owner;
}

PlFace *
pl_picture_face(PlPicture *picture)
{
  return picture->face;
}

void
pl_picture_set_name(PlPicture *picture, const char *name)
{
  g_free(picture->name);
  picture->name = g_strdup(name);
  pl_face_set_name(picture->face, name);
}

void
pl_picture_set_lost(PlPicture *picture, gboolean lost)
{
  pl_face_set_lost(picture->face, lost);
}

void
pl_picture_set_camera(PlPicture *picture, gboolean on)
{
  picture->camera = on;
  pl_face_set_camera(picture->face, on);
}

gboolean
pl_picture_camera(const PlPicture *picture)
{
  return picture->camera;
}

void
pl_picture_set_input(PlPicture *picture, McuRing *ring, McuCodec codec)
{
  if (codec == MCU_CODEC_NONE)
    ring = NULL;
  if (ring == picture->ring && codec == picture->codec)
    return;
  drop_decode(picture);
  McuRing *old = picture->ring;
  picture->ring = ring != NULL ? mcu_ring_ref(ring) : NULL;
  picture->codec = codec;
  mcu_ring_unref(old);
  if (ring != NULL)
    mcu_ring_set_wanted(ring, FALSE); /* until it is seen */
  follow(picture);
}

gboolean
pl_picture_want(PlPicture *picture, const McuPicture *wanted)
{
  if (pl_wish_equal(&picture->wanted, wanted))
    return FALSE;
  picture->wanted = *wanted;
  follow(picture);
  return TRUE;
}

const McuPicture *
pl_picture_wanted(const PlPicture *picture)
{
  return &picture->wanted;
}

gboolean
pl_picture_decoding(const PlPicture *picture)
{
  return picture->decode != NULL;
}

guint64
pl_picture_errors(PlPicture *picture)
{
  PlDecodeStats stats = {0};
  if (picture->decode != NULL)
    pl_decode_get_stats(picture->decode, &stats);
  return picture->errors + stats.errors;
}
