# shellcheck shell=bash
# lab smoke : exercise a running control plane with the openstack command, as its member and
# as its admin: a client that is not ours, so that a failure is the lab's. The steps are in
# smoke/*.sh; one line each, and exit 1 if any failed.

smoke() {
    local part
    [ -e "$LAB_DIR/clouds.yaml" ] || die 'nothing is up; first: lab up'
    export OS_CLIENT_CONFIG_FILE=$LAB_DIR/clouds.yaml
    set +e  # a failed step is counted, not fatal
    FAILED=0 PASSED=0
    T=smoke-$$  # the name of everything that is made
    TMP=$(mktemp -d)
    trap 'rm -rf "$TMP"' EXIT
    SERVICES=''
    if [ -n "$(running_daemons "$PLANE" full)" ]; then
        SERVICES=" $(admin service list -f value -c Type | tr '\n' ' ') "
    fi
    for part in identity network server volume compute_administration host_failure \
        object_store key_manager orchestration telemetry load_balancer notifications clean_up; do
        # shellcheck source=/dev/null
        . "$HERE/smoke/$part.sh"
    done
    say "smoke of $PLANE: $PASSED passed, $FAILED failed, in $SECONDS s"
    [ "$FAILED" = 0 ] || exit 1
}

member() { OS_CLOUD=$PLANE-member openstack "$@"; }
admin() { OS_CLOUD=$PLANE-admin openstack "$@"; }
offers() { [[ $SERVICES == *" $1 "* ]]; }  # one of the further services: is it there?
note() { printf '     %s\n' "$*"; }

step() {  # step WHAT COMMAND...
    local what=$1 begin=$SECONDS out
    shift
    if out=$("$@" 2>"$TMP/err"); then
        PASSED=$((PASSED + 1))
        printf 'PASS %-46s %4ss  %s\n' "$what" $((SECONDS - begin)) "$(tail -1 <<<"$out" | cut -c1-90)"
    else
        FAILED=$((FAILED + 1))
        printf 'FAIL %-46s %4ss  %s %s\n' "$what" $((SECONDS - begin)) "$(tail -1 "$TMP/err" | cut -c1-300)" "${out:0:120}"
        return 1
    fi
}

# asks WHAT ERROR COMMAND... : a step whose command, in Debian 12's client, makes its request
# and then fails with ERROR on the answer. The next steps see the effect.
asks() {
    local what=$1 error=$2
    shift 2
    step "$what" request_made "$error" "$@"
}
request_made() {
    local error=$1
    shift
    "$@" 2>"$TMP/asked" && return
    grep -q "$error" "$TMP/asked" || { cat "$TMP/asked" >&2; return 1; }
    echo "asked; the client then: $(tail -1 "$TMP/asked")"
}

# becomes VALUE SECONDS COMMAND... : what the command prints comes to be VALUE
becomes() {
    local want=$1 deadline=$((SECONDS + $2)) got
    shift 2
    while got=$("$@" 2>&1); [ "$got" != "$want" ]; do
        case $got in ERROR | error) break ;; esac
        [ $SECONDS -lt $deadline ] || break
        sleep 1
    done
    [ "$got" = "$want" ] && echo "$got" || { echo "is '$got', not '$want'"; return 1; }
}
is() { becomes "$@" -f value; }
gone() { ! "$@" >/dev/null 2>&1 && echo gone; }
