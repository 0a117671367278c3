// A whole guest of 8 MB: says it is up, answers `shutdown`, otherwise sleeps.
// Compiled twice: 64-bit for PV, 32-bit for PVH (entry in stub_entry.S).
// Facts from Xen's public headers: xen.h, sched.h, io/xs_wire.h, io/console.h.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xen/arch-x86/hvm/start_info.h>
#include <xen/event_channel.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>
#include <xen/io/console.h>
#include <xen/io/xs_wire.h>
#include <xen/memory.h>
#include <xen/sched.h>
#include <xen/xen.h>

#define PAGE 4096
#define barrier() __asm__ volatile("" ::: "memory")

typedef unsigned long word;
extern char hypercall_page[];
extern char shared_page[PAGE]; // becomes the shared info page
void stub_main(void *info);

static volatile struct xencons_interface *console;
static volatile struct xenstore_domain_interface *store;
static evtchn_port_t console_port, store_port;
static bool ticking;

#ifdef __x86_64__
static long hypercall(unsigned op, word a, word b, word c)
{
    long ret;
    void *entry = hypercall_page + op * 32;
    __asm__ volatile("call *%[entry]"
                     : "=a"(ret), "+D"(a), "+S"(b), "+d"(c)
                     : [entry] "a"(entry)
                     : "memory", "rcx", "r8", "r9", "r10", "r11");
    return ret;
}
#else
static long hypercall(unsigned op, word a, word b, word c)
{
    long ret;
    void *entry = hypercall_page + op * 32;
    __asm__ volatile("call *%[entry]"
                     : "=a"(ret), "+b"(a), "+c"(b), "+d"(c)
                     : [entry] "a"(entry)
                     : "memory");
    return ret;
}
#endif

static void notify(evtchn_port_t port)
{
    struct evtchn_send send = { .port = port };
    hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_send, (word)&send, 0);
}

static size_t length(const char *s)
{
    size_t n = 0;
    while (s[n])
        n++;
    return n;
}

static bool equal(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static bool contains(const char *text, const char *part)
{
    for (size_t n = length(part); text && *text; text++) {
        size_t i = 0;
        while (i < n && text[i] == part[i])
            i++;
        if (i == n)
            return true;
    }
    return false;
}

// Drops what does not fit: nobody may be reading.
static void print(const char *text)
{
    if (!console)
        return;
    for (; *text; text++) {
        XENCONS_RING_IDX at = console->out_prod;
        if (at - console->out_cons >= sizeof console->out)
            break;
        console->out[MASK_XENCONS_IDX(at, console->out)] = *text;
        barrier();
        console->out_prod = at + 1;
    }
    notify(console_port);
}

// ---- xenstore --------------------------------------------------------------

static void store_put(const void *data, size_t n)
{
    for (const char *p = data; n--; p++) {
        XENSTORE_RING_IDX at = store->req_prod;
        store->req[MASK_XENSTORE_IDX(at)] = *p;
        barrier();
        store->req_prod = at + 1;
    }
}

static void store_request(uint32_t type, const char *path, const char *value,
                          size_t value_len)
{
    struct xsd_sockmsg head = { .type = type,
                                .len =
                                    (uint32_t)(length(path) + 1 + value_len) };
    store_put(&head, sizeof head);
    store_put(path, length(path) + 1);
    store_put(value, value_len);
    notify(store_port);
}

// Takes n bytes of an answer; only called when they are all there or on the
// way, which xenstored finishes by itself.
static void store_get(char *data, size_t n)
{
    while (n--) {
        XENSTORE_RING_IDX at = store->rsp_cons;
        while (store->rsp_prod == at)
            barrier();
        *data++ = store->rsp[MASK_XENSTORE_IDX(at)];
        barrier();
        store->rsp_cons = at + 1;
    }
}

// The type of the next answer, its text (cut to size, NUL-terminated) in buf.
static uint32_t store_answer(char *buf, size_t size)
{
    struct xsd_sockmsg head;
    store_get((char *)&head, sizeof head);
    size_t kept = 0;
    while (head.len--) {
        char c;
        store_get(&c, 1);
        if (kept < size - 1)
            buf[kept++] = c;
    }
    buf[kept] = 0;
    notify(store_port);
    return head.type;
}

static const struct {
    const char *word;
    unsigned reason;
} requests[] = {
    { "poweroff", SHUTDOWN_poweroff },
    { "halt", SHUTDOWN_poweroff },
    { "reboot", SHUTDOWN_reboot },
    { "crash", SHUTDOWN_crash },
};

static void obey(const char *request)
{
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        if (!equal(request, requests[i].word))
            continue;
        store_request(XS_WRITE, "control/shutdown", "", 0);
        char answer[16];
        store_answer(answer, sizeof answer);
        print("stub: ");
        print(request);
        print("\r\n");
        struct sched_shutdown s = { .reason = requests[i].reason };
        hypercall(__HYPERVISOR_sched_op, SCHEDOP_shutdown, (word)&s, 0);
    }
}

