/* SimPlayer: sends the cached loops of all sites, on one thread, each site in its own instant of the
 * period. Sending a packet is a copy into an McuStream: hundreds of sites cost a few percent. */
#pragma once

#include <glib.h>

#include "content.h"
#include "mcu/util/stream.h"
#include "sent.h"

typedef struct SimPlayer SimPlayer;
typedef struct SimSource SimSource;

/* [main] `n_sites`, `talkers`: who talks when (see sim_talks()). `silence`: what the others send; the
 * player takes a reference. */
SimPlayer *sim_player_new(guint n_sites, guint talkers, SimClip *silence);
void sim_player_free(SimPlayer *player); /* all sources removed before; joins the thread */

/* [main] Begins to play for the site with this index (0 .. n_sites - 1): sound, and no picture yet.
 * `sound` NULL: silence for ever. A reference is taken; `sent` is borrowed until sim_player_remove().
 * `codec`: of the picture, MCU_CODEC_NONE for never any. */
SimSource *sim_player_add(SimPlayer *player, guint index, guint site, McuCodec codec, SimClip *sound, SimSent *sent);
void sim_player_remove(SimPlayer *player, SimSource *source); /* nothing is written after it */
/* [main] It speaks, or hums, from then until then (monotonic us), whoever's turn it is; and is silent but for that from
 * its first time on. */
void sim_source_speak(SimPlayer *player, SimSource *source, gint64 from_us, gint64 until_us, gboolean syllables);
/* [main] The picture from now on, from its first key frame; without a clip none. */
void sim_source_show(SimPlayer *player, SimSource *source, const SimFilm *film);

/* [main] Borrowed. */
McuStream *sim_source_audio(SimSource *source);
McuStream *sim_source_video(SimSource *source); /* NULL without */

typedef struct {
  guint64 video_frames, audio_packets, keyframe_jumps;
  guint64 skipped; /* ticks given up because the machine was too slow */
  gint64 late_us;  /* the latest a tick ever was */
} SimPlayerStats;

void sim_player_get_stats(SimPlayer *player, SimPlayerStats *out_stats); /* [main] */
