# shellcheck shell=bash
# Suite roll : a control plane that begins with Epoxy's programs (suite trixie) and is taken to forky's in place, service by
# service, while it serves. It has databases, files and a vhost of its own, and two controllers: two processes of each API behind
# HAProxy, two conductors and schedulers. A chroot is to it what an image is to a deployer of containers: to install a release on a
# host is to say whose code a service is started with there from its next start on.

ROLL_FROM=trixie ROLL_TO=forky
ROLL_HOSTS=(ctl-1 ctl-2)

# use_code SUITE : from here on the programs of that suite, of the same control plane
use_code() {
    CODE=$1 ROOT=$LAB_DIR/root-$1
    release_differences
}

# Both chroots, and the balancer on the host.
roll_packages() {
    local suite
    [ ! -d "$BASE/code" ] || die "$PLANE has been rolled; first: lab destroy --suite roll"
    (choose_plane ''; wants balancer)
    for suite in "$ROLL_FROM" "$ROLL_TO"; do
        (choose_plane "$suite"; make_layout; provide_packages core)
        use_code "$suite"
        mount_chroot
    done
    use_code "$ROLL_FROM"
}

# lab code SERVICE@HOST [SUITE] : tells, or says, whose code it is started with there
code() {
    [[ ${1:-} =~ ^[a-z]+@[a-z0-9-]+$ ]] || usage_error "SERVICE@HOST, such as nova@ctl-1, not '${1:-}'"
    case ${2:-} in
        '') code_of "$1" ;;
        "$ROLL_FROM" | "$ROLL_TO")
            [ -d "$BASE" ] || die 'first: lab up --suite roll'
            mkdir -p "$BASE/code"
            echo "$2" >"$BASE/code/$1.new"
            mv "$BASE/code/$1.new" "$BASE/code/$1" ;;
        *) usage_error "$ROLL_FROM or $ROLL_TO, not '$2'" ;;
    esac
}
code_of() { cat "$BASE/code/$1" 2>/dev/null || echo "$ROLL_FROM"; }

# lab tool SERVICE@HOST COMMAND... : a program of that code, with its configuration
code_tool() {
    [ $# -ge 2 ] || usage_error 'tool needs SERVICE@HOST and a command'
    local suite
    suite=$(code "$1") || exit $?
    shift
    use_code "$suite"
    tool "$@"
}

# begin NAME : `start_again`, but a daemon of roll by the code that its service has on its host now
begin() {
    case $1 in
        *.memcached | *.balancer) start_again "$1" ;;
        lab-roll.*) (choose_plane roll; roll_begin "${1#*.}") ;;
        *) start_again "$1" ;;
    esac
}
roll_begin() {
    local service=${1%%[-@]*}
    case $1 in compute-*) service=nova ;; esac
    ONLY_DAEMON=$1
    use_code "$(code_of "$service@$(host_of "$1")")"
    case $1 in
        compute-*) nova_start_computes ;;
        neutron-agents) neutron_start_agents ;;
        *) "${service}_start" ;;
    esac
}
# host_of DAEMON : what there is one of is on the first controller
host_of() {
    case $1 in
        *@*) echo "${1#*@}" ;;
        compute-*) echo "$1" ;;
        neutron-agents) echo lab-network ;;
        *) echo "${ROLL_HOSTS[0]}" ;;
    esac
}
