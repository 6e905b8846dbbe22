# shellcheck shell=bash disable=SC2086  # $T is one word
note 'image, flavor, network'
head -c 1048576 /dev/zero >"$TMP/image"
step 'image create' member image create --container-format bare --disk-format raw --file "$TMP/image" $T -c status -f value
step 'flavor create' admin flavor create --ram 64 --disk 1 --vcpus 1 $T -c id -f value
step 'network create' member network create $T -c id -f value
step 'subnet create' member subnet create --network $T --subnet-range 10.9.0.0/24 $T -c id -f value
step 'security group create' member security group create $T -c id -f value
step 'security group rule: allow all ingress' member security group rule create --ingress --protocol any --remote-ip 0.0.0.0/0 $T -c id -f value
step 'router create' member router create $T --external-gateway public -c id -f value
step 'router: to the subnet' member router add subnet $T $T
step 'floating ip create' member floating ip create public -c floating_ip_address -f value
FIP=$(member floating ip list -c 'Floating IP Address' -f value | tail -1)
