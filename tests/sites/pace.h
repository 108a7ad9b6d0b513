/* When simulated sites send what: pure arithmetic on time and positions. */
#pragma once

#include <glib.h>

/* A regular tick which is never made up for by more than a few at once: a sleeping machine must not
 * answer with a flood. */
typedef struct {
  gint64 next_us;
  gint64 period_us;
  guint64 skipped; /* ticks given up */
} SimPace;

void sim_pace_init(SimPace *pace, gint64 first_us, gint64 period_us);
/* [any] Ticks due at `now_us`; they count as done. At most SIM_PACE_BURST. */
#define SIM_PACE_BURST 5
guint sim_pace_due(SimPace *pace, gint64 now_us);

/* Where in its loop of frames a site is. */
typedef struct {
  guint n_frames;
  guint next;
} SimLoop;

/* [any] The frame to send now; moves on. */
guint sim_loop_step(SimLoop *loop);
/* [any] Goes forward to the next key frame. `is_key` has n_frames entries. Forward only: a frame
 * number then comes again no sooner than the loop's length minus one key frame interval, so that
 * its number says when it was sent. */
void sim_loop_jump(SimLoop *loop, const guint8 *is_key);

/* [any] Whether site `index` of `n` talks in turn `turn` when `k` may talk at a time (0: all). The
 * turn goes round: everybody talks equally often. */
gboolean sim_talks(guint index, guint n, guint k, guint64 turn);
#define SIM_TURN_US (5 * G_USEC_PER_SEC)

/* [any] The instant of site `index` in a period: sites do not send in step. Multiple of SIM_SLOT_US. */
#define SIM_SLOT_US 5000
gint64 sim_phase_us(guint index, gint64 period_us);
