/* diemcau-sites: simulated sites for load and for checking. Options, threads, the order of things; the
 * exit code says whether all joined and all probes' checks held.
 *
 * Threads: main (sites, signaling events), ws (libwebsockets), one or more network threads, player,
 * receiver, taps (observers), and one of GStreamer's per probe. */
#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <gst/gst.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mark.h"
#include "mcu/transport/cert.h"
#include "mcu/util/error.h"
#include "options.h"
#include "resources.h"
#include "site.h"
#include "viewers.h"

#define LOOP_SECONDS_FEW 10 /* up to MANY sites */
#define LOOP_SECONDS_MANY 4
#define MANY 32
#define RUN_SECONDS 30
#define FILE_SECONDS 10
#define PROGRESS_SECONDS 5
#define LEAVE_MS 500
#define SETTLED_AT_LAST_US (40 * G_USEC_PER_SEC)
#define TOKEN_SECONDS (24 * 3600)

typedef struct {
  const SimOptions *options;
  SimRun run;
  McuCert *cert;
  McuTokenKey *key;
  GPtrArray *sites;    /* of SimSite *, the chairs at the wall last */
  SimViewers *viewers; /* NULL: none */
  GMainLoop *loop;
  guint begun, started; /* to join: all, of the sites */
  gint64 started_us;
  gint64 all_begun_us, settled_us; /* 0: not yet */
  gboolean measuring;
  int signal_count;
} Program;

/* The pictures and sounds for fake devices. TRUE: done, nothing else to do. */
static gboolean
write_files(const SimOptions *o, gboolean *out_good, GError **error)
{
  if (o->y4m == NULL && o->wav == NULL)
    return FALSE;
  guint width = 640, height = 360;
  *out_good = FALSE;
  if (o->size != NULL && sscanf(o->size, "%ux%u", &width, &height) != 2)
    width = 0;
  if (width < 128 || height < 72 || width > 1920 || height > 1088 || width % 4 != 0 || height % 2 != 0) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "--size: 128x72 to 1920x1088, width a multiple of four");
    return TRUE;
  }
  if (!sim_options_check_range("site", o->site, 0, SIM_MARK_SITES - 1, error) ||
      !sim_options_check_range("seconds", o->seconds, 1, 600, error))
    return TRUE;
  *out_good = (o->y4m == NULL ||
               sim_content_write_y4m(o->y4m, (guint)o->site, (guint)o->seconds, width, height, o->plain, error)) &&
              (o->wav == NULL || sim_content_write_wav(o->wav, (guint)o->site, (guint)o->seconds, error));
  return TRUE;
}

/* The address of ours from which the bridge is reached: found by asking the kernel for a route, no
 * packet is sent. NULL: let libnice take them all. */
static char *
local_address_to(const char *host)
{
  g_autoptr(GResolver) resolver = g_resolver_get_default();
  g_autolist(GInetAddress) found = g_resolver_lookup_by_name(resolver, host, NULL, NULL);
  if (found == NULL)
    return NULL;
  g_autoptr(GSocket) socket =
      g_socket_new(g_inet_address_get_family(found->data), G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr(GSocketAddress) to = g_inet_socket_address_new(found->data, 9);
  if (socket == NULL || !g_socket_connect(socket, to, NULL, NULL))
    return NULL;
  g_autoptr(GSocketAddress) local = g_socket_get_local_address(socket, NULL);
  if (!G_IS_INET_SOCKET_ADDRESS(local))
    return NULL;
  return g_inet_address_to_string(g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(local)));
}

static gboolean
load_contents(Program *program, GError **error)
{
  const SimOptions *o = program->options;
  gboolean many = o->sites > MANY;
  g_autofree char *default_cache = g_build_filename(g_get_user_cache_dir(), "diemcau-sites", NULL);
  SimContentConfig config = {
      .cache_dir = o->cache ? o->cache : default_cache,
      .media_dir = o->media,
      .h264 = g_strcmp0(o->codec, "vp8") != 0,
      .vp8 = g_strcmp0(o->codec, "h264") != 0,
      .first_size = many ? 1 : 0,
      .plain = o->plain,
      .seconds = many ? LOOP_SECONDS_MANY : LOOP_SECONDS_FEW,
  };
  program->run.contents = sim_content_load(&config, (guint)o->first, (guint)o->sites, error);
  program->run.world = sim_world_new((guint)o->first, (guint)o->sites);
  return program->run.contents != NULL;
}

