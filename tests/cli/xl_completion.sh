#!/bin/bash
# Completion of xl in real bash, zsh and fish: commands, options, domains, files.
cd "$(dirname "$0")/../.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
here=$PWD/configs/completion
mkdir "$tmp/bin" && : >"$tmp/web.cfg"
# what Dom0 would say
cat >"$tmp/bin/xl" <<'EOF'
#!/bin/sh
case "$1" in
list) printf 'Name  ID\nDomain-0  0\nweb  1\nmail  2\n' ;;
cpupool-list) printf 'Name  CPUs\nPool-0  4\n' ;;
esac
EOF
chmod +x "$tmp/bin/xl"
export PATH=$tmp/bin:$PATH

expect() { # NAME WANT GOT
    if [ "$2" = "$3" ]; then echo "ok $1"; else
        failed=1
        echo "not ok $1 - wanted: $2, got: $3"
    fi
}

in_bash() { # WORD...: what bash offers for the last one
    bash -c '. "$0"; cd "$1"; shift; COMP_WORDS=(xl "$@"); COMP_CWORD=$#; _xl; echo "${COMPREPLY[*]}"' "$here/xl" "$tmp" "$@"
}
expect "bash: commands" "destroy" "$(in_bash des)"
expect "bash: domains" "web" "$(in_bash destroy w)"
expect "bash: domains again where several are taken" "mail" "$(in_bash destroy web m)"
expect "bash: the second word has its own kind" "Pool-0" "$(in_bash cpupool-migrate web '')"
expect "bash: options of the command" "--dryrun" "$(in_bash create --dry)"
expect "bash: files" "web.cfg" "$(in_bash create we)"
expect "bash: nothing where anything may stand" "" "$(in_bash rename web '')"
expect "bash: commands behind help" "uptime" "$(in_bash help upt)"

in_fish() { (cd "$tmp" && XDG_CONFIG_HOME=$tmp HOME=$tmp fish --no-config -c "source $here/fish/xl.fish; complete -C '$*'" | cut -f1 | tr '\n' ' '); }
expect "fish: commands" "destroy " "$(in_fish xl des)"
expect "fish: domains" "web " "$(in_fish xl destroy w)"
expect "fish: options" "--dryrun " "$(in_fish xl create --dry)"
expect "fish: files" "web.cfg " "$(in_fish xl create we)"

# zsh on a terminal of its own: Tab, and what stands on the line afterwards
cat >"$tmp/zsh.py" <<'EOF'
import os, pty, re, select, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.chdir(sys.argv[2])
    os.environ.update(TERM="dumb", PS1="> ")
    os.execvp("zsh", ["zsh", "-f"])
def read(until, seconds=20):
    text, end = "", time.monotonic() + seconds
    while until not in text and time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            text += os.read(fd, 4096).decode(errors="replace")
    return text
os.write(fd, f"PS1='> '; fpath=({sys.argv[1]} $fpath); autoload -U compinit; compinit -D -u; echo rea''dy\n".encode())
read("ready")
os.write(fd, sys.argv[3].encode() + b"\t")
time.sleep(1.5)
os.write(fd, b"\x01echo '<\x05>'\n")
m = re.search(r"^<(.*?)\s*>", read("\n<").replace("\r", "") + read(">", 3).replace("\r", ""), re.M)
print(m[1] if m else "nothing")
os.write(fd, b"exit\n")
EOF
in_zsh() { python3 "$tmp/zsh.py" "$here/zsh" "$tmp" "$*"; }
expect "zsh: commands" "xl destroy" "$(in_zsh xl dest)"
expect "zsh: domains" "xl destroy web" "$(in_zsh xl destroy w)"
expect "zsh: options" "xl create --dryrun" "$(in_zsh xl create --dr)"
expect "zsh: files" "xl create web.cfg" "$(in_zsh xl create we)"

said=$(python3 configs/completion/update-xl.py --check "$PWD/${BUILD:-build}/bin/xl" 2>&1)
expect "the completions are those of the command table" "" "$said"
exit $failed
