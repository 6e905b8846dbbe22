# shellcheck shell=bash
# A control plane (PLANE) is one OpenStack release that runs here. The host's own Debian
# release carries one; every other lives in a chroot of the Debian suite that carries it.
# They share the network of the host, MariaDB and RabbitMQ, each with ports, databases and a
# vhost of its own.

OWN_SUITE=bookworm

known_suite() {
    case $1 in
        "$OWN_SUITE") ;;
        bullseye | trixie | forky | hop | roll) echo "$1" ;;
        *) usage_error "unknown suite $1: bullseye, $OWN_SUITE, trixie, forky, hop or roll" ;;
    esac
}
suite_of_release() {
    case $1 in
        zed) ;;
        victoria) echo bullseye ;;
        epoxy | 2025.1) echo trixie ;;
        gazpacho | 2026.1) echo forky ;;
        *) usage_error "no Debian suite is known for $1: victoria, zed, epoxy (2025.1) or gazpacho (2026.1)" ;;
    esac
}
release_of_suite() {
    case $1 in
        '') echo zed ;;
        bullseye) echo victoria ;;
        trixie) echo 2025.1 ;;
        forky | hop) echo 2026.1 ;;
        roll) echo '2025.1 to 2026.1' ;;
    esac
}

# All below 32768, where the kernel begins to hand ports out to clients: a service
# could find its own port taken by somebody's connection.
suite_offset() {
    case $1 in
        '') echo 0 ;;
        roll) echo 5000 ;;
        trixie | hop) echo 10000 ;;  # a hop is trixie's data: never both at once
        forky) echo 15000 ;;
        bullseye) echo 20000 ;;
    esac
}

# choose_plane SUITE : from here on, everything is about this control plane
choose_plane() {
    SUITE=$1
    CONTROLLERS=('')
    case $1 in  # CODE: the suite whose programs it runs
        hop) CODE=forky ;;
        roll) CODE=$ROLL_FROM CONTROLLERS=("${ROLL_HOSTS[@]}") ;;
        *) CODE=$1 ;;
    esac
    PLANE=lab${SUITE:+-$SUITE}
    ROOT=${CODE:+$LAB_DIR/root-$CODE}
    PLANE_OFFSET=$((LAB_PORT_OFFSET + $(suite_offset "$SUITE")))
    BASE=$LAB_DIR/$PLANE ETC=$LAB_DIR/$PLANE/etc DATA=$LAB_DIR/$PLANE/data LOGS=$LAB_DIR/logs/$PLANE
    release_differences
}

# suites_of SUITE : those whose programs it runs; none for the host's own
suites_of() {
    case $1 in
        hop) echo forky ;;
        roll) echo "$ROLL_FROM $ROLL_TO" ;;
        *) echo "$1" ;;
    esac
}

# must_be_down SUITE : hop and trixie have the same ports
must_be_down() {
    local name
    for name in $(daemons "lab-$1"); do
        ! running "$name" >/dev/null || die "lab-$1 is running; first: lab down --suite $1"
    done
}
