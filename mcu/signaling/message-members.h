/* Members of messages, read strictly: each sets `error` (MCU_ERROR_BAD_MESSAGE or _TOO_LARGE) and returns FALSE where
 * it is not as it must be. Pure; [any]. */
#pragma once

#include <glib.h>

struct json_t;

/* "`key` must be `what`"; always FALSE. */
gboolean mcu_members_refuse(GError **error, const char *key, const char *what);
gboolean mcu_members_has(struct json_t *tree, const char *key);
gboolean mcu_members_flag(struct json_t *tree, const char *key, gboolean *out, GError **error);
gboolean mcu_members_number(struct json_t *tree, const char *key, gint64 min, gint64 max, gint64 *out, GError **error);
/* The caller frees what follows. */
gboolean mcu_members_id(struct json_t *tree, const char *key, char **out, GError **error);
/* As it may be shown (mcu_make_clean_name). */
gboolean mcu_members_words(struct json_t *tree, const char *key, guint max_chars, char **out, GError **error);
/* A list of ids, with spaces between; left alone where there is no such member. */
gboolean mcu_members_ids(struct json_t *tree, const char *key, guint max, char **out, GError **error);
