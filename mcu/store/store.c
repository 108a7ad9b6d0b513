/* The queue and the thread in front of the database (database.c has the SQL). Owned by main;
 * callers of any thread meet the store's thread at `lock`, which nobody holds during I/O. */
#include "mcu/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/store/database.h"
#include "mcu/util/clock.h"

#define BATCH_MAX 256
#define RETRY_US G_USEC_PER_SEC
#define CLOSE_US (5 * G_USEC_PER_SEC)
#define LOG_INTERVAL_US (10 * G_USEC_PER_SEC)
/* Beginnings and ends of meetings and recordings fit in when events no longer do. */
#define RESERVE 256

struct McuStore {
  McuDatabase *database; /* store thread only, once it runs */
  GThread *thread;

  GMutex lock; /* protects all below */
  GCond changed;
  GQueue queue;       /* of McuStoreItem * */
  guint in_batch;     /* taken from the queue, not yet written */
  gint64 deadline_us; /* 0: open; else give up after this */
  McuPace drop_pace, retry_pace;
  McuStoreStats stats;
  guint64 late_written, late_failed; /* since it is behind */
};

/* --- the thread --------------------------------------------------------------------------- */

/* TRUE once the store is closing and its time is over. */
static gboolean
given_up(McuStore *store)
{
  g_mutex_lock(&store->lock);
  gboolean over = store->deadline_us != 0 && g_get_monotonic_time() >= store->deadline_us;
  g_mutex_unlock(&store->lock);
  return over;
}

/* Size and SHA-256 of a finished recording; leaves the item as it is when the file cannot be read. */
static void
hash_file(McuStore *store, McuStoreItem *item)
{
  int fd = open(item->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) {
    g_warning("cannot read %s: %s", item->path, g_strerror(errno));
    return;
  }
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  const gsize block = 256 * 1024;
  g_autofree guint8 *bytes = g_malloc(block);
  gint64 size = 0;
  gssize n;
  while ((n = read(fd, bytes, block)) > 0 && !given_up(store)) {
    g_checksum_update(checksum, bytes, n);
    size += n;
  }
  if (n == 0) {
    item->size = size;
    item->sha256 = g_strdup(g_checksum_get_string(checksum));
  }
  close(fd);
}

/* Waits for work; moves up to BATCH_MAX items into `batch`. FALSE when closing and done. */
static gboolean
take_batch(McuStore *store, GPtrArray *batch)
{
  g_mutex_lock(&store->lock);
  while (g_queue_is_empty(&store->queue) && store->deadline_us == 0)
    g_cond_wait(&store->changed, &store->lock);
  while (batch->len < BATCH_MAX && !g_queue_is_empty(&store->queue))
    g_ptr_array_add(batch, g_queue_pop_head(&store->queue));
  store->in_batch = batch->len;
  g_mutex_unlock(&store->lock);
  return batch->len > 0;
}

static void
finish_batch(McuStore *store, guint written, guint failed)
{
  g_mutex_lock(&store->lock);
  store->stats.written += written;
  store->stats.failed += failed;
  store->in_batch = 0;
  store->late_written += written;
  store->late_failed += failed;
  guint64 late_written = store->late_written, late_failed = store->late_failed;
  gboolean caught_up = store->stats.behind && g_queue_is_empty(&store->queue);
  if (caught_up)
    store->stats.behind = FALSE;
  g_cond_broadcast(&store->changed);
  g_mutex_unlock(&store->lock);
  if (caught_up)
    g_message("the disk has caught up: %" G_GUINT64_FORMAT " events that waited are kept, %" G_GUINT64_FORMAT
              " are not",
              late_written, late_failed);
}

/* TRUE to try again. */
static gboolean
wait_for_retry(McuStore *store, const GError *error)
{
  guint skipped;
  gint64 until = g_get_monotonic_time() + RETRY_US;
  g_mutex_lock(&store->lock);
  store->stats.retries++;
  if (mcu_pace_due(&store->retry_pace, g_get_monotonic_time(), LOG_INTERVAL_US, &skipped))
    g_warning("the database does not take events now (%u wait): %s",
              g_queue_get_length(&store->queue) + store->in_batch, error->message);
  while (store->deadline_us == 0 && g_cond_wait_until(&store->changed, &store->lock, until))
    ;
  gboolean again = store->deadline_us == 0 || g_get_monotonic_time() < store->deadline_us;
  g_mutex_unlock(&store->lock);
  /* While closing, the database's own busy timeout is the pace of the last tries. */
  return again;
}

static void
write_batch(McuStore *store, GPtrArray *batch)
{
  for (guint i = 0; i < batch->len; i++) {
    McuStoreItem *item = g_ptr_array_index(batch, i);
    if (item->type == MCU_STORE_RECORDING_FINISHED)
      hash_file(store, item);
  }
  for (;;) {
    g_autoptr(GError) error = NULL;
    guint refused = 0;
    if (mcu_database_write(store->database, batch, &refused, &error)) {
      finish_batch(store, batch->len - refused, refused);
      return;
    }
    if (!wait_for_retry(store, error)) {
      g_critical("%u events could not be kept: %s", batch->len, error->message);
      finish_batch(store, 0, batch->len);
      return;
    }
  }
}

static gpointer
run(gpointer user_data)
{
  McuStore *store = user_data;
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func((GDestroyNotify)mcu_store_item_free);
  while (take_batch(store, batch)) {
    write_batch(store, batch);
    g_ptr_array_set_size(batch, 0);
  }
  return NULL;
}

/* --- from outside ------------------------------------------------------------------------- */

