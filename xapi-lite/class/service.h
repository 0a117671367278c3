/* The end and the new beginning of this service. */
#ifndef XAPI_SERVICE_H
#define XAPI_SERVICE_H

/* Sends the signal to this process after the answer has left: SIGHUP opens
 * everything anew, SIGTERM ends. Returns 0. */
int service_end_with(int sig);

#endif