static void
choose_codecs(SimRun *run, const char *codec)
{
  guint n = 0;
  if (g_strcmp0(codec, "vp8") != 0)
    run->video_codecs[n++] = MCU_CODEC_H264;
  if (g_strcmp0(codec, "h264") != 0)
    run->video_codecs[n++] = MCU_CODEC_VP8;
  run->video_codecs[n] = MCU_CODEC_NONE;
}

static gboolean
open_network(Program *program, GError **error)
{
  const SimOptions *o = program->options;
  SimRun *run = &program->run;
  run->key = program->key = mcu_token_key_load(o->key, FALSE, error);
  if (run->key == NULL)
    return FALSE;
  run->cert = program->cert = mcu_cert_new(error);
  if (run->cert == NULL)
    return FALSE;
  run->net = mcu_net_new((guint)o->threads, error);
  if (run->net == NULL)
    return FALSE;
  run->ws = sim_ws_new(o->server, o->insecure, error);
  if (run->ws == NULL)
    return FALSE;
  run->local_address = o->address ? g_strdup(o->address) : local_address_to(sim_ws_host(run->ws));
  return TRUE;
}

/* The first decoder of each kind loads its plugins, which takes long enough to spoil a join. */
static gboolean
warm_up_probes(const Program *program, GError **error)
{
  gboolean probes = program->options->probes > 0 || program->options->walls > 0;
  for (guint i = 0; probes && program->run.video_codecs[i] != MCU_CODEC_NONE; i++) {
    SimProbe *probe =
        sim_probe_new(program->run.world, G_MAXUINT, MCU_VIEW_PROGRAMME, program->run.video_codecs[i], error);
    if (probe == NULL)
      return FALSE;
    sim_probe_free(probe);
  }
  return TRUE;
}

static gboolean
set_up(Program *program, GError **error)
{
  const SimOptions *o = program->options;
  SimRun *run = &program->run;
  run->meeting = o->meeting;
  run->title = o->title;
  run->token_seconds = TOKEN_SECONDS;
  run->returns = program->options->returns;
  run->answers = program->options->answers;
  choose_codecs(run, o->codec);
  if (!load_contents(program, error) || !warm_up_probes(program, error) || !open_network(program, error))
    return FALSE;
  g_autoptr(SimClip) silence = sim_content_silence(error);
  if (silence == NULL)
    return FALSE;
  run->player = sim_player_new((guint)o->sites, (guint)o->talkers, silence);
  run->receiver = sim_receiver_new();
  program->viewers = o->observers > 0 ? sim_viewers_new(run, (guint)o->observers, error) : NULL;
  return o->observers == 0 || program->viewers != NULL;
}

static gboolean
make_sites(Program *program, GError **error)
{
  const SimOptions *o = program->options;
  g_auto(GStrv) names = NULL;
  if (o->names != NULL) {
    g_autofree char *text = NULL;
    if (!g_file_get_contents(o->names, &text, NULL, error))
      return FALSE;
    names = g_strsplit(g_strstrip(text), "\n", -1);
  }
  guint n_names = names ? g_strv_length(names) : 0;
  for (guint i = 0; i < (guint)o->sites; i++) {
    g_autofree char *name = i < n_names ? g_strdup(g_strstrip(names[i])) : NULL;
    if (name == NULL || *name == '\0')
      name = (g_free(name), g_strdup_printf("Điểm cầu %u", (guint)o->first + i));
    g_ptr_array_add(program->sites, sim_site_new(&program->run, i, name, i < (guint)o->probes));
  }
  for (guint i = 0; i < (guint)o->walls; i++) {
    g_autofree char *name = g_strdup_printf("Màn hình %u", i + 1);
    g_ptr_array_add(program->sites, sim_site_new_wall(&program->run, i, name));
  }
  return TRUE;
}

