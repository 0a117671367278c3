"""What of XenAPI answers: asks a running service for each message of the published model and writes docs/xapi-api.md.
usage: python3 tests/cli/xapi-api/coverage.py --update"""
import csv
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../xapi"))
from service import TOP, Client, Fault, Service  # noqa: E402

PAGE = f"{TOP}/docs/xapi-api.md"
HEAD = """# What of XenAPI answers

Written by `python3 tests/cli/xapi-api/coverage.py --update` from the published model (data model 24.3) and a running
service, which is asked for each of its messages; `make check` fails when this page and the service differ.

*Implicit* messages (`get_X`, `set_X`, `add_to_X`, `get_record`, `get_all_records`, …) come from the fields and answer for
all classes. *Explicit* ones have a function each. What a single host cannot have (high availability, other hosts,
workload balancing) is refused with the error that XenAPI has for it: the column *refused* lists those, each with its
error. One that is not there answers `NOT_IMPLEMENTED` and is not in `system.listMethods`; those that XenAPI has removed
answer `MESSAGE_REMOVED` and are not counted.

"""


def table(name):
    with open(f"{TOP}/tests/data/xapi/{name}.tsv", newline="") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def refusals():
    """Messages of refusals.def that always answer an error."""
    with open(f"{TOP}/xapi-lite/class/refusals.def") as f:
        return {f"{c}.{m}": code for c, m, code in re.findall(r'^REFUSE\((\w+), (\w+), "(\w+)"', f.read(), re.M)}


def answer(c, method):
    """How the service takes a call with far too many parameters."""
    try:
        c.call(method, *[""] * 40)
    except Fault as f:
        return f.args[0][0]
    return "an answer"


def look(c):
    """Rows of the table, and the messages where system.listMethods and the calls differ."""
    listed = set(c.call("host.list_methods"))
    rows, wrong, refused = {}, [], refusals()
    for m in table("messages"):
        name = f"{m['class']}.{m['message']}"
        said = answer(c, name)
        answers = said == "MESSAGE_PARAMETER_COUNT_MISMATCH"
        if answers != (name in listed) or said not in ("MESSAGE_PARAMETER_COUNT_MISMATCH", "NOT_IMPLEMENTED",
                                                       "MESSAGE_REMOVED"):
            wrong.append(f"{name} is {'' if name in listed else 'not '}listed, but the call says {said}")
        if said == "MESSAGE_REMOVED":
            continue
        row = rows.setdefault(m["class"], {"implicit": [0, 0], "explicit": [0, 0], "there": [], "refused": [],
                                            "missing": []})
        row[m["kind"]][0] += answers and name not in refused
        row[m["kind"]][1] += 1
        if name in refused:
            row["refused"].append(f"{m['message']} ({refused[name]})")
        elif m["kind"] == "explicit":
            row["there" if answers else "missing"].append(m["message"])
    return rows, wrong


def page(rows):
    text = HEAD
    total = [sum(r[k][i] for r in rows.values()) for k in ("implicit", "explicit") for i in (0, 1)]
    no = sum(len(r["refused"]) for r in rows.values())
    text += (f"**{total[0]} of {total[1]} implicit and {total[2]} of {total[3]} explicit messages answer; {no} more are "
             "refused as by a host without the feature.**\n\n")
    text += "| class | implicit | explicit | explicit ones that answer | refused | not there |\n|---|---|---|---|---|---|\n"
    for name, r in sorted(rows.items(), key=lambda x: x[0].lower()):
        text += (f"| {name} | {r['implicit'][0]}/{r['implicit'][1]} | {r['explicit'][0]}/{r['explicit'][1]} | "
                 f"{' '.join(sorted(r['there']))} | {', '.join(sorted(r['refused']))} | "
                 f"{' '.join(sorted(r['missing']))} |\n")
    return text


def check(report, c):
    rows, wrong = look(c)
    report("system.listMethods lists exactly what answers", not wrong, wrong[:3])
    report("docs/xapi-api.md says what answers (update: python3 tests/cli/xapi-api/coverage.py --update)",
           os.path.exists(PAGE) and open(PAGE).read() == page(rows))


if __name__ == "__main__":
    service = Service()
    found, different = look(Client(service))
    service.close()
    print("\n".join(different))
    if sys.argv[1:] == ["--update"]:
        with open(PAGE, "w") as out:
            out.write(page(found))
