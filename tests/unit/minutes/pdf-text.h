/* What a reader of PDF makes of a document. For tests. */
#pragma once

#include <glib.h>

/* Objects that are pages. */
guint pdf_count_pages(GBytes *pdf);
/* Its text by pdftotext, with blanks and line ends as single blanks; NULL where that is not installed. Caller frees. */
char *pdf_text(GBytes *pdf);
