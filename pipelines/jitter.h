/* PlJitter: what one sender's packets tell about the line: how early a packet can come (the base
 * line) and how much later than that nearly all come (the target of the playout delay). Arrival
 * times in, decisions out; clock drift shows as a base line that moves. Pure, embedded. */
#pragma once

#include <glib.h>

#define PL_JITTER_BUCKETS 8
#define PL_JITTER_WINDOW 256
#define PL_JITTER_MAX_MS 250

typedef enum {
  PL_JITTER_OK,
  PL_JITTER_DOUBTFUL, /* far off the line, alone so far: do not use the packet */
  PL_JITTER_JUMP,     /* the sender's clock or the route has changed: a new line begins here */
} PlJitterVerdict;

typedef struct {
  gint64 minima[PL_JITTER_BUCKETS]; /* lowest transit by half second */
  gint64 bucket;                    /* number of the newest half second */
  gint64 base_us;                   /* lowest transit of the last four seconds */
  guint8 late_ms[PL_JITTER_WINDOW]; /* the last packets' lateness, in turn */
  guint16 counts[PL_JITTER_MAX_MS + 1];
  guint64 seen;
  guint target_ms;
  guint far_late, far_early; /* packets in a row */
} PlJitter;

void pl_jitter_init(PlJitter *jitter);
/* `media_us`: the packet's RTP timestamp as time. */
PlJitterVerdict pl_jitter_observe(PlJitter *jitter, gint64 arrival_us, gint64 media_us);
/* When the packet of `media_us` would come if it came as early as possible. */
gint64 pl_jitter_expected_us(const PlJitter *jitter, gint64 media_us);
guint pl_jitter_target_ms(const PlJitter *jitter); /* 10 .. 200 */
