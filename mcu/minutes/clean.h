/* Texts from outside as they may stand in a document. Pure; [any]. */
#pragma once

#include <glib.h>

/* One line of valid UTF-8 in NFC, at most `max_chars`, without control and format characters (bidi overrides, zero
 * width), without towers of combining marks, and without blanks around it. NULL: empty. Caller frees. */
char *mcu_minutes_clean(const char *text, guint max_chars);