static guint
count_joined(const Program *program)
{
  guint joined = 0;
  for (guint i = 0; i < program->sites->len; i++)
    joined += sim_site_joined(program->sites->pdata[i]);
  return joined + (program->viewers != NULL ? sim_viewers_joined(program->viewers) : 0);
}

static guint
count_all(const Program *program)
{
  return program->sites->len + (guint)program->options->observers;
}

/* The next who starts to join; FALSE when all have. */
static gboolean
join_next(Program *program)
{
  if (program->started >= program->sites->len)
    return program->viewers != NULL && sim_viewers_join_next(program->viewers);
  sim_site_join(program->sites->pdata[program->started++]);
  return TRUE;
}

/* How many should have begun by now; timers are never early, and late when there is much to do. */
static gboolean
on_join_timer(gpointer data)
{
  Program *program = data;
  double rate = program->options->join_rate;
  double since_s = (double)(g_get_monotonic_time() - program->started_us) / G_USEC_PER_SEC;
  guint due = rate == 0 ? G_MAXUINT : (guint)(since_s * rate) + 1;
  while (program->begun < due && join_next(program))
    program->begun++;
  if (program->begun < count_all(program))
    return G_SOURCE_CONTINUE;
  program->all_begun_us = g_get_monotonic_time();
  return G_SOURCE_REMOVE;
}

/* All have joined or given up, or should have by now. */
static gboolean
all_settled(const Program *program, gint64 now_us)
{
  if (program->all_begun_us == 0)
    return FALSE;
  gboolean settled = TRUE;
  for (guint i = 0; i < program->sites->len && settled; i++)
    settled = sim_site_settled(program->sites->pdata[i]);
  if (program->viewers != NULL)
    settled = settled && sim_viewers_settled(program->viewers);
  return settled || now_us - program->all_begun_us > SETTLED_AT_LAST_US;
}

/* What happened while all were joining is not what a meeting is like. */
static void
forget_figures(Program *program)
{
  sim_receiver_restart(program->run.receiver);
  if (program->viewers != NULL)
    sim_viewers_restart(program->viewers);
}

