/* Base line and lateness of a packet stream, see jitter.h. Owned by a PlPlayout, on its thread. */
#include "pipelines/jitter.h"

#include <string.h>

#define BUCKET_US 500000
#define TARGET_MIN_MS 10
#define TARGET_START_MS 20 /* until the line is known */
#define TARGET_MAX_MS 200
#define SLACK_MS 4
#define START_PACKETS 50
#define LATE_PERMILLE 20 /* so many may come after the target */
/* Beyond what any target bridges: either a stall that will pass or another line. */
#define FAR_US 300000
#define FAR_LATE_PACKETS 5
#define FAR_EARLY_PACKETS 2

void
pl_jitter_init(PlJitter *jitter)
{
  memset(jitter, 0, sizeof *jitter);
  for (guint i = 0; i < PL_JITTER_BUCKETS; i++)
    jitter->minima[i] = G_MAXINT64;
  jitter->target_ms = TARGET_START_MS;
}

static void
forget_line(PlJitter *jitter, gint64 bucket)
{
  for (guint i = 0; i < PL_JITTER_BUCKETS; i++)
    jitter->minima[i] = G_MAXINT64;
  jitter->bucket = bucket;
}

static void
move_to_bucket(PlJitter *jitter, gint64 bucket)
{
  if (bucket - jitter->bucket >= PL_JITTER_BUCKETS) {
    forget_line(jitter, bucket);
    return;
  }
  while (jitter->bucket < bucket)
    jitter->minima[++jitter->bucket % PL_JITTER_BUCKETS] = G_MAXINT64;
}

static gint64
lowest(const PlJitter *jitter)
{
  gint64 low = G_MAXINT64;
  for (guint i = 0; i < PL_JITTER_BUCKETS; i++)
    low = MIN(low, jitter->minima[i]);
  return low;
}

/* From the top down until more than the permitted share would be late. */
static guint
percentile_ms(const PlJitter *jitter)
{
  guint n = (guint)MIN(jitter->seen, PL_JITTER_WINDOW);
  guint permitted = n * LATE_PERMILLE / 1000, later = 0;
  for (guint ms = PL_JITTER_MAX_MS; ms > 0; ms--) {
    later += jitter->counts[ms];
    if (later > permitted)
      return ms;
  }
  return 0;
}

static void
note_lateness(PlJitter *jitter, gint64 late_us)
{
  guint ms = (guint)MIN(late_us / 1000, PL_JITTER_MAX_MS);
  guint place = (guint)(jitter->seen % PL_JITTER_WINDOW);
  if (jitter->seen >= PL_JITTER_WINDOW)
    jitter->counts[jitter->late_ms[place]]--;
  jitter->late_ms[place] = (guint8)ms;
  jitter->counts[ms]++;
  jitter->seen++;

  /* Going up must be quick, coming down may wait. */
  if (ms + SLACK_MS <= jitter->target_ms && jitter->seen % 8 != 0)
    return;
  guint floor_ms = jitter->seen < START_PACKETS ? TARGET_START_MS : TARGET_MIN_MS;
  jitter->target_ms = CLAMP(percentile_ms(jitter) + SLACK_MS, floor_ms, TARGET_MAX_MS);
}

static PlJitterVerdict
judge(PlJitter *jitter, gint64 late_us)
{
  jitter->far_late = late_us > FAR_US ? jitter->far_late + 1 : 0;
  jitter->far_early = late_us < -FAR_US ? jitter->far_early + 1 : 0;
  if (jitter->far_late >= FAR_LATE_PACKETS || jitter->far_early >= FAR_EARLY_PACKETS) {
    jitter->far_late = jitter->far_early = 0;
    return PL_JITTER_JUMP;
  }
  return jitter->far_early > 0 ? PL_JITTER_DOUBTFUL : PL_JITTER_OK;
}

PlJitterVerdict
pl_jitter_observe(PlJitter *jitter, gint64 arrival_us, gint64 media_us)
{
  gint64 transit = arrival_us - media_us;
  gint64 bucket = arrival_us / BUCKET_US;
  PlJitterVerdict verdict = PL_JITTER_OK;

  if (jitter->seen == 0) {
    forget_line(jitter, bucket);
  } else {
    gboolean silent = bucket - jitter->bucket >= PL_JITTER_BUCKETS;
    move_to_bucket(jitter, MAX(bucket, jitter->bucket));
    verdict = judge(jitter, transit - jitter->base_us);
    if (silent && verdict == PL_JITTER_DOUBTFUL)
      verdict = PL_JITTER_JUMP; /* seconds of nothing: there is no line to doubt it by */
    if (verdict == PL_JITTER_DOUBTFUL)
      return verdict;
    if (verdict == PL_JITTER_JUMP)
      forget_line(jitter, jitter->bucket);
  }
  gint64 *minimum = &jitter->minima[jitter->bucket % PL_JITTER_BUCKETS];
  *minimum = MIN(*minimum, transit);
  jitter->base_us = lowest(jitter);
  note_lateness(jitter, transit - jitter->base_us);
  return verdict;
}

gint64
pl_jitter_expected_us(const PlJitter *jitter, gint64 media_us)
{
  return jitter->base_us + media_us;
}

guint
pl_jitter_target_ms(const PlJitter *jitter)
{
  return jitter->target_ms;
}
