/* What somebody with an SQL tool does to a database behind our back. */
#pragma once

/* Runs `sql`, which must succeed and change something. */
void tamper(const char *path, const char *sql);
