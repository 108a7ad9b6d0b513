/* diemcau-janus-sites: the same simulated participants in a meeting of Janus's or of Diemcau's, for
 * comparing what the two cost. Options, the order of things, figures.
 *
 * All join; when that is settled, one line {"measuring": true} goes to stdout, and after --seconds one line of
 * figures: whoever started this program reads the bridge's CPU time at the two lines.
 *
 * Threads: main, one of libwebsockets, network threads, player, receiver. */
#include <errno.h>
#include <glib-unix.h>
#include <gst/gst.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "mcu/transport/cert.h"
#include "mcu/util/error.h"
#include "mcu/util/priority.h"
#include "party.h"
#include "tests/sites/encode.h"
#include "tests/sites/paint.h"
#include "tests/sites/resources.h"

#define PICTURE_SECONDS 4
#define SITES_MAX 1000
#define JOIN_PATIENCE_US (60 * G_USEC_PER_SEC)
#define LEAVE_MS 500

typedef struct {
  char *janus, *server, *key, *meeting, *what, *picture, *cache;
  int sites, talkers, seconds, settle, threads;
  double join_rate;
} Options;

typedef enum { JOINING, SETTLING, MEASURING } Phase;

typedef struct {
  const Options *options;
  gboolean sound;
  PartyRun run;
  McuCert *cert;
  McuTokenKey *key;
  SimClip *silence;
  Party *publisher;   /* NULL in a run of sound */
  GPtrArray *parties; /* of Party *: the listeners */
  GMainLoop *loop;

  Phase phase;
  guint started;
  gint64 next_us; /* of the phase: SETTLING, MEASURING: its end; JOINING: patience, 0: not all have begun */
  gint64 measured_us;
  double cpu_before;
  guint64 skipped_before, sent_before, sent_again_before;
  TallyCount *before, *after;
  gboolean interrupted;
} Program;

static gboolean
parse_options(int *argc, char ***argv, Options *o, GError **error)
{
  const GOptionEntry entries[] = {
      {"janus", 0, 0, G_OPTION_ARG_FILENAME, &o->janus, "Unix socket of a Janus's API", "PATH"},
      {"server", 0, 0, G_OPTION_ARG_STRING, &o->server, "Or a Diemcau on this machine, https://127.0.0.1:PORT", "URL"},
      {"key", 0, 0, G_OPTION_ARG_FILENAME, &o->key, "Its key for tokens (DATA/token.key)", "FILE"},
      {"meeting", 0, 0, G_OPTION_ARG_STRING, &o->meeting, "Its meeting (janus)", "ID"},
      {"what", 0, 0, G_OPTION_ARG_STRING, &o->what,
       "sound: all send and hear it; picture: one sends it, the others see it", "WHAT"},
      {"sites", 0, 0, G_OPTION_ARG_INT, &o->sites, "Number of those who hear or see (8)", "N"},
      {"talkers", 0, 0, G_OPTION_ARG_INT, &o->talkers, "Sites that talk at a time, in turns; 0: all (3)", "K"},
      {"picture", 0, 0, G_OPTION_ARG_STRING, &o->picture, "The picture that is sent (1280x720@1500)", "WxH@KBPS"},
      {"seconds", 0, 0, G_OPTION_ARG_INT, &o->seconds, "How long to measure (20)", "S"},
      {"settle", 0, 0, G_OPTION_ARG_INT, &o->settle, "Seconds between joining and measuring (5)", "S"},
      {"join-rate", 0, 0, G_OPTION_ARG_DOUBLE, &o->join_rate, "Sites that join per second (20)", "R"},
      {"cache", 0, 0, G_OPTION_ARG_FILENAME, &o->cache, "Where encoded loops are kept (~/.cache/diemcau-sites)", "DIR"},
      {"threads", 0, 0, G_OPTION_ARG_INT, &o->threads, "Network threads (1)", "N"},
      {0},
  };
  g_autoptr(GOptionContext) context = g_option_context_new("- simulated sites against Janus or Diemcau");
  g_option_context_add_main_entries(context, entries, NULL);
  return g_option_context_parse(context, argc, argv, error);
}

static gboolean
wrong(GError **error, const char *what)
{
  g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s; see --help", what);
  return FALSE;
}

static gboolean
check_options(const Options *o, GError **error)
{
  if ((o->janus != NULL) == (o->server != NULL) || (o->server != NULL && o->key == NULL))
    return wrong(error, "either --janus, or --server and --key");
  if (g_strcmp0(o->what, "sound") != 0 && g_strcmp0(o->what, "picture") != 0)
    return wrong(error, "--what: sound or picture");
  if (o->sites < 1 || o->sites > SITES_MAX || o->talkers < 0 || o->talkers > o->sites || o->seconds < 1 ||
      o->settle < 0 || o->join_rate <= 0 || o->threads < 1 || o->threads >= MCU_NET_THREADS_MAX)
    return wrong(error, "a number is out of its range");
  return TRUE;
}

