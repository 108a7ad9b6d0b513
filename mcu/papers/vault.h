/* The documents of meetings as files: FOLDER/ID.pdf, and pages of it as pictures, made when first asked for. A PDF is
 * only ever looked at by programs of Poppler in a process of their own, with little memory and time, and never given
 * out: what is given out are pictures of its pages. Blocks on disk and children: not for main. */
#pragma once

#include "mcu/papers/kind.h"

#define MCU_PAPER_PAGES_MAX 500

typedef struct {
  McuPaperKind kind;
  guint pages;
  char sha256[65];
} McuPaperInfo;

/* [any] Keeps `bytes` as the document `id` (of legal form, not there yet) in `folder`, which is made.
 * MCU_ERROR_BAD_MESSAGE: not a PDF, PNG or JPEG, or one that cannot be read; _TOO_LARGE: too many pages; _INTERNAL: the
 * disk. On error nothing stays. */
gboolean mcu_vault_keep(const char *folder, const char *id, GBytes *bytes, McuPaperInfo *out_info, GError **error);
/* [any] A page, from 1, as PNG or JPEG; `out_mime` is static. MCU_ERROR_NOT_FOUND, _INTERNAL. The caller unrefs. */
GBytes *mcu_vault_page(const char *folder, const char *id, McuPaperKind kind, guint page, const char **out_mime,
                       GError **error);
