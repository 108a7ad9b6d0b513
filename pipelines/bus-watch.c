/* Runs on main (the default main context). What comes out of a decoder depends on what sites send, so
 * the log has at most one line per watch and 10 s. */
#include "pipelines/bus-watch.h"

#define LOG_EVERY_US (10 * G_USEC_PER_SEC)

struct PlBusWatch {
  GstBus *bus;
  guint id;
  char *name;
  PlBusEvents events;
  gpointer user_data;
  gint64 logged_us;
};

static void
log_error(PlBusWatch *watch, const GstMessage *message, const GError *error, const char *debug)
{
  gint64 now = g_get_monotonic_time();
  if (watch->logged_us != 0 && now - watch->logged_us < LOG_EVERY_US)
    return;
  watch->logged_us = now;
  g_message("%s: %s: %s", watch->name, GST_MESSAGE_SRC_NAME(message), error->message);
  g_debug("%s: %s", watch->name, debug ? debug : "");
}

static gboolean
on_message(GstBus *bus G_GNUC_UNUSED, GstMessage *message, gpointer user_data)
{
  PlBusWatch *watch = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *debug = NULL;

  /* The callback may free the watch: nothing of it is used afterwards. */
  switch (GST_MESSAGE_TYPE(message)) {
  case GST_MESSAGE_ERROR:
    gst_message_parse_error(message, &error, &debug);
    log_error(watch, message, error, debug);
    if (watch->events.failed != NULL)
      watch->events.failed(error, watch->user_data);
    break;
  case GST_MESSAGE_WARNING:
    if (watch->events.warned != NULL)
      watch->events.warned(watch->user_data);
    break;
  case GST_MESSAGE_EOS:
    if (watch->events.ended != NULL)
      watch->events.ended(watch->user_data);
    break;
  default:
    break;
  }
  return G_SOURCE_CONTINUE;
}

PlBusWatch *
pl_bus_watch_new(GstElement *pipeline, const char *name, const PlBusEvents *events, gpointer user_data)
{
  PlBusWatch *watch = g_new0(PlBusWatch, 1);
  watch->name = g_strdup(name);
  watch->events = *events;
  watch->user_data = user_data;
  watch->bus = gst_element_get_bus(pipeline);
  watch->id = gst_bus_add_watch(watch->bus, on_message, watch);
  return watch;
}

void
pl_bus_watch_free(PlBusWatch *watch)
{
  if (watch == NULL)
    return;
  g_source_remove(watch->id);
  gst_object_unref(watch->bus);
  g_free(watch->name);
  g_free(watch);
}