static gboolean
on_tick(gpointer data)
{
  Program *program = data;
  static guint ticks;
  gint64 now_us = g_get_monotonic_time();
  if (++ticks % (PROGRESS_SECONDS * 4) == 0)
    g_printerr("%3.0f s: %u of %u joined\n", (double)(now_us - program->started_us) / G_USEC_PER_SEC,
               count_joined(program), count_all(program));
  if (program->settled_us == 0 && all_settled(program, now_us)) {
    program->settled_us = now_us;
    g_printerr("%3.0f s: all settled, %u of %u joined\n", (double)(now_us - program->started_us) / G_USEC_PER_SEC,
               count_joined(program), count_all(program));
  }
  const SimOptions *o = program->options;
  if (program->settled_us != 0 && !program->measuring && now_us >= program->settled_us + o->settle * G_USEC_PER_SEC) {
    program->measuring = TRUE;
    if (o->settle > 0)
      forget_figures(program);
  }
  if (o->seconds > 0 && program->settled_us != 0 &&
      now_us >= program->settled_us + (gint64)(o->settle + o->seconds) * G_USEC_PER_SEC)
    g_main_loop_quit(program->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_signal(gpointer data)
{
  Program *program = data;
  if (program->signal_count++ > 0)
    _exit(130); /* asked twice */
  g_main_loop_quit(program->loop);
  return G_SOURCE_CONTINUE;
}

static void
run_sites(Program *program)
{
  guint tick = g_timeout_add(250, on_tick, program);
  guint join = 0;
  if (on_join_timer(program))
    join = g_timeout_add(MAX((guint)(1000 / program->options->join_rate), 1), on_join_timer, program);
  guint sigint = g_unix_signal_add(SIGINT, on_signal, program);
  guint sigterm = g_unix_signal_add(SIGTERM, on_signal, program);
  g_main_loop_run(program->loop);
  if (join != 0 && program->all_begun_us == 0)
    g_source_remove(join);
  g_source_remove(tick);
  g_source_remove(sigint);
  g_source_remove(sigterm);
}

static gboolean
on_left(gpointer data)
{
  g_main_loop_quit(data);
  return G_SOURCE_REMOVE;
}

static void
leave_all(Program *program)
{
  for (guint i = 0; i < program->sites->len; i++)
    sim_site_leave(program->sites->pdata[i]);
  if (program->viewers != NULL)
    sim_viewers_leave(program->viewers);
  g_timeout_add(LEAVE_MS, on_left, program->loop);
  g_main_loop_run(program->loop);
}

static SimReport *
make_report(Program *program, double cpu_s)
{
  SimReport *report = sim_report_new();
  SimPlayerStats played;
  McuNetStats net;
  sim_player_get_stats(program->run.player, &played);
  mcu_net_get_stats(program->run.net, &net);
  report->sites = (guint)program->options->sites;
  report->seconds = (double)(g_get_monotonic_time() - program->started_us) / G_USEC_PER_SEC;
  report->generator_cores = report->seconds > 0 ? cpu_s / report->seconds : 0;
  report->rx_packets = net.rx_packets;
  report->tx_packets = net.tx_packets;
  report->late_ticks = played.skipped;
  report->latest_tick_ms = (double)played.late_us / 1000;
  for (guint i = 0; i < program->sites->len; i++)
    sim_site_report(program->sites->pdata[i], report);
  if (program->viewers != NULL)
    sim_viewers_report(program->viewers, report);
  return report;
}

/* Writes and prints it. TRUE when the run was good. */
static gboolean
publish(const Program *program, const SimReport *report, GError **error)
{
  g_autofree char *summary = sim_report_summary(report);
  g_print("%s", summary);
  if (program->options->report != NULL) {
    g_autofree char *json = sim_report_json(report);
    if (!g_file_set_contents(program->options->report, json, -1, error))
      return FALSE;
  }
  g_autoptr(GPtrArray) faults = sim_report_faults(report);
  return faults->len == 0;
}

static void
clear(Program *program)
{
  SimRun *run = &program->run;
  g_ptr_array_unref(program->sites); /* frees them, before what they use */
  sim_viewers_free(program->viewers);
  sim_receiver_free(run->receiver);
  sim_player_free(run->player);
  sim_ws_free(run->ws);
  if (run->net != NULL)
    mcu_net_free(run->net);
  mcu_cert_free(program->cert);
  mcu_token_key_free(program->key);
  sim_world_free(run->world);
  g_clear_pointer(&run->contents, g_ptr_array_unref);
  g_free((char *)run->local_address);
  g_main_loop_unref(program->loop);
}

/* Exit code. */
static int
simulate(SimOptions *options, GError **error)
{
  Program program = {.options = options, .loop = g_main_loop_new(NULL, FALSE)};
  program.sites = g_ptr_array_new_with_free_func((GDestroyNotify)sim_site_free);
  int code = 2;
  if (set_up(&program, error) && make_sites(&program, error)) {
    program.started_us = g_get_monotonic_time();
    double cpu_before = sim_cpu_seconds();
    run_sites(&program);
    SimReport *report = make_report(&program, sim_cpu_seconds() - cpu_before);
    leave_all(&program);
    code = publish(&program, report, error) ? 0 : *error != NULL ? 2 : 1;
    sim_report_free(report);
  }
  clear(&program);
  return code;
}

int
main(int argc, char **argv)
{
  /* Names and titles on the command line are UTF-8, also where no locale is set (a bare Debian, systemd). */
  setlocale(LC_CTYPE, "C.UTF-8");
  SimOptions options;
  sim_options_init(&options);
  GError *error = NULL;
  gboolean written = FALSE;
  int code = 2;
  if (sim_options_parse(&options, &argc, &argv, &error)) {
    if (options.seconds < 0)
      options.seconds = options.y4m != NULL || options.wav != NULL ? FILE_SECONDS : RUN_SECONDS;
    if (write_files(&options, &written, &error)) {
      code = written ? 0 : 2;
    } else if (sim_options_check(&options, &error)) {
      gst_init(NULL, NULL);
      sim_raise_file_limit();
      code = simulate(&options, &error);
    }
  }
  if (error != NULL)
    g_printerr("diemcau-sites: %s\n", error->message);
  g_clear_error(&error);
  sim_options_clear(&options);
  return code;
}
