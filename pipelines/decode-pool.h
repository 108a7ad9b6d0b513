/* PlDecodePool: the fixed few threads on which all pictures are decoded, however many are seen. A job is
 * one ring with somebody to read it; its packets are always read by the same thread. */
#pragma once

#include "mcu/util/ring.h"

#define PL_DECODE_THREADS_MAX 8

typedef struct PlDecodePool PlDecodePool;
typedef struct PlDecodeJob PlDecodeJob;

/* [decode] Reads the ring until it is empty, or returns sooner and is called again. TRUE: wants to be called
 * again within PL_DECODE_AGAIN_US even if nothing comes. */
typedef gboolean (*PlDecodeWork)(gpointer user_data);
#define PL_DECODE_AGAIN_US 60000

/* [main] The pool of the process, made when first asked for. */
PlDecodePool *pl_decode_pool_ref(void);
void pl_decode_pool_unref(PlDecodePool *pool);
/* [main] Takes a reference to `ring`. `ended` is called on [decode] after the job was removed and the last call of
 * `work` has come back; a job added later for the same ring has its first call after it. */
PlDecodeJob *pl_decode_pool_add(PlDecodePool *pool, McuRing *ring, PlDecodeWork work, GDestroyNotify ended,
                                gpointer user_data);
/* [main] Waits for nothing; `job` is not to be used any more. */
void pl_decode_pool_remove(PlDecodePool *pool, PlDecodeJob *job);
