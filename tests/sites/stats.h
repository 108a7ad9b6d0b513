/* Figures of a run: percentiles of delays. Pure. */
#pragma once

#include <glib.h>

/* Delays in steps of a millisecond; what is longer counts as the longest. One owner. */
#define SIM_HISTOGRAM_MS 5000

typedef struct {
  guint64 n;
  guint32 counts[SIM_HISTOGRAM_MS + 1];
} SimHistogram;

void sim_histogram_add(SimHistogram *histogram, gint64 us);
void sim_histogram_merge(SimHistogram *into, const SimHistogram *from);
/* [any] The smallest value, in ms, that `part` (0..1) of all are not above; -1 without any. */
double sim_histogram_percentile(const SimHistogram *histogram, double part);

/* [any] The same of an array of numbers; sorts it. */
double sim_percentile(double *values, guint n, double part);
