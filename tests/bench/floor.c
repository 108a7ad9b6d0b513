/* Options, the order of the parts, and the figures: one JSON object on the last line of stdout. */
#include "floor.h"

#include <gst/gst.h>
#include <locale.h>
#include <stdio.h>

#include "floor-content.h"
#include "floor-network.h"
#include "floor-picture.h"
#include "floor-sound.h"
#include "mcu/util/error.h"
#include "pipelines/codec-elements.h"
#include "pipelines/grid.h"

#define RECEIVERS_MAX 2122 /* each has two sockets here */
#define TALKERS_MAX 64
#define FPS_MAX 50

typedef struct {
  char *tile, *tile_codec, *wall_tile, *rungs, *clips, *cache;
  int visible, tile_fps, wall_tiles, wall_tile_fps, rung_fps, wall_fps, talkers, audio_kbps, receivers;
  double sent_packets, sent_bytes, received_packets, seconds;
} Options;

static gboolean
parse_options(int *argc, char ***argv, Options *o, GError **error)
{
  const GOptionEntry entries[] = {
      {"visible", 0, 0, G_OPTION_ARG_INT, &o->visible, "Sites visible in the programme (16)", "N"},
      {"tile", 0, 0, G_OPTION_ARG_STRING, &o->tile, "Size of their pictures (320x180)", "WxH"},
      {"tile-fps", 0, 0, G_OPTION_ARG_INT, &o->tile_fps, "Their pictures per second (25)", "N"},
      {"tile-codec", 0, 0, G_OPTION_ARG_STRING, &o->tile_codec, "h264 or vp8, of all sites (h264)", "CODEC"},
      {"wall-tiles", 0, 0, G_OPTION_ARG_INT, &o->wall_tiles,
       "Sites on the wall; those visible are the first of them and decoded once (0)", "N"},
      {"wall-tile", 0, 0, G_OPTION_ARG_STRING, &o->wall_tile, "Size of the others' pictures (128x72)", "WxH"},
      {"wall-tile-fps", 0, 0, G_OPTION_ARG_INT, &o->wall_tile_fps, "Their pictures per second (5)", "N"},
      {"rungs", 0, 0, G_OPTION_ARG_STRING, &o->rungs,
       "What is encoded: VIEW:LINES:CODEC:KBPS,... VIEW is programme or wall, LINES 1080, 720, 360 or 180; "
       "empty with --visible 0: sound alone (programme:720:h264:1200)",
       "LIST"},
      {"rung-fps", 0, 0, G_OPTION_ARG_INT, &o->rung_fps, "Pictures per second of the programme (25)", "N"},
      {"wall-fps", 0, 0, G_OPTION_ARG_INT, &o->wall_fps, "Pictures per second of the wall (5)", "N"},
      {"talkers", 0, 0, G_OPTION_ARG_INT, &o->talkers, "Sites that are heard (4)", "N"},
      {"audio-kbps", 0, 0, G_OPTION_ARG_INT, &o->audio_kbps, "Of the mixed sound (40)", "N"},
      {"receivers", 0, 0, G_OPTION_ARG_INT, &o->receivers, "Sites connected (16)", "N"},
      {"sent-packets-per-s", 0, 0, G_OPTION_ARG_DOUBLE, &o->sent_packets, "To all receivers; 0: none (0)", "N"},
      {"sent-bytes", 0, 0, G_OPTION_ARG_DOUBLE, &o->sent_bytes,
       "Their mean size: RTP with its SRTP tag, without UDP and IP (1000)", "BYTES"},
      {"received-packets-per-s", 0, 0, G_OPTION_ARG_DOUBLE, &o->received_packets, "From all sites; 0: none (0)", "N"},
      {"clips", 0, 0, G_OPTION_ARG_FILENAME, &o->clips, "Films (*.mkv) and speech (*.opus) that the sites send", "DIR"},
      {"cache", 0, 0, G_OPTION_ARG_FILENAME, &o->cache, "Where encoded loops are kept (~/.cache/diemcau-sites)", "DIR"},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &o->seconds, "To spend on each of six parts (5)", "S"},
      {0},
  };
  g_autoptr(GOptionContext) context = g_option_context_new("- the least that a meeting can cost on this machine");
  g_option_context_add_main_entries(context, entries, NULL);
  g_option_context_set_description(
      context, "Does the unavoidable work of the scenario alone, as fast as it goes, and says how many cores it\n"
               "would keep busy: decode, scale, encode, opus, receive, send. The last line is one JSON object.\n"
               "Exit code: 0, or 1 when it could not run.\n");
  return g_option_context_parse(context, argc, argv, error);
}

