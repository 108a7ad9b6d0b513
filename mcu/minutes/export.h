/* The minutes of a meeting out of the database of a bridge, which may be at work meanwhile. */
#pragma once

#include "mcu/minutes/minutes-pdf.h"

typedef enum { MCU_MINUTES_JSON, MCU_MINUTES_CSV, MCU_MINUTES_PDF, MCU_MINUTES_N_FORMATS } McuMinutesFormat;

/* [any] "json" "csv" "pdf" */
const char *mcu_minutes_format_word(McuMinutesFormat format);
gboolean mcu_minutes_format_parse(const char *word, McuMinutesFormat *out_format);
/* [any] "application/pdf" ... */
const char *mcu_minutes_format_mime(McuMinutesFormat format);

/* [any] Blocks for up to some seconds: not for main while meetings run. `uuid` is that of one holding of a meeting;
 * `header` is for PDF alone and may be NULL. The log is checked against its hashes on the way, and what comes of that
 * stands in the minutes. MCU_ERROR_NOT_FOUND: no such meeting; MCU_ERROR_TOO_LARGE: its log is longer than minutes can
 * be; MCU_ERROR_CONFIG: the database cannot be read; MCU_ERROR_INTERNAL: no document. */
GBytes *mcu_minutes_export(const char *database_path, const char *uuid, McuMinutesFormat format,
                           const McuMinutesHeader *header, GError **error);