static void
clear_options(Options *o)
{
  char **strings[] = {&o->janus, &o->server, &o->key, &o->meeting, &o->what, &o->picture, &o->cache};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_clear_pointer(strings[i], g_free);
}

/* A loop of the drawn scene, as the cached ones are, in any size. */
static SimClip *
make_picture(const char *text, GError **error)
{
  guint width, height, kbps, n_frames = PICTURE_SECONDS * MCU_VIDEO_FPS;
  if (sscanf(text, "%ux%u@%u", &width, &height, &kbps) != 3 || width < 128 || height < 72 || width > 1920 ||
      height > 1088 || width % 16 != 0 || height % 2 != 0 || kbps < 50 || kbps > 20000) {
    wrong(error, "--picture: 128x72 to 1920x1088, width a multiple of 16, 50 to 20000 kbit/s");
    return NULL;
  }
  const SimSize size = {.width = width, .height = height, .fps = MCU_VIDEO_FPS, .kbps = kbps};
  SimEncoder *encoder = sim_encoder_new(MCU_CODEC_H264, &size, n_frames, error);
  if (encoder == NULL)
    return NULL;
  g_autofree guint8 *data = g_malloc(sim_picture_size(width, height));
  SimPicture picture;
  sim_picture_init(&picture, width, height, data);
  gboolean good = TRUE;
  for (guint frame = 0; good && frame < n_frames; frame++) {
    sim_paint_scene(&picture, 1, frame, n_frames);
    sim_paint_mark(&picture, 1, frame);
    good = sim_encoder_push(encoder, &picture, error);
  }
  SimClip *clip = good ? sim_encoder_finish(encoder, error) : NULL;
  sim_encoder_free(encoder);
  return clip;
}

static gboolean
load_contents(Program *program, GError **error)
{
  const Options *o = program->options;
  PartyRun *run = &program->run;
  g_autofree char *default_cache = g_build_filename(g_get_user_cache_dir(), "diemcau-sites", NULL);
  SimContentConfig config = {
      .cache_dir = o->cache != NULL ? o->cache : default_cache,
      .first_size = SIM_SIZES - 1,
      .seconds = PICTURE_SECONDS,
  };
  guint senders = program->sound ? (guint)o->sites : 1;
  run->contents = sim_content_load(&config, 1, senders, error);
  run->world = sim_world_new(1, senders);
  if (run->contents == NULL || (program->silence = sim_content_silence(error)) == NULL)
    return FALSE;
  run->player = sim_player_new(senders, program->sound ? (guint)o->talkers : 0, program->silence);
  run->receiver = sim_receiver_new();
  return program->sound || (run->picture = make_picture(o->picture ? o->picture : "1280x720@1500", error)) != NULL;
}

static gboolean
open_network(Program *program, GError **error)
{
  const Options *o = program->options;
  PartyRun *run = &program->run;
  run->meeting = o->meeting != NULL ? o->meeting : "janus";
  if ((run->cert = program->cert = mcu_cert_new(error)) == NULL ||
      (run->net = mcu_net_new((guint)o->threads, error)) == NULL)
    return FALSE;
  if (o->janus != NULL)
    return (run->janus = janus_link_new(o->janus, error)) != NULL;
  return (run->key = program->key = mcu_token_key_load(o->key, FALSE, error)) != NULL &&
         (run->ws = sim_ws_new(o->server, FALSE, error)) != NULL;
}

static void
make_parties(Program *program)
{
  if (!program->sound)
    program->publisher = party_new(&program->run, TALK_PICTURE_OUT, 0, FALSE);
  for (guint i = 0; i < (guint)program->options->sites; i++)
    g_ptr_array_add(program->parties, party_new(&program->run, program->sound ? TALK_SOUND : TALK_PICTURE_IN, i,
                                                program->sound && i == 0));
}

static gboolean
on_join_timer(gpointer data)
{
  Program *program = data;
  /* Who wants to see needs somebody to look at. */
  if (program->publisher != NULL && !party_connected(program->publisher))
    return G_SOURCE_CONTINUE;
  party_join(program->parties->pdata[program->started++]);
  if (program->started < program->parties->len)
    return G_SOURCE_CONTINUE;
  program->next_us = g_get_monotonic_time() + JOIN_PATIENCE_US;
  return G_SOURCE_REMOVE;
}

static guint
count_connected(const Program *program, guint *out_failed)
{
  guint connected = 0;
  *out_failed = 0;
  for (guint i = 0; i < program->parties->len; i++) {
    connected += party_connected(program->parties->pdata[i]);
    *out_failed += party_failure(program->parties->pdata[i]) != NULL;
  }
  return connected;
}

