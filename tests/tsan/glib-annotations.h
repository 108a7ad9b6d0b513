/* Included before everything else in builds with -Db_sanitize=thread.
 *
 * Debian's GLib is not built with the thread sanitizer and makes its mutexes, queues and reference counts
 * from futexes and atomics of its own, so the sanitizer does not see that they order anything and reports
 * every message between threads. Here GLib's hand-over points say what they promise. Nothing is
 * suppressed: a field touched by two threads without one of these is still reported. */
#pragma once

#include <glib.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

static inline void
tsan_mutex_lock(GMutex *mutex)
{
  g_mutex_lock(mutex);
  __tsan_acquire(mutex);
}

static inline gboolean
tsan_mutex_trylock(GMutex *mutex)
{
  if (!g_mutex_trylock(mutex))
    return FALSE;
  __tsan_acquire(mutex);
  return TRUE;
}

static inline void
tsan_mutex_unlock(GMutex *mutex)
{
  __tsan_release(mutex);
  g_mutex_unlock(mutex);
}

static inline void
tsan_cond_wait(GCond *cond, GMutex *mutex)
{
  __tsan_release(mutex);
  g_cond_wait(cond, mutex);
  __tsan_acquire(mutex);
}

static inline gboolean
tsan_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_time)
{
  __tsan_release(mutex);
  gboolean signalled = g_cond_wait_until(cond, mutex, end_time);
  __tsan_acquire(mutex);
  return signalled;
}

static inline void
tsan_async_queue_push(GAsyncQueue *queue, gpointer data)
{
  __tsan_release(queue);
  g_async_queue_push(queue, data);
}

static inline gpointer
tsan_async_queue_pop(GAsyncQueue *queue)
{
  gpointer data = g_async_queue_pop(queue);
  __tsan_acquire(queue);
  return data;
}

static inline gpointer
tsan_async_queue_try_pop(GAsyncQueue *queue)
{
  gpointer data = g_async_queue_try_pop(queue);
  __tsan_acquire(queue);
  return data;
}

static inline gpointer
tsan_async_queue_timeout_pop(GAsyncQueue *queue, guint64 timeout)
{
  gpointer data = g_async_queue_timeout_pop(queue, timeout);
  __tsan_acquire(queue);
  return data;
}

static inline gboolean
tsan_atomic_ref_count_dec(gatomicrefcount *count)
{
  __tsan_release(count);
  gboolean last = g_atomic_ref_count_dec(count);
  if (last)
    __tsan_acquire(count);
  return last;
}

/* What a source's callback is given was written by the thread that set it. */
typedef struct {
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} TsanCallback;

static inline gboolean
tsan_callback_run(gpointer user_data)
{
  TsanCallback *callback = (TsanCallback *)user_data;
  __tsan_acquire(callback);
  gboolean again = callback->func(callback->data);
  __tsan_release(callback);
  return again;
}

static inline void
tsan_callback_free(gpointer user_data)
{
  TsanCallback *callback = (TsanCallback *)user_data;
  __tsan_acquire(callback);
  if (callback->notify != NULL)
    callback->notify(callback->data);
  g_free(callback);
}

static inline TsanCallback *
tsan_callback_new(GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  TsanCallback *callback = g_new(TsanCallback, 1);
  callback->func = func;
  callback->data = data;
  callback->notify = notify;
  __tsan_release(callback);
  return callback;
}

static inline void
tsan_main_context_invoke_full(GMainContext *context, gint priority, GSourceFunc func, gpointer data,
                              GDestroyNotify notify)
{
  g_main_context_invoke_full(context, priority, tsan_callback_run, tsan_callback_new(func, data, notify),
                             tsan_callback_free);
}

static inline guint
tsan_idle_add_full(gint priority, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  return g_idle_add_full(priority, tsan_callback_run, tsan_callback_new(func, data, notify), tsan_callback_free);
}

static inline guint
tsan_timeout_add_full(gint priority, guint interval, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  return g_timeout_add_full(priority, interval, tsan_callback_run, tsan_callback_new(func, data, notify),
                            tsan_callback_free);
}

/* Only for sources whose callbacks are plain GSourceFuncs: idle and timeout sources, as in this project. */
static inline void
tsan_source_set_callback(GSource *source, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  g_source_set_callback(source, tsan_callback_run, tsan_callback_new(func, data, notify), tsan_callback_free);
}

#define g_mutex_lock(mutex) tsan_mutex_lock(mutex)
#define g_mutex_trylock(mutex) tsan_mutex_trylock(mutex)
#define g_mutex_unlock(mutex) tsan_mutex_unlock(mutex)
#define g_cond_wait(cond, mutex) tsan_cond_wait(cond, mutex)
#define g_cond_wait_until(cond, mutex, end_time) tsan_cond_wait_until(cond, mutex, end_time)
#define g_async_queue_push(queue, data) tsan_async_queue_push(queue, data)
#define g_async_queue_pop(queue) tsan_async_queue_pop(queue)
#define g_async_queue_try_pop(queue) tsan_async_queue_try_pop(queue)
#define g_async_queue_timeout_pop(queue, timeout) tsan_async_queue_timeout_pop(queue, timeout)
#define g_atomic_ref_count_dec(count) tsan_atomic_ref_count_dec(count)
#define g_main_context_invoke_full(context, priority, func, data, notify)                                              \
  tsan_main_context_invoke_full(context, priority, func, data, notify)
#define g_main_context_invoke(context, func, data)                                                                     \
  tsan_main_context_invoke_full(context, G_PRIORITY_DEFAULT, func, data, NULL)
#define g_idle_add_full(priority, func, data, notify) tsan_idle_add_full(priority, func, data, notify)
#define g_idle_add(func, data) tsan_idle_add_full(G_PRIORITY_DEFAULT_IDLE, func, data, NULL)
#define g_timeout_add_full(priority, interval, func, data, notify)                                                     \
  tsan_timeout_add_full(priority, interval, func, data, notify)
#define g_timeout_add(interval, func, data) tsan_timeout_add_full(G_PRIORITY_DEFAULT, interval, func, data, NULL)
#define g_source_set_callback(source, func, data, notify) tsan_source_set_callback(source, func, data, notify)
