/* What report.c finds out of all sites together, for report-json.c. */
#pragma once

#include "report.h"

typedef struct {
  double gap_ms;
  guint64 gaps, lost, video_gaps;
} SimLosses;

guint sim_report_joined(const SimReport *report);
/* The field (a double) at `offset` of all sites where it is not negative; `out_values` is as long as the list. */
guint sim_report_collect(const SimReport *report, gsize offset, double *out_values);
void sim_report_fps(const SimReport *report, double *out_min, double *out_mean);
SimLosses sim_report_losses(const SimReport *report);
/* Adds the delays of all probes. */
void sim_report_delays(const SimReport *report, SimHistogram *video, SimHistogram *audio);
