/* McuDatabase: the SQL behind McuStore. One connection, one thread at a time. */
#pragma once

#include <glib.h>

typedef struct McuDatabase McuDatabase;

typedef enum {
  MCU_STORE_MEETING_OPENED,     /* uuid, word: id, text: title, time */
  MCU_STORE_MEETING_TITLED,     /* uuid, text: title */
  MCU_STORE_MEETING_CLOSED,     /* uuid, time */
  MCU_STORE_EVENT,              /* uuid, seq, time, word: type, text: payload */
  MCU_STORE_RECORDING_STARTED,  /* uuid, path, time */
  MCU_STORE_RECORDING_FINISHED, /* path, duration, size, sha256 or NULL, text: error or NULL */
  MCU_STORE_N_ITEMS
} McuStoreItemType;

typedef struct {
  McuStoreItemType type;
  char *uuid, *word, *text, *path, *sha256;
  gint64 seq, time_us, duration_us, size;
} McuStoreItem;

void mcu_store_item_free(McuStoreItem *item);

McuDatabase *mcu_database_open(const char *path, GError **error);
void mcu_database_close(McuDatabase *database);
/* Writes all items (McuStoreItem *) in one transaction. FALSE: nothing was written and a later try
 * may succeed (locked, disk full, I/O). Items that can never be written are skipped and counted. */
gboolean mcu_database_write(McuDatabase *database, GPtrArray *items, guint *out_refused, GError **error);
/* SHA-256 of an event and of the hash `before` it, as hex; caller frees. */
char *mcu_database_hash(const char *before, const char *uuid, gint64 seq, gint64 time_us, const char *type,
                        const char *payload);
