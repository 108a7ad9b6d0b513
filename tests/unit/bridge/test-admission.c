#include "mcu/bridge/admission.h"

typedef struct {
  char name;
  GString *log;
} Waiting;

static void
on_turn(gpointer user_data)
{
  Waiting *waiting = user_data;
  g_string_append_c(waiting->log, waiting->name);
}

static McuTicket *
add(McuAdmission *admission, GString *log, McuAdmissionClass class, char name)
{
  static Waiting all[26];
  Waiting *waiting = &all[name - 'a'];
  *waiting = (Waiting){.name = name, .log = log};
  return mcu_admission_add(admission, class, on_turn, waiting);
}

static void
test_order(void)
{
  McuAdmission *admission = mcu_admission_new(10);
  g_autoptr(GString) log = g_string_new(NULL);
  g_assert_false(mcu_admission_next(admission));
  add(admission, log, MCU_ADMISSION_OTHER, 'a');
  add(admission, log, MCU_ADMISSION_OTHER, 'b');
  McuTicket *third = add(admission, log, MCU_ADMISSION_OTHER, 'c');
  add(admission, log, MCU_ADMISSION_FLOOR, 'f');
  add(admission, log, MCU_ADMISSION_CHAIR, 'x');
  g_assert_cmpuint(mcu_admission_waiting(admission), ==, 5);
  g_assert_true(mcu_admission_next(admission));
  g_assert_true(mcu_admission_next(admission));
  g_assert_cmpstr(log->str, ==, "xf");
  add(admission, log, MCU_ADMISSION_CHAIR, 'y'); /* late, and still before the others */
  mcu_ticket_cancel(third);
  add(admission, log, MCU_ADMISSION_OTHER, 'd');
  while (mcu_admission_next(admission))
    ;
  g_assert_cmpstr(log->str, ==, "xfyabd");
  g_assert_cmpuint(mcu_admission_waiting(admission), ==, 0);
  mcu_admission_free(admission);
}

static void
test_limit(void)
{
  McuAdmission *admission = mcu_admission_new(2);
  g_autoptr(GString) log = g_string_new(NULL);
  g_assert_nonnull(add(admission, log, MCU_ADMISSION_OTHER, 'a'));
  McuTicket *second = add(admission, log, MCU_ADMISSION_OTHER, 'b');
  g_assert_null(add(admission, log, MCU_ADMISSION_CHAIR, 'x'));
  mcu_ticket_cancel(second);
  g_assert_nonnull(add(admission, log, MCU_ADMISSION_CHAIR, 'x'));
  while (mcu_admission_next(admission))
    ;
  g_assert_cmpstr(log->str, ==, "xa");
  mcu_admission_free(admission);
}

/* From within a turn another may ask, or go. */
typedef struct {
  McuAdmission *admission;
  McuTicket *other;
  guint turns;
} Nested;

static void
on_nested_turn(gpointer user_data)
{
  Nested *nested = user_data;
  McuTicket *other = g_steal_pointer(&nested->other);
  if (other != NULL)
    mcu_ticket_cancel(other);
  if (nested->turns++ == 0)
    g_assert_nonnull(mcu_admission_add(nested->admission, MCU_ADMISSION_OTHER, on_nested_turn, nested));
}

static void
test_nested(void)
{
  Nested nested = {.admission = mcu_admission_new(2)};
  mcu_admission_add(nested.admission, MCU_ADMISSION_OTHER, on_nested_turn, &nested);
  nested.other = mcu_admission_add(nested.admission, MCU_ADMISSION_OTHER, on_nested_turn, &nested);
  while (mcu_admission_next(nested.admission))
    ;
  g_assert_cmpuint(nested.turns, ==, 2);
  mcu_admission_free(nested.admission);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bridge/admission/order", test_order);
  g_test_add_func("/bridge/admission/limit", test_limit);
  g_test_add_func("/bridge/admission/nested", test_nested);
  return g_test_run();
}
