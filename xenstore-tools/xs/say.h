/* Sentences for stderr. Every byte that came from outside is made safe. */
#ifndef XS_SAY_H
#define XS_SAY_H

/* "PROG: TEXT" and a newline. */
void say(const char *prog, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* "PROG: WHAT SUBJECT: reason", the reason in words for an error number of
 * xenstored; `path` (may be NULL) is looked at to say what is wrong with it. */
void say_failed(const char *prog, const char *what, const char *subject,
                int errnum);
/* Why xenstored could not be reached. */
void say_no_xenstored(const char *prog, int errnum);
/* Reason in words; never NULL. `path` may be NULL. */
const char *say_reason(int errnum, const char *path);

#endif
