/* Disk images through qemu-img, and what it says of them (way B). */
#include "driver/sr_image.h"

#include <string.h>

#include "driver/sr_exec.h"

/* The vhd of XenAPI is qemu-img's vpc. */
static const struct {
    const char *format, *word, *ending;
} formats[] = {
    { "qcow2", "qcow2", ".qcow2" },
    { "raw", "raw", ".raw" },
    { "vhd", "vpc", ".vhd" },
    { "raw", "raw", ".img" },
};

const char *image_format_of(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (g_str_has_suffix(name, formats[i].ending))
            return formats[i].format;
    return NULL;
}

const char *image_word(const char *format)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (!strcmp(format, formats[i].format))
            return formats[i].word;
    return "raw";
}

const char *image_number(char *buf, uint64_t n)
{
    g_snprintf(buf, 24, "%" G_GUINT64_FORMAT, n);
    return buf;
}

void image_info_dispose(struct image_info *i)
{
    g_free(i->format);
    g_free(i->backing);
    *i = (struct image_info){ 0 };
}

int image_info_parse(const char *json, struct image_info *out, struct err *err)
{
    VALUE_AUTO *v = value_json_parse(json, strlen(json), err);
    *out = (struct image_info){ 0 };
    if (!v)
        return -1;
    const char *format = value_get_string(value_find(v, "format"));
    int64_t size = value_get_int(value_find(v, "virtual-size"));
    if (!format || size < 0)
        return sr_fail(err, SR_FAIL_VDI, "qemu-img tells no format or size");
    out->format = g_strdup(strcmp(format, "vpc") ? format : "vhd");
    out->virtual_size = (uint64_t)size;
    out->actual_size =
        (uint64_t)MAX(value_get_int(value_find(v, "actual-size")), 0);
    out->backing =
        g_strdup(value_get_string(value_find(v, "backing-filename")));
    /* qcow2 may keep its data in another file, which is as bad as a backing */
    const struct value *data =
        value_find(value_find(v, "format-specific"), "data");
    const char *file = value_get_string(value_find(data, "data-file"));
    if (file && !out->backing)
        out->backing = g_strdup(file);
    return 0;
}

int image_info_get(const char *path, const char *format, struct image_info *out,
                   struct err *err)
{
    g_autofree char *json = NULL;
    *out = (struct image_info){ 0 };
    if (SR_RUN(SR_QUICK_S, &json, err, "qemu-img", "info", "-U", "-f",
               image_word(format), "--output=json", path) < 0)
        return -1;
    return image_info_parse(json, out, err);
}

struct copying {
    bool (*fn)(void *arg, double share);
    void *arg;
};

/* qemu-img -p says "    (12.34/100%)" again and again. */
static bool copied(void *arg, const char *said)
{
    const struct copying *c = arg;
    const char *last = strrchr(said, '(');
    return c->fn(c->arg, last ? g_ascii_strtod(last + 1, NULL) / 100 : 0);
}

int driver_disk_copy(const struct vdi_attached *from,
                     const struct vdi_attached *to, enum copy_target kind,
                     bool (*fn)(void *arg, double share), void *arg,
                     struct err *err)
{
    /* -n: the target is there and keeps its place in its SR; writeback: what
     * was written is flushed at the end, by default it is not */
    const char *argv[] = { "qemu-img",
                           "convert",
                           "-n",
                           "-t",
                           kind == COPY_SCRATCH ? "unsafe" : "writeback",
                           "-f",
                           image_word(from->format),
                           "-O",
                           image_word(to->format),
                           from->path,
                           to->path,
                           fn ? "-p" : "-q", /* say how far it is, or nothing */
                           kind == COPY_OVER ? NULL : "--target-is-zero",
                           NULL };
    struct copying c = { fn, arg };
    struct sr_watch watch = { copied, &c };
    return fn ? sr_run_watched(argv, SR_SLOW_S, &watch, err)
              : sr_run(argv, SR_SLOW_S, NULL, err);
}

int driver_disk_make(const struct vdi_attached *a, uint64_t size,
                     struct err *err)
{
    char text[24];
    const char *bytes = image_number(text, size);
    /* a VHD of exactly this size, not of the next one that C/H/S can tell */
    if (!strcmp(a->format, "vhd"))
        return SR_RUN(SR_QUICK_S, NULL, err, "qemu-img", "create", "-q", "-f",
                      "vpc", "-o", "force_size=on", a->path, bytes);
    return SR_RUN(SR_QUICK_S, NULL, err, "qemu-img", "create", "-q", "-f",
                  image_word(a->format), a->path, bytes);
}

int driver_disk_size(const struct vdi_attached *a, uint64_t *size_out,
                     struct err *err)
{
    struct image_info info;
    if (image_info_get(a->path, a->format, &info, err) < 0)
        return -1;
    *size_out = info.virtual_size;
    int r = info.backing
                ? sr_fail(err, SR_FAIL_VDI,
                          "the image stands on another file (%s), which is "
                          "not accepted",
                          info.backing)
                : 0;
    image_info_dispose(&info);
    return r;
}
