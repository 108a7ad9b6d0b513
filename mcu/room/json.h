/* JSON, written member by member and element by element (RFC 8259). Texts are ours or checked before: any UTF-8.
 * Enough for the log and for the list of sites, and no library. */
#pragma once

#include <glib.h>

/* [any] All append to `json`; between open and close stand members. */
void mcu_json_open(GString *json);
void mcu_json_text(GString *json, const char *key, const char *text);
void mcu_json_flag(GString *json, const char *key, gboolean value);
void mcu_json_number(GString *json, const char *key, gint64 value);
/* A member whose value, JSON itself, the caller appends after it. */
void mcu_json_key(GString *json, const char *key);
void mcu_json_null(GString *json, const char *key);
/* A member whose value is a list, which is open then. */
void mcu_json_key_list(GString *json, const char *key);
void mcu_json_close(GString *json);
/* [any] A list: before each element stands a call of next, which knows whether it is the first. */
void mcu_json_open_list(GString *json);
void mcu_json_next(GString *json);
void mcu_json_close_list(GString *json);
/* [any] A string alone, as in a list. */
void mcu_json_string(GString *json, const char *text);
