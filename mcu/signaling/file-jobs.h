/* McuFileJobs: what HTTP asks for and takes longer than main may wait: documents are kept, pages drawn, minutes
 * written, on threads of their own, and answered when they are done. [main] but for the work itself. */
#pragma once

#include "mcu/bridge/bridge.h"
#include "mcu/minutes/export.h"
#include "mcu/papers/vault.h"
#include "mcu/signaling/exchange.h"

typedef struct McuFileJobs McuFileJobs;

typedef struct {
  McuBridge *bridge;    /* borrowed */
  const char *data_dir; /* all copied; documents are below it */
  const char *database;
  const char *agency; /* in the head of minutes; NULL: not known */
  void (*respond)(guint64 connection, McuHttpResponse *response, gpointer user_data); /* takes `response` */
  gpointer user_data;
} McuFileJobsConfig;

McuFileJobs *mcu_file_jobs_new(const McuFileJobsConfig *config);
/* What is at work then is not answered. */
void mcu_file_jobs_free(McuFileJobs *jobs);

/* Each is answered to `connection`, some time after it has returned. FALSE: too many are at work, and it is not.
 * `title` is of legal form; `uuid` is the meeting's. */
gboolean mcu_file_jobs_upload(McuFileJobs *jobs, guint64 connection, const char *meeting, const char *uuid,
                              const char *title, GBytes *body);
gboolean mcu_file_jobs_page(McuFileJobs *jobs, guint64 connection, const char *uuid, const McuDocument *document,
                            guint page);
gboolean mcu_file_jobs_minutes(McuFileJobs *jobs, guint64 connection, const char *uuid, McuMinutesFormat format);
