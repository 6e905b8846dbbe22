# shellcheck shell=bash disable=SC2086  # $T is one word
offers load-balancer || return 0
note 'load balancer'
step 'loadbalancer create' member loadbalancer create --name $T --vip-subnet-id $T -c id -f value
step 'loadbalancer is ACTIVE' is ACTIVE 60 member loadbalancer show $T -c provisioning_status
step 'loadbalancer delete' member loadbalancer delete --cascade $T
