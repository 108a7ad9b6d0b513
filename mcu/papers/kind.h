/* McuPaperKind: what a file is, by its content and not by what anybody calls it. Pure; [any]. */
#pragma once

#include <glib.h>

/* Of a picture, either way: larger ones are decompression bombs, or no use to a commune's line. */
#define MCU_PAPER_SIDE_MAX 10000
#define MCU_PAPER_PIXELS_MAX (40 * 1000 * 1000)

typedef enum { MCU_PAPER_NONE, MCU_PAPER_PDF, MCU_PAPER_PNG, MCU_PAPER_JPEG, MCU_PAPER_N_KINDS } McuPaperKind;

/* MCU_PAPER_NONE: none of those, or a picture without a size or of one that is too large. */
McuPaperKind mcu_paper_kind(const guint8 *data, gsize size);
/* "pdf" "png" "jpeg"; "" for none. */
const char *mcu_paper_kind_word(McuPaperKind kind);
gboolean mcu_paper_kind_parse(const char *word, McuPaperKind *out_kind);
