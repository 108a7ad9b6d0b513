/* GLib's structured log with a writer of ours: the messages themselves come from g_warning() and
 * friends with the G_LOG_DOMAIN of each folder. The writer runs on the thread that logs. */
#include "mcu/util/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct {
  gboolean verbose;
  gboolean journal;
} settings; /* written once, before the first thread */

static const char *
level_word(GLogLevelFlags level)
{
  switch (level & G_LOG_LEVEL_MASK) {
  case G_LOG_LEVEL_ERROR:
    return "FATAL";
  case G_LOG_LEVEL_CRITICAL:
    return "ERROR";
  case G_LOG_LEVEL_WARNING:
    return "WARN ";
  case G_LOG_LEVEL_MESSAGE:
  case G_LOG_LEVEL_INFO:
    return "INFO ";
  default:
    return "DEBUG";
  }
}

char *
mcu_log_format(GDateTime *time, GLogLevelFlags level, const char *domain, const char *message)
{
  g_autofree char *stamp = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *zone = g_date_time_format(time, "%:z");
  GString *line = g_string_new(NULL);
  g_string_printf(line, "%s.%03d%s %s %s: ", stamp, g_date_time_get_microsecond(time) / 1000, zone, level_word(level),
                  domain);
  /* One event is one line, whatever a name from outside contains. */
  for (const char *c = message; *c != '\0'; c++) {
    if ((guchar)*c < 0x20 || *c == 0x7f)
      g_string_append_printf(line, "\\x%02x", (guint)(guchar)*c);
    else
      g_string_append_c(line, *c);
  }
  g_string_append_c(line, '\n');
  return g_string_free(line, FALSE);
}

static gboolean
is_ours(const char *domain)
{
  return g_str_has_prefix(domain, "mcu") || g_str_has_prefix(domain, "pl");
}

static const char *
field(const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (strcmp(fields[i].key, key) == 0 && fields[i].length < 0)
      return fields[i].value;
  return NULL;
}

static GLogWriterOutput
on_log(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const char *domain = field(fields, n_fields, "GLIB_DOMAIN");
  const char *message = field(fields, n_fields, "MESSAGE");
  if (domain == NULL)
    domain = "diemcau";
  if (message == NULL)
    message = "";

  gboolean quiet = (level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO)) != 0;
  if (quiet && !(settings.verbose && is_ours(domain)) && g_log_writer_default_would_drop(level, domain))
    return G_LOG_WRITER_HANDLED;
  if (settings.journal && g_log_writer_journald(level, fields, n_fields, user_data) == G_LOG_WRITER_HANDLED)
    return G_LOG_WRITER_HANDLED;

  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *line = mcu_log_format(now, level, domain, message);
  fputs(line, stderr);
  return G_LOG_WRITER_HANDLED;
}

void
mcu_log_init(gboolean verbose)
{
  settings.verbose = verbose;
  settings.journal = g_log_writer_is_journald(STDERR_FILENO);
  g_log_set_writer_func(on_log, NULL, NULL);
}
