# shellcheck shell=bash disable=SC2086  # $T is one word
note 'clean up'
step 'server delete' member server delete --wait $T $T-bfv
step 'volume delete' member volume delete $T-from-snapshot $T-from-image
member volume backup delete $T
step 'backup is gone' becomes gone 30 gone member volume backup show $T
step 'volume snapshot delete' member volume snapshot delete $T
step 'snapshot is gone' becomes gone 30 gone member volume snapshot show $T
step 'volume delete (with former snapshot)' member volume delete $T
member floating ip delete "$FIP"
step 'router clear' member router remove subnet $T $T
member router delete $T
member network delete $T
member security group delete $T
member image delete $T $T-snap
admin flavor delete $T
if offers instance-ha; then
    for uuid in $(admin segment host list $T -c uuid -f value); do admin segment host delete $T "$uuid"; done
    step 'masakari segment delete' admin segment delete "$(admin segment show $T -c uuid -f value)"
fi
