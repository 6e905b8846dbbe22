# shellcheck shell=bash disable=SC2086  # $T is one word
note 'host failure'
DEAD=$(host)
smoke_segment() {
    local old uuid h
    # A host belongs to one segment: those of an aborted run go first.
    for old in $(admin segment list -f value -c uuid -c name | awk '$2 ~ /^smoke-/ {print $1}'); do
        for uuid in $(admin segment host list "$old" -c uuid -f value); do admin segment host delete "$old" "$uuid"; done
        admin segment delete "$old"
    done
    step 'masakari segment' admin segment create $T auto COMPUTE -c uuid -f value
    for h in $(seq -f 'compute-%g' "$LAB_COMPUTES"); do
        step "masakari host $h" admin segment host create "$h" COMPUTE SSH $T -c uuid -f value
    done
}
notification() { admin notification list -c status -f value | head -1; }

! offers instance-ha || smoke_segment
step "kill nova-compute of $DEAD" stop "$PLANE.$DEAD"
step "$DEAD is down" is down 60 admin compute service list --host "$DEAD" --service nova-compute -c State
if offers instance-ha; then
    step 'masakari notification: host stopped' admin notification create COMPUTE_HOST "$DEAD" \
        "$(date -u +%Y-%m-%dT%H:%M:%S)" '{"event": "STOPPED", "cluster_status": "OFFLINE", "host_status": "NORMAL"}' -c notification_uuid -f value
    step 'masakari notification is finished' becomes finished 300 notification
    step 'masakari disabled the host' is disabled 10 admin compute service list --host "$DEAD" --service nova-compute -c Status
else
    asks 'server evacuate' "no attribute 'to_dict'" admin --os-compute-api-version 2.29 server evacuate "$SID"
fi
moved() { local now; now=$(host); [ "$now" != "$DEAD" ] && echo moved; }
step 'evacuation moved it' becomes moved 60 moved
step 'evacuated server is ACTIVE' is ACTIVE 90 admin server show "$SID" -c status
note "the server was on $DEAD and is on $(host)"
step "start nova-compute of $DEAD" start_again "$PLANE.$DEAD"
step "$DEAD is up" is up 60 admin compute service list --host "$DEAD" --service nova-compute -c State
admin compute service set --enable "$DEAD" nova-compute 2>/dev/null
