/* How long the minutes of a long meeting take: a log of four hours with 209 sites is written by the store, and
 * `diemcau minutes` is run on it in each format. bench-minutes DIEMCAU [EVENTS [FOLDER-TO-KEEP]] */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "mcu/store/store.h"

#define SITES 209
#define HOURS 4
#define START_US (G_GINT64_CONSTANT(1795566600) * G_USEC_PER_SEC)
#define LIMIT_MS 2000
#define RUNS 3

typedef struct {
  McuStore *store;
  gint64 seq, time_us;
  gint64 step_us;
} Log;

static const char *const names[] = {"Đồng Văn",     "Lũng Cú",      "Mèo Vạc", "Yên Minh", "Quản Bạ",
                                    "Hoàng Su Phì", "Xín Mần",      "Bắc Mê",  "Vị Xuyên", "Bắc Quang",
                                    "Quang Bình",   "Thượng Phùng", "Sủng Là", "Phố Cáo",  "Ngọc Đường"};

static void G_GNUC_PRINTF(3, 4) add(Log *log, const char *type, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *payload = g_strdup_vprintf(format, args);
  va_end(args);
  if (log->seq % 5000 == 4999)
    g_assert_true(mcu_store_flush(log->store, 60 * G_USEC_PER_SEC));
  g_assert_true(mcu_store_append_event(log->store, "bench-uuid", log->seq++, log->time_us, type, payload));
}

static void
begin(Log *log, GRand *rand)
{
  add(log, "made", "{\"name\":\"Giao ban trực tuyến toàn tỉnh tháng 11\",\"number\":%" G_GINT64_FORMAT "}",
      START_US / 1000);
  for (guint i = 0; i < SITES; i++)
    add(log, "invited",
        "{\"site\":\"s%u\",\"name\":\"%s %s %u\",\"role\":\"%s\",\"other\":\"%s\",\"number\":%u,\"text\":\"0219 386 "
        "%04u\",\"more\":\"s%u@example.vn\"}",
        i, i == 0 ? "UBND" : "Xã", names[i % G_N_ELEMENTS(names)], i,
        i == 0   ? "chair"
        : i == 1 ? "secretary"
                 : "site",
        i == 0 ? "" : "s0", i == 0 ? 1 : 2, i, i);
  add(log, "agenda-set",
      "{\"text\":\"15\\tKhai mạc, điểm danh\\tChánh Văn phòng\\n60\\tBáo cáo tình hình kinh tế - xã hội\\tSở Kế hoạch "
      "và "
      "Đầu tư\\n120\\tThảo luận\\t\\n30\\tKết luận\\tChủ tịch\"}");
  for (guint i = 0; i < SITES; i++) {
    log->time_us += g_rand_int_range(rand, 100000, 4000000);
    add(log, "seat-added",
        "{\"site\":\"s%u\",\"name\":\"x\",\"role\":\"site\",\"invited-as\":\"site\",\"mic\":true,\"camera\":true}", i);
  }
  add(log, "recording-on", "{\"site\":\"s1\"}");
  add(log, "agenda-at", "{\"number\":0}");
  add(log, "roll-opened", "{}");
  for (guint i = 0; i < SITES; i++)
    add(log, "roll-marked", "{\"site\":\"s%u\",\"number\":%u,\"text\":\"%s\",\"on\":%s}", i, i % 17 == 0 ? 6 : 1,
        i % 17 == 0 ? "Đi công tác" : "", i % 17 == 0 ? "true" : "false");
  add(log, "roll-closed", "{}");
  add(log, "agenda-at", "{\"number\":1}");
}

static void
vote(Log *log, guint number, gboolean secret)
{
  g_autoptr(GString) ids = g_string_new("s0");
  for (guint i = 1; i < SITES; i++)
    g_string_append_printf(ids, " s%u", i);
  add(log, "vote-opened",
      "{\"site\":\"s0\",\"number\":%u,\"name\":\"Thông qua nghị quyết số %u?\",\"text\":\"Tán thành\\nKhông tán "
      "thành\\nKhông có ý kiến\",\"more\":\"%s\",\"on\":%s,\"count\":66,\"limit\":0}",
      number, number, ids->str, secret ? "true" : "false");
  for (guint i = 0; i < SITES; i++)
    add(log, secret ? "vote-used" : "vote-cast", "{\"site\":\"s%u\",\"number\":%u,\"count\":%u}", i, number,
        secret        ? 0
        : i % 9 == 0  ? 1
        : i % 30 == 0 ? 2
                      : 0);
  add(log, "vote-closed", "{\"number\":%u,\"text\":\"180 20 9\"}", number);
}

