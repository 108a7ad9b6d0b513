/* diemcau-floor: what the unavoidable work of a meeting costs on this machine, and nothing else. Each
 * part does the work of so many seconds of a meeting as fast as it goes and divides: CPU seconds per
 * second are cores. All in one thread; who only stands in for the sites is not counted. */
#pragma once

#include <glib.h>
#include <math.h>
#include <time.h>

#include "mcu/types.h"

/* Pictures of sites, all alike. */
typedef struct {
  guint n, width, height, fps;
} FloorTiles;

typedef struct {
  McuView view;
  guint width, height;
  McuCodec codec;
  guint kbps;
} FloorRung;

typedef struct {
  FloorTiles visible; /* the programme's */
  FloorTiles wall;    /* all of the wall: those visible in the programme, decoded once, are its first */
  McuCodec tile_codec;
  FloorRung *rungs;
  guint n_rungs;
  guint fps[MCU_N_VIEWS];
  guint talkers, audio_kbps;
  guint receivers;
  double sent_packets, sent_bytes; /* per second in all; mean size of a datagram */
  double received_packets;         /* per second in all */
  const char *clips, *cache;       /* clips NULL: drawn pictures, tones alone */
  double seconds;                  /* to spend on each part */
} FloorScenario;

/* A stopwatch of CPU time. */
typedef struct {
  clockid_t clock;
  gint64 started_ns, spent_ns;
} FloorWatch;

static inline gint64
floor_clock(clockid_t clock)
{
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * G_GINT64_CONSTANT(1000000000) + now.tv_nsec;
}

static inline void
floor_watch_start(FloorWatch *watch)
{
  watch->started_ns = floor_clock(watch->clock);
}

static inline void
floor_watch_stop(FloorWatch *watch)
{
  watch->spent_ns += floor_clock(watch->clock) - watch->started_ns;
}

/* How many of something that comes `rate` times a second fall into the tick, of `ticks` a second. */
static inline guint
floor_due(guint64 tick, double rate, guint ticks)
{
  /* The little bit keeps 25 of 25 from becoming 24 by rounding. */
  return (guint)(floor((double)(tick + 1) * rate / ticks + 1e-6) - floor((double)tick * rate / ticks + 1e-6));
}
