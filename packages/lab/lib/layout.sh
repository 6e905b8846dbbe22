# shellcheck shell=bash
# Everything the lab writes is under LAB_DIR:
#
#   clouds.yaml  password  lock
#   run/NAME.pid, NAME.cmd      daemons: process id and start time; command
#   stamps/                     steps that are done and need not be done again
#   infra/                      MariaDB's and RabbitMQ's data
#   PLANE/etc, PLANE/data       one control plane each: lab, lab-trixie, ...
#   logs/PLANE/*.log            what a daemon logs (*.out: what it prints)
#   root-SUITE/                 the chroot of another Debian release
#   py/                         a copy of our Python parts, visible in every chroot

make_layout() {
    mkdir -p "$LAB_DIR"/{run,stamps,py} "$LOGS" "$ETC" "$DATA"
    # Daemons of other users (mysql, nobody) pass through it.
    chmod 755 "$LAB_DIR"
    cp -f "$HERE"/py/*.py "$LAB_DIR/py/"
}

# One random password for all users, the database and the bus.
read_password() {
    if [ ! -s "$LAB_DIR/password" ]; then
        (umask 077; od -An -N10 -tx1 /dev/urandom | tr -d ' \n' >"$LAB_DIR/password")
    fi
    PASSWORD=$(<"$LAB_DIR/password")
}

# Only one command at a time may change the lab. The lock lives as long as this process (and
# the setup steps that it runs beside itself); the file says who has it, and what is changed.
take_lock() {  # take_lock CONTROL-PLANE|all
    exec 9>>"$LAB_DIR/lock"
    flock -w "$WAIT" 9 || die "another lab command is at work (process $(lock_holder))"
    echo "$$ $1" >"$LAB_DIR/lock"
}
locked() { [ -e "$LAB_DIR/lock" ] && ! flock -n "$LAB_DIR/lock" true; }
lock_holder() { local pid=''; read -r pid _ <"$LAB_DIR/lock" || true; echo "${pid:-unknown}"; }
lock_subject() { local subject=''; read -r _ subject <"$LAB_DIR/lock" || true; echo "${subject:-all}"; }

# once STEP COMMAND... : run it unless it succeeded before, for this control plane
once() {
    local stamp=$LAB_DIR/stamps/$PLANE-$1
    shift
    [ -e "$stamp" ] || { "$@" && touch "$stamp"; }
}
done_before() { [ -e "$LAB_DIR/stamps/$PLANE-$1" ]; }

# logged COMMAND... : a setup step, its output in a log of its own. A step chains its
# commands with `&&`: `set -e` does not act within it.
logged() {
    local log=$LOGS/setup-$1.log
    "$@" >>"$log" 2>&1 || { say "$1 failed; see $log"; return 1; }
}
