/* The frame of every unit test program: a table of named tests, run under
 * CUnit, reported as one line each ("ok NAME", "not ok NAME - why") for
 * tests/run. A test file defines `const struct unit_test unit_tests[]`, closed
 * by an empty row; its file name without _test.c is the suite's name. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <CUnit/CUnit.h>

struct unit_test {
    const char *name; /* a sentence about the product, in the present tense */
    void (*run)(void);
};

extern const struct unit_test unit_tests[];

/* Compares texts and shows both when they differ; NULL equals only NULL. */
void unit_equal(const char *got, const char *want, const char *file, int line);
#define UNIT_EQUAL(got, want) unit_equal((got), (want), __FILE__, __LINE__)

#endif
