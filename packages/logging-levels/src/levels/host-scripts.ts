import { BEGIN, END, WAS } from './option-lines.ts';
import type { ConfiguredTarget } from './level-target.ts';

/** Exit code of `PUT_BACK` where nothing is lent under that mark. */
export const NOTHING_LENT = 44;

/**
 * Puts back what a file had before `lend`, by the mark alone: the host does it, too, when the lease is over. What somebody else has
 * written between the lines of the mark since is theirs, and stays. $1: the file; $2: the mark; the rest: a command that is
 * run afterwards, if something was put back.
 */
export const PUT_BACK = `file=$(readlink -f -- "$1") || exit 1
mark=$2
shift 2
LC_ALL=C grep -qxF -e "${BEGIN}$mark" -- "$file" || exit ${NOTHING_LENT}
umask 077
new=$(mktemp -- "$file.XXXXXXXX") || exit 1
trap 'rm -f -- "$new"' EXIT
cp -p -- "$file" "$new" || exit 1
last=$(tail -c 1 -- "$file" | od -An -tu1 | tr -d ' ')
LC_ALL=C awk -v begin="${BEGIN}$mark" -v end="${END}$mark" -v ended="$last" '
function tell(line) { printf "%s%s", separator, line; separator = "\\n" }
$0 == begin { inside = 1; lent = 0; was = 0; others = 0; next }
inside && $0 == end {
    inside = 0
    for (n = 1; n <= others; n++) tell(other[n])
    if (!others) for (n = 1; n <= was; n++) tell(old[n])
    next
}
inside && substr($0, 1, ${WAS.length}) == "${WAS}" { old[++was] = substr($0, ${WAS.length + 1}); next }
inside && /^\\[/ { next }
inside && !lent { lent = 1; set = $0; if (set !~ /^(debug = (true|false)|level = [A-Z]+)$/) other[++others] = set; next }
inside { other[++others] = $0; next }
{ tell($0) }
END {
    if (inside) exit 3
    if (ended == 10 && separator != "") printf "\\n"
}' "$file" >"$new" || { echo "the lines of the mark $mark are damaged" >&2; exit 3; }
sync -- "$new" && mv -f -- "$new" "$file" || exit 1
[ $# -eq 0 ] || "$@"`;

/**
 * Runs `PUT_BACK` when the lease is over, and for two minutes again where nothing is lent: the change may be on its way still, if the
 * lease is short or the host is slow, and nobody would put it back later. $@: the command.
 */
export const UNTIL_PUT_BACK = `for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24; do
    "$@"
    code=$?
    [ $code -eq ${NOTHING_LENT} ] || exit $code
    sleep 5
done`;

/**
 * Sends SIGHUP to the process whose id a command prints, if it catches it: another would end. $@: the command.
 */
const HANG_UP = `pid=$("$@") || exit 1
grep -q '^SigCgt:.*[13579bdf]$' "/proc/$pid/status" && kill -s HUP "$pid"`;

/** The command that prints the id of the main process of a service. */
export function pidCommand({ process }: ConfiguredTarget): [string, ...string[]] {
  return 'unit' in process
    ? ['systemctl', 'show', '--property=MainPID', '--value', '--', process.unit]
    : ['sed', '-n', '1{s/^[[:space:]]*//;s/[^0-9].*//;p;q;}', '--', process.pidFile];
}

export const hangUpCommand = (target: ConfiguredTarget): [string, ...string[]] => [
  'sh',
  '-c',
  HANG_UP,
  'sh',
  ...pidCommand(target),
];

/**
 * The facts of processes, one a line: id, the signals that it catches, terminal, its foreground group, its own group, and whether it is
 * the main process of workers with native threads, as cotyledon names it (by setproctitle, which it requires on Linux). $@: ids.
 */
export const PROCESSES = `for pid; do
    [ -r "/proc/$pid/status" ] || continue
    caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$pid/status")
    rest=$(sed 's/^.*) //' "/proc/$pid/stat") || continue
    set -- $rest
    threads=no
    tr '\\0' ' ' <"/proc/$pid/cmdline" | grep -q '^[^ ]*: master process \\[' && threads=yes
    echo "$pid $caught $5 $6 $3 $threads"
done`;

/**
 * What a log tells of the level since a place: each change of the option `debug` (oslo_config/cfg.py, mutate_config_files), and the
 * first line at DEBUG of each process. $1: the file; $2: the place, in bytes from 1.
 */
export const TOLD = `size=$(stat -L -c %s -- "$1") || exit 1
from=$2
# It was rotated meanwhile.
[ "$size" -ge $((from - 1)) ] || from=1
tail -c "+$from" -- "$1" | LC_ALL=C awk '
/Option DEFAULT\\.debug changed from \\[/ { print "changed " substr($0, 1, 400) }
$4 == "DEBUG" && !seen[$3]++ { print "debug " substr($0, 1, 80) }'`;
