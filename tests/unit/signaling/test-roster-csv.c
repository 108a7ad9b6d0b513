/* Lists as tables make them, and as nobody should. */
#include <string.h>

#include "mcu/signaling/roster-csv.h"

static GArray *
read_fine(const char *text)
{
  GArray *sites, *faults;
  if (!mcu_roster_csv_read(text, strlen(text), &sites, &faults))
    g_error("line %u: %s", g_array_index(faults, McuRosterFault, 0).line,
            g_array_index(faults, McuRosterFault, 0).message);
  g_assert_null(faults);
  return sites;
}

/* Faults as "2 message|3 message"; caller frees. */
static char *
faults_of(const char *text, gsize size)
{
  GArray *sites;
  g_autoptr(GArray) faults = NULL;
  g_assert_false(mcu_roster_csv_read(text, size, &sites, &faults));
  g_assert_null(sites);
  g_assert_cmpuint(faults->len, >, 0);
  GString *all = g_string_new(NULL);
  for (guint i = 0; i < faults->len; i++) {
    const McuRosterFault *fault = &g_array_index(faults, McuRosterFault, i);
    g_assert_cmpuint(strlen(fault->message_vi), >, 0);
    g_assert_true(g_utf8_validate(fault->message, -1, NULL));
    g_string_append_printf(all, "%s%u %s", i > 0 ? "|" : "", fault->line, fault->message);
  }
  return g_string_free(all, FALSE);
}

/* As "code name level parent phone email role". */
static void
assert_site(GArray *sites, guint index, const char *expected)
{
  const McuInvitation *s = &g_array_index(sites, McuInvitation, index);
  static const char *const roles[] = {"chair", "site", "observer", "secretary", "operator"};
  g_autofree char *text = g_strdup_printf("%s/%s/%u/%s/%s/%s/%s", s->site, s->name, s->level, s->parent, s->telephone,
                                          s->email, roles[s->role]);
  g_assert_cmpstr(text, ==, expected);
}

static void
test_plain(void)
{
  g_autoptr(GArray) sites = read_fine("code,name,level,parent,phone,email,role\n"
                                      "tinh,Tỉnh Hà Giang,1,,0219 1,a@b.vn,chair\n"
                                      "dong-van,Xã Đồng Văn,2,tinh,,,\n");
  g_assert_cmpuint(sites->len, ==, 2);
  assert_site(sites, 0, "tinh/Tỉnh Hà Giang/1//0219 1/a@b.vn/chair");
  assert_site(sites, 1, "dong-van/Xã Đồng Văn/2/tinh///site");
}

/* As a table program of this country saves it: mark, semicolons, CRLF, empty rows at the end. */
static void
test_vietnamese(void)
{
  g_autoptr(GArray) sites = read_fine("\xef\xbb\xbfVai trò;TÊN;Mã;Đơn vị cha;Điện thoại;Cấp;Email\r\n"
                                      "Thư ký;Tỉnh;tinh;;;;\r\n"
                                      "kỹ thuật;Huyện;h1;tinh;;;\r\n"
                                      "Dự thính;Xã;x1;h1;;;\r\n"
                                      "chủ trì;\"Xã; \"\"Hai\"\"\";x2;h1;;5;\r\n"
                                      "điểm cầu;Thôn;t1;x2;;;\r\n"
                                      ";;;;;;\r\n\r\n");
  g_assert_cmpuint(sites->len, ==, 5);
  assert_site(sites, 0, "tinh/Tỉnh/1////secretary");
  assert_site(sites, 1, "h1/Huyện/2/tinh///operator");
  assert_site(sites, 2, "x1/Xã/3/h1///observer");
  assert_site(sites, 3, "x2/Xã; \"Hai\"/5/h1///chair");
  assert_site(sites, 4, "t1/Thôn/6/x2///site");
}

/* Letters and marks apart (NFD), as some systems write, are the same words. */
static void
test_decomposed(void)
{
  g_autofree char *nfd = g_utf8_normalize("MÃ,TÊN,VAI TRÒ\na,Xã Đồng Văn,CHỦ TRÌ\n", -1, G_NORMALIZE_NFD);
  g_autoptr(GArray) sites = read_fine(nfd);
  assert_site(sites, 0, "a/Xã Đồng Văn/1////chair");
}

static void
test_small_things(void)
{
  g_autoptr(GArray) none = read_fine("code,name");
  g_assert_cmpuint(none->len, ==, 0);
  g_autoptr(GArray) last = read_fine("name,code\n b , a ");
  assert_site(last, 0, "a/b/1////site");
  g_autoptr(GArray) lines = read_fine("code,name\na,\"b\nc\"\nd,e\n"); /* a line break is no part of a name */
  assert_site(lines, 0, "a/bc/1////site");
  assert_site(lines, 1, "d/e/1////site");
  g_autoptr(GArray) hidden = read_fine("code,name\na,\xe2\x80\xae"
                                       "b\n");
  assert_site(hidden, 0, "a/b/1////site");
}

