/* Giving memory back before a long sleep. */
#ifndef OP_SLIM_H
#define OP_SLIM_H

/* Returns unused heap, and drops the pages of programs and libraries that the
 * page cache holds anyway; they come back when touched. */
void slim_memory(void);

#endif
