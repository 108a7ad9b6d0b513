/* McuLine: what the numbers of a leg mean for people: how good the line is, and whether the site is
 * gone. Pure: numbers and time in, words out. */
#pragma once

#include <glib.h>

#include "mcu/bridge/bridge.h"

typedef enum { MCU_LINE_NONE, MCU_LINE_POOR, MCU_LINE_FAIR, MCU_LINE_GOOD } McuLineQuality;

/* Since the leg began, as in McuLegStats. */
typedef struct {
  gboolean connected;
  guint64 rx_packets, rx_lost;
  guint remote_loss_permille;
  guint rtt_ms, jitter_us;
} McuLineSample;

/* Zero-initialised with the leg. */
typedef struct {
  guint64 rx_packets, rx_lost; /* at the last sample */
  McuLineQuality quality;
  McuLineQuality candidate; /* where it wants to go ... */
  guint votes;              /* ... and for how many samples in a row */
} McuLine;

/* One sample, every two seconds. Quality falls after two bad samples in a row and rises after
 * three good ones, so that the mark in the page does not flicker; from and to nothing at once. */
void mcu_line_update(McuLine *line, const McuLineSample *sample, McuLineInfo *out_info);

typedef struct {
  gboolean signaling; /* its signaling connection is up */
  gboolean failed;    /* its leg has failed and there is no other yet */
  gboolean connected; /* its leg is connected ... */
  gint64 silent_us;   /* ... and nothing has come for so long */
  gboolean sends;     /* sound or picture ought to come */
  gboolean lost;      /* what was decided before */
} McuLineSigns;

/* TRUE: show the card of a lost connection. */
gboolean mcu_line_is_lost(const McuLineSigns *signs);
