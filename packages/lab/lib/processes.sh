# shellcheck shell=bash
# Daemons without systemd. Each leads a session of its own and is known by its process id
# *and* the time that this process started: a process id that the kernel gave to somebody
# else meanwhile is never taken for ours.

# daemons [PLANE] : the names of all that were ever started, or those of one control plane
daemons() {
    local file name
    for file in "$LAB_DIR"/run/*.cmd; do
        [ -e "$file" ] || continue
        name=${file##*/} name=${name%.cmd}
        [ -z "${1:-}" ] || [ "${name%%.*}" = "$1" ] || continue
        echo "$name"
    done
}

# daemon_name NAME : "keystone" is the one of the chosen control plane
daemon_name() {
    [ -n "$1" ] || die 'which daemon? see: lab status'
    case $1 in *.*) set -- "$1" ;; *) set -- "$PLANE.$1" ;; esac
    [ -e "$LAB_DIR/run/$1.cmd" ] || die "no such daemon: $1 (see: lab status)"
    echo "$1"
}

# part_of NAME : infra, core or full. Daemons are named after their service.
part_of() {
    local short=${1#*.}
    case $1 in
        infra.*) echo infra ;;
        *) case " ${FULL_SERVICES[*]} " in *" ${short%%-*} "*) echo full ;; *) echo core ;; esac ;;
    esac
}

# running NAME : print its process id, or fail
running() {
    local pid='' began='' stat
    { read -r pid began <"$LAB_DIR/run/$1.pid"; } 2>/dev/null || return 1
    # Not $(<file): under `set -e` a missing file would end the whole command.
    { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || return 1
    # shellcheck disable=SC2086  # split into fields; the first two may contain anything
    set -- ${stat##*) }
    [ "$1" != Z ] && [ "${20}" = "$began" ] || return 1
    echo "$pid"
}

# start NAME COMMAND... : from now on this is NAME; one that runs is left alone. The command
# is kept, so that `lab start NAME` can repeat it.
start() {
    local name=$1
    shift
    ! running "$name" >/dev/null || return 0
    printf '%q ' "$@" >"$LAB_DIR/run/$name.cmd"
    start_again "$name"
}

# The new process records itself and then becomes the daemon: there is no moment at which
# it runs and is not known.
# shellcheck disable=SC2016
BECOME='stat=$(<"/proc/$$/stat"); set -- "$1" "$2" ${stat##*) }
    echo "$$ ${22}" >"$1.new"; mv "$1.new" "$1"; eval "exec $(<"$2")"'
start_again() {
    local name=$1 record=$LAB_DIR/run/$1.pid tries
    ! running "$name" >/dev/null || return 0
    mkdir -p "$LAB_DIR/logs/${name%%.*}"
    rm -f "$record"
    # Not the lock (9): it would be held as long as the daemon lives. Nor the caller's folder, which may be gone one day:
    # Erlang dies of that.
    (cd "$LAB_DIR" && exec setsid bash -c "$BECOME" _ "$record" "$LAB_DIR/run/$name.cmd") \
        >>"$LAB_DIR/logs/${name%%.*}/${name#*.}.out" 2>&1 </dev/null 9>&- &
    for tries in $(seq 500); do
        [ ! -e "$record" ] || return 0
        sleep 0.02
    done
    die "$name: could not be started ($tries tries)"
}

# stop NAME... : all at once, with one deadline. Then whatever is left of their process
# groups is killed: workers whose master is gone, and a daemon that would not end.
stop() {
    local name pid deadline=$((SECONDS + 10))
    local -A pids=()
    for name in "$@"; do
        pid=$(running "$name") || continue
        pids[$name]=$pid
        case $name in
            # Erlang's helper processes are not to end before it.
            infra.*) kill -TERM "$pid" 2>/dev/null || true; deadline=$((SECONDS + 30)) ;;
            # A master that ends would wait for its workers' requests.
            *) kill -TERM -- "-$pid" 2>/dev/null || true ;;
        esac
    done
    for name in "${!pids[@]}"; do
        while running "$name" >/dev/null && [ $SECONDS -lt $deadline ]; do sleep 0.1; done
        kill -KILL -- "-${pids[$name]}" 2>/dev/null || true
    done
    for name in "$@"; do rm -f "$LAB_DIR/run/$name.pid"; done
}