static gboolean fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
fail(GError **error, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_set_error_literal(error, MCU_ERROR, MCU_ERROR_CONFIG, text);
  return FALSE;
}

static gboolean
check_range(const char *name, int value, int min, int max, GError **error)
{
  return (value >= min && value <= max) || fail(error, "--%s: %d is not in %d .. %d", name, value, min, max);
}

static gboolean
parse_codec(const char *text, McuCodec *out_codec)
{
  *out_codec = g_str_equal(text, "h264") ? MCU_CODEC_H264 : MCU_CODEC_VP8;
  return g_str_equal(text, "h264") || g_str_equal(text, "vp8");
}

/* The encoder of the sites' loops takes rows without padding: hence the eight. */
static gboolean
parse_tiles(const char *name, const char *text, FloorTiles *out_tiles, GError **error)
{
  guint width, height;
  char end;
  if (sscanf(text, "%ux%u%c", &width, &height, &end) != 2 || width < 128 || height < 72 || width > 1920 ||
      height > 1088 || width % 8 != 0 || height % 2 != 0)
    return fail(error, "--%s: %s is not a size of 128x72 .. 1920x1088, width a multiple of eight", name, text);
  out_tiles->width = width;
  out_tiles->height = height;
  return TRUE;
}

static gboolean
parse_rung(const char *text, FloorRung *out_rung, GError **error)
{
  g_auto(GStrv) parts = g_strsplit(text, ":", -1);
  guint64 lines, kbps;
  if (g_strv_length(parts) != 4 || !(g_str_equal(parts[0], "programme") || g_str_equal(parts[0], "wall")) ||
      !g_ascii_string_to_unsigned(parts[1], 10, 180, 1080, &lines, NULL) ||
      (lines != 1080 && lines != 720 && lines != 360 && lines != 180) || !parse_codec(parts[2], &out_rung->codec) ||
      !g_ascii_string_to_unsigned(parts[3], 10, 10, 50000, &kbps, NULL))
    return fail(error, "--rungs: \"%s\" is not programme|wall:1080|720|360|180:h264|vp8:KBPS", text);
  out_rung->view = g_str_equal(parts[0], "wall") ? MCU_VIEW_WALL : MCU_VIEW_PROGRAMME;
  out_rung->height = (guint)lines;
  out_rung->width = out_rung->height * 16 / 9;
  out_rung->kbps = (guint)kbps;
  return TRUE;
}

static gboolean
parse_rungs(const char *text, FloorScenario *scenario, GError **error)
{
  g_auto(GStrv) items = g_strsplit(text, ",", -1);
  guint n_of[MCU_N_VIEWS] = {0};
  scenario->n_rungs = g_strv_length(items);
  if (scenario->n_rungs > MCU_N_VIEWS * MCU_N_RUNGS * 2)
    return fail(error, "--rungs: there are no more than %d", MCU_N_VIEWS * MCU_N_RUNGS * 2);
  scenario->rungs = g_new0(FloorRung, scenario->n_rungs + 1);
  for (guint i = 0; i < scenario->n_rungs; i++) {
    if (!parse_rung(items[i], &scenario->rungs[i], error))
      return FALSE;
    n_of[scenario->rungs[i].view]++;
  }
  if ((n_of[MCU_VIEW_PROGRAMME] > 0) != (scenario->visible.n > 0))
    return fail(error, "--rungs: the programme needs visible sites, and they need a rung of the programme");
  if ((n_of[MCU_VIEW_WALL] > 0) != (scenario->wall.n > 0))
    return fail(error, "--rungs: the wall needs --wall-tiles, and they need a rung of the wall");
  return TRUE;
}

