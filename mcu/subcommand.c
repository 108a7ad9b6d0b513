/* Runs once, on main. */
#include "mcu/subcommand.h"

#include <stdio.h>

static gboolean
wants_help(char **argv)
{
  return g_strv_contains((const char *const *)argv, "--help") || g_strv_contains((const char *const *)argv, "-h");
}

gboolean
mcu_subcommand_parse(const McuSubcommand *command, char **argv, int *out_code)
{
  g_autoptr(GOptionContext) context = g_option_context_new(command->what);
  g_autofree char *program = g_strdup_printf("diemcau %s", command->name);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) rest = g_strdupv(argv);
  g_option_context_add_main_entries(context, command->entries, NULL);
  g_option_context_set_summary(context, command->summary);
  g_set_prgname(program);
  if (wants_help(argv)) {
    g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
    fputs(help, stdout);
    *out_code = 0;
    return FALSE;
  }
  *out_code = 2;
  g_option_context_set_help_enabled(context, FALSE); /* it would be printed in the locale's charset */
  if (!g_option_context_parse_strv(context, &rest, &error))
    fprintf(stderr, "%s: %s; see %s --help\n", program, error->message, program);
  else if (rest[0] != NULL && rest[1] != NULL)
    fprintf(stderr, "%s: unexpected argument \"%s\"; see %s --help\n", program, rest[1], program);
  else
    return TRUE;
  return FALSE;
}

char *
mcu_subcommand_printable(const char *text)
{
  g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
  GString *out = g_string_new(NULL);
  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
    gunichar u = g_utf8_get_char(c);
    if (g_unichar_isprint(u))
      g_string_append_unichar(out, u);
    else
      g_string_append_printf(out, "\\u{%x}", u);
  }
  return g_string_free(out, FALSE);
}
