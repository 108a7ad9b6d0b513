/* A log of a meeting, row by row, into minutes. For tests. */
#pragma once

#include "mcu/minutes/minutes.h"

/* 2026-11-25 07:30:00 in Viet Nam */
#define LOG_START_S G_GINT64_CONSTANT(1795566600)
#define LOG_START_US (LOG_START_S * G_USEC_PER_SEC)

typedef struct {
  McuMinutes *minutes;
  gint64 seq;
  gint64 time_us;
} LogBuilder;

/* "giao-ban", "uuid-1", "Giao ban" */
void log_begin(LogBuilder *log);
/* A row with this payload. */
void log_raw(LogBuilder *log, const char *type, const char *payload);
/* Members: pairs of a key and a value, NULL at the end. Keys of texts as they are, of numbers with # before, of flags
 * with ? before ("0" is FALSE). */
void log_add(LogBuilder *log, const char *type, ...) G_GNUC_NULL_TERMINATED;
void log_wait(LogBuilder *log, gint64 seconds);

/* A short meeting in which everything happens once; finished. `name` is that of site "s1", an invited one. */
McuMinutes *log_sample(const char *name);
