/* SimOptions: the command line of diemcau-sites. */
#pragma once

#include <glib.h>

typedef struct {
  char *server, *key, *meeting, *media, *report, *codec, *names, *title, *cache, *address;
  gboolean returns, answers, plain;
  int sites, observers, walls, seconds, settle, talkers, probes, first, threads;
  double join_rate;
  gboolean insecure;
  char *y4m, *wav, *size;
  int site;
} SimOptions;

void sim_options_init(SimOptions *options);
void sim_options_clear(SimOptions *options);
gboolean sim_options_parse(SimOptions *options, int *argc, char ***argv, GError **error);
/* Whether sites can be simulated with them. MCU_ERROR_CONFIG. */
gboolean sim_options_check(const SimOptions *options, GError **error);
/* The same of one number. */
gboolean sim_options_check_range(const char *name, int value, int min, int max, GError **error);
