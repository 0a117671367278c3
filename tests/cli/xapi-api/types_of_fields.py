"""Each field of each object against the type that the published model gives it, over JSON and over XML-RPC."""
import csv
import os
import re
import sys
import xmlrpc.client

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../xapi"))
from service import TOP  # noqa: E402


def table(name):
    with open(f"{TOP}/tests/data/xapi/{name}.tsv", newline="") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


WORDS = {row["enum"]: row["values"].split(",") for row in table("enums")}
REF = re.compile(r"OpaqueRef:(NULL|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$")
DATE = re.compile(r"\d{8}T\d\d:\d\d:\d\dZ$")


def fits(kind, value, xml):
    """Whether the value, as the transport's usual decoder gives it, is of this type."""
    if kind.endswith(" set"):
        return isinstance(value, list) and all(fits(kind[:-4], v, xml) for v in value)
    m = re.match(r"\((.*?) -> (.*)\) map$", kind)
    if m:
        return isinstance(value, dict) and all(
            isinstance(k, str) and fits(m.group(2), v, xml) for k, v in value.items())
    if kind.startswith("enum "):
        return value in WORDS[kind[5:]]
    if kind.endswith(" ref"):
        return isinstance(value, str) and bool(REF.match(value))
    if kind == "int":
        return re.fullmatch(r"-?\d+", value) is not None if xml else type(value) is int
    if kind == "datetime":
        return bool(DATE.match(value.value if xml else value))
    return type(value) in {"string": (str,), "bool": (bool,), "float": (float,) if xml else (float, int)}[kind]


def check(report, c, call_xml):
    wrong, fields, objects = [], {}, 0
    for f in table("fields"):
        if f["state"] != "Removed":
            fields.setdefault(f["class"], {})[f["field"]] = f["type"]
    listed = set(c.call("host.list_methods"))
    for name, types in fields.items():
        if f"{name}.get_all_records" not in listed:
            continue
        for xml, records in (False, c.call(f"{name}.get_all_records")), (True, call_xml(f"{name}.get_all_records")):
            objects += len(records)
            for record in records.values():
                wrong += [f"{name}.{k}: not there" for k in types if k not in record]
                wrong += [f"{name}.{k} is {record[k]!r}, not {t}" for k, t in types.items()
                          if k in record and not fits(t, record[k], xml)]
        wrong += getters(c, name, types, listed)
    report(f"every field of {objects} objects has its published type", objects > 20 and not wrong, wrong[:5])


def getters(c, name, types, listed):
    """get_FIELD says what the record says."""
    wrong = []
    for ref, record in list(c.call(f"{name}.get_all_records").items())[:2]:
        for k in types:
            if f"{name}.get_{k}" in listed and k not in ("last_active", "last_updated"):
                got = c.call(f"{name}.get_{k}", ref)
                if got != record[k]:
                    wrong.append(f"{name}.get_{k} says {got!r}, the record {record[k]!r}")
    return wrong


def xml_caller(service, faults=False):
    """Calls over XML-RPC with Python's own decoder, on the local socket; with faults, failures are given back."""
    import http.client
    import socket

    class Connection(http.client.HTTPConnection):
        def connect(self):
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.connect(service.socket)

    class Transport(xmlrpc.client.Transport):
        def make_connection(self, host):
            return Connection("localhost")

    server = xmlrpc.client.ServerProxy("http://localhost/", transport=Transport(), allow_none=True)
    session = server.session.login_with_password("root", "")["Value"]

    def call(method, *params):
        answer = getattr(server, method)(session, *params)
        if faults and answer["Status"] == "Failure":
            return answer["ErrorDescription"]
        assert answer["Status"] == "Success", answer
        return answer["Value"]
    return call
