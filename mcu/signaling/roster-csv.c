/* Three passes: bytes into rows of fields, each row into a site, then what a row cannot know alone (its parent). What
 * is wrong is gathered, so that a list of hundreds need not be corrected one line at a time. */
#include "mcu/signaling/roster-csv.h"

#include <string.h>

#include "mcu/room/legal.h"
#include "mcu/signaling/token.h"

#define COLUMNS_MAX 32
#define LEVEL_MAX 9
#define QUOTED_MAX_CHARS 64 /* of what is repeated in a message */
#define BOM "\xef\xbb\xbf"

typedef enum { CODE, NAME, LEVEL, PARENT, PHONE, EMAIL, ROLE, N_COLUMNS } Column;

/* Lower case, NFC. */
static const char *const column_words[N_COLUMNS][2] = {
    [CODE] = {"code", "mã"},           [NAME] = {"name", "tên"},
    [LEVEL] = {"level", "cấp"},        [PARENT] = {"parent", "đơn vị cha"},
    [PHONE] = {"phone", "điện thoại"}, [EMAIL] = {"email", "email"},
    [ROLE] = {"role", "vai trò"},
};

static const char *const role_words_vi[MCU_N_ROLES] = {
    [MCU_ROLE_CHAIR] = "chủ trì", [MCU_ROLE_SECRETARY] = "thư ký",  [MCU_ROLE_OPERATOR] = "kỹ thuật",
    [MCU_ROLE_SITE] = "điểm cầu", [MCU_ROLE_OBSERVER] = "dự thính",
};

typedef struct {
  const char *at, *end;
  char separator;
  guint line; /* of `at` */

  gint column_of[COLUMNS_MAX]; /* what the nth field is */
  guint n_columns;

  GPtrArray *fields;   /* of the present row: char *, owned */
  GArray *sites;       /* of McuInvitation */
  GArray *lines;       /* of guint: where each site is */
  GHashTable *by_code; /* code -> index + 1; borrows the codes */
  GArray *faults;
} Reader;

/* --- faults --- */

static void
fault_clear(gpointer data)
{
  McuRosterFault *fault = data;
  g_free(fault->message);
  g_free(fault->message_vi);
}

/* `quoted`, if any, is what is wrong, as it was written. */
static void
add_fault(Reader *r, guint line, const char *quoted, const char *message, const char *message_vi)
{
  if (r->faults->len >= MCU_ROSTER_FAULTS_MAX)
    return;
  McuRosterFault fault = {.line = line};
  if (quoted != NULL) {
    g_autofree char *clean = mcu_make_clean_name(quoted, G_MAXINT);
    g_autofree char *cut = g_utf8_substring(clean, 0, MIN(g_utf8_strlen(clean, -1), QUOTED_MAX_CHARS));
    fault.message = g_strdup_printf("%s: %s", message, cut);
    fault.message_vi = g_strdup_printf("%s: %s", message_vi, cut);
  } else {
    fault.message = g_strdup(message);
    fault.message_vi = g_strdup(message_vi);
  }
  g_array_append_val(r->faults, fault);
}

static gint
compare_faults(gconstpointer a, gconstpointer b)
{
  guint left = ((const McuRosterFault *)a)->line, right = ((const McuRosterFault *)b)->line;
  return left < right ? -1 : left > right;
}

/* --- bytes to rows --- */

/* Each line with bytes that are no text. */
static gboolean
check_text(Reader *r)
{
  guint line = 1;
  for (const char *p = r->at; p < r->end; line++) {
    const char *end = memchr(p, '\n', (gsize)(r->end - p));
    gsize n = (gsize)((end != NULL ? end : r->end) - p);
    if (memchr(p, '\0', n) != NULL)
      add_fault(r, line, NULL, "a NUL byte is no text", "có byte NUL, không phải văn bản");
    else if (!g_utf8_validate(p, (gssize)n, NULL))
      add_fault(r, line, NULL, "not UTF-8; save the table as \"CSV UTF-8\"",
                "không phải UTF-8; hãy lưu bảng dưới dạng \"CSV UTF-8\"");
    p += n + 1;
  }
  return r->faults->len == 0;
}

