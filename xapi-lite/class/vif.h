/* Network cards, for those who copy or make them. Private to class/. */
#ifndef XAPI_VIF_H
#define XAPI_VIF_H

#include <stdbool.h>

/* A locally administered unicast address of chance. */
void vif_random_mac(char out[18]);
/* Six pairs of hex digits, not a multicast address. */
bool vif_is_mac(const char *text);

#endif
