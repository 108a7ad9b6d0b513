/* The command line of a subcommand of `diemcau`: options only, help on request, and words for what is wrong. */
#pragma once

#include <glib.h>

typedef struct {
  const char *name;            /* "token" */
  const char *what, *summary;  /* "- print a link ..."; a sentence below the options */
  const GOptionEntry *entries; /* ended by G_OPTION_ENTRY_NULL */
} McuSubcommand;

/* [main] `argv[0]` is the name. FALSE: help, or what is wrong, has been printed, and `*out_code` is the exit code. */
gboolean mcu_subcommand_parse(const McuSubcommand *command, char **argv, int *out_code);

/* [any] What stands in a database that somebody touched may be anything: a line stays one line, and tells the terminal
 * nothing. NULL: empty. Caller frees. */
char *mcu_subcommand_printable(const char *text);
