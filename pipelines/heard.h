/* PlHeard: who is heard. Levels as they arrive go in, at each tick the loudest few come out. A site
 * is a candidate from its first packet above the threshold until seconds after the last, and loses
 * its place only to one that is clearly louder: nobody is cut off between two words. Who has the floor
 * is heard before all others. As packets
 * wait a little before they are played, the decision comes before the sound it is about. Pure. */
#pragma once

#include <glib.h>

typedef struct {
  float loud;        /* follows the level within some packets, as 127 - (-dBov): 0 .. 127 */
  float strength;    /* the same, up at once and down slowly */
  guint quiet_ticks; /* since it was last above the threshold */
  guint heard_ticks;
  gboolean unknown; /* sends no level: has to be listened to */
  gboolean heard;   /* the decision */
  gboolean probe;   /* not heard, but to be decoded for its level */
  gboolean floor;   /* has the floor: heard whatever its level (the caller's to set) */
} PlHeard;

/* From nothing, but for `floor`, which stays: zeroed memory is right to begin with. */
void pl_heard_init(PlHeard *heard);
/* The loudest level that arrived in this tick; MCU_LEVEL_UNKNOWN: packets without. */
void pl_heard_level(PlHeard *heard, guint8 level);
/* The level that was decoded in this tick; only for sites that send none. */
void pl_heard_decoded(PlHeard *heard, guint8 level);
/* A tick in which nothing arrived. */
void pl_heard_nothing(PlHeard *heard);
gboolean pl_heard_is_candidate(const PlHeard *heard);
/* Puts a probe that turned out loud among the heard within the same tick; there must be room. */
void pl_heard_admit(PlHeard *heard);

/* Decides for all: sets heard and probe. `turn` is the caller's, 0 at first: whose turn it is to be
 * probed. Returns how many are heard. */
guint pl_heard_choose(PlHeard *const *all, guint n, guint max_heard, guint *turn);