/* What 209 sites do in four hours: mostly microphones, cameras, hands and lines. */
static void
go_on(Log *log, GRand *rand)
{
  guint site = (guint)g_rand_int_range(rand, 0, SITES), what = (guint)g_rand_int_range(rand, 0, 100);
  log->time_us += log->step_us * 5 / 4; /* some do two things at once */
  if (what < 60) {
    add(log, "media-changed", "{\"site\":\"s%u\",\"mic\":%s,\"camera\":true}", site, what & 1 ? "true" : "false");
  } else if (what < 72) {
    add(log, "hand-raised", "{\"site\":\"s%u\"}", site);
    add(log, "hand-lowered", "{\"site\":\"s%u\"}", site);
  } else if (what < 88) {
    add(log, "seat-lost", "{\"site\":\"s%u\"}", site);
    add(log, "seat-back", "{\"site\":\"s%u\"}", site);
  } else if (what < 92) {
    add(log, "floor-given", "{\"site\":\"s%u\",\"number\":180}", site);
  } else if (what < 96) {
    add(log, "programme-set", "{\"text\":\"1+7 s%u\"}", site);
  } else {
    add(log, "chat-said",
        "{\"site\":\"s%u\",\"number\":0,\"text\":\"Kính đề nghị cho biết tiến độ giải ngân vốn đầu "
        "tư công của đơn vị %u\"}",
        site, site);
  }
}

static void
make_log(const char *database, guint events)
{
  Log log = {.store = mcu_store_open(database, NULL),
             .time_us = START_US,
             .step_us = G_GINT64_CONSTANT(3600) * HOURS * G_USEC_PER_SEC / events};
  g_autoptr(GRand) rand = g_rand_new_with_seed(209);
  g_assert_nonnull(log.store);
  mcu_store_meeting_opened(log.store, "bench-uuid", "giao-ban", "Giao ban", log.time_us);
  begin(&log, rand);
  while (log.seq < events * 3 / 4)
    go_on(&log, rand);
  vote(&log, 1, FALSE);
  vote(&log, 2, TRUE);
  add(&log, "agenda-at", "{\"number\":2}");
  while (log.seq < events - 3)
    go_on(&log, rand);
  add(&log, "agenda-at", "{\"number\":3}");
  add(&log, "recording-off", "{\"site\":\"s1\"}");
  add(&log, "ended", "{}");
  mcu_store_meeting_closed(log.store, "bench-uuid", log.time_us);
  mcu_store_close(log.store);
}

/* Milliseconds. */
static gint64
run(const char *diemcau, const char *dir, const char *format, const char *output)
{
  const char *const argv[] = {diemcau,    "minutes",   "--data",   dir,        "--meeting",
                              "giao-ban", "--format",  format,     "--header", "UBND TỈNH HÀ GIANG",
                              "--header", "VĂN PHÒNG", "--output", output,     NULL};
  g_autoptr(GError) error = NULL;
  int status;
  gint64 before = g_get_monotonic_time();
  g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error));
  g_assert_true(g_spawn_check_wait_status(status, &error));
  return (g_get_monotonic_time() - before) / 1000;
}

static gboolean
measure(const char *diemcau, const char *dir, const char *format)
{
  g_autofree char *name = g_strdup_printf("minutes.%s", format);
  g_autofree char *output = g_build_filename(dir, name, NULL);
  gint64 best = G_MAXINT64, worst = 0;
  GStatBuf file;
  for (guint i = 0; i < RUNS; i++) {
    gint64 ms = run(diemcau, dir, format, output);
    best = MIN(best, ms);
    worst = MAX(worst, ms);
  }
  g_assert_cmpint(g_stat(output, &file), ==, 0);
  printf("%-4s  %5d ms at best, %5d ms at worst of %d, %7d KiB\n", format, (int)best, (int)worst, RUNS,
         (int)(file.st_size / 1024));
  return best <= LIMIT_MS;
}

static void
remove_folder(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *file = g_build_filename(path, name, NULL);
    g_unlink(file);
  }
  g_rmdir(path);
}

int
main(int argc, char **argv)
{
  static const char *const formats[] = {"json", "csv", "pdf"};
  guint events = argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 40000;
  gboolean keep = argc > 3, fine = TRUE;
  if (argc < 2 || events < 2000) {
    fprintf(stderr, "usage: bench-minutes DIEMCAU [EVENTS (2000 at least) [FOLDER-TO-KEEP]]\n");
    return 2;
  }
  g_autofree char *dir = keep ? g_strdup(argv[3]) : g_dir_make_tmp("diemcau-minutes-XXXXXX", NULL);
  g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
  g_autofree char *database = g_build_filename(dir, "diemcau.db", NULL);
  make_log(database, events);
  printf("%u events, %d sites, %d hours\n", events, SITES, HOURS);
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
    fine = measure(argv[1], dir, formats[i]) && fine;
  if (!keep)
    remove_folder(dir);
  if (!fine)
    printf("more than %d ms\n", LIMIT_MS);
  return fine ? 0 : 1;
}
