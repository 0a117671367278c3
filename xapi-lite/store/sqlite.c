/* The store's file: one SQLite table of rows, each change one transaction
 * (way B). */
#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "store/store.h"

struct file {
    sqlite3 *db;
    sqlite3_stmt *put, *del, *mark;
};

static int failed(struct err *err, sqlite3 *db, const char *what)
{
    return err_set(err, ERR_IO, "%s the store failed: %s", what,
                   db ? sqlite3_errmsg(db) : "out of memory");
}

static int run(sqlite3 *db, const char *sql, const char *what, struct err *err)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? 0
               : failed(err, db, what);
}

static int prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out,
                   struct err *err)
{
    return sqlite3_prepare_v2(db, sql, -1, out, NULL) == SQLITE_OK
               ? 0
               : failed(err, db, "opening");
}

/* Layout 1. A file of a later layout is not touched. */
#define LAYOUT "1"

static int check_layout(sqlite3 *db, struct err *err)
{
    sqlite3_stmt *st;
    if (prepare(db, "SELECT value FROM meta WHERE key='layout'", &st, err) < 0)
        return -1;
    bool row = sqlite3_step(st) == SQLITE_ROW;
    const char *text = row ? (const char *)sqlite3_column_text(st, 0) : NULL;
    int r = 0;
    if (!text || strcmp(text, LAYOUT))
        r = err_set(err, ERR_UNSUPPORTED,
                    "the store has layout %s, this "
                    "program reads layout " LAYOUT,
                    text ? text : "(none)");
    sqlite3_finalize(st);
    return r;
}

static int set_up(struct file *f, struct err *err)
{
    static const char sql[] =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "PRAGMA cache_size=-512; PRAGMA journal_size_limit=4194304;"
        "BEGIN IMMEDIATE;"
        "CREATE TABLE IF NOT EXISTS meta"
        " (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
        "CREATE TABLE IF NOT EXISTS object (ref TEXT PRIMARY KEY,"
        " class TEXT NOT NULL, fields TEXT NOT NULL) WITHOUT ROWID;"
        "INSERT OR IGNORE INTO meta VALUES ('layout', '" LAYOUT "'),"
        " ('generation', '0');"
        "COMMIT";
    sqlite3_busy_timeout(f->db, 5000);
    if (run(f->db, sql, "opening", err) < 0 || check_layout(f->db, err) < 0)
        return -1;
    if (prepare(f->db, "REPLACE INTO object VALUES (?,?,?)", &f->put, err) < 0)
        return -1;
    if (prepare(f->db, "DELETE FROM object WHERE ref=?", &f->del, err) < 0)
        return -1;
    return prepare(f->db, "REPLACE INTO meta VALUES ('generation', ?)",
                   &f->mark, err);
}

static void file_close(void *data)
{
    struct file *f = data;
    sqlite3_finalize(f->put);
    sqlite3_finalize(f->del);
    sqlite3_finalize(f->mark);
    sqlite3_close(f->db);
    g_free(f);
}

static int load_generation(struct file *f, uint64_t *out, struct err *err)
{
    sqlite3_stmt *st;
    if (prepare(f->db, "SELECT value FROM meta WHERE key='generation'", &st,
                err) < 0)
        return -1;
    if (sqlite3_step(st) == SQLITE_ROW)
        *out = g_ascii_strtoull((const char *)sqlite3_column_text(st, 0), NULL,
                                10);
    sqlite3_finalize(st);
    return 0;
}

static int file_load(void *data, uint64_t *generation_out,
                     int (*row)(void *user, const struct store_row *r,
                                struct err *err),
                     void *user, struct err *err)
{
    struct file *f = data;
    sqlite3_stmt *st;
    if (load_generation(f, generation_out, err) < 0 ||
        prepare(f->db, "SELECT class, ref, fields FROM object", &st, err) < 0)
        return -1;
    int step, r = 0;
    while (r == 0 && (step = sqlite3_step(st)) == SQLITE_ROW) {
        struct store_row line = {
            (const char *)sqlite3_column_text(st, 0),
            (const char *)sqlite3_column_text(st, 1),
            (const char *)sqlite3_column_text(st, 2),
        };
        r = row(user, &line, err);
    }
    if (r == 0 && step != SQLITE_DONE)
        r = failed(err, f->db, "reading");
    sqlite3_finalize(st);
    return r;
}

static bool step_done(sqlite3_stmt *st)
{
    bool ok = sqlite3_step(st) == SQLITE_DONE;
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    return ok;
}

static bool write_row(struct file *f, const struct store_row *row)
{
    sqlite3_stmt *st = row->fields ? f->put : f->del;
    sqlite3_bind_text(st, 1, row->ref, -1, SQLITE_STATIC);
    if (row->fields) {
        sqlite3_bind_text(st, 2, row->class, -1, SQLITE_STATIC);
        sqlite3_bind_text(st, 3, row->fields, -1, SQLITE_STATIC);
    }
    return step_done(st);
}

static int file_write(void *data, uint64_t generation,
                      const struct store_row *rows, size_t n, struct err *err)
{
    struct file *f = data;
    char text[24];
    if (run(f->db, "BEGIN IMMEDIATE", "writing", err) < 0)
        return -1;
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = write_row(f, &rows[i]);
    g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT, generation);
    sqlite3_bind_text(f->mark, 1, text, -1, SQLITE_STATIC);
    ok = ok && step_done(f->mark);
    if (ok && sqlite3_exec(f->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    failed(err, f->db, "writing");
    sqlite3_exec(f->db, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

/* The copy is complete or not there: made beside and renamed. */
static int file_dump(void *data, const char *path, struct err *err)
{
    struct file *f = data;
    g_autofree char *tmp = g_strconcat(path, ".part", NULL);
    g_autofree char *sql = NULL;
    char *quoted = sqlite3_mprintf("VACUUM INTO %Q", tmp);
    sql = g_strdup(quoted);
    sqlite3_free(quoted);
    unlink(tmp);
    if (run(f->db, sql, "copying", err) < 0) {
        unlink(tmp);
        return -1;
    }
    chmod(tmp, 0600);
    if (rename(tmp, path) == 0)
        return 0;
    err_errno(err, ERR_IO, errno, "cannot write %s", path);
    unlink(tmp);
    return -1;
}

int store_sqlite_open(struct store_backend *out, const char *path,
                      struct err *err)
{
    struct file *f = g_new0(struct file, 1);
    mode_t mask = umask(077);
    int r = sqlite3_open_v2(path, &f->db,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                                SQLITE_OPEN_FULLMUTEX,
                            NULL);
    r = r == SQLITE_OK ? set_up(f, err) : failed(err, f->db, "opening");
    umask(mask);
    if (r < 0) {
        file_close(f);
        return err_context(err, "opening the store %s", path);
    }
    *out = (struct store_backend){ f, file_load, file_write, file_dump,
                                   file_close };
    return 0;
}

int store_sqlite_check(const char *path, struct err *err)
{
    sqlite3 *db;
    int r = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
                ? check_layout(db, err)
                : failed(err, db, "opening");
    if (r == 0)
        r = run(db, "SELECT ref, class, fields FROM object LIMIT 1", "reading",
                err);
    sqlite3_close(db);
    return r;
}