static void
test_faults(void)
{
#define HEAD "code,name,level,parent,role\n"
  static const struct {
    const char *text, *faults;
  } table[] = {
      {"", "1 the list is empty"},
      {"\n\n", "1 the list is empty"},
      {"a,b\n1,2\n", "1 unknown column (code, name, level, parent, phone, email, role): a|"
                     "1 unknown column (code, name, level, parent, phone, email, role): b|"
                     "1 the first line must name the columns code and name"},
      {"code,name,code\n", "1 the column is there twice: code"},
      {"code,mã,name\n", "1 the column is there twice: mã"},
      {"code;phone\n", "1 the first line must name the columns code and name"},
      {"code,name\na,\xff\nb,c\nd,\xc3\n",
       "2 not UTF-8; save the table as \"CSV UTF-8\"|4 not UTF-8; save the table as \"CSV UTF-8\""},
      {"code,name\na,b\nc,\"d\ne\n", "3 a quotation mark is opened and not closed"},
      {"code,name\na,b\"c\nd,\"e\"f\n", "2 a quotation mark within a field; write it twice, and quote the field: b\"c|"
                                        "3 a quotation mark within a field; write it twice, and quote the field: ef"},
      {"code,name\na\nb,c,d\n",
       "2 another number of columns than in the first line|3 another number of columns than in the first line"},
      {HEAD "a,b,,,\nc,d,,,\na,e,,,\n", "4 the code is there twice: a"},
      {HEAD "a,b,,x,\n", "2 no line has this code of a parent: x"},
      {HEAD "a,b,,a,\n", "2 its parents go in a circle: a"},
      {HEAD "x,x,,b,\na,b,,c,\nb,b,,a,\nc,b,,b,\n", "4 its parents go in a circle: b"},
      {HEAD "a,b,0,,\nb,b,10,,\nc,c,-1,,\nd,d,x,,\n",
       "2 a level is 1 to 9: 0|3 a level is 1 to 9: 10|4 a level is 1 to 9: -1|5 a level is 1 to 9: x"},
      {HEAD "a b,b,,,\n,b,,,\n..,b,,,\nxã,b,,,\n",
       "2 a code is 1 to 64 of A-Z a-z 0-9 . _ -: a b|3 a code is 1 to 64 of A-Z a-z 0-9 . _ -: |"
       "4 a code is 1 to 64 of A-Z a-z 0-9 . _ -: ..|5 a code is 1 to 64 of A-Z a-z 0-9 . _ -: xã"},
      {HEAD "a,,,,\nb,\xe2\x80\xae,,,\n", "2 the name is empty|3 the name is empty"},
      {HEAD "a,b,,,king\nc,d,,,admin\n", "2 unknown role (chair, secretary, operator, site, observer): king|"
                                         "3 unknown role (chair, secretary, operator, site, observer): admin"},
      {HEAD "a,a,9,,\nb,b,,a,\n", "3 more than 9 levels: b"},
      /* In the order of the lines, whatever finds them. */
      {HEAD "a,b,,x,\nc,,,,\n", "2 no line has this code of a parent: x|3 the name is empty"},
  };
#undef HEAD
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_autofree char *faults = faults_of(table[i].text, strlen(table[i].text));
    g_assert_cmpstr(faults, ==, table[i].faults);
  }
  static const char nul[] = "code,name\na,b\0c\n";
  g_autofree char *faults = faults_of(nul, sizeof nul - 1);
  g_assert_cmpstr(faults, ==, "2 a NUL byte is no text");
}

static char *
rows(guint n, const char *row)
{
  GString *text = g_string_new("code,name,email\n");
  for (guint i = 0; i < n; i++)
    g_string_append_printf(text, row, i);
  return g_string_free(text, FALSE);
}

static void
test_limits(void)
{
  g_autofree char *most = rows(MCU_INVITED_MAX, "s%u,Xã,\n");
  g_autoptr(GArray) sites = read_fine(most);
  g_assert_cmpuint(sites->len, ==, MCU_INVITED_MAX);

  g_autofree char *over = rows(MCU_INVITED_MAX + 5, "s%u,Xã,\n");
  g_autofree char *over_faults = faults_of(over, strlen(over));
  g_assert_cmpstr(over_faults, ==, "5002 a list has at most 5000 sites");

  g_autofree char *wrong = rows(1000, "s%u,,\n");
  g_autofree char *wrong_faults = faults_of(wrong, strlen(wrong));
  g_auto(GStrv) each = g_strsplit(wrong_faults, "|", -1);
  g_assert_cmpuint(g_strv_length(each), ==, MCU_ROSTER_FAULTS_MAX);
  g_assert_cmpstr(each[99], ==, "101 the name is empty");

  g_autofree char *big = g_strnfill(MCU_ROSTER_MAX_BYTES + 1, ',');
  g_autofree char *big_faults = faults_of(big, MCU_ROSTER_MAX_BYTES + 1);
  g_assert_cmpstr(big_faults, ==, "1 the list is over 2 MiB");
  g_autofree char *wide_faults = faults_of(big, MCU_ROSTER_MAX_BYTES);
  g_assert_cmpstr(wide_faults, ==, "1 the list is empty");

  g_autofree char *x65 = g_strnfill(65, 'x'), *x64 = g_strnfill(64, 'x'), *x201 = g_strnfill(201, 'y');
  g_autofree char *longs = g_strdup_printf("code,name,email\n%s,%s,%s\n", x65, x65, x201);
  g_autofree char *long_faults = faults_of(longs, strlen(longs));
  g_assert_nonnull(strstr(long_faults, "2 a code is 1 to 64"));
  g_assert_nonnull(strstr(long_faults, "2 the name has over 64 characters"));
  g_assert_nonnull(strstr(long_faults, "2 phone or email over 200 bytes"));
  g_assert_null(strstr(long_faults, x65)); /* what is repeated is cut */
  g_autofree char *fits = g_strdup_printf("code,name\n%s,%s\n", x64, x64);
  g_autoptr(GArray) fine = read_fine(fits);
  g_assert_cmpuint(fine->len, ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/roster-csv/plain", test_plain);
  g_test_add_func("/roster-csv/vietnamese", test_vietnamese);
  g_test_add_func("/roster-csv/decomposed", test_decomposed);
  g_test_add_func("/roster-csv/small-things", test_small_things);
  g_test_add_func("/roster-csv/faults", test_faults);
  g_test_add_func("/roster-csv/limits", test_limits);
  return g_test_run();
}
