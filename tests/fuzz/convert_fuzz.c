/* Fuzzes the translations: first byte chooses which. What becomes xl.cfg must
 * be one that the parser takes without a mistake of syntax. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "cfg/cfg.h"
#include "convert/convert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_syntax(const GString *out)
{
    struct cfg *cfg = cfg_parse("out", out->str, out->len, NULL);
    if (diags_count(&cfg->diags, DIAG_ERROR)) {
        fprintf(stderr, "%s\n", out->str);
        diags_print(stderr, &cfg->diags, DIAG_ERROR);
        abort();
    }
    cfg_free(cfg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) out = g_string_new(NULL);
    struct diags diags = { 0 };
    ERR_AUTO err = { 0 };
    if (size < 1)
        return 0;
    const char *text = (const char *)data + 1;
    int kind = *data % 3, r = -1;
    size--;
    if (kind == 0)
        r = convert_from_libvirt("fuzz", text, size, out, &diags, &err);
    else if (kind == 1)
        r = convert_from_ovf("fuzz", text, size, out, &diags, &err);
    else
        convert_to_libvirt("fuzz", text, size, out, &diags, &err);
    if (kind < 2 && r == 0)
        check_syntax(out);
    diags_dispose(&diags);
    return 0;
}
