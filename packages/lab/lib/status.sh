# shellcheck shell=bash
# lab status : a table for people, JSON for programs (src/status.ts reads it).

declare -A PROCESS_START PROCESS_STATE SESSION_KIB DAEMON_PID

# One look at all processes, rather than one for each daemon.
look_at_processes() {
    local pid state session began kib
    while read -r pid state session began kib; do
        PROCESS_START[$pid]=$began PROCESS_STATE[$pid]=$state
        SESSION_KIB[$session]=$((${SESSION_KIB[$session]:-0} + kib))
    done < <(cat /proc/[0-9]*/stat 2>/dev/null |
        awk -v page=$(($(getconf PAGESIZE) / 1024)) '{
            pid = $1; sub(/.*\) /, ""); print pid, $1, $4, $20, $22 * page}')
    local name began_then
    for name in $(daemons); do
        { read -r pid began_then <"$LAB_DIR/run/$name.pid"; } 2>/dev/null || continue
        [ "${PROCESS_START[$pid]:-}" = "$began_then" ] && [ "${PROCESS_STATE[$pid]}" != Z ] || continue
        DAEMON_PID[$name]=$pid
    done
}

status() {
    look_at_processes
    if [ -n "$JSON" ]; then status_json; else status_table; fi
}

status_table() {
    local name pid kib total=0 row='%-30s %-5s %-5s %6s %8s %9s\n'
    # shellcheck disable=SC2059
    printf "$row" NAME PART STATE PORT PID 'RSS MiB'
    for name in $(daemons); do
        pid=${DAEMON_PID[$name]:-}
        kib=${SESSION_KIB[${pid:-none}]:-0} total=$((total + kib))
        # shellcheck disable=SC2059
        printf "$row" "$name" "$(part_of "$name")" "$([ -n "$pid" ] && echo up || echo down)" \
            "$(daemon_port "$name")" "${pid:--}" $((kib / 1024))
    done
    # shellcheck disable=SC2059
    printf "$row" total '' '' '' '' $((total / 1024))
    ! locked || echo "(another lab command is at work: process $(lock_holder))"
}

status_json() {
    local name pid daemons=() planes=() busy=null clouds=null
    for name in $(daemons); do
        pid=${DAEMON_PID[$name]:-}
        daemons+=("$(printf '{"name":"%s","controlPlane":"%s","part":"%s","state":"%s","pid":%s,"port":%s,"rssKiB":%s}' \
            "$name" "${name%%.*}" "$(part_of "$name")" "$([ -n "$pid" ] && echo up || echo down)" \
            "${pid:-null}" "$(null_if_empty "$(daemon_port "$name")")" "${SESSION_KIB[${pid:-none}]:-0}")")
    done
    for name in $(daemons | grep -v '^infra\.' | cut -d. -f1 | sort -u); do planes+=("$(plane_json "$name")"); done
    ! locked || busy=$(json_string "$(lock_subject)")
    [ ! -e "$LAB_DIR/clouds.yaml" ] || clouds=$(json_string "$LAB_DIR/clouds.yaml")
    printf '{"directory":%s,"cloudsYaml":%s,"logs":%s,"busyWith":%s,"controlPlanes":%s,"daemons":%s}\n' \
        "$(json_string "$LAB_DIR")" "$clouds" "$(json_string "$LAB_DIR/logs")" "$busy" \
        "$(json_list ${planes[@]+"${planes[@]}"})" "$(json_list ${daemons[@]+"${daemons[@]}"})"
}
null_if_empty() { echo "${1:-null}"; }

plane_json() {  # plane_json PLANE
    (
        suite=${1#lab} suite=${suite#-}
        choose_plane "$suite"
        printf '{"name":"%s","suite":"%s","release":"%s","authUrl":"%s","core":"%s","full":"%s"}' \
            "$PLANE" "${SUITE:-$OWN_SUITE}" "$(release_of_suite "$SUITE")" "$(auth_url)" \
            "$(part_state core bootstrap-after)" "$(part_state full full-ready)"
    )
}

# part_state PART STAMP : up (all of it, and set up to the end), partial, or down. A daemon
# that a test stopped makes its part partial.
part_state() {
    local name known=0 up=0
    for name in $(daemons "$PLANE"); do
        [ "$(part_of "$name")" = "$1" ] || continue
        known=$((known + 1))
        [ -z "${DAEMON_PID[$name]:-}" ] || up=$((up + 1))
    done
    if [ $up = 0 ]; then echo down
    elif [ $up = $known ] && done_before "$2" && [ -n "${DAEMON_PID[infra.mariadb]:-}" ]; then echo up
    else echo partial
    fi
}
