"""Maps one page of a guest, says so, and keeps it until its standard input ends: what a forgotten program does.

usage: hold_page.py DOMID PAGE"""
import ctypes
import sys

xen = ctypes.CDLL("libxenforeignmemory.so.1", use_errno=True)
xen.xenforeignmemory_open.restype = ctypes.c_void_p
xen.xenforeignmemory_map.restype = ctypes.c_void_p
handle = ctypes.c_void_p(xen.xenforeignmemory_open(None, 0))
page, error = ctypes.c_uint64(int(sys.argv[2], 0)), ctypes.c_int(0)
PROT_READ = 1
at = xen.xenforeignmemory_map(handle, ctypes.c_uint32(int(sys.argv[1])), PROT_READ, ctypes.c_size_t(1),
                              ctypes.byref(page), ctypes.byref(error))
if not at or error.value:
    sys.exit(f"cannot map it: {error.value}")
print("held", flush=True)
sys.stdin.read()
