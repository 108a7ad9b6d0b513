/* The list of documents. Pure; with its room. */
#include "mcu/room/documents.h"

#include <string.h>

#include "mcu/room/legal.h"

struct McuDocuments {
  GPtrArray *all; /* of McuDocument *, owned */
  McuDocument *shown;
  guint page;
};

static void
free_document(gpointer data)
{
  McuDocument *document = data;
  g_free(document->title);
  g_free(document);
}

McuDocuments *
mcu_documents_new(void)
{
  McuDocuments *documents = g_new0(McuDocuments, 1);
  documents->all = g_ptr_array_new_with_free_func(free_document);
  return documents;
}

void
mcu_documents_free(McuDocuments *documents)
{
  g_ptr_array_unref(documents->all);
  g_free(documents);
}

guint
mcu_documents_n(const McuDocuments *documents)
{
  return documents->all->len;
}

const McuDocument *
mcu_documents_get(const McuDocuments *documents, guint index)
{
  g_assert(index < documents->all->len);
  return g_ptr_array_index(documents->all, index);
}

const McuDocument *
mcu_documents_find(const McuDocuments *documents, const char *id)
{
  for (guint i = 0; id != NULL && i < documents->all->len; i++)
    if (strcmp(mcu_documents_get(documents, i)->id, id) == 0)
      return mcu_documents_get(documents, i);
  return NULL;
}

const McuDocument *
mcu_documents_shown(const McuDocuments *documents, guint *out_page)
{
  *out_page = documents->page;
  return documents->shown;
}

/* --- events ------------------------------------------------------------------------------- */

static gboolean
is_sha256(const char *text)
{
  return text != NULL && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static gboolean
fits_added(const McuDocuments *documents, const McuRoomEvent *event)
{
  static const char *const kinds[] = {"pdf", "png", "jpeg", NULL};
  return documents->all->len < MCU_DOCUMENTS_MAX && mcu_documents_find(documents, event->other) == NULL &&
         mcu_is_legal_id(event->other) && event->text != NULL && g_strv_contains(kinds, event->text) &&
         event->number > 0 && event->number <= MCU_DOCUMENT_MAX_BYTES && event->count >= 1 &&
         event->count <= MCU_DOCUMENT_PAGES_MAX && is_sha256(event->more);
}

gboolean
mcu_documents_fits(const McuDocuments *documents, const McuRoomEvent *event)
{
  const McuDocument *found = mcu_documents_find(documents, event->other);
  switch (event->type) {
  case MCU_ROOM_DOCUMENT_ADDED:
    return fits_added(documents, event);
  case MCU_ROOM_DOCUMENT_REMOVED:
    return found != NULL;
  case MCU_ROOM_DOCUMENT_SHOWN:
    return event->other[0] == '\0' || (found != NULL && event->number >= 1 && event->number <= found->pages);
  default:
    return TRUE;
  }
}

static void
add(McuDocuments *documents, const McuRoomEvent *event)
{
  McuDocument *document = g_new0(McuDocument, 1);
  g_strlcpy(document->id, event->other, sizeof document->id);
  g_strlcpy(document->kind, event->text, sizeof document->kind);
  g_strlcpy(document->sha256, event->more, sizeof document->sha256);
  document->title = g_strdup(event->name);
  document->bytes = event->number;
  document->pages = (guint)event->count;
  g_ptr_array_add(documents->all, document);
}

static void
show(McuDocuments *documents, McuDocument *document, gint64 page)
{
  documents->shown = document;
  documents->page = document != NULL ? (guint)page : 0;
}

void
mcu_documents_apply(McuDocuments *documents, const McuRoomEvent *event)
{
  McuDocument *found = (McuDocument *)mcu_documents_find(documents, event->other);
  switch (event->type) {
  case MCU_ROOM_DOCUMENT_ADDED:
    add(documents, event);
    break;
  case MCU_ROOM_DOCUMENT_REMOVED:
    if (documents->shown == found)
      show(documents, NULL, 0);
    g_ptr_array_remove(documents->all, found);
    break;
  case MCU_ROOM_DOCUMENT_SHOWN:
    show(documents, found, event->number);
    break;
  default:
    g_assert_not_reached();
  }
}

void
mcu_documents_describe(const McuDocuments *documents, GString *text)
{
  for (guint i = 0; i < documents->all->len; i++) {
    const McuDocument *document = mcu_documents_get(documents, i);
    g_string_append_printf(text, "document %s \"%s\" %s %" G_GINT64_FORMAT " bytes, %u pages%s\n", document->id,
                           document->title, document->kind, document->bytes, document->pages,
                           document == documents->shown ? " shown" : "");
  }
  if (documents->shown != NULL)
    g_string_append_printf(text, "page %u\n", documents->page);
}