/* At the end of a field, a row, or the text? */
static gboolean
ends_here(const Reader *r)
{
  return r->at == r->end || *r->at == r->separator || *r->at == '\n' ||
         (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n');
}

/* FALSE: its end is not there, and nothing behind it can be read. */
static gboolean
read_quoted(Reader *r, GString *field)
{
  guint start = r->line;
  for (r->at++; r->at < r->end; r->at++) {
    if (*r->at == '"' && (r->at + 1 == r->end || r->at[1] != '"')) {
      r->at++;
      return TRUE;
    }
    if (*r->at == '"')
      r->at++;
    if (*r->at == '\n')
      r->line++;
    g_string_append_c(field, *r->at);
  }
  add_fault(r, start, NULL, "a quotation mark is opened and not closed", "dấu ngoặc kép mở mà không đóng");
  return FALSE;
}

/* `*out_fine` FALSE: the row is of no use, for which there is a fault. Returns FALSE when nothing more can be read. */
static gboolean
read_field(Reader *r, gboolean *out_fine)
{
  GString *field = g_string_new(NULL);
  gboolean go_on = TRUE, quoted = r->at < r->end && *r->at == '"', stray = FALSE;
  if (quoted)
    go_on = read_quoted(r, field);
  while (go_on && !ends_here(r)) {
    stray = stray || quoted || *r->at == '"';
    g_string_append_c(field, *r->at++);
  }
  if (stray && *out_fine) {
    add_fault(r, r->line, field->str, "a quotation mark within a field; write it twice, and quote the field",
              "dấu ngoặc kép nằm giữa ô; hãy viết đôi và đặt cả ô trong ngoặc kép");
    *out_fine = FALSE;
  }
  /* One more than there may be is enough to see that. */
  if (r->fields->len <= COLUMNS_MAX)
    g_ptr_array_add(r->fields, g_strstrip(g_string_free(field, FALSE)));
  else
    g_string_free(field, TRUE);
  return go_on;
}

/* FALSE when nothing more can be read. */
static gboolean
read_row(Reader *r, gboolean *out_fine)
{
  *out_fine = TRUE;
  g_ptr_array_set_size(r->fields, 0);
  for (;;) {
    if (!read_field(r, out_fine))
      return FALSE;
    if (r->at == r->end)
      return TRUE;
    if (*r->at++ != r->separator)
      break;
  }
  if (r->at[-1] == '\r')
    r->at++;
  r->line++;
  return TRUE;
}

/* Tables end in lines of nothing, or of nothing but separators. */
static gboolean
is_blank(const Reader *r)
{
  for (guint i = 0; i < r->fields->len; i++)
    if (*(const char *)r->fields->pdata[i] != '\0')
      return FALSE;
  return TRUE;
}

/* --- the columns --- */

static char *
fold(const char *text)
{
  g_autofree char *nfc = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
  return g_strstrip(g_utf8_strdown(nfc, -1));
}

static gint
find_column(const char *word)
{
  g_autofree char *folded = fold(word);
  for (gint column = 0; column < N_COLUMNS; column++)
    if (strcmp(folded, column_words[column][0]) == 0 || strcmp(folded, column_words[column][1]) == 0)
      return column;
  return -1;
}

static gboolean
name_columns(Reader *r, guint line)
{
  guint before = r->faults->len;
  gboolean have[N_COLUMNS] = {FALSE};
  r->n_columns = r->fields->len;
  if (r->n_columns > COLUMNS_MAX) {
    add_fault(r, line, NULL, "too many columns", "quá nhiều cột");
    return FALSE;
  }
  for (guint i = 0; i < r->n_columns; i++) {
    const char *word = r->fields->pdata[i];
    r->column_of[i] = find_column(word);
    if (r->column_of[i] < 0)
      add_fault(r, line, word, "unknown column (code, name, level, parent, phone, email, role)",
                "cột không rõ (mã, tên, cấp, đơn vị cha, điện thoại, email, vai trò)");
    else if (have[r->column_of[i]])
      add_fault(r, line, word, "the column is there twice", "cột có hai lần");
    else
      have[r->column_of[i]] = TRUE;
  }
  if (!have[CODE] || !have[NAME])
    add_fault(r, line, NULL, "the first line must name the columns code and name",
              "dòng đầu phải có tên các cột: mã và tên");
  return r->faults->len == before;
}

/* --- a row to a site --- */

static void
invitation_clear(gpointer data)
{
  McuInvitation *site = data;
  g_free(site->site);
  g_free(site->name);
  g_free(site->parent);
  g_free(site->telephone);
  g_free(site->email);
}

static gboolean
read_role(const char *text, McuRole *out_role)
{
  g_autofree char *word = fold(text);
  *out_role = MCU_ROLE_SITE;
  if (*word == '\0' || mcu_room_role_parse(word, out_role))
    return TRUE;
  for (gint role = 0; role < MCU_N_ROLES; role++)
    if (strcmp(word, role_words_vi[role]) == 0) {
      *out_role = (McuRole)role;
      return TRUE;
    }
  return FALSE;
}

static char *
read_contact(Reader *r, guint line, const char *text)
{
  char *clean = mcu_make_clean_name(text, MCU_CONTACT_MAX_BYTES);
  if (clean != NULL && strlen(clean) <= MCU_CONTACT_MAX_BYTES)
    return clean;
  g_free(clean);
  add_fault(r, line, text, "phone or email over 200 bytes", "điện thoại hoặc email dài quá 200 byte");
  return g_strdup("");
}

static char *
read_name(Reader *r, guint line, const char *text)
{
  char *name = mcu_make_clean_name(text, MCU_NAME_MAX_CHARS);
  if (name == NULL)
    add_fault(r, line, text, "the name has over 64 characters", "tên dài quá 64 ký tự");
  else if (*name == '\0')
    add_fault(r, line, NULL, "the name is empty", "tên để trống");
  return name != NULL ? name : g_strdup("");
}

static void
check_code(Reader *r, guint line, const char *code)
{
  if (!mcu_is_legal_id(code))
    add_fault(r, line, code, "a code is 1 to 64 of A-Z a-z 0-9 . _ -", "mã gồm 1 đến 64 ký tự A-Z a-z 0-9 . _ -");
  else if (g_hash_table_contains(r->by_code, code))
    add_fault(r, line, code, "the code is there twice", "mã bị trùng");
}

/* 0: none is given. */
static guint
read_level(Reader *r, guint line, const char *text)
{
  if (*text == '\0' || (text[0] >= '1' && text[0] <= '0' + LEVEL_MAX && text[1] == '\0'))
    return *text == '\0' ? 0 : (guint)(text[0] - '0');
  add_fault(r, line, text, "a level is 1 to 9", "cấp là số từ 1 đến 9");
  return 0;
}

static void
add_site(Reader *r, guint line)
{
  const char *text[N_COLUMNS] = {"", "", "", "", "", "", ""};
  for (guint i = 0; i < r->n_columns; i++)
    text[r->column_of[i]] = r->fields->pdata[i];
  check_code(r, line, text[CODE]);
  McuInvitation site = {
      .site = g_strdup(text[CODE]),
      .name = read_name(r, line, text[NAME]),
      .parent = g_strdup(text[PARENT]),
      .telephone = read_contact(r, line, text[PHONE]),
      .email = read_contact(r, line, text[EMAIL]),
      .level = read_level(r, line, text[LEVEL]),
  };
  if (!read_role(text[ROLE], &site.role))
    add_fault(r, line, text[ROLE], "unknown role (chair, secretary, operator, site, observer)",
              "vai trò không rõ (chủ trì, thư ký, kỹ thuật, điểm cầu, dự thính)");
  g_array_append_val(r->sites, site);
  g_array_append_val(r->lines, line);
  if (!g_hash_table_contains(r->by_code, site.site))
    g_hash_table_insert(r->by_code, site.site, GUINT_TO_POINTER(r->sites->len));
}

static void
read_rows(Reader *r)
{
  gboolean named = FALSE, fine, go_on = TRUE;
  while (go_on && r->at < r->end && r->faults->len < MCU_ROSTER_FAULTS_MAX) {
    guint line = r->line;
    go_on = read_row(r, &fine);
    if (!go_on || (fine && is_blank(r)))
      continue;
    if (!named) {
      if (!fine || !name_columns(r, line))
        return;
      named = TRUE;
    } else if (r->sites->len == MCU_INVITED_MAX) {
      add_fault(r, line, NULL, "a list has at most 5000 sites", "danh sách có nhiều nhất 5000 điểm cầu");
      return;
    } else if (fine && r->fields->len != r->n_columns) {
      add_fault(r, line, NULL, "another number of columns than in the first line", "số cột khác với dòng đầu");
    } else if (fine) {
      add_site(r, line);
    }
  }
  if (!named && r->faults->len == 0)
    add_fault(r, 1, NULL, "the list is empty", "danh sách trống");
}

/* --- parents --- */

static McuInvitation *
site_at(const Reader *r, guint index)
{
  return &g_array_index(r->sites, McuInvitation, index);
}

/* Its index + 1; 0: it has none that is known. */
static guint
parent_of(const Reader *r, guint index)
{
  return GPOINTER_TO_UINT(g_hash_table_lookup(r->by_code, site_at(r, index)->parent));
}

/* Each site is walked over once: whoever comes upon a walk of before has no circle in front, whoever comes upon its own
 * has found one. */
static void
check_parents(Reader *r)
{
  g_autofree guint *walk = g_new0(guint, r->sites->len);
  for (guint i = 0; i < r->sites->len; i++) {
    guint line = g_array_index(r->lines, guint, i);
    if (*site_at(r, i)->parent != '\0' && parent_of(r, i) == 0)
      add_fault(r, line, site_at(r, i)->parent, "no line has this code of a parent",
                "không có dòng nào mang mã đơn vị cha này");
    guint at = i;
    while (walk[at] == 0) {
      walk[at] = i + 1;
      guint parent = *site_at(r, at)->parent != '\0' ? parent_of(r, at) : 0;
      if (parent == 0)
        break;
      at = parent - 1;
      if (walk[at] == i + 1)
        add_fault(r, g_array_index(r->lines, guint, at), site_at(r, at)->site, "its parents go in a circle",
                  "đơn vị cha tạo thành vòng tròn");
    }
  }
}

/* Upwards to the first whose level is known; no circles any more. */
static void
fill_levels(Reader *r)
{
  for (guint i = 0; i < r->sites->len; i++) {
    guint steps = 0, at = i;
    while (site_at(r, at)->level == 0 && steps <= LEVEL_MAX) {
      guint parent = *site_at(r, at)->parent != '\0' ? parent_of(r, at) : 0;
      steps++;
      if (parent == 0)
        break;
      at = parent - 1;
    }
    guint level = site_at(r, at)->level + steps;
    if (level > LEVEL_MAX)
      add_fault(r, g_array_index(r->lines, guint, i), site_at(r, i)->site, "more than 9 levels", "có nhiều hơn 9 cấp");
    else
      site_at(r, i)->level = level;
  }
}

/* --- entry --- */

/* What stands first between the names of columns. */
static char
find_separator(const char *text, gsize size)
{
  for (gsize i = 0; i < size && text[i] != '\n'; i++)
    if (text[i] == ',' || text[i] == ';')
      return text[i];
  return ',';
}

static void
read_all(Reader *r, gsize size)
{
  if (size > MCU_ROSTER_MAX_BYTES) {
    add_fault(r, 1, NULL, "the list is over 2 MiB", "danh sách lớn hơn 2 MiB");
    return;
  }
  if (!check_text(r))
    return;
  if (size >= strlen(BOM) && memcmp(r->at, BOM, strlen(BOM)) == 0)
    r->at += strlen(BOM);
  r->separator = find_separator(r->at, (gsize)(r->end - r->at));
  read_rows(r);
  check_parents(r);
  if (r->faults->len == 0)
    fill_levels(r);
}

gboolean
mcu_roster_csv_read(const char *text, gsize size, GArray **out_sites, GArray **out_faults)
{
  Reader r = {
      .at = text,
      .end = text + size,
      .line = 1,
      .fields = g_ptr_array_new_with_free_func(g_free),
      .sites = g_array_new(FALSE, FALSE, sizeof(McuInvitation)),
      .lines = g_array_new(FALSE, FALSE, sizeof(guint)),
      .by_code = g_hash_table_new(g_str_hash, g_str_equal),
      .faults = g_array_new(FALSE, FALSE, sizeof(McuRosterFault)),
  };
  g_array_set_clear_func(r.sites, invitation_clear);
  g_array_set_clear_func(r.faults, fault_clear);
  read_all(&r, size);
  g_ptr_array_unref(r.fields);
  g_array_unref(r.lines);
  g_hash_table_unref(r.by_code);
  gboolean fine = r.faults->len == 0;
  *out_sites = *out_faults = NULL;
  if (fine) {
    *out_sites = r.sites;
    g_array_unref(r.faults);
  } else {
    g_array_sort(r.faults, compare_faults);
    *out_faults = r.faults;
    g_array_unref(r.sites);
  }
  return fine;
}
