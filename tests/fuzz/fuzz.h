/* The one function of a fuzz target. With libFuzzer (clang) a target is linked with that; otherwise
 * with replay.c, which feeds it the corpus and seeded mutations of it. */
#pragma once

#include <glib.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);