static void
count_all(Program *program, TallyCount *counts)
{
  for (guint i = 0; i < program->parties->len; i++)
    party_count(program->parties->pdata[i], &counts[i]);
}

/* By the publisher, or by all. */
static void
count_sent(const Program *program, guint64 *out_packets, guint64 *out_again)
{
  *out_packets = *out_again = 0;
  if (program->publisher != NULL) {
    party_sent(program->publisher, out_packets, out_again);
    return;
  }
  for (guint i = 0; i < program->parties->len; i++) {
    guint64 packets, again;
    party_sent(program->parties->pdata[i], &packets, &again);
    *out_packets += packets;
    *out_again += again;
  }
}

/* What should be sent in this time: a packet of sound in 20 ms by each who is there, or the picture. */
static double
due(const Program *program, double seconds)
{
  const SimClip *clip = program->run.picture;
  guint first, count, there = 0;
  if (clip != NULL) {
    guint n_frames = sim_clip_frames(clip);
    sim_clip_frame(clip, n_frames - 1, &first, &count);
    return (double)(first + count) / n_frames * MCU_VIDEO_FPS * seconds;
  }
  for (guint i = 0; i < program->parties->len; i++) {
    const Party *party = program->parties->pdata[i];
    there += party_connected(party) && party_failure(party) == NULL;
  }
  return MAX(there, 1) * seconds * G_USEC_PER_SEC / MCU_AUDIO_FRAME_US;
}

static void
begin_measuring(Program *program, gint64 now_us)
{
  program->phase = MEASURING;
  program->measured_us = now_us;
  program->next_us = now_us + program->options->seconds * G_USEC_PER_SEC;
  program->cpu_before = sim_cpu_seconds();
  count_all(program, program->before);
  count_sent(program, &program->sent_before, &program->sent_again_before);
  SimPlayerStats played;
  sim_player_get_stats(program->run.player, &played);
  program->skipped_before = played.skipped;
  printf("{\"measuring\": true}\n");
  fflush(stdout);
}

/* TRUE: nothing more to wait for. */
static gboolean
step(Program *program, gint64 now_us)
{
  guint failed, connected = count_connected(program, &failed);
  if (program->publisher != NULL && party_failure(program->publisher) != NULL)
    return TRUE;
  if (program->phase == JOINING) {
    gboolean settled = connected + failed >= program->parties->len;
    if (program->next_us == 0 || (!settled && now_us < program->next_us))
      return FALSE;
    g_printerr("%u of %u joined\n", connected, program->parties->len);
    program->phase = SETTLING;
    program->next_us = now_us + program->options->settle * G_USEC_PER_SEC;
  } else if (program->phase == SETTLING && now_us >= program->next_us) {
    begin_measuring(program, now_us);
  } else if (program->phase == MEASURING && now_us >= program->next_us) {
    return TRUE;
  }
  return FALSE;
}

