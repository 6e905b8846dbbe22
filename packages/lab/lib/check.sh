# shellcheck shell=bash
# lab check : can the lab run here? All that is missing is said at once, each with its
# remedy; exit 2 tells "cannot run" from "failed" (1). Something already there is not asked
# for again: a lab that runs passes.

GIB=$((1024 * 1024))  # in KiB, as the kernel and df count
REASONS=()            # triples: code, because, remedy
reason() { case " $LAB_CHECK_SKIP " in *" $1 "*) ;; *) REASONS+=("$1" "$2" "$3") ;; esac; }

check() {  # check core|full
    REASONS=()
    check_root
    check_distribution
    check_suite "$1"
    check_lock
    check_memory "$1"
    check_disk "$1"
    check_ports "$1"
    check_apt "$1"
    if [ -n "$JSON" ]; then check_json "$1"; else check_text "$1"; fi
    [ ${#REASONS[@]} = 0 ] || exit 2
}

check_root() {
    [ "$(id -u)" = 0 ] ||
        reason not-root 'it installs packages and starts daemons of other users' 'run it as root (sudo)'
}

# The host's own packages are Zed: anything else would be another release, or none.
check_distribution() {
    local id=unknown codename=''
    # shellcheck source=/dev/null
    read -r id codename < <(. /etc/os-release; echo "${ID:-unknown} ${VERSION_CODENAME:-}") || true
    [ "$id $codename" = "debian $OWN_SUITE" ] ||
        reason not-debian-12 "this is $id $codename; the lab (every release of it) is proven on Debian 12 only" \
            'use a machine, a virtual machine or a container of Debian 12'
}

check_suite() {
    local other
    if [ -n "$SUITE" ] && [ "$1" = full ]; then
        reason full-elsewhere "--only full exists for the host's own release only, not for $SUITE" \
            "lab up --suite $SUITE"
    fi
    case $SUITE in trixie) other=hop ;; hop) other=trixie ;; *) return 0 ;; esac
    [ -z "$(running_daemons "lab-$other")" ] ||
        reason suite-conflict "lab-$other is running, and has the same ports and data" "lab down --suite $other"
}

check_lock() {
    [ "$WAIT" != 0 ] || ! locked ||
        reason locked "another lab command is at work (process $(lock_holder))" \
            "wait for it, or say: --wait SECONDS"
}

running_daemons() {  # running_daemons PLANE [PART]
    local name
    for name in $(daemons "$1"); do
        [ -z "${2:-}" ] || [ "$(part_of "$name")" = "$2" ] || continue
        ! running "$name" >/dev/null || echo "$name"
    done
}

check_memory() {
    local need=0 free
    [ -n "$(running_daemons "$PLANE" core)" ] || case $SUITE in roll) need=9 ;; *) need=6 ;; esac
    [ "$1" = core ] || [ -n "$(running_daemons "$PLANE" full)" ] || need=$((need + 4))
    free=$(awk '$1 == "MemAvailable:" {print $2}' /proc/meminfo)
    [ "$free" -ge $((need * GIB)) ] ||
        reason memory "$((free / GIB)) GiB of memory are free; $1 of $PLANE needs $need GiB" \
            'stop something (lab down --suite SUITE, lab down --only full), or use a larger machine'
}

check_disk() {
    local need=1 free suite where=$LAB_DIR
    [ -e "$LAB_DIR/stamps/$PLANE-$(packages_stamp core)" ] || need=3
    for suite in $(suites_of "$SUITE"); do [ -e "$LAB_DIR/stamps/lab-$suite-debootstrap" ] || need=$((need + 4)); done
    while [ ! -d "$where" ]; do where=$(dirname "$where"); done
    free=$(df -Pk "$where" | awk 'NR == 2 {print $4}')
    [ "$free" -ge $((need * GIB)) ] ||
        reason disk "$((free / GIB)) GiB are free in $where; $1 of $PLANE needs $need GiB" \
            'free some, or choose another directory: LAB_DIR=...'
}

