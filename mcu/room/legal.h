/* What may be an id, a name, a text of somebody outside. Pure; [any]. */
#pragma once

#include <glib.h>

/* 1..MCU_ID_MAX_BYTES of [A-Za-z0-9._-], not "." nor "..". NULL is not. */
gboolean mcu_is_legal_id(const char *id);
/* UTF-8 of 1..max_chars characters. NULL is not. */
gboolean mcu_is_legal_name(const char *name, guint max_chars);
/* The name as it may be shown: NFC, without control and bidi characters and blanks around it; may be empty. NULL: no
 * UTF-8, or longer than `max_chars`. Caller frees. */
char *mcu_make_clean_name(const char *name, guint max_chars);
