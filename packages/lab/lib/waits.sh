# shellcheck shell=bash
# The lab waits for states, each with a deadline; it never sleeps and hopes.

wait_for() {  # wait_for SECONDS WHAT COMMAND...
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $deadline ] || die "$what: not ready in time; see $LAB_DIR/logs"
        sleep 0.3
    done
}
listening() { (exec 3<>"/dev/tcp/$IP/$1") 2>/dev/null; }

# answers URL : an HTTP answer, even a 401; but no 5xx
answers() {
    local status
    status=$(curl -s -o /dev/null -m 10 -w '%{http_code}' "$1") || return 1
    [ "$status" -ge 100 ] && [ "$status" -lt 500 ]
}
wait_for_api() { wait_for 90 "$1" answers "$(base_url "$1")${2:-/}"; }  # wait_for_api PORT-NAME [PATH]
