/* Each worker goes through its jobs when it is woken. Lock: Worker.lock, for its two lists, held for as long as
 * one is copied; nothing that a job does is waited for on main. */
#include "pipelines/decode-pool.h"

#include <stdatomic.h>

/* A worker more only where it pays: each has caches to fill and wakes by itself. */
#define JOBS_PER_WORKER 32

struct PlDecodeJob {
  gatomicrefcount refs;
  McuRing *ring;
  PlDecodeWork work;
  GDestroyNotify ended;
  gpointer user_data;
  guint worker;
  gboolean again; /* [decode] */
};

typedef struct {
  GThread *thread;
  McuWaker *waker;
  atomic_bool stop;
  atomic_uint generation; /* another one after each change of `jobs` */

  GMutex lock;     /* protects: */
  GPtrArray *jobs; /* referenced, as in: */
  GPtrArray *leaving;

  struct {
    guint generation;
    GPtrArray *jobs; /* as of that generation, referenced */
  } own;             /* the worker's thread */
} Worker;

struct PlDecodePool {
  guint refs; /* [main] */
  guint n_workers;
  Worker workers[PL_DECODE_THREADS_MAX];
};

static PlDecodePool *the_pool; /* [main] */

static PlDecodeJob *
job_ref(PlDecodeJob *job)
{
  g_atomic_ref_count_inc(&job->refs);
  return job;
}

static void
job_unref(gpointer data)
{
  PlDecodeJob *job = data;
  if (!g_atomic_ref_count_dec(&job->refs))
    return;
  mcu_ring_unref(job->ring);
  g_free(job);
}

/* Who has left ends before anybody new is called: it may have read the same ring. */
static void
follow_jobs(Worker *worker)
{
  guint generation = atomic_load(&worker->generation);
  if (generation == worker->own.generation)
    return;
  g_autoptr(GPtrArray) leaving = g_ptr_array_new_with_free_func(job_unref);
  g_ptr_array_set_size(worker->own.jobs, 0);
  g_mutex_lock(&worker->lock);
  worker->own.generation = atomic_load(&worker->generation);
  for (guint i = 0; i < worker->jobs->len; i++)
    g_ptr_array_add(worker->own.jobs, job_ref(g_ptr_array_index(worker->jobs, i)));
  GPtrArray *left = worker->leaving;
  worker->leaving = g_steal_pointer(&leaving);
  leaving = left;
  g_mutex_unlock(&worker->lock);
  for (guint i = 0; i < leaving->len; i++) {
    PlDecodeJob *job = g_ptr_array_index(leaving, i);
    job->ended(job->user_data);
  }
}

/* TRUE when somebody wants to be called again soon. */
static gboolean
go_round(Worker *worker)
{
  gboolean again = FALSE;
  follow_jobs(worker);
  for (guint i = 0; i < worker->own.jobs->len; i++) {
    PlDecodeJob *job = g_ptr_array_index(worker->own.jobs, i);
    if (job->again || mcu_ring_peek(job->ring) != NULL)
      job->again = job->work(job->user_data);
    again |= job->again;
  }
  return again;
}

static gboolean
has_work(gpointer data)
{
  Worker *worker = data;
  if (atomic_load(&worker->stop) || atomic_load(&worker->generation) != worker->own.generation)
    return TRUE;
  for (guint i = 0; i < worker->own.jobs->len; i++) {
    const PlDecodeJob *job = g_ptr_array_index(worker->own.jobs, i);
    if (mcu_ring_peek(job->ring) != NULL)
      return TRUE;
  }
  return FALSE;
}

static gpointer
run(gpointer data)
{
  Worker *worker = data;
  while (!atomic_load(&worker->stop)) {
    gboolean again = go_round(worker);
    mcu_waker_wait(worker->waker, again ? PL_DECODE_AGAIN_US : -1, has_work, worker);
  }
  follow_jobs(worker); /* who left last */
  return NULL;
}

