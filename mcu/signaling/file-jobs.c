/* One GTask for each. Its thread touches the job's own copies alone; main takes over when it is done. */
#include "mcu/signaling/file-jobs.h"

#include <gio/gio.h>
#include <jansson.h>
#include <string.h>

#include "mcu/signaling/api.h"
#include "mcu/util/error.h"

#define AT_WORK_MAX 8

struct McuFileJobs {
  McuFileJobsConfig config;
  char *data_dir, *database, *agency;
  GCancellable *gone; /* cancelled when we are freed: then nobody is there to be answered */
  guint at_work;
};

typedef enum { UPLOAD, PAGE, MINUTES } JobType;

typedef struct {
  McuFileJobs *jobs; /* [main], and only while `gone` is not cancelled */
  guint64 connection;
  JobType type;
  char *folder, *database, *uuid, *agency;
  char *meeting, *title;
  char document[MCU_ID_MAX_BYTES + 1];
  McuPaperKind kind;
  guint page;
  McuMinutesFormat format;
  GBytes *body;
  /* what comes of it */
  McuPaperInfo info;
  GBytes *result;
  const char *mime;
} Job;

static void
job_free(gpointer data)
{
  Job *job = data;
  g_clear_pointer(&job->body, g_bytes_unref);
  g_clear_pointer(&job->result, g_bytes_unref);
  char *texts[] = {job->folder, job->database, job->uuid, job->agency, job->meeting, job->title};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_free(job);
}

/* --- work [thread] ------------------------------------------------------------------------ */

static gboolean
do_job(Job *job, GError **error)
{
  const McuMinutesHeader header = {.agency = job->agency};
  switch (job->type) {
  case UPLOAD:
    return mcu_vault_keep(job->folder, job->document, job->body, &job->info, error);
  case PAGE:
    job->result = mcu_vault_page(job->folder, job->document, job->kind, job->page, &job->mime, error);
    return job->result != NULL;
  default:
    job->mime = mcu_minutes_format_mime(job->format);
    job->result = mcu_minutes_export(job->database, job->uuid, job->format, &header, error);
    return job->result != NULL;
  }
}

