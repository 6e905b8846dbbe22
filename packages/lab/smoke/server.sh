# shellcheck shell=bash disable=SC2086  # $T is one word
note 'server'
step 'server create --wait' member server create --image $T --flavor $T --network $T --security-group $T --wait $T -c status -f value
step 'port ACTIVE' is ACTIVE 20 member port list --server $T -c status
step 'floating ip: associate' member server add floating ip $T "$FIP"
step 'floating ip: ACTIVE' is ACTIVE 20 member floating ip show "$FIP" -c status
step 'server stop' member server stop $T
step 'server is SHUTOFF' is SHUTOFF 30 member server show $T -c status
step 'server start' member server start $T
step 'server is ACTIVE' is ACTIVE 30 member server show $T -c status
step 'server reboot --hard --wait' member server reboot --hard --wait $T
step 'server console log' member console log show $T
step 'server console url (vnc)' member console url show --novnc $T -c url -f value
