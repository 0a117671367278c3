/* Runs the table of one test file under CUnit and prints a line per test. */
#include "tests/unit/unit.h"

#include <CUnit/TestDB.h>
#include <CUnit/TestRun.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *suite_name = "unit";

void unit_equal(const char *got, const char *want, const char *file, int line)
{
    bool same = got && want ? !strcmp(got, want) : got == want;
    if (!same)
        printf("# %s:%d\n#  got: %s\n# want: %s\n", file, line,
               got ? got : "(null)", want ? want : "(null)");
    CU_assertImplementation(same, (unsigned)line, "texts are equal", file, "",
                            CU_FALSE);
}

static void on_test_complete(const CU_pTest test, const CU_pSuite suite,
                             const CU_pFailureRecord failure)
{
    (void)suite;
    if (!failure) {
        printf("ok %s: %s\n", suite_name, test->pName);
        return;
    }
    printf("not ok %s: %s - %s at %s:%u\n", suite_name, test->pName,
           failure->strCondition, failure->strFileName, failure->uiLineNumber);
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *base = strrchr(argv[0], '/');
    suite_name = base ? base + 1 : argv[0];
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 1;
    CU_pSuite suite = CU_add_suite(suite_name, NULL, NULL);
    for (const struct unit_test *t = unit_tests; t->name; t++)
        CU_add_test(suite, t->name, t->run);
    CU_set_test_complete_handler(on_test_complete);
    CU_run_all_tests();
    unsigned failed = CU_get_number_of_tests_failed();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
