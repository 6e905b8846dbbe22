# shellcheck shell=bash
# Who listens where (on 127.0.0.1). The services of a control plane move by its offset;
# what all control planes share moves by LAB_PORT_OFFSET only.

declare -A SHARED_PORT=(
    [mariadb]=3306 [rabbitmq]=5672 [rabbitmq-mgmt]=15672 [rabbitmq-dist]=25672 [epmd]=4369)
declare -A CORE_PORT=(
    [keystone]=5000 [placement]=8778 [glance]=9292 [nova]=8774 [neutron]=9696 [cinder]=8776
    [memcached]=11211)
declare -A FULL_PORT=(
    [swift]=8080 [swift-account]=6202 [swift-container]=6201 [swift-object]=6200
    [heat]=8004 [barbican]=9311 [masakari]=15868 [gnocchi]=8041 [aodh]=8042 [octavia]=9876
    [haproxy-keystone]=5050 [haproxy-stats]=5051 [haproxy-tls]=5443 [haproxy-swift-tls]=8443)
# Named in console URLs; nobody listens there.
declare -A UNUSED_PORT=([novnc]=6080)

port() {
    local standard=${SHARED_PORT[$1]:-}
    if [ -n "$standard" ]; then echo $((standard + LAB_PORT_OFFSET)); return; fi
    standard=${CORE_PORT[$1]:-${FULL_PORT[$1]:-${UNUSED_PORT[$1]:-}}}
    [ -n "$standard" ] || die "no port is known for $1"
    echo $((standard + PLANE_OFFSET))
}
# replica_port NAME HOST : of one of several processes behind a load balancer, which has the port itself
replica_port() {
    local offset=0
    case $2 in ctl-1) offset=100 ;; ctl-2) offset=200 ;; esac
    echo $(($(port "$1") + offset))
}
base_url() { echo "http://$IP:$(port "$1")"; }

# daemon_port NAME : of a daemon as `lab status` names it; nothing if it has none
daemon_port() {
    local short=${1#*.} host=''
    [[ $short != *@* ]] || host=${short#*@} short=${short%@*}
    case $short in
        swift-proxy) short=swift ;;
        haproxy) short=haproxy-keystone ;;
        *-api) short=${short%-api} ;;
    esac
    [ -n "${SHARED_PORT[$short]:-}${CORE_PORT[$short]:-}${FULL_PORT[$short]:-}" ] || return 0
    local PLANE_OFFSET suite=''
    case $1 in lab-*) suite=${1#lab-} suite=${suite%%.*} ;; esac
    PLANE_OFFSET=$((LAB_PORT_OFFSET + $(suite_offset "$suite")))
    replica_port "$short" "$host"
}