// A watch event asks for the value; a value is obeyed.
static void store_events(void)
{
    char text[64];
    while (store->rsp_prod != store->rsp_cons) {
        uint32_t type = store_answer(text, sizeof text);
        if (type == XS_WATCH_EVENT)
            store_request(XS_READ, "control/shutdown", "", 0);
        else if (type == XS_READ)
            obey(text);
    }
}

// ---- sleeping --------------------------------------------------------------

static void pending_clear(evtchn_port_t port)
{
    volatile struct shared_info *info = (void *)shared_page;
    word bit = 1ul << (port % (8 * sizeof(word)));
    __sync_fetch_and_and(&info->evtchn_pending[port / (8 * sizeof(word))],
                         ~bit);
}

// Nanoseconds since Xen booted; only a rough clock is needed.
static uint64_t rough_time(void)
{
    volatile struct vcpu_time_info *t =
        &((struct shared_info *)shared_page)->vcpu_info[0].time;
    return t->system_time;
}

static void sleep(void)
{
    static evtchn_port_t ports[2];
    ports[0] = store_port;
    ports[1] = console_port;
    struct sched_poll poll = { .nr_ports = 2 };
    set_xen_guest_handle(poll.ports, ports);
    if (ticking) {
        poll.nr_ports = 1;
        poll.timeout = rough_time() + 1000000000ull;
    }
    hypercall(__HYPERVISOR_sched_op, SCHEDOP_poll, (word)&poll, 0);
    pending_clear(store_port);
    pending_clear(console_port);
}

// ---- start -----------------------------------------------------------------

#ifdef __x86_64__
static void *mfn_to_virt(word mfn)
{
    return (void *)(machine_to_phys_mapping[mfn] * PAGE);
}

static void setup(void *p)
{
    start_info_t *info = p;
    hypercall(__HYPERVISOR_update_va_mapping, (word)shared_page,
              info->shared_info | 7, UVMF_INVLPG);
    console = mfn_to_virt(info->console.domU.mfn);
    console_port = info->console.domU.evtchn;
    store = mfn_to_virt(info->store_mfn);
    store_port = info->store_evtchn;
    ticking = contains((const char *)info->cmd_line, "tick");
}
#else
static word parameter(uint32_t index)
{
    struct xen_hvm_param p = { .domid = DOMID_SELF, .index = index };
    hypercall(__HYPERVISOR_hvm_op, HVMOP_get_param, (word)&p, 0);
    return (word)p.value;
}

static void setup(void *p)
{
    struct hvm_start_info *info = p;
    struct xen_add_to_physmap map = {
        .domid = DOMID_SELF,
        .space = XENMAPSPACE_shared_info,
        .gpfn = (word)shared_page / PAGE,
    };
    uint32_t msr, eax = 0x40000002, ecx = 0, edx;
    __asm__ volatile("cpuid" : "+a"(eax), "=b"(msr), "+c"(ecx), "=d"(edx));
    __asm__ volatile("wrmsr" ::"c"(msr), "a"(hypercall_page), "d"(0));
    hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, (word)&map, 0);
    console = (void *)(parameter(HVM_PARAM_CONSOLE_PFN) * PAGE);
    console_port = parameter(HVM_PARAM_CONSOLE_EVTCHN);
    store = (void *)(parameter(HVM_PARAM_STORE_PFN) * PAGE);
    store_port = parameter(HVM_PARAM_STORE_EVTCHN);
    ticking = contains((const char *)(word)info->cmdline_paddr, "tick");
}
#endif

void stub_main(void *info)
{
    setup(info);
    print("stub guest is up\r\n");
    store_request(XS_WATCH, "control/shutdown", "stub", 5);
    for (;;) {
        store_events();
        if (ticking)
            print("tick\r\n");
        sleep();
    }
}