static void
start_worker(Worker *worker, guint index)
{
  worker->waker = mcu_waker_new();
  g_mutex_init(&worker->lock);
  worker->jobs = g_ptr_array_new_with_free_func(job_unref);
  worker->leaving = g_ptr_array_new_with_free_func(job_unref);
  worker->own.jobs = g_ptr_array_new_with_free_func(job_unref);
  g_autofree char *name = g_strdup_printf("decode-%u", index);
  worker->thread = g_thread_new(name, run, worker);
}

static void
stop_worker(Worker *worker)
{
  atomic_store(&worker->stop, TRUE);
  mcu_waker_wake(worker->waker);
  g_thread_join(worker->thread);
  g_assert(worker->jobs->len == 0 && worker->leaving->len == 0);
  g_ptr_array_unref(worker->jobs);
  g_ptr_array_unref(worker->leaving);
  g_ptr_array_unref(worker->own.jobs);
  g_mutex_clear(&worker->lock);
  mcu_waker_unref(worker->waker);
}

PlDecodePool *
pl_decode_pool_ref(void)
{
  if (the_pool == NULL) {
    the_pool = g_new0(PlDecodePool, 1);
    the_pool->n_workers = CLAMP(g_get_num_processors(), 1, PL_DECODE_THREADS_MAX);
    for (guint i = 0; i < the_pool->n_workers; i++)
      start_worker(&the_pool->workers[i], i);
  }
  the_pool->refs++;
  return the_pool;
}

void
pl_decode_pool_unref(PlDecodePool *pool)
{
  if (pool == NULL || --pool->refs > 0)
    return;
  for (guint i = 0; i < pool->n_workers; i++)
    stop_worker(&pool->workers[i]);
  the_pool = NULL;
  g_free(pool);
}

/* The one with the fewest jobs of as many as are needed; of a ring that has been read before, the same as before. */
static guint
choose_worker(PlDecodePool *pool, McuRing *ring)
{
  guint least = 0, jobs = 0;
  for (guint i = 0; i < pool->n_workers; i++)
    jobs += pool->workers[i].jobs->len;
  guint n = MIN(pool->n_workers, 1 + jobs / JOBS_PER_WORKER);
  for (guint i = 1; i < n; i++)
    if (pool->workers[i].jobs->len < pool->workers[least].jobs->len)
      least = i;
  McuWaker *waker = mcu_ring_set_waker(ring, pool->workers[least].waker);
  for (guint i = 0; i < pool->n_workers; i++)
    if (pool->workers[i].waker == waker)
      return i;
  g_assert_not_reached(); /* a ring belongs to one mix, which holds the pool */
}

PlDecodeJob *
pl_decode_pool_add(PlDecodePool *pool, McuRing *ring, PlDecodeWork work, GDestroyNotify ended, gpointer user_data)
{
  PlDecodeJob *job = g_new0(PlDecodeJob, 1);
  g_atomic_ref_count_init(&job->refs);
  job->ring = mcu_ring_ref(ring);
  job->work = work;
  job->ended = ended;
  job->user_data = user_data;
  job->worker = choose_worker(pool, ring);
  job->again = TRUE; /* its first call makes the first request */
  Worker *worker = &pool->workers[job->worker];
  g_mutex_lock(&worker->lock);
  g_ptr_array_add(worker->jobs, job);
  atomic_fetch_add(&worker->generation, 1);
  g_mutex_unlock(&worker->lock);
  mcu_waker_wake(worker->waker);
  return job;
}

void
pl_decode_pool_remove(PlDecodePool *pool, PlDecodeJob *job)
{
  Worker *worker = &pool->workers[job->worker];
  g_mutex_lock(&worker->lock);
  g_ptr_array_add(worker->leaving, job_ref(job));
  g_ptr_array_remove_fast(worker->jobs, job);
  atomic_fetch_add(&worker->generation, 1);
  g_mutex_unlock(&worker->lock);
  mcu_waker_wake(worker->waker);
}
