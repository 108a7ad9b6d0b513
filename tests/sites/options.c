/* What there is to say on the command line, and within which bounds. Main thread. */
#include "options.h"

#include <string.h>

#include "mark.h"
#include "mcu/types.h"
#include "mcu/util/error.h"
#include "mcu/util/stream.h"

#define OBSERVERS_MAX 5000
#define WALLS_MAX 16

void
sim_options_init(SimOptions *options)
{
  *options = (SimOptions){.sites = 8, .seconds = -1, .join_rate = 10, .threads = 1, .first = 1, .site = 1};
}

gboolean
sim_options_parse(SimOptions *o, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
      {"server", 0, 0, G_OPTION_ARG_STRING, &o->server, "The bridge, https://HOST:PORT", "URL"},
      {"key", 0, 0, G_OPTION_ARG_FILENAME, &o->key, "Its key for tokens (DATA/token.key)", "FILE"},
      {"meeting", 0, 0, G_OPTION_ARG_STRING, &o->meeting, "Meeting to join", "ID"},
      {"title", 0, 0, G_OPTION_ARG_STRING, &o->title, "Name of the meeting", "TEXT"},
      {"sites", 0, 0, G_OPTION_ARG_INT, &o->sites, "Number of sites (8)", "N"},
      {"first", 0, 0, G_OPTION_ARG_INT, &o->first, "Number of the first site (1); that of the last is at most 1023",
       "I"},
      {"observers", 0, 0, G_OPTION_ARG_INT, &o->observers,
       "Members who only receive, beside the sites; some of them check all packets, the others count them (0)", "N"},
      {"wall-probes", 0, 0, G_OPTION_ARG_INT, &o->walls, "Chairs who watch all sites at once, and check (0)", "N"},
      {"names", 0, 0, G_OPTION_ARG_FILENAME, &o->names, "Names of the sites, one per line", "FILE"},
      {"seconds", 0, 0, G_OPTION_ARG_INT, &o->seconds, "How long after all have joined; 0: until Ctrl-C (30)", "S"},
      {"return", 0, 0, G_OPTION_ARG_NONE, &o->returns, "Who loses the bridge comes again, as a page does", NULL},
      {"settle", 0, 0, G_OPTION_ARG_INT, &o->settle, "Seconds after all have joined before these begin (0)", "S"},
      {"join-rate", 0, 0, G_OPTION_ARG_DOUBLE, &o->join_rate, "Sites that join per second; 0: all at once (10)", "R"},
      {"talkers", 0, 0, G_OPTION_ARG_INT, &o->talkers,
       "Sites that talk at a time, in turns; 0: all (0). A bridge mixes the loudest few only (--max-heard)", "K"},
      {"answers", 0, 0, G_OPTION_ARG_NONE, &o->answers,
       "Silent until called up in a roll call; then each speaks for two seconds, but every 5th says nothing and every "
       "7th hums",
       NULL},
      {"plain", 0, 0, G_OPTION_ARG_NONE, &o->plain, "Pictures without marks: to be looked at, not to be checked", NULL},
      {"probes", 0, 0, G_OPTION_ARG_INT, &o->probes, "Sites, from the first on, that decode and check (0)", "P"},
      {"media", 0, 0, G_OPTION_ARG_FILENAME, &o->media, "Films (*.mkv) and speech (*.opus) to send", "DIR"},
      {"codec", 0, 0, G_OPTION_ARG_STRING, &o->codec, "Video codecs to offer: h264, vp8 or both (both)", "CODEC"},
      {"cache", 0, 0, G_OPTION_ARG_FILENAME, &o->cache, "Where encoded loops are kept (~/.cache/diemcau-sites)", "DIR"},
      {"report", 0, 0, G_OPTION_ARG_FILENAME, &o->report, "JSON report", "FILE"},
      {"insecure", 0, 0, G_OPTION_ARG_NONE, &o->insecure, "Accept any certificate (always so on loopback)", NULL},
      {"address", 0, 0, G_OPTION_ARG_STRING, &o->address, "Local address for media (the one that reaches the bridge)",
       "ADDR"},
      {"threads", 0, 0, G_OPTION_ARG_INT, &o->threads, "Network threads (1)", "N"},
      {"write-y4m", 0, 0, G_OPTION_ARG_FILENAME, &o->y4m, "Write the picture of --site for a fake camera, and end",
       "FILE"},
      {"write-wav", 0, 0, G_OPTION_ARG_FILENAME, &o->wav, "Write the sound of --site for a fake microphone, and end",
       "FILE"},
      {"site", 0, 0, G_OPTION_ARG_INT, &o->site, "Site number for these (1); --seconds of it are written (10)", "N"},
      {"size", 0, 0, G_OPTION_ARG_STRING, &o->size, "Size of --write-y4m (640x360)", "WxH"},
      {0},
  };
  g_autoptr(GOptionContext) context = g_option_context_new("- simulated sites for a Diemcau bridge");
  g_option_context_add_main_entries(context, entries, NULL);
  g_option_context_set_description(
      context, "Exit code: 0 when all sites joined and stayed and every check of the probes held, 1 when not,\n"
               "2 when it could not run.\n");
  return g_option_context_parse(context, argc, argv, error);
}

gboolean
sim_options_check_range(const char *name, int value, int min, int max, GError **error)
{
  if (value >= min && value <= max)
    return TRUE;
  g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "--%s: %d is not in %d .. %d", name, value, min, max);
  return FALSE;
}

static gboolean
is_word(const char *word, const char *const *words)
{
  return word == NULL || g_strv_contains(words, word);
}

gboolean
sim_options_check(const SimOptions *o, GError **error)
{
  static const char *const codecs[] = {"h264", "vp8", "both", NULL};
  if (o->server == NULL || o->key == NULL || o->meeting == NULL) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "--server, --key and --meeting are needed; see --help");
    return FALSE;
  }
  if (!is_word(o->codec, codecs) || o->join_rate < 0) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "wrong --codec or --join-rate; see --help");
    return FALSE;
  }
  if (strlen(o->meeting) > MCU_ID_MAX_BYTES) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "--meeting is too long");
    return FALSE;
  }
  return sim_options_check_range("sites", o->sites, 1, SIM_MARK_SITES, error) &&
         sim_options_check_range("first", o->first, 0, SIM_MARK_SITES - o->sites, error) &&
         sim_options_check_range("observers", o->observers, 0, OBSERVERS_MAX, error) &&
         sim_options_check_range("wall-probes", o->walls, 0, WALLS_MAX, error) &&
         sim_options_check_range("seconds", o->seconds, 0, G_MAXINT / 1000000, error) &&
         sim_options_check_range("settle", o->settle, 0, 3600, error) &&
         sim_options_check_range("talkers", o->talkers, 0, o->sites, error) &&
         sim_options_check_range("probes", o->probes, 0, o->sites, error) &&
         sim_options_check_range("threads", o->threads, 1, MCU_NET_THREADS_MAX, error);
}

void
sim_options_clear(SimOptions *o)
{
  char **strings[] = {&o->server, &o->key,   &o->meeting, &o->media, &o->report, &o->codec, &o->names,
                      &o->title,  &o->cache, &o->address, &o->y4m,   &o->wav,    &o->size};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_clear_pointer(strings[i], g_free);
}
