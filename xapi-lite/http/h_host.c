/* What of the host comes as one archive: its logs, its status, its backup.
 * GET /host_logs_download, /system-status?entries=&output=, /host_backup, PUT
 * /host_restore. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "class/service.h"
#include "http/handler.h"
#include "store/store.h"

/* One shell program keeps the parts of an archive together: $1 is a folder that
 * it makes and removes, $2 the archive, $3 an option of tar for its
 * compression, $4 what is asked for, between blanks. Each part may be missing
 * and has a time limit. */
#define BEGIN "mkdir -m 700 -p \"$1\" && cd \"$1\" || exit 1\n"
#define END                                                                    \
    "timeout 120 tar -c $3 -f \"$2\" -C \"$1\" .\n"                            \
    "r=$?; rm -rf \"$1\"; exit $r\n"
#define LOGS                                                                   \
    "timeout 60 journalctl --no-pager -b >journal.txt 2>&1\n"                  \
    "timeout 20 dmesg >dmesg.txt 2>&1\n"                                       \
    "[ -d /var/log/xen ] && timeout 60 cp -r /var/log/xen xen\n"

static const char logs[] = BEGIN LOGS END;

static const char status[] = BEGIN
    "all=$4\n"
    "want() { case \" $all \" in *\" $1 \"*|'  ') mkdir -p \"$1\";; *) false;; "
    "esac; }\n"
    "put() { f=$1; shift; timeout 20 \"$@\" >\"$f\" 2>&1; }\n"
    "if want host; then put host/info xl info; put host/list xl list -v\n"
    " put host/dmesg xl dmesg; put host/kernel uname -a; put host/pci lspci "
    "-vv\n"
    " put host/memory cat /proc/meminfo; put host/cpu cat /proc/cpuinfo\n"
    " put host/packages dpkg -l; fi\n"
    "if want guests; then put guests/list xl list -l; put guests/vcpus xl "
    "vcpu-list\n"
    " put guests/xenstore xenstore-ls -f; fi\n"
    "if want network; then put network/addresses ip addr; put network/routes "
    "ip route\n"
    " put network/bridges bridge link; put network/sockets ss -tanp; fi\n"
    "if want storage; then put storage/disks lsblk; put storage/mounts df -h\n"
    " put storage/volumes lvs; fi\n"
    "if want logs; then mkdir -p logs; cd logs\n" LOGS "cd ..; fi\n" END;

/* The service's own files; the database lies there already. */
static const char backup[] =
    "cd \"$1\" || exit 1\n"
    "for f in etc/xapi-lite.conf etc/xapi-lite etc/xapi.d etc/xen etc/network; "
    "do\n"
    " [ -e \"/$f\" ] && mkdir -p \"$(dirname \"$f\")\" && timeout 60 cp -a "
    "\"/$f\" \"$f\"\n"
    "done\n" END;

/* $2 is the archive: only these members, and only where they belong. */
static const char restore[] =
    "mkdir -m 700 -p \"$1\" && cd \"$1\" || exit 1\n"
    "timeout 120 tar -x -f \"$2\" --no-same-owner ./database || exit 1\n"
    "[ -f database ] && [ ! -L database ]\n";

/* 0, or -1 when the program has failed. */
static int run(const char *program, const char *dir, const char *file,
               const char *how, const char *what)
{
    const char *argv[] = {
        "sh", "-c", program, "sh", dir, file, how, what, NULL
    };
    int said = 0;
    return g_spawn_sync("/", (char **)argv, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                        NULL, NULL, NULL, &said, NULL) &&
                   said == 0
               ? 0
               : -1;
}

/* A new name in the service's folder. Caller frees. */
static char *scratch(struct http_request *r)
{
    g_autofree char *uuid = g_uuid_string_random();
    return g_strdup_printf("%s/host-%s", r->x->config.state_dir, uuid);
}

static void remove_folder(const char *dir)
{
    const char *argv[] = { "rm", "-rf", "--", dir, NULL };
    g_spawn_sync("/", (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                 NULL, NULL, NULL, NULL);
}

static void send_archive(struct http_request *r, const char *program,
                         const char *dir, const char *how, const char *what)
{
    g_autofree char *file = g_strconcat(dir, ".tar", NULL);
    if (run(program, dir, file, how, what) < 0)
        http_refuse(r, 500, "the files cannot be collected");
    else
        http_file_send(r, file, "application/octet-stream");
    unlink(file);
    remove_folder(dir);
}

void handle_logs_get(struct http_request *r)
{
    g_autofree char *dir = scratch(r);
    send_archive(r, logs, dir, "-z", "");
}

void handle_status_get(struct http_request *r)
{
    static const struct {
        const char *output, *option;
    } kinds[] = { { "tar", "" }, { "tar.gz", "-z" }, { "tar.bz2", "-j" } };
    const char *entries = http_query(&r->head, "entries");
    const char *output = http_query(&r->head, "output");
    g_autofree char *dir = scratch(r);
    g_autofree char *what = g_strdup(entries ? entries : "");
    g_strdelimit(what, ",", ' ');
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (!strcmp(output && *output ? output : "tar", kinds[i].output)) {
            send_archive(r, status, dir, kinds[i].option, what);
            return;
        }
    http_refuse(r, 400, "output=%s is not tar, tar.gz or tar.bz2", output);
}

/* ---- backup
 * -------------------------------------------------------------------- */

void handle_backup_get(struct http_request *r)
{
    ERR_AUTO err = { 0 };
    g_autofree char *dir = scratch(r);
    g_autofree char *database = g_build_filename(dir, "database", NULL);
    g_mkdir_with_parents(dir, 0700);
    if (store_dump(r->x->store, database, &err) < 0)
        http_refuse(r, 500, "%s", err.message);
    else
        send_archive(r, backup, dir, "-z", "");
    remove_folder(dir);
}

static int restore_from(struct http_request *r, const char *dir,
                        const char *file, struct err *err)
{
    g_autofree char *database = g_build_filename(dir, "database", NULL);
    g_autofree char *next =
        g_build_filename(r->x->config.state_dir, "restore.db", NULL);
    if (http_file_save(r, file, false, NULL, err) < 0)
        return -1;
    if (run(restore, dir, file, "", "") < 0)
        return err_set(err, ERR_CONFIG, "this is no backup of a host");
    if (store_sqlite_check(database, err) < 0)
        return -1;
    if (rename(database, next) < 0)
        return err_set(err, ERR_IO, "cannot make %s", next);
    return 0;
}

/* The database comes back; the files of /etc stay in the archive, for the
 * administrator to compare. */
void handle_restore_put(struct http_request *r)
{
    ERR_AUTO err = { 0 };
    g_autofree char *dir = scratch(r);
    g_autofree char *file = g_strconcat(dir, ".tar", NULL);
    int bad = restore_from(r, dir, file, &err);
    unlink(file);
    remove_folder(dir);
    if (bad) {
        http_refuse(r, 500, "%s", err.message);
        return;
    }
    http_reply(r, "text/plain", "", 0);
    service_end_with(SIGHUP); /* main starts anew with the new database */
}
