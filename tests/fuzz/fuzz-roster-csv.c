/* Fuzz target: lists of sites. What is read is within all limits and its parents end; what is not read has faults. */
#include <string.h>

#include "fuzz.h"
#include "mcu/room/legal.h"
#include "mcu/signaling/roster-csv.h"

static const McuInvitation *
find(GArray *sites, const char *code)
{
  for (guint i = 0; i < sites->len; i++)
    if (strcmp(g_array_index(sites, McuInvitation, i).site, code) == 0)
      return &g_array_index(sites, McuInvitation, i);
  return NULL;
}

static void
check_sites(GArray *sites)
{
  g_assert(sites->len <= MCU_INVITED_MAX);
  for (guint i = 0; i < sites->len; i++) {
    const McuInvitation *site = &g_array_index(sites, McuInvitation, i);
    g_assert(mcu_is_legal_id(site->site) && find(sites, site->site) == site);
    g_assert(mcu_is_legal_name(site->name, MCU_NAME_MAX_CHARS));
    g_assert(site->level >= 1 && site->level <= 9 && site->role < MCU_N_ROLES);
    g_assert(strlen(site->telephone) <= MCU_CONTACT_MAX_BYTES && strlen(site->email) <= MCU_CONTACT_MAX_BYTES);
    guint steps = 0;
    for (const McuInvitation *up = site; *up->parent != '\0'; steps++) {
      g_assert(steps <= sites->len);
      up = find(sites, up->parent);
      g_assert(up != NULL);
    }
  }
}

static void
check_faults(GArray *faults)
{
  guint line = 1;
  g_assert(faults->len >= 1 && faults->len <= MCU_ROSTER_FAULTS_MAX);
  for (guint i = 0; i < faults->len; i++) {
    const McuRosterFault *fault = &g_array_index(faults, McuRosterFault, i);
    g_assert(fault->line >= line);
    line = fault->line;
    g_assert(g_utf8_validate(fault->message, -1, NULL) && g_utf8_validate(fault->message_vi, -1, NULL));
  }
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  g_autoptr(GArray) sites = NULL;
  g_autoptr(GArray) faults = NULL;
  if (mcu_roster_csv_read((const char *)data, size, &sites, &faults))
    check_sites(sites);
  else
    check_faults(faults);
  return 0;
}
