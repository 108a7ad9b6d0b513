/* McuBucket: how often somebody may do something: `burst` at once, refilled at `per_s`. Pure; in
 * microseconds of tokens, so that no rounding is lost. Used by one thread. */
#pragma once

#include <glib.h>

typedef struct {
  guint per_s, burst;
  gint64 credit_us; /* 1 / per_s seconds of credit buy one */
  gint64 last_us;
} McuBucket;

static inline void
mcu_bucket_init(McuBucket *bucket, guint per_s, guint burst, gint64 now_us)
{
  *bucket = (McuBucket){.per_s = per_s, .burst = burst, .last_us = now_us};
  bucket->credit_us = (gint64)burst * (G_USEC_PER_SEC / per_s);
}

/* FALSE: not now. */
static inline gboolean
mcu_bucket_take(McuBucket *bucket, gint64 now_us)
{
  gint64 price = G_USEC_PER_SEC / bucket->per_s;
  gint64 full = (gint64)bucket->burst * price;
  gint64 gained = CLAMP(now_us - bucket->last_us, 0, full);
  bucket->credit_us = MIN(bucket->credit_us + gained, full);
  bucket->last_us = now_us;
  if (bucket->credit_us < price)
    return FALSE;
  bucket->credit_us -= price;
  return TRUE;
}
