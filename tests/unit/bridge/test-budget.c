#include "mcu/bridge/budget.h"

#include <string.h>

#include "mcu/util/error.h"

static void
test_need(void)
{
  g_assert_cmpuint(mcu_budget_need(0, 0), ==, 0);
  /* Fifty packets of sound a second, with 64 bytes of headers each. */
  g_assert_cmpuint(mcu_budget_need(0, 40), ==, 40 + 26);
  /* 1500 kbit/s are 165 packets of 1140 bytes a second. */
  g_assert_cmpuint(mcu_budget_need(1500, 0), ==, 1500 + 85);
  g_assert_cmpuint(mcu_budget_need(1500, 40), ==, mcu_budget_need(1500, 0) + mcu_budget_need(0, 40));
}

static void
test_limit(void)
{
  McuBudget budget = {.limit_kbps = 1000};
  guint a = 0, b = 0;
  g_autoptr(GError) error = NULL;
  g_assert_true(mcu_budget_fits(&budget, a, 1000, NULL));
  mcu_budget_hold(&budget, &a, 600);
  g_assert_false(mcu_budget_fits(&budget, b, 401, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_FULL);
  g_assert_nonnull(strstr(error->message, "1.0 Mbit/s"));
  g_assert_true(mcu_budget_fits(&budget, b, 400, NULL));
  g_assert_true(mcu_budget_fits(&budget, a, 1000, NULL)); /* in place of its own */
  g_assert_false(mcu_budget_fits(&budget, a, 1001, NULL));

  /* Who replaces another may come to more for a moment; then less is always granted. */
  mcu_budget_hold(&budget, &b, 600);
  g_assert_cmpuint(budget.planned_kbps, ==, 1200);
  g_assert_true(mcu_budget_fits(&budget, b, 500, NULL));
  g_assert_false(mcu_budget_fits(&budget, b, 601, NULL));
  mcu_budget_hold(&budget, &a, 0);
  mcu_budget_hold(&budget, &b, 0);
  g_assert_cmpuint(budget.planned_kbps, ==, 0);
}

static void
test_no_limit(void)
{
  McuBudget budget = {0};
  guint held = 0;
  g_assert_true(mcu_budget_fits(&budget, 0, G_MAXUINT, NULL));
  mcu_budget_hold(&budget, &held, 5000);
  g_assert_cmpuint(budget.planned_kbps, ==, 5000); /* counted all the same */
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bridge/budget/need", test_need);
  g_test_add_func("/bridge/budget/limit", test_limit);
  g_test_add_func("/bridge/budget/no-limit", test_no_limit);
  return g_test_run();
}
