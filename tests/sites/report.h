/* SimReport: what a run found out, as JSON, as a few lines for people, and as a verdict. Pure: main
 * fills it from sites and probes. */
#pragma once

#include <glib.h>

#include "mcu/types.h"
#include "stats.h"

typedef struct {
  guint number;
  gboolean joined;
  char *failure;                  /* why it did not join, or was lost later; NULL: all is well */
  gint64 began_us;                /* to join */
  double join_ms, first_frame_ms; /* from then; < 0: never */
  double rx_fps;                  /* < 0: not measured */
  double audio_gap_ms;
  guint64 audio_gaps, audio_lost, video_gaps;
} SimSiteReport;

/* One site in one probe's picture and sound. */
typedef struct {
  guint number;
  gboolean tile_expected, tile_found;
  double age_ms;    /* median; < 0: not known */
  double frozen_ms; /* longest time without a new frame in the tile */
  gboolean tone_expected, tone_found;
  guint tone_windows, tone_heard; /* seconds in which it should be heard, and in which it was */
} SimSeenSite;

typedef struct {
  McuView view;
  guint number;   /* of the site in the world; of a wall among the walls */
  GArray *seen;   /* of SimSeenSite */
  GArray *others; /* of guint: marks seen of sites of other processes, browsers among them */
  gboolean own_tone_checked, own_tone_found;
  double silence_ms; /* longest silence where there should have been sound */
  guint64 pictures;
  SimHistogram video_delay, audio_delay;
  SimHistogram tile_age; /* of what the expected tiles show, in every picture */
} SimProbeReport;

/* Members who only receive, all together. */
typedef struct {
  guint members, joined, failed;
  char *failure; /* of one of those that failed */
  guint watched; /* whose packets are all authenticated; of the others the clear headers are read */
  double join_ms_p95, first_frame_ms_max;
  double rx_fps_min, rx_fps_mean;
  double audio_gap_ms_max;
  guint64 lost, forged; /* packets */
} SimViewersReport;

typedef struct {
  guint sites;
  double seconds, generator_cores;
  guint64 rx_packets, tx_packets, late_ticks;
  double latest_tick_ms;
  GArray *site_reports;     /* of SimSiteReport */
  SimViewersReport viewers; /* members 0: none */
  GPtrArray *probes;        /* of SimProbeReport * */
  GPtrArray *errors;        /* of char *: anything else that went wrong */
} SimReport;

SimReport *sim_report_new(void);
void sim_report_free(SimReport *report);
SimProbeReport *sim_report_add_probe(SimReport *report, McuView view, guint number); /* borrowed */

/* [any] One line per thing that was not as it must be; empty: the run was good. Caller unrefs. */
GPtrArray *sim_report_faults(const SimReport *report);
char *sim_report_json(const SimReport *report);    /* [any] caller frees */
char *sim_report_summary(const SimReport *report); /* [any] caller frees */
