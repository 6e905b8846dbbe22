/**
 * Scripts for POSIX shells on any machine. Each is safe against an input that ends early, because that is all that the
 * other machine sees of a runner that was killed, or of a connection that broke.
 */

/** `download`'s exit code for a file that is not there. */
export const NOT_THERE = 44;

/**
 * Reads a file. $1: the file. A file that may not be looked at is not "not there": only the system's own error counts.
 */
export const READ = `[ -e "$1" ] || {
    case $(LC_ALL=C ls -d -- "$1" 2>&1) in
    *'No such file or directory' | *'Not a directory') exit ${NOT_THERE} ;;
    esac
}
exec cat -- "$1"`;

/**
 * Replaces a file. $1: the file; $2: its mode; $3: its owner, or nothing; $4: its bytes. A new file beside it, whole
 * and durable, takes its place. Whatever fails leaves the old one, and nothing beside it.
 */
export const WRITE = `umask 077
[ ! -d "$1" ] || { echo "$1 is a directory" >&2; exit 1; }
case $1 in */*) folder=\${1%/*}/ ;; *) folder=. ;; esac
new=
trap '[ -z "$new" ] || rm -f -- "$new"' EXIT
trap 'exit 143' HUP INT TERM
new=$(mktemp -- "$1.XXXXXXXX") || exit 1
cat >"$new" || exit 1
[ "$(wc -c <"$new")" -eq "$4" ] || { echo 'the content did not arrive as a whole' >&2; exit 1; }
chmod -- "$2" "$new" && { [ -z "$3" ] || chown -- "$3" "$new"; } && sync -- "$new" && mv -f -- "$new" "$1" && sync -- "$folder"`;

/** Reads the environment from its input, up to an empty line, then becomes the command, which has the rest. */
export const WITH_ENV = `while IFS= read -r pair; do
    [ -n "$pair" ] || exec "$@"
    export "$pair"
done
echo 'the environment did not arrive as a whole' >&2
exit 1`;

/** Runs a command in a folder. $1: the folder. */
export const IN_FOLDER = 'cd -- "$1" && shift && exec "$@"';