static void
work(GTask *task, gpointer source G_GNUC_UNUSED, gpointer task_data, GCancellable *gone G_GNUC_UNUSED)
{
  GError *error = NULL;
  if (do_job(task_data, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

/* --- answers [main] ----------------------------------------------------------------------- */

static McuHttpResponse *
refuse(const GError *error)
{
  guint status = g_error_matches(error, MCU_ERROR, MCU_ERROR_NOT_FOUND)     ? 404
                 : g_error_matches(error, MCU_ERROR, MCU_ERROR_TOO_LARGE)   ? 413
                 : g_error_matches(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE) ? 422
                 : g_error_matches(error, MCU_ERROR, MCU_ERROR_FULL)        ? 409
                                                                            : 500;
  return mcu_api_refusal(status, mcu_error_word(error), error->message);
}

/* It belongs to the meeting now. */
static McuHttpResponse *
add_document(Job *job)
{
  g_autoptr(GError) error = NULL;
  const char *kind = mcu_paper_kind_word(job->info.kind);
  const McuRoomCommand command = {
      .type = MCU_ROOM_ADD_DOCUMENT,
      .other = job->document,
      .name = job->title,
      .text = kind,
      .number = (gint64)g_bytes_get_size(job->body),
      .count = job->info.pages,
      .more = job->info.sha256,
  };
  if (!mcu_bridge_command(job->jobs->config.bridge, job->meeting, &command, &error))
    return refuse(error);
  json_t *tree = json_pack("{s:s, s:s, s:s, s:I, s:i}", "id", job->document, "title", job->title, "kind", kind, "bytes",
                           (json_int_t)command.number, "pages", (int)job->info.pages);
  McuHttpResponse *response = mcu_http_response_new(201);
  mcu_http_response_body(response, "application/json", json_dumps(tree, JSON_COMPACT));
  json_decref(tree);
  return response;
}

static McuHttpResponse *
answer(Job *job)
{
  if (job->type == UPLOAD)
    return add_document(job);
  McuHttpResponse *response = mcu_http_response_new(200);
  response->content_type = job->mime;
  response->body = g_steal_pointer(&job->result);
  /* Whatever is in it, no browser takes it for a page of ours. */
  mcu_http_response_header(response, "Content-Security-Policy", "default-src 'none'; sandbox");
  if (job->type == MINUTES) {
    g_autofree char *value =
        g_strdup_printf("attachment; filename=\"bien-ban.%s\"", mcu_minutes_format_word(job->format));
    mcu_http_response_header(response, "Content-Disposition", value);
  }
  return response;
}

static void
on_done(GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  Job *job = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ok = g_task_propagate_boolean(G_TASK(result), &error);
  if (g_cancellable_is_cancelled(g_task_get_cancellable(G_TASK(result))))
    return;
  McuFileJobs *jobs = job->jobs;
  jobs->at_work--;
  McuHttpResponse *response = ok ? answer(job) : refuse(error);
  mcu_http_response_header(response, "Cache-Control", "no-store");
  jobs->config.respond(job->connection, response, jobs->config.user_data);
}

/* --- from outside ------------------------------------------------------------------------- */

McuFileJobs *
mcu_file_jobs_new(const McuFileJobsConfig *config)
{
  McuFileJobs *jobs = g_new0(McuFileJobs, 1);
  jobs->config = *config;
  jobs->data_dir = g_strdup(config->data_dir);
  jobs->database = g_strdup(config->database);
  jobs->agency = g_strdup(config->agency);
  jobs->gone = g_cancellable_new();
  return jobs;
}

void
mcu_file_jobs_free(McuFileJobs *jobs)
{
  if (jobs == NULL)
    return;
  g_cancellable_cancel(jobs->gone);
  g_object_unref(jobs->gone);
  g_free(jobs->data_dir);
  g_free(jobs->database);
  g_free(jobs->agency);
  g_free(jobs);
}

static Job *
job_new(McuFileJobs *jobs, guint64 connection, JobType type, const char *uuid)
{
  Job *job = g_new0(Job, 1);
  job->jobs = jobs;
  job->connection = connection;
  job->type = type;
  job->uuid = g_strdup(uuid);
  job->folder = g_build_filename(jobs->data_dir, "documents", uuid, NULL);
  job->database = g_strdup(jobs->database);
  job->agency = g_strdup(jobs->agency);
  return job;
}

/* Takes `job`. */
static void
start(McuFileJobs *jobs, Job *job)
{
  g_autoptr(GTask) task = g_task_new(NULL, jobs->gone, on_done, job);
  g_task_set_check_cancellable(task, FALSE);
  g_task_set_task_data(task, job, job_free);
  jobs->at_work++;
  g_task_run_in_thread(task, work);
}

gboolean
mcu_file_jobs_upload(McuFileJobs *jobs, guint64 connection, const char *meeting, const char *uuid, const char *title,
                     GBytes *body)
{
  if (jobs->at_work >= AT_WORK_MAX)
    return FALSE;
  Job *job = job_new(jobs, connection, UPLOAD, uuid);
  job->meeting = g_strdup(meeting);
  job->title = g_strdup(title);
  job->body = g_bytes_ref(body);
  g_snprintf(job->document, sizeof job->document, "d%08x%08x", g_random_int(), g_random_int());
  start(jobs, job);
  return TRUE;
}

gboolean
mcu_file_jobs_page(McuFileJobs *jobs, guint64 connection, const char *uuid, const McuDocument *document, guint page)
{
  McuPaperKind kind;
  if (jobs->at_work >= AT_WORK_MAX || !mcu_paper_kind_parse(document->kind, &kind))
    return FALSE;
  Job *job = job_new(jobs, connection, PAGE, uuid);
  g_strlcpy(job->document, document->id, sizeof job->document);
  job->kind = kind;
  job->page = page;
  start(jobs, job);
  return TRUE;
}

gboolean
mcu_file_jobs_minutes(McuFileJobs *jobs, guint64 connection, const char *uuid, McuMinutesFormat format)
{
  if (jobs->at_work >= AT_WORK_MAX || jobs->database == NULL)
    return FALSE;
  Job *job = job_new(jobs, connection, MINUTES, uuid);
  job->format = format;
  start(jobs, job);
  return TRUE;
}
