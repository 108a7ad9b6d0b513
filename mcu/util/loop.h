/* The main thread: who it is, and how others ask it to do something. */
#pragma once

#include <glib.h>

/* [main] Called once at the start of main(): the calling thread is main from now on. */
void mcu_loop_adopt_main(void);
/* [any] TRUE on main, and everywhere while no thread has been adopted (unit tests). */
gboolean mcu_loop_is_main(void);

/* [any] Runs `func` on main at the next turn of its loop; `data` belongs to `func`. In order of
 * the calls of one thread. */
void mcu_loop_invoke_main(void (*func)(gpointer data), gpointer data);

/* At the door of functions tagged [main]. */
#define MCU_ASSERT_MAIN() g_assert(mcu_loop_is_main())
