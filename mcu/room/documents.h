/* McuDocuments: which documents a meeting has, and which page of which is shown. The files are elsewhere. Part of a
 * room's state: changed by its events alone. Pure. */
#pragma once

#include "mcu/room/event.h"

#define MCU_DOCUMENTS_MAX 50
#define MCU_DOCUMENT_PAGES_MAX 500
#define MCU_DOCUMENT_MAX_BYTES (20 * 1024 * 1024)

typedef struct McuDocuments McuDocuments;

typedef struct {
  char id[MCU_ID_MAX_BYTES + 1];
  char *title;
  char kind[8]; /* "pdf" "png" "jpeg" */
  char sha256[65];
  gint64 bytes;
  guint pages;
} McuDocument;

McuDocuments *mcu_documents_new(void);
void mcu_documents_free(McuDocuments *documents);

guint mcu_documents_n(const McuDocuments *documents);
const McuDocument *mcu_documents_get(const McuDocuments *documents, guint index);
const McuDocument *mcu_documents_find(const McuDocuments *documents, const char *id); /* NULL: there is none */
/* NULL: none is shown; else its page, from 1. */
const McuDocument *mcu_documents_shown(const McuDocuments *documents, guint *out_page);

gboolean mcu_documents_fits(const McuDocuments *documents, const McuRoomEvent *event);
void mcu_documents_apply(McuDocuments *documents, const McuRoomEvent *event);
void mcu_documents_describe(const McuDocuments *documents, GString *text);
