# shellcheck shell=bash disable=SC2086  # $T is one word
note 'compute administration'
SID=$(member server show $T -c id -f value)  # the admin would look a name up in its own project only
host() { admin server show "$SID" -c OS-EXT-SRV-ATTR:host -f value; }
step 'compute services are up' is "$(for ((i = 0; i < LAB_COMPUTES; i++)); do echo up; done)" 30 \
    admin compute service list --service nova-compute -c State
HOST_BEFORE=$(host)
note "the server is on $HOST_BEFORE"
step 'live migration' admin server migrate --live-migration --wait "$SID"
HOST_AFTER=$(host)
note "the server is on $HOST_AFTER"
step 'live migration moved it' test "$HOST_BEFORE" != "$HOST_AFTER"
step 'cold migration' admin server migrate --wait "$SID"
step 'server is VERIFY_RESIZE' is VERIFY_RESIZE 60 admin server show "$SID" -c status
step 'migration confirm' admin server migrate confirm "$SID"
step 'server is ACTIVE again' is ACTIVE 60 admin server show "$SID" -c status
note "the server is on $(host)"
step 'resize' member server resize --flavor m1.nano --wait $T
step 'resize confirm' member server resize confirm $T
step 'server is ACTIVE after resize' is ACTIVE 60 admin server show "$SID" -c status
OTHER=$(seq -f 'compute-%g' "$LAB_COMPUTES" | grep -vx "$(host)" | head -1)
step "compute service disable ($OTHER)" admin compute service set --disable --disable-reason smoke "$OTHER" nova-compute
step 'is disabled' is disabled 10 admin compute service list --host "$OTHER" --service nova-compute -c Status
step "compute service enable ($OTHER)" admin compute service set --enable "$OTHER" nova-compute
