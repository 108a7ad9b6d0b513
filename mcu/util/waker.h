/* McuWaker: where one consumer sleeps while its rings are empty, however many they are. Producers pay
 * a system call only when it really sleeps. Reference counted, as rings keep the one they wake. */
#pragma once

#include <glib.h>

typedef struct McuWaker McuWaker;

/* [any] */
McuWaker *mcu_waker_new(void);
McuWaker *mcu_waker_ref(McuWaker *waker);
void mcu_waker_unref(McuWaker *waker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuWaker, mcu_waker_unref)

/* [any] The consumer looks at its rings once more, now or when it comes to wait. */
void mcu_waker_wake(McuWaker *waker);
/* [consumer] Sleeps until it is woken, or `timeout_us` has passed (< 0: for ever). `has_work` is asked
 * after the sleep has been announced, so that nothing pushed before is slept over. */
void mcu_waker_wait(McuWaker *waker, gint64 timeout_us, gboolean (*has_work)(gpointer), gpointer user_data);
