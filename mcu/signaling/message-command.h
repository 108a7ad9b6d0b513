/* The commands of a meeting among the messages: `floor`, `hand`, `take` ... (docs/protocol.md). Pure. */
#pragma once

#include "mcu/signaling/message.h"

struct json_t;

/* [any] */
gboolean mcu_message_is_command(const char *type);
/* [any] Fills `message`->command from the members of `tree` (jansson, an object with a "type" of a command). On error
 * the message may hold texts: it is to be cleared. MCU_ERROR_BAD_MESSAGE, _TOO_LARGE. */
gboolean mcu_message_parse_command(struct json_t *tree, McuMessage *message, GError **error);