static gboolean
to_scenario(const Options *o, FloorScenario *scenario, GError **error)
{
  if (!check_range("visible", o->visible, 0, PL_GRID_MAX_TILES, error) ||
      !check_range("tile-fps", o->tile_fps, 1, FPS_MAX, error) ||
      !check_range("wall-tiles", o->wall_tiles, 0, PL_GRID_MAX_TILES, error) ||
      !check_range("wall-tile-fps", o->wall_tile_fps, 1, FPS_MAX, error) ||
      !check_range("rung-fps", o->rung_fps, 1, FPS_MAX, error) ||
      !check_range("wall-fps", o->wall_fps, 1, FPS_MAX, error) ||
      !check_range("talkers", o->talkers, 0, TALKERS_MAX, error) ||
      !check_range("audio-kbps", o->audio_kbps, 8, 256, error) ||
      !check_range("receivers", o->receivers, 1, RECEIVERS_MAX, error))
    return FALSE;
  if (!(o->sent_packets >= 0) || !(o->sent_bytes > 0) || !(o->received_packets >= 0) || !(o->seconds > 0))
    return fail(error, "--sent-packets-per-s, --sent-bytes, --received-packets-per-s, --seconds: no negative numbers");
  *scenario = (FloorScenario){
      .visible = {.n = (guint)o->visible, .fps = (guint)o->tile_fps},
      .wall = {.n = (guint)o->wall_tiles, .fps = (guint)o->wall_tile_fps},
      .fps = {[MCU_VIEW_PROGRAMME] = (guint)o->rung_fps, [MCU_VIEW_WALL] = (guint)o->wall_fps},
      .talkers = (guint)o->talkers,
      .audio_kbps = (guint)o->audio_kbps,
      .receivers = (guint)o->receivers,
      .sent_packets = o->sent_packets,
      .sent_bytes = o->sent_bytes,
      .received_packets = o->received_packets,
      .clips = o->clips,
      .cache = o->cache,
      .seconds = o->seconds,
  };
  if (!parse_codec(o->tile_codec, &scenario->tile_codec))
    return fail(error, "--tile-codec: %s is not h264 or vp8", o->tile_codec);
  return parse_tiles("tile", o->tile, &scenario->visible, error) &&
         parse_tiles("wall-tile", o->wall_tile, &scenario->wall, error) && parse_rungs(o->rungs, scenario, error);
}

/* A part of the scenario that took no time was not done. */
static gboolean
check_parts(const FloorScenario *scenario, const FloorPicture *picture, double opus, const FloorNetwork *network,
            GError **error)
{
  gboolean pictures = scenario->n_rungs > 0;
  if ((pictures && (picture->decode <= 0 || picture->scale <= 0 || picture->encode <= 0)) || opus <= 0 ||
      (scenario->received_packets > 0 && network->receive <= 0) || (scenario->sent_packets > 0 && network->send <= 0))
    return fail(error, "a part took no time at all: give it more --seconds");
  return TRUE;
}

static gboolean
measure(const FloorScenario *scenario, GError **error)
{
  FloorPicture picture = {0};
  FloorNetwork network = {0};
  double opus = 0;
  FloorContent *content = floor_content_load(scenario, error);
  gboolean good = content != NULL &&
                  (scenario->n_rungs == 0 || floor_picture_measure(scenario, content, &picture, error)) &&
                  floor_sound_measure(scenario, content, &opus, error) &&
                  floor_network_measure(scenario, content, &network, error) &&
                  check_parts(scenario, &picture, opus, &network, error);
  floor_content_free(content);
  if (good)
    printf("{\"floor_cores\": %.5f, \"parts\": {\"decode\": %.5f, \"scale\": %.5f, \"encode\": %.5f, \"opus\": %.5f, "
           "\"receive\": %.5f, \"send\": %.5f}}\n",
           picture.decode + picture.scale + picture.encode + opus + network.receive + network.send, picture.decode,
           picture.scale, picture.encode, opus, network.receive, network.send);
  return good;
}

static void
set_default(char **option, const char *value)
{
  if (*option == NULL)
    *option = g_strdup(value);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  Options o = {.visible = 16,
               .tile_fps = MCU_VIDEO_FPS,
               .wall_tile_fps = 5,
               .rung_fps = MCU_VIDEO_FPS,
               .wall_fps = 5,
               .talkers = 4,
               .audio_kbps = 40,
               .receivers = 16,
               .sent_bytes = 1000,
               .seconds = 5};
  FloorScenario scenario = {0};
  setlocale(LC_CTYPE, ""); /* file names; numbers stay as in C */
  gboolean good = parse_options(&argc, &argv, &o, &error);
  if (good && argc > 1)
    good = fail(&error, "not an option: %s", argv[1]);
  g_autofree char *cache = g_build_filename(g_get_user_cache_dir(), "diemcau-sites", NULL);
  set_default(&o.tile, "320x180");
  set_default(&o.wall_tile, "128x72");
  set_default(&o.tile_codec, "h264");
  set_default(&o.rungs, "programme:720:h264:1200");
  set_default(&o.cache, cache);
  if (good) {
    gst_init(NULL, NULL);
    good = to_scenario(&o, &scenario, &error) && pl_codec_check_elements(&error) && measure(&scenario, &error);
  }
  if (!good)
    g_printerr("diemcau-floor: %s\n", error->message);
  char **strings[] = {&o.tile, &o.tile_codec, &o.wall_tile, &o.rungs, &o.clips, &o.cache};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(*strings[i]);
  g_free(scenario.rungs);
  return good ? 0 : 1;
}
