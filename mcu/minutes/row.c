/* The only file here that sees jansson. */
#include "mcu/minutes/row.h"

#include <jansson.h>
#include <string.h>

#define PAYLOAD_MAX_BYTES (1024 * 1024) /* a vote names each of the 5,000 who have one */
/* Far beyond what a room writes, and far from where sums of them would overflow. */
#define NUMBER_MAX (G_GINT64_CONSTANT(1) << 53)
#define TIME_MAX_US (G_GINT64_CONSTANT(253402300799) * 1000000) /* the year 9999 */

static const char *
text_of(const json_t *tree, const char *key)
{
  const char *text = json_string_value(json_object_get(tree, key));
  return text != NULL ? text : "";
}

static gint64
number_of(const json_t *tree, const char *key)
{
  return CLAMP(json_integer_value(json_object_get(tree, key)), -NUMBER_MAX, NUMBER_MAX);
}

void
mcu_minutes_row_read(McuMinutesRow *row, gint64 seq, gint64 time_us, const char *type, const char *payload)
{
  json_t *tree = strnlen(payload, PAYLOAD_MAX_BYTES) < PAYLOAD_MAX_BYTES ? json_loads(payload, 0, NULL) : NULL;
  *row = (McuMinutesRow){
      .seq = seq,
      .time_us = CLAMP(time_us, 0, TIME_MAX_US),
      .type = type,
      .site = text_of(tree, "site"),
      .other = text_of(tree, "other"),
      .name = text_of(tree, "name"),
      .role = text_of(tree, "role"),
      .as = text_of(tree, "invited-as"),
      .reason = text_of(tree, "reason"),
      .text = text_of(tree, "text"),
      .more = text_of(tree, "more"),
      .number = number_of(tree, "number"),
      .count = number_of(tree, "count"),
      .limit = number_of(tree, "limit"),
      .on = json_is_true(json_object_get(tree, "on")),
      .mic = json_is_true(json_object_get(tree, "mic")),
      .camera = json_is_true(json_object_get(tree, "camera")),
      .tree = tree,
  };
}

void
mcu_minutes_row_clear(McuMinutesRow *row)
{
  json_decref(row->tree);
  *row = (McuMinutesRow){0};
}
