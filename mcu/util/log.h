/* The log: one line per event on standard error, with time, level and domain. Below systemd the
 * journal's own fields are used instead, so that `journalctl -p warning` works. */
#pragma once

#include <glib.h>

/* [main] Once, before any thread is started. `verbose`: debug messages of our own domains (those
 * that begin with "mcu" or "pl"); G_MESSAGES_DEBUG works as everywhere and adds others. */
void mcu_log_init(gboolean verbose);

/* [any] What a line on standard error looks like, newline included; caller frees. */
char *mcu_log_format(GDateTime *time, GLogLevelFlags level, const char *domain, const char *message);
