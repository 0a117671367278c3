#!/usr/bin/env python3
"""Writes the completions of xl for bash, zsh and fish from the program's own table.

usage: update-xl.py [--check] [XL]"""
import importlib.util
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = f"{TOP}/configs/completion"
KINDS = [("Domain", "domain"), ("Domain-?Id", "domain"), ("CPU Pool", "pool"), ("ConfigFile", "file"),
         ("\\w*[Ff]ile\\w*", "file"), ("Command", "command")]
FROM = "made from xl's own command table by configs/completion/update-xl.py"


def rows():
    spec = importlib.util.spec_from_file_location("man", f"{TOP}/docs/man/update-xl.py")
    man = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(man)
    program = next((a for a in sys.argv[1:] if not a.startswith("-")), f"{TOP}/build/bin/xl")
    for name, usage, summary, options in man.rows(program):
        yield name, kinds(usage[len(name):]), summary, [(flags(o), text) for o, text in options]


def kinds(usage):
    """What each word of a command is, e.g. ["domain", "text"]; a last "*" says that it may be repeated."""
    found = []
    for inside, more in re.findall(r"<([^>]*)>(\.\.\.)?", usage):
        names = inside.split("|")
        kind = next((k for pattern, k in KINDS if any(re.fullmatch(pattern, n) for n in names)), "text")
        found.append(kind)
        if more:
            found.append("*")
    return found


def flags(option):
    """("p", "dryrun", has a value) of "-p, --dryrun=X"."""
    short = re.search(r"(?<![\w-])-(\w)", option)
    long = re.search(r"--([\w-]+)", option)
    return short and short[1], long and long[1], bool(re.search(r"[ =][A-Z]", option))


def words(options):
    out = []
    for (short, long, _), _ in options:
        out += [f"-{short}"] if short else []
        out += [f"--{long}"] if long else []
    return " ".join(out + ["--help"])


def bash(table):
    out = [f"# bash completion for xl: {FROM}.", "", "_xl_commands='" + " ".join(r[0] for r in table) + " help'", "",
           "_xl_options() {", '    case "$1" in']
    out += [f"        {name}) echo '{words(options)}' ;;" for name, _, _, options in table]
    out += ["    esac", "}", "", "# What the words of a command are; * repeats the last.", "_xl_kinds() {",
            '    case "$1" in']
    out += [f"        {name}) echo '{' '.join(what)}' ;;" for name, what, _, _ in table if what]
    out += ["        help) echo 'command' ;;", "    esac", "}", BASH_BODY.strip(), ""]
    return "\n".join(out)


BASH_BODY = r'''
_xl_values() { # KIND
    case "$1" in
        domain) xl list 2>/dev/null </dev/null | awk 'NR > 1 { print $1 }' ;;
        pool) xl cpupool-list 2>/dev/null </dev/null | awk 'NR > 1 { print $1 }' ;;
        command) printf '%s\n' $_xl_commands ;;
    esac
}

_xl_kind_at() { # COMMAND NUMBER
    local kinds i kind= n=0
    read -r -a kinds <<<"$(_xl_kinds "$1")"
    for i in "${kinds[@]}"; do
        if [ "$i" = '*' ]; then echo "$kind" && return; fi
        kind=$i
        if [ "$n" = "$2" ]; then echo "$kind" && return; fi
        n=$((n + 1))
    done
}

_xl() {
    local cur=${COMP_WORDS[COMP_CWORD]} command= at=0 i kind
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "${COMP_WORDS[i]}" in
            -*) ;;
            *) if [ -z "$command" ]; then command=${COMP_WORDS[i]}; else at=$((at + 1)); fi ;;
        esac
    done
    if [ -z "$command" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$_xl_commands -v -f -N -t -T" -- "$cur")
    elif [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_xl_options "$command")" -- "$cur")
    else
        kind=$(_xl_kind_at "$command" "$at")
        if [ "$kind" = file ]; then
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        else
            mapfile -t COMPREPLY < <(compgen -W "$(_xl_values "$kind")" -- "$cur")
        fi
    fi
}
complete -F _xl xl
'''


def quote(text):
    return "'" + text.replace("'", "'\\''") + "'"


def zsh(table):
    out = ["#compdef xl", f"# zsh completion for xl: {FROM}.", "", "local -a commands", "commands=("]
    out += [f"    {quote(name + ':' + summary)}" for name, _, summary, _ in table]
    out += [")", "", "_xl_domains() {", "    local -a names",
            "    names=(${(f)\"$(xl list 2>/dev/null </dev/null | awk 'NR > 1 { print $1 }')\"})",
            "    _describe domain names", "}", "_xl_pools() {", "    local -a names",
            "    names=(${(f)\"$(xl cpupool-list 2>/dev/null </dev/null | awk 'NR > 1 { print $1 }')\"})",
            "    _describe cpupool names", "}", "", "if (( CURRENT == 2 )); then", "    _describe command commands",
            "    return", "fi", 'local command=$words[2]', "shift words", "(( CURRENT-- ))", "case $command in"]
    action = {"domain": "_xl_domains", "pool": "_xl_pools", "file": "_files", "text": " ", "command": " "}
    for name, what, _, options in table:
        specs = []
        for (short, long, value), text in options:
            text = re.sub(r"([\[\]:\\])", r"\\\1", text)
            tail = f"[{text}]" + (":value: " if value else "")
            specs += [quote(f"-{short}{tail}")] if short else []
            specs += [quote(f"--{long}{'=' if value else ''}{tail}")] if long else []
        for i, kind in enumerate(k for k in what if k != "*"):
            specs.append(quote(f"{i + 1}:{kind}:{action[kind]}"))
        if what and what[-1] == "*":
            specs[-1] = quote(f"*:{what[-2]}:{action[what[-2]]}")
        out.append(f"    {name}) _arguments {' '.join(specs)} ;;" if specs else f"    {name}) ;;")
    return "\n".join(out + ["esac", ""])


def fish(table):
    out = [f"# fish completion for xl: {FROM}.", "",
           "function __xl_domains; xl list 2>/dev/null </dev/null | awk 'NR > 1 { print $1 }'; end",
           "function __xl_pools; xl cpupool-list 2>/dev/null </dev/null | awk 'NR > 1 { print $1 }'; end", "",
           "complete -c xl -f"]
    values = {"domain": "-a '(__xl_domains)'", "pool": "-a '(__xl_pools)'", "file": "-F"}
    for name, what, summary, options in table:
        out.append(f"complete -c xl -n __fish_use_subcommand -a {name} -d {fish_quote(summary)}")
        seen = f"complete -c xl -n '__fish_seen_subcommand_from {name}'"
        out += [f"{seen} {values[k]}" for k in dict.fromkeys(what) if k in values]
        for (short, long, value), text in options:
            out.append(seen + (f" -s {short}" if short else "") + (f" -l {long}" if long else "") +
                       (" -x" if value else "") + f" -d {fish_quote(text)}")
    return "\n".join(out + [""])


def fish_quote(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def main():
    table = list(rows())
    stale = []
    for path, text in (("xl", bash(table)), ("zsh/_xl", zsh(table)), ("fish/xl.fish", fish(table))):
        path = f"{HERE}/{path}"
        if os.path.exists(path) and open(path).read() == text:
            continue
        stale.append(path)
        if "--check" not in sys.argv:
            with open(path, "w") as f:
                f.write(text)
    if stale and "--check" in sys.argv:
        sys.exit("not current: run configs/completion/update-xl.py for " + " ".join(stale))


main()
