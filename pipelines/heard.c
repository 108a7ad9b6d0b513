/* The choice of the sites that are mixed, see heard.h. Runs on the mix thread. */
#include "pipelines/heard.h"

#include "mcu/util/ring.h"

#define FULL 127
#define THRESHOLD_LEVEL 65 /* -dBov: rooms hum at 60 to 70 after a browser's noise suppression */
#define HOLD_TICKS 125     /* 2.5 s */
#define FALL_PER_TICK 0.2f /* 10 dB a second */
#define FOLLOW 0.34f       /* three packets */
#define CLEARLY_LOUDER 6.0f
#define KEEP_TICKS 25  /* 0.5 s in any case */
#define STOP_TICKS 2   /* silent for so long, who has had his place for a while gives way to who speaks; ... */
#define PAUSE_TICKS 12 /* ... and for so long, everybody does */
#define PROBES 8       /* sites without level decoded at a time */
#define PROBE_TICKS 4  /* a fresh decoder needs a frame or two */

void
pl_heard_init(PlHeard *heard)
{
  *heard = (PlHeard){.quiet_ticks = HOLD_TICKS, .floor = heard->floor};
}

static void
follow(PlHeard *heard, guint8 level)
{
  float loud = (float)(FULL - MIN(level, FULL));
  heard->loud += (loud - heard->loud) * FOLLOW;
  heard->strength = MAX(loud, heard->strength - FALL_PER_TICK);
  if (level <= THRESHOLD_LEVEL)
    heard->quiet_ticks = 0;
  else
    heard->quiet_ticks++;
}

void
pl_heard_level(PlHeard *heard, guint8 level)
{
  heard->unknown = level == MCU_LEVEL_UNKNOWN;
  if (!heard->unknown)
    follow(heard, level);
}

void
pl_heard_decoded(PlHeard *heard, guint8 level)
{
  follow(heard, level);
}

void
pl_heard_nothing(PlHeard *heard)
{
  /* A packet each 20 ms comes as none, two, one ...: only the hold counts the pause. */
  heard->strength = MAX(0.0f, heard->strength - FALL_PER_TICK);
  heard->quiet_ticks++;
}

gboolean
pl_heard_is_candidate(const PlHeard *heard)
{
  return heard->floor || heard->quiet_ticks < HOLD_TICKS;
}

static PlHeard *
weakest_heard(PlHeard *const *all, guint n, guint keep_ticks)
{
  PlHeard *weakest = NULL;
  for (guint i = 0; i < n; i++) {
    if (all[i]->heard && !all[i]->floor && all[i]->heard_ticks >= keep_ticks &&
        (weakest == NULL || all[i]->strength < weakest->strength))
      weakest = all[i];
  }
  return weakest;
}

static gboolean
pauses(const PlHeard *heard)
{
  return heard->quiet_ticks >= (heard->heard_ticks >= KEEP_TICKS ? STOP_TICKS : PAUSE_TICKS);
}

/* Who has been silent longest among those who keep their places for a next word. */
static PlHeard *
longest_pausing(PlHeard *const *all, guint n)
{
  PlHeard *longest = NULL;
  for (guint i = 0; i < n; i++) {
    if (all[i]->heard && !all[i]->floor && pauses(all[i]) &&
        (longest == NULL || all[i]->quiet_ticks > longest->quiet_ticks))
      longest = all[i];
  }
  return longest;
}

static PlHeard *
loudest_waiting(PlHeard *const *all, guint n)
{
  PlHeard *loudest = NULL;
  for (guint i = 0; i < n; i++) {
    if (all[i]->heard || !pl_heard_is_candidate(all[i]))
      continue;
    if (loudest == NULL || all[i]->floor > loudest->floor ||
        (all[i]->floor == loudest->floor && all[i]->loud > loudest->loud))
      loudest = all[i];
  }
  return loudest;
}

static void
set_heard(PlHeard *heard, gboolean on)
{
  heard->heard = on;
  heard->heard_ticks = 0;
}

void
pl_heard_admit(PlHeard *heard)
{
  set_heard(heard, TRUE);
  heard->probe = FALSE;
}

/* Sites that send no level take turns in being decoded; the caller tells what was found. */
static void
choose_probes(PlHeard *const *all, guint n, guint *turn)
{
  guint probes = 0, start = n > 0 ? *turn / PROBE_TICKS % n : 0, last = start;
  for (guint k = 0; k < n; k++) {
    guint i = (start + k) % n;
    all[i]->probe = FALSE;
    if (probes == PROBES || !all[i]->unknown || all[i]->heard)
      continue;
    all[i]->probe = TRUE;
    probes++;
    last = i;
  }
  /* The next round begins behind the last of this one. */
  if (++*turn % PROBE_TICKS == 0)
    *turn = probes == PROBES ? (last + 1) * PROBE_TICKS : 0;
}

guint
pl_heard_choose(PlHeard *const *all, guint n, guint max_heard, guint *turn)
{
  guint n_heard = 0;
  for (guint i = 0; i < n; i++) {
    if (all[i]->heard && !pl_heard_is_candidate(all[i]))
      set_heard(all[i], FALSE);
    if (all[i]->heard) {
      all[i]->heard_ticks++;
      n_heard++;
    }
  }

  PlHeard *waiting = loudest_waiting(all, n);
  while (waiting != NULL && n_heard < max_heard) {
    set_heard(waiting, TRUE);
    n_heard++;
    waiting = loudest_waiting(all, n);
  }
  /* Who pauses gives way to who speaks, sooner than a packet is played: nothing of a first word is waited for. */
  for (PlHeard *pausing;
       waiting != NULL && waiting->quiet_ticks < STOP_TICKS && (pausing = longest_pausing(all, n)) != NULL;
       waiting = loudest_waiting(all, n)) {
    set_heard(pausing, FALSE);
    set_heard(waiting, TRUE);
  }
  /* Among those who speak, one change a tick is plenty, and keeps the steps of the load small. */
  PlHeard *weakest = waiting != NULL ? weakest_heard(all, n, waiting->floor ? 0 : KEEP_TICKS) : NULL;
  if (weakest != NULL && (waiting->floor || waiting->loud > weakest->strength + CLEARLY_LOUDER)) {
    set_heard(weakest, FALSE);
    set_heard(waiting, TRUE);
  }
  choose_probes(all, n, turn);
  return n_heard;
}
