/* Finds the functions of libxml2 in its shared library (beside way A). */
#include "convert/libxml.h"

#include <dlfcn.h>
#include <glib.h>

/* The ABI has changed its number with 2.14 (libxml2's NEWS). */
#if LIBXML_VERSION < 21400
#define SONAME "libxml2.so.2"
#else
#define SONAME "libxml2.so.16"
#endif

struct libxml libxml;

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
#define FUNCTION(name) { #name, offsetof(struct libxml, name) },
    LIBXML_NAMES(FUNCTION)
#undef FUNCTION
};

int libxml_load(struct err *err)
{
    if (libxml.xmlFree)
        return 0;
    void *library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return err_set(err, ERR_UNSUPPORTED,
                       "%s cannot be loaded: %s; install the package libxml2",
                       SONAME, dlerror());
    for (size_t i = 0; i < G_N_ELEMENTS(functions); i++) {
        void *found = dlsym(library, functions[i].name);
        if (!found)
            return err_set(err, ERR_UNSUPPORTED, "%s has no %s", SONAME,
                           functions[i].name);
        *(void **)((char *)&libxml + functions[i].offset) = found;
    }
    return 0;
}
