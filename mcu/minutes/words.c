#include "mcu/minutes/words.h"

static const char *const roles[MCU_N_ROLES] = {
    [MCU_ROLE_CHAIR] = "Chủ trì",    [MCU_ROLE_SITE] = "Điểm cầu",     [MCU_ROLE_OBSERVER] = "Dự thính",
    [MCU_ROLE_SECRETARY] = "Thư ký", [MCU_ROLE_OPERATOR] = "Kỹ thuật",
};

static const char *const statuses[MCU_ROLL_N_STATUSES] = {
    [MCU_ROLL_UNCALLED] = "Chưa điểm danh",
    [MCU_ROLL_PRESENT] = "Có mặt",
    [MCU_ROLL_NO_PICTURE] = "Có mặt, không có hình",
    [MCU_ROLL_NO_SOUND] = "Có mặt, không có tiếng",
    [MCU_ROLL_LOST] = "Mất kết nối",
    [MCU_ROLL_ABSENT] = "Vắng",
    [MCU_ROLL_EXCUSED] = "Vắng có phép",
};

const char *
mcu_minutes_role(McuRole role)
{
  g_assert((guint)role < MCU_N_ROLES);
  return roles[role];
}

const char *
mcu_minutes_status(McuRollStatus status)
{
  g_assert((guint)status < MCU_ROLL_N_STATUSES);
  return statuses[status];
}
