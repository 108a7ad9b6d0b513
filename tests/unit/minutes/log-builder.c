#include "tests/unit/minutes/log-builder.h"

#include <string.h>

#include "mcu/room/json.h"

void
log_begin(LogBuilder *log)
{
  *log = (LogBuilder){.minutes = mcu_minutes_new("uuid-1", "giao-ban", "Giao ban"), .time_us = LOG_START_US};
}

void
log_raw(LogBuilder *log, const char *type, const char *payload)
{
  g_assert_true(mcu_minutes_add(log->minutes, log->seq++, log->time_us, type, payload));
}

void
log_add(LogBuilder *log, const char *type, ...)
{
  g_autoptr(GString) json = g_string_new(NULL);
  va_list args;
  va_start(args, type);
  mcu_json_open(json);
  for (const char *key; (key = va_arg(args, const char *)) != NULL;) {
    const char *value = va_arg(args, const char *);
    if (*key == '#')
      mcu_json_number(json, key + 1, g_ascii_strtoll(value, NULL, 10));
    else if (*key == '?')
      mcu_json_flag(json, key + 1, strcmp(value, "0") != 0);
    else
      mcu_json_text(json, key, value);
  }
  mcu_json_close(json);
  va_end(args);
  log_raw(log, type, json->str);
}

void
log_wait(LogBuilder *log, gint64 seconds)
{
  log->time_us += seconds * G_USEC_PER_SEC;
}

static void
add_people(LogBuilder *log, const char *name)
{
  log_add(log, "made", "name", "Giao ban tháng 11", "#number", "1795566000000", NULL);
  log_add(log, "invited", "site", "tinh", "name", "UBND tỉnh", "role", "chair", "other", "", "#number", "1", "text",
          "0219 386 1234", "more", "vp@example.vn", NULL);
  log_add(log, "invited", "site", "s1", "name", name, "role", "site", "other", "tinh", "#number", "2", "text", "",
          "more", "", NULL);
  log_add(log, "invited", "site", "s2", "name", "Xã Lũng Cú", "role", "site", "other", "tinh", "#number", "2", "text",
          "", "more", "", NULL);
  log_wait(log, 10);
  log_add(log, "seat-added", "site", "tinh", "name", "x", "role", "chair", "invited-as", "chair", NULL);
  log_add(log, "seat-added", "site", "s1", "name", "x", "role", "site", "invited-as", "site", NULL);
  log_add(log, "seat-added", "site", "khach", "name", "Khách mời", "role", "observer", "invited-as", "observer", NULL);
}

static void
add_work(LogBuilder *log)
{
  log_add(log, "recording-on", "site", "tinh", NULL);
  log_add(log, "agenda-set", "text", "10\tKhai mạc\tChủ tịch\n20\tThảo luận\t", NULL);
  log_add(log, "agenda-at", "#number", "0", NULL);
  log_add(log, "roll-opened", NULL);
  log_add(log, "roll-marked", "site", "s1", "#number", "1", "text", "", "?on", "0", NULL);
  log_add(log, "roll-marked", "site", "s2", "#number", "6", "text", "Đi công tác", "?on", "1", NULL);
  log_add(log, "roll-closed", NULL);
  log_wait(log, 60);
  log_add(log, "floor-given", "site", "s1", "#number", "180", NULL);
  log_wait(log, 90);
  log_add(log, "floor-taken", "site", "s1", NULL);
  log_add(log, "vote-opened", "site", "tinh", "#number", "1", "name", "Thông qua?", "text", "Tán thành\nKhông", "more",
          "tinh s1 s2", "?on", "0", "#count", "50", "#limit", "0", NULL);
  log_add(log, "vote-cast", "site", "s1", "#number", "1", "#count", "0", NULL);
  log_add(log, "vote-cast", "site", "tinh", "#number", "1", "#count", "1", NULL);
  log_add(log, "vote-closed", "#number", "1", "text", "1 1", NULL);
  log_add(log, "vote-opened", "site", "tinh", "#number", "2", "name", "Bầu?", "text", "Đồng ý\nKhông", "more",
          "tinh s1 s2", "?on", "1", "#count", "90", "#limit", "0", NULL);
  log_add(log, "vote-used", "site", "s1", "#number", "2", NULL);
  log_add(log, "vote-closed", "#number", "2", "text", "1 0", NULL);
}

static void
add_talk(LogBuilder *log)
{
  log_add(log, "chat-said", "site", "s1", "#number", "0", "text", "Kính chào", NULL);
  log_add(log, "chat-said", "site", "s1", "#number", "1", "text", "BÍ MẬT", NULL);
  log_add(log, "announced", "site", "tinh", "text", "Nghỉ 10 phút", "more", "", NULL);
  log_add(log, "document-added", "other", "d1", "name", "Báo cáo", "text", "pdf", "#number", "1234", "#count", "5",
          "more", "ab12", NULL);
  log_add(log, "document-shown", "other", "d1", "#number", "1", NULL);
  log_wait(log, 30);
  log_add(log, "seat-removed", "site", "khach", "reason", "left", NULL);
  log_add(log, "hat-worn", "site", "s1", NULL);
  log_add(log, "recording-off", "site", "tinh", NULL);
  log_add(log, "ended", NULL);
}

McuMinutes *
log_sample(const char *name)
{
  LogBuilder log;
  log_begin(&log);
  add_people(&log, name);
  add_work(&log);
  add_talk(&log);
  mcu_minutes_finish(log.minutes);
  return log.minutes;
}
