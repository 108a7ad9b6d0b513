/* Nearest-rank percentiles. No state. */
#include "stats.h"

#include <math.h>
#include <stdlib.h>

void
sim_histogram_add(SimHistogram *histogram, gint64 us)
{
  histogram->n++;
  histogram->counts[CLAMP((us + 500) / 1000, 0, SIM_HISTOGRAM_MS)]++;
}

void
sim_histogram_merge(SimHistogram *into, const SimHistogram *from)
{
  into->n += from->n;
  for (guint i = 0; i <= SIM_HISTOGRAM_MS; i++)
    into->counts[i] += from->counts[i];
}

static guint64
rank_of(guint64 n, double part)
{
  return (guint64)CLAMP(ceil(part * (double)n), 1, (double)n);
}

double
sim_histogram_percentile(const SimHistogram *histogram, double part)
{
  if (histogram->n == 0)
    return -1;
  guint64 rank = rank_of(histogram->n, part), seen = 0;
  guint ms = 0;
  while ((seen += histogram->counts[ms]) < rank)
    ms++;
  return ms;
}

static int
compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double
sim_percentile(double *values, guint n, double part)
{
  if (n == 0)
    return -1;
  qsort(values, n, sizeof *values, compare);
  return values[rank_of(n, part) - 1];
}
