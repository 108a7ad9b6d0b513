/* Several ids: in a text, with spaces between, as commands and events carry them, and in a set. Pure; [any]. */
#pragma once

#include <glib.h>

/* 1 .. `max` of legal form (legal.h). */
gboolean mcu_ids_are_legal(const char *ids, guint max);
/* The keys of a set of ids in their order; borrowed from it, the caller unrefs the array. */
GPtrArray *mcu_ids_sorted(GHashTable *set);
