/* By localtime_r(): GDateTime takes twenty times as long, and a log has tens of thousands of times. */
#include "mcu/minutes/when.h"

#include <time.h>

#define SUM_MAX_US (G_MAXINT64 / 2)

static gboolean
take_apart(gint64 time_us, struct tm *out_parts)
{
  time_t seconds = (time_t)(time_us / G_USEC_PER_SEC);
  return time_us > 0 && localtime_r(&seconds, out_parts) != NULL;
}

char *
mcu_when_clock(gint64 time_us)
{
  struct tm t;
  return take_apart(time_us, &t) ? g_strdup_printf("%02d:%02d:%02d", t.tm_hour, t.tm_min, t.tm_sec) : g_strdup("");
}

char *
mcu_when_short(gint64 time_us)
{
  struct tm t;
  return take_apart(time_us, &t)
             ? g_strdup_printf("%02d/%02d %02d:%02d:%02d", t.tm_mday, t.tm_mon + 1, t.tm_hour, t.tm_min, t.tm_sec)
             : g_strdup("");
}

char *
mcu_when_day(gint64 time_us)
{
  struct tm t;
  return take_apart(time_us, &t) ? g_strdup_printf("%02d/%02d/%04d", t.tm_mday, t.tm_mon + 1, t.tm_year + 1900)
                                 : g_strdup("");
}

char *
mcu_when_full(gint64 time_us)
{
  struct tm t;
  if (!take_apart(time_us, &t))
    return g_strdup("");
  return g_strdup_printf("%02d:%02d:%02d %02d/%02d/%04d", t.tm_hour, t.tm_min, t.tm_sec, t.tm_mday, t.tm_mon + 1,
                         t.tm_year + 1900);
}

char *
mcu_when_spoken(gint64 time_us)
{
  struct tm t;
  if (!take_apart(time_us, &t))
    return g_strdup("");
  return g_strdup_printf("%d giờ %02d phút, ngày %02d tháng %02d năm %d", t.tm_hour, t.tm_min, t.tm_mday, t.tm_mon + 1,
                         t.tm_year + 1900);
}

char *
mcu_when_lasted(gint64 duration_us)
{
  gint64 s = MAX(duration_us, 0) / G_USEC_PER_SEC;
  return g_strdup_printf("%d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
}

gint64
mcu_when_sum(gint64 sum_us, gint64 from_us, gint64 to_us)
{
  return MIN(sum_us + MAX(to_us - from_us, 0), SUM_MAX_US);
}