# Without ss or lsof, which a fresh machine may lack: the kernel's own tables.
check_ports() {
    local names=("${!SHARED_PORT[@]}" "${!CORE_PORT[@]}") name port inode owner
    [ "$1" = core ] || names+=("${!FULL_PORT[@]}")
    declare -A listening owners
    while read -r port inode; do listening[$((16#$port))]=$inode; done < <(
        awk '$4 == "0A" {sub(/.*:/, "", $2); print $2, $10}' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
    while read -r name inode; do owners[$inode]+="$name "; done < <(
        find /proc/[0-9]*/fd -lname 'socket:*' -printf '%h %l\n' 2>/dev/null |
            sed -E 's,^/proc/([0-9]+)/fd socket:\[([0-9]+)\]$,\1 \2,')
    for name in "${names[@]}"; do
        port=$(port "$name") inode=${listening[$port]:-}
        [ -n "$inode" ] || continue
        owner=${owners[$inode]:-}
        is_ours "${owner%% *}" ||
            reason port-in-use "port $port ($name) is in use by $(describe_process "${owner%% *}")" \
                'stop that program, or move the lab: LAB_PORT_OFFSET=2000'
    done
}
# is_ours PID : of the session of one of our daemons
is_ours() {
    local session name
    [ -n "$1" ] && session=$(session_of "$1") || return 1
    for name in $(daemons); do [ "$(running "$name")" != "$session" ] || return 0; done
    return 1
}
session_of() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f4; }
describe_process() {
    [ -n "$1" ] || { echo 'a process that cannot be seen from here'; return; }
    echo "process $1 ($(tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | cut -c1-60))"
}

# Only where something is still to be installed; `apt-get update` also fills empty lists.
check_apt() {
    local log missing='' mirror suite
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
    [ -e "$LAB_DIR/stamps/lab-$(packages_stamp infra)" ] || missing=1
    [ -n "$SUITE" ] || [ -e "$LAB_DIR/stamps/lab-$(packages_stamp core)" ] || missing=1
    [ "$1" = core ] || [ -e "$LAB_DIR/stamps/lab-$(packages_stamp full)" ] || missing=1
    if [ -n "$missing" ]; then
        log=$(apt-get update -q -o APT::Update::Error-Mode=any -o Acquire::Retries=1 \
            -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 2>&1) || {
            # Another program reads the lists just now, and installing waits for it.
            ! grep -q '^E: Could not get lock' <<<"$log" || return 0
            reason apt-unreachable "apt-get update failed: $(grep -m1 '^E:' <<<"$log" || tail -1 <<<"$log")" \
                'make apt reach a Debian mirror (/etc/apt/sources.list.d), then try again'
            return 0
        }
    fi
    for suite in $(suites_of "$SUITE"); do
        [ ! -e "$LAB_DIR/stamps/lab-$suite-debootstrap" ] || continue
        mirror=$(own_mirror)
        [ -n "$mirror" ] && apt_has "${mirror%/}/dists/$suite/Release" ||
            reason suite-unreachable "apt's mirror of $OWN_SUITE does not offer $suite" \
                "use a mirror that carries $suite as well"
    done
}
apt_has() {
    local file
    file=$(mktemp -u)
    /usr/lib/apt/apt-helper download-file "$1" "$file" >/dev/null 2>&1 && rm -f "$file"
}

check_text() {
    local i
    if [ ${#REASONS[@]} = 0 ]; then say "check: $1 of $PLANE can run here"; return; fi
    say "$1 of $PLANE cannot run here:"
    for ((i = 0; i < ${#REASONS[@]}; i += 3)); do
        printf '  %-18s %s\n  %-18s remedy: %s\n' "${REASONS[i]}" "${REASONS[i + 1]}" '' "${REASONS[i + 2]}" >&2
    done
}
check_json() {
    local i items=() can=true
    for ((i = 0; i < ${#REASONS[@]}; i += 3)); do
        can=false
        items+=("{\"code\":$(json_string "${REASONS[i]}"),\"because\":$(json_string "${REASONS[i + 1]}"),\"remedy\":$(json_string "${REASONS[i + 2]}")}")
    done
    printf '{"canRun":%s,"only":"%s","controlPlane":"%s","reasons":%s}\n' \
        $can "$1" "$PLANE" "$(json_list ${items[@]+"${items[@]}"})"
}