static gboolean
on_tick(gpointer data)
{
  Program *program = data;
  if (step(program, g_get_monotonic_time()))
    g_main_loop_quit(program->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_signal(gpointer data)
{
  Program *program = data;
  program->interrupted = TRUE;
  g_main_loop_quit(program->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_left(gpointer data)
{
  g_main_loop_quit(data);
  return G_SOURCE_REMOVE;
}

/* The first few reasons, the publisher's before all. */
static json_t *
failures(const Program *program)
{
  json_t *list = json_array();
  if (program->publisher != NULL && party_failure(program->publisher) != NULL)
    json_array_append_new(list, json_string(party_failure(program->publisher)));
  for (guint i = 0; i < program->parties->len && json_array_size(list) < 5; i++)
    if (party_failure(program->parties->pdata[i]) != NULL)
      json_array_append_new(list, json_string(party_failure(program->parties->pdata[i])));
  return list;
}

/* FALSE when it did not come to measuring. */
static gboolean
print_figures(Program *program, guint connected)
{
  if (program->phase != MEASURING || program->interrupted)
    return FALSE;
  Tally t;
  SimPlayerStats played;
  guint expected = 0, heard = 0;
  guint64 sent, again;
  count_sent(program, &sent, &again);
  sim_player_get_stats(program->run.player, &played);
  tally(program->before, program->after, program->parties->len,
        (double)(g_get_monotonic_time() - program->measured_us) / G_USEC_PER_SEC, &t);
  double cores = (sim_cpu_seconds() - program->cpu_before) / t.seconds;
  for (guint i = 0; i < program->parties->len; i++) {
    party_leave(program->parties->pdata[i]);
    party_report(program->parties->pdata[i], &expected, &heard);
  }
  json_t *root = json_pack(
      "{s:i, s:i, s:f, s:I, s:f, s:{s:f, s:f, s:f}, s:{s:f, s:f}, s:I, s:I, s:I, s:f, s:f, s:i, s:i, s:o}", "listeners",
      (int)t.listeners, "joined", (int)connected, "seconds", t.seconds, "packets", (json_int_t)t.packets,
      "packet_bytes", t.packet_bytes, "packets_per_second", "least", t.least, "median", t.median, "most", t.most, "fps",
      "least", t.fps_least, "median", t.fps_median, "sound_lost", (json_int_t)t.sound_lost, "video_gaps",
      (json_int_t)t.video_gaps, "generator_ticks_skipped", (json_int_t)(played.skipped - program->skipped_before),
      "generator_latest_tick_ms", (double)played.late_us / 1000, "generator_cores", cores, "tones_expected",
      (int)expected, "tones_heard", (int)heard, "failures", failures(program));
  sent -= program->sent_before;
  again -= program->sent_again_before;
  json_object_update_new(root, json_pack("{s:I, s:I, s:f}", "sent", (json_int_t)sent, "sent_again", (json_int_t)again,
                                         "sent_share", (double)(sent - again) / due(program, t.seconds)));
  char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(6));
  printf("%s\n", text);
  fflush(stdout);
  free(text);
  json_decref(root);
  return TRUE;
}

static void
run_loop(Program *program)
{
  guint tick = g_timeout_add(50, on_tick, program);
  guint join = g_timeout_add(MAX((guint)(1000 / program->options->join_rate), 1), on_join_timer, program);
  guint sigint = g_unix_signal_add(SIGINT, on_signal, program);
  guint sigterm = g_unix_signal_add(SIGTERM, on_signal, program);
  if (program->publisher != NULL)
    party_join(program->publisher);
  g_main_loop_run(program->loop);
  if (program->started < program->parties->len)
    g_source_remove(join);
  g_source_remove(tick);
  g_source_remove(sigint);
  g_source_remove(sigterm);
}

static void
leave_all(Program *program)
{
  for (guint i = 0; i < program->parties->len; i++)
    party_leave(program->parties->pdata[i]);
  if (program->publisher != NULL)
    party_leave(program->publisher);
  g_timeout_add(LEAVE_MS, on_left, program->loop);
  g_main_loop_run(program->loop);
}

static void
clear(Program *program)
{
  PartyRun *run = &program->run;
  g_ptr_array_unref(program->parties); /* frees them, before what they use */
  party_free(program->publisher);
  sim_receiver_free(run->receiver);
  sim_player_free(run->player);
  janus_link_free(run->janus);
  sim_ws_free(run->ws);
  mcu_net_free(run->net);
  mcu_cert_free(program->cert);
  mcu_token_key_free(program->key);
  sim_world_free(run->world);
  sim_clip_unref(run->picture);
  sim_clip_unref(program->silence);
  g_clear_pointer(&run->contents, g_ptr_array_unref);
  g_main_loop_unref(program->loop);
  g_free(program->before);
  g_free(program->after);
}

/* Exit code. */
static int
simulate(const Options *options, GError **error)
{
  Program program = {
      .options = options,
      .sound = g_str_equal(options->what, "sound"),
      .parties = g_ptr_array_new_with_free_func((GDestroyNotify)party_free),
      .loop = g_main_loop_new(NULL, FALSE),
      .before = g_new0(TallyCount, (gsize)options->sites),
      .after = g_new0(TallyCount, (gsize)options->sites),
  };
  int code = 2;
  if (load_contents(&program, error) && open_network(&program, error)) {
    make_parties(&program);
    run_loop(&program);
    count_all(&program, program.after);
    guint failed, connected = count_connected(&program, &failed);
    code = print_figures(&program, connected) ? 0 : 1;
    leave_all(&program);
  }
  clear(&program);
  return code;
}

int
main(int argc, char **argv)
{
  setlocale(LC_CTYPE, "C.UTF-8"); /* also where no locale is set */
  Options options = {.sites = 8, .talkers = 3, .seconds = 20, .settle = 5, .join_rate = 20, .threads = 1};
  GError *error = NULL;
  int code = 2;
  if (parse_options(&argc, &argv, &options, &error) && check_options(&options, &error)) {
    gst_init(NULL, NULL);
    sim_raise_file_limit();
    /* What slows the sites would look as if the bridge were slow. Threads made later follow. */
    mcu_priority_raise();
    code = simulate(&options, &error);
  }
  if (error != NULL)
    g_printerr("diemcau-janus-sites: %s\n", error->message);
  g_clear_error(&error);
  clear_options(&options);
  return code;
}
