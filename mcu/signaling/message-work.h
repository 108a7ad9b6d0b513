/* The commands of the meeting's work among the messages: `chat`, `vote`, `calls` ... (docs/protocol.md). Pure. */
#pragma once

#include "mcu/signaling/message.h"

struct json_t;

/* [any] */
gboolean mcu_message_is_work(const char *type);
/* [any] As mcu_message_parse_command(). */
gboolean mcu_message_parse_work(struct json_t *tree, McuMessage *message, GError **error);
