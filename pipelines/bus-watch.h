/* Messages of a pipeline's bus, brought to main: errors and warnings become one callback each. The
 * owner decides what to do; a failing pipeline never takes anything else with it. */
#pragma once

#include <gst/gst.h>

typedef struct {
  /* [main] The pipeline does not go on by itself. */
  void (*failed)(const GError *error, gpointer user_data);
  /* [main] One frame or so was not usable; NULL: not of interest. */
  void (*warned)(gpointer user_data);
  /* [main] End of stream; NULL: not of interest. */
  void (*ended)(gpointer user_data);
} PlBusEvents;

typedef struct PlBusWatch PlBusWatch;

/* [main] `name` is for the log. No call comes after the free. Freeing inside of a callback is allowed. */
PlBusWatch *pl_bus_watch_new(GstElement *pipeline, const char *name, const PlBusEvents *events, gpointer user_data);
void pl_bus_watch_free(PlBusWatch *watch);
