/* The list of a meeting's sites as people keep it: a table saved as CSV (RFC 4180; comma or semicolon, CRLF or LF, with
 * or without the mark of UTF-8). The first line names the columns, in any order and in English or Vietnamese:
 *
 *   code   name   level   parent       phone        email   role
 *   mã     tên    cấp     đơn vị cha   điện thoại   email   vai trò
 *
 * Code and name are necessary. Without a level a site is one below its parent, and 1 without a parent; without a role
 * it is a site. Pure. */
#pragma once

#include <glib.h>

#include "mcu/bridge/bridge.h"

#define MCU_ROSTER_MAX_BYTES (2 * 1024 * 1024)
#define MCU_ROSTER_FAULTS_MAX 100 /* told at once */

typedef struct {
  guint line; /* from 1; of a row over several lines the first */
  char *message, *message_vi;
} McuRosterFault;

/* [any] TRUE: `*out_sites` is an array of McuInvitation, at most MCU_INVITED_MAX. FALSE: `*out_faults` is an array of
 * McuRosterFault, in the order of the lines, with one at least; there are no sites then. The caller unrefs. */
gboolean mcu_roster_csv_read(const char *text, gsize size, GArray **out_sites, GArray **out_faults);
