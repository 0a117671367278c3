/* What a service tells the manager that started it. */
#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

/* Sends `state`, such as READY=1, to the datagram socket that NOTIFY_SOCKET
 * names (sd_notify(3)). Without one, or when nobody listens, nothing happens:
 * the service does its work under any manager. */
void daemon_notify(const char *state);

#endif