McuStore *
mcu_store_open(const char *path, GError **error)
{
  McuDatabase *database = mcu_database_open(path, error);
  if (database == NULL)
    return NULL;
  McuStore *store = g_new0(McuStore, 1);
  store->database = database;
  g_mutex_init(&store->lock);
  g_cond_init(&store->changed);
  g_queue_init(&store->queue);
  store->thread = g_thread_new("store", run, store);
  return store;
}

void
mcu_store_close(McuStore *store)
{
  if (store == NULL)
    return;
  g_mutex_lock(&store->lock);
  store->deadline_us = g_get_monotonic_time() + CLOSE_US;
  g_cond_broadcast(&store->changed);
  g_mutex_unlock(&store->lock);
  g_thread_join(store->thread);

  mcu_database_close(store->database);
  g_queue_clear_full(&store->queue, (GDestroyNotify)mcu_store_item_free);
  g_mutex_clear(&store->lock);
  g_cond_clear(&store->changed);
  g_free(store);
}

gboolean
mcu_store_flush(McuStore *store, gint64 timeout_us)
{
  gint64 until = g_get_monotonic_time() + timeout_us;
  gboolean in_time = TRUE;
  g_mutex_lock(&store->lock);
  while (in_time && (!g_queue_is_empty(&store->queue) || store->in_batch > 0))
    in_time = g_cond_wait_until(&store->changed, &store->lock, until);
  g_mutex_unlock(&store->lock);
  return in_time;
}

gboolean
mcu_store_settle(McuStore *store, gint64 timeout_us)
{
  g_mutex_lock(&store->lock);
  gboolean behind = store->stats.behind;
  g_mutex_unlock(&store->lock);
  if (behind || mcu_store_flush(store, timeout_us))
    return !behind;
  g_mutex_lock(&store->lock);
  /* It may have come through just now. */
  gboolean waits = !g_queue_is_empty(&store->queue) || store->in_batch > 0;
  store->stats.behind = waits;
  store->late_written = store->late_failed = 0;
  g_mutex_unlock(&store->lock);
  if (waits)
    g_warning("the disk does not answer in time: events queue in their order, and meetings go on");
  return !waits;
}

void
mcu_store_get_stats(McuStore *store, McuStoreStats *out_stats)
{
  g_mutex_lock(&store->lock);
  *out_stats = store->stats;
  out_stats->queued = g_queue_get_length(&store->queue) + store->in_batch;
  g_mutex_unlock(&store->lock);
}

/* Takes `item`. */
static gboolean
enqueue(McuStore *store, McuStoreItem *item)
{
  guint limit = MCU_STORE_QUEUE_MAX - (item->type == MCU_STORE_EVENT ? RESERVE : 0);
  guint skipped = 0;
  gboolean tell = FALSE;

  g_mutex_lock(&store->lock);
  gboolean fits = g_queue_get_length(&store->queue) < limit;
  if (fits) {
    g_queue_push_tail(&store->queue, item);
    g_cond_broadcast(&store->changed);
  } else {
    store->stats.dropped++;
    tell = mcu_pace_due(&store->drop_pace, g_get_monotonic_time(), LOG_INTERVAL_US, &skipped);
  }
  g_mutex_unlock(&store->lock);

  if (tell)
    g_critical("the queue of the database is full: %u events not kept", skipped + 1);
  if (!fits)
    mcu_store_item_free(item);
  return fits;
}

static McuStoreItem *
item_new(McuStoreItemType type, const char *uuid, gint64 time_us)
{
  McuStoreItem *item = g_new0(McuStoreItem, 1);
  item->type = type;
  item->uuid = g_strdup(uuid);
  item->time_us = time_us;
  return item;
}

gboolean
mcu_store_meeting_opened(McuStore *store, const char *uuid, const char *id, const char *title, gint64 time_us)
{
  McuStoreItem *item = item_new(MCU_STORE_MEETING_OPENED, uuid, time_us);
  item->word = g_strdup(id);
  item->text = g_strdup(title);
  return enqueue(store, item);
}

gboolean
mcu_store_meeting_titled(McuStore *store, const char *uuid, const char *title)
{
  McuStoreItem *item = item_new(MCU_STORE_MEETING_TITLED, uuid, 0);
  item->text = g_strdup(title);
  return enqueue(store, item);
}

gboolean
mcu_store_meeting_closed(McuStore *store, const char *uuid, gint64 time_us)
{
  return enqueue(store, item_new(MCU_STORE_MEETING_CLOSED, uuid, time_us));
}

gboolean
mcu_store_append_event(McuStore *store, const char *uuid, gint64 seq, gint64 time_us, const char *type,
                       const char *payload)
{
  McuStoreItem *item = item_new(MCU_STORE_EVENT, uuid, time_us);
  item->seq = seq;
  item->word = g_strdup(type);
  item->text = g_strdup(payload);
  return enqueue(store, item);
}

gboolean
mcu_store_recording_started(McuStore *store, const char *uuid, const char *path, gint64 time_us)
{
  McuStoreItem *item = item_new(MCU_STORE_RECORDING_STARTED, uuid, time_us);
  item->path = g_strdup(path);
  return enqueue(store, item);
}

gboolean
mcu_store_recording_finished(McuStore *store, const char *path, gint64 duration_us, const char *error)
{
  McuStoreItem *item = item_new(MCU_STORE_RECORDING_FINISHED, NULL, 0);
  item->path = g_strdup(path);
  item->duration_us = duration_us;
  item->text = g_strdup(error);
  return enqueue(store, item);
}
