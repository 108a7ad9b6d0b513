/* What the meeting side (mcu/) asks of the media side (pipelines/).
 *
 * A mix is one meeting's sound and picture; a mix seat is one site in it, for as long as the site
 * belongs to the meeting, however often its connection changes. Packets cross in two objects
 * which either side may keep alive: McuRing (site -> mix) and McuStream (mix -> sites). All
 * functions are [main] and return at once; no caller ever waits for a pipeline, except the
 * free functions, which stop and join what they own within a second. */
#pragma once

#include <glib.h>

#include "mcu/types.h"
#include "mcu/util/ring.h"
#include "mcu/util/stream.h"

#define MCU_VIEW_SEATS_MAX 256

typedef struct McuMix McuMix;
typedef struct McuMixSeat McuMixSeat;

/* One window of a view. */
typedef struct {
  McuMixSeat *seat; /* NULL: empty */
  struct {
    guint16 x, y, width, height;
  } place;         /* in MCU_PANE_UNITS; later panes lie over earlier ones */
  gboolean whole;  /* with bars rather than cropped, whatever the view says */
  gint64 clock_us; /* a clock runs in it since then (monotonic); 0: none */
  gint64 limit_us; /* ... and warns when so much has passed; 0: never */
} McuPane;

/* What a view shows and how. */
typedef struct {
  const McuPane *panes;
  guint n_panes;      /* at most MCU_VIEW_SEATS_MAX */
  gboolean equal;     /* an equal grid of all panes; their places are not looked at */
  gboolean letterbox; /* each picture whole, with bars; else cropped to fill its pane. Never stretched */
  gboolean no_labels;
  gboolean mark_speaker; /* a frame round who is heard */
  const char *banner;    /* over the lower edge; NULL: none. Any UTF-8, drawn as it is, never as markup */
} McuViewLook;

typedef struct {
  const char *name; /* for logs */
  guint fps;        /* MCU_VIDEO_FPS */
  guint video_kbps; /* target of the programme in 720 lines; the other rungs follow from it */
  guint site_kbps;  /* most that is asked of a site's camera */
  guint audio_kbps; /* target of each Opus mix */
  guint max_heard;  /* sites mixed at the same time; the loudest are chosen */
} McuMixConfig;

typedef struct {
  /* [main] The recording ended: by record_stop (error NULL), or by itself (disk full ...).
   * `path` names the finished, playable file; NULL when nothing was written. */
  void (*record_done)(McuMix *mix, const char *path, gint64 duration_us, const GError *error, gpointer user_data);
  /* [main] What the mix wants of the seat's camera from now on; before the first it wants none. Only
   * seats that are shown in a view somebody receives are asked for anything, and decoded. */
  void (*picture_wanted)(McuMix *mix, McuMixSeat *seat, const McuPicture *picture, gpointer user_data);
} McuMixEvents;

typedef struct {
  guint seats;
  guint pictures;   /* seats whose picture is decoded now */
  guint heard;      /* seats whose sound is decoded now */
  guint renditions; /* encoders running */
  guint64 frames_composed;
  guint64 ticks_late; /* picture or sound ticks that started more than one period late */
  guint64 decode_errors;
  gboolean recording;
} McuMixStats;

typedef struct {
  /* Checks that every element needed is there; MCU_ERROR_CONFIG names the missing one. */
  gboolean (*init)(GError **error);

  McuMix *(*mix_new)(const McuMixConfig *config, const McuMixEvents *events, gpointer user_data, GError **error);
  void (*mix_free)(McuMix *mix); /* all seats freed before; ends a recording properly */

  /* `name` is shown as the label; any UTF-8, drawn as it is, never as markup. */
  McuMixSeat *(*seat_new)(McuMix *mix, const char *name, GError **error);
  void (*seat_free)(McuMixSeat *seat);
  void (*seat_set_name)(McuMixSeat *seat, const char *name);
  /* The picture shown while no frame younger than 2 s is there: the name card, or the card of a
   * lost connection. */
  void (*seat_set_lost)(McuMixSeat *seat, gboolean lost);
  /* Camera off by the site: shows the name card at once. */
  void (*seat_set_camera)(McuMixSeat *seat, gboolean on);
  /* Muted: its packets are read and forgotten. */
  void (*seat_set_muted)(McuMixSeat *seat, gboolean muted);
  /* Where packets come from; NULL for none. The mix keeps references; replacing a ring (a new
   * connection of the site) keeps the last picture until the first new one. */
  void (*seat_set_input)(McuMixSeat *seat, McuRing *audio, McuRing *video, McuCodec video_codec);

  /* Likely to be shown next: a small picture of it is asked for and decoded although no view shows it, so that it is
   * there at once. */
  void (*seat_set_warm)(McuMixSeat *seat, gboolean on);
  /* Holds the floor: mixed whoever else is loud. */
  void (*seat_set_floor)(McuMixSeat *seat, gboolean on);
  /* When the seat was last heard, monotonic us; 0: never. Changes several times a second while the
   * site speaks. */
  gint64 (*seat_heard_us)(McuMixSeat *seat);
  /* When it spoke last: voice, not noise; looked for while it has the floor. Monotonic us; 0: never. [main] */
  gint64 (*seat_speech_us)(McuMixSeat *seat);
  /* What was asked by picture_wanted last. */
  void (*seat_wanted)(McuMixSeat *seat, McuPicture *out_picture);

  /* What a view shows from the next picture on; copied. A freed seat goes from all views. No seat twice in
   * one view; one that is not of this mix is our bug. */
  void (*view_show)(McuMix *mix, McuView view, const McuViewLook *look);

  /* Borrowed, valid until mix_free / seat_free (readers take references). */
  McuStream *(*mix_audio)(McuMix *mix);       /* everybody; one packet every tick, for ever */
  McuStream *(*seat_audio)(McuMixSeat *seat); /* without the seat's own voice; see stream.h */

  /* A rendition runs while somebody has acquired it. Borrowed; NULL on error. */
  McuStream *(*video_acquire)(McuMix *mix, const McuRendition *rendition, GError **error);
  void (*video_release)(McuMix *mix, const McuRendition *rendition);
  /* Its target, for choosing a rung that fits a line. */
  guint (*video_kbps)(McuMix *mix, const McuRendition *rendition);

  /* Writes the programme in 720 lines as encoded into `path` (.mp4). */
  gboolean (*record_start)(McuMix *mix, const char *path, GError **error);
  void (*record_stop)(McuMix *mix);

  void (*get_stats)(McuMix *mix, McuMixStats *out_stats);
} McuMediaEngineOps;
