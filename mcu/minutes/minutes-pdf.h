/* Minutes as a document to be signed: the head of official documents, who was there, what was dealt with, said and
 * decided, and room for the signatures. What is of use to programs alone, the log as a whole and each coming and going,
 * stands in JSON and CSV. [any] */
#pragma once

#include "mcu/minutes/minutes.h"

#define MCU_MINUTES_PDF_ROWS_MAX 20000 /* of a table; how many more there are is said below it */

typedef struct {
  const char *agency; /* whose minutes these are; up to four lines, the last is the one that issues them. NULL: dots */
} McuMinutesHeader;

/* `header` NULL: nothing is known of the agency. `out_n_pages` may be NULL. */
GBytes *mcu_minutes_to_pdf(const McuMinutes *minutes, const McuMinutesHeader *header, guint *out_n_pages,
                           GError **error);
