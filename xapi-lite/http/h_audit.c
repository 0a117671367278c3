/* GET /audit_log?since=: who has asked for which change. */
#include <stdio.h>
#include <string.h>

#include "class/audit.h"
#include "http/handler.h"

/* The first characters of a line are its time, as those of since= in the form
 * 20260101T00:00:00. */
static int send_part(struct http_request *r, bool older, const char *since)
{
    g_autofree char *path = audit_path(r->x, older);
    g_autofree char *line = NULL;
    size_t room = 0;
    ssize_t n;
    int rc = 0;
    FILE *f = fopen(path, "re");
    while (f && rc == 0 && (n = getline(&line, &room, f)) > 0)
        if (strcmp(line + 1, since) >= 0)
            rc = http_send(r, line, (size_t)n);
    if (f)
        fclose(f);
    return rc;
}

void handle_audit_get(struct http_request *r)
{
    const char *word = http_query(&r->head, "since");
    int64_t when = 0;
    char since[32] = "";
    if (word && *word) {
        if (!datetime_parse(word, &when)) {
            http_refuse(r, 400, "since=%s is no time as 20260101T00:00:00Z",
                        word);
            return;
        }
        datetime_format(since, when);
        since[strcspn(since, "Z")] = '\0';
    }
    if (http_head_send(r, 200, "text/plain", -1, "") == 0 &&
        send_part(r, true, since) == 0)
        send_part(r, false, since);
}
