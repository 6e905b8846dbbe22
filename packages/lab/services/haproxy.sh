# shellcheck shell=bash
# HAProxy: two names for one Keystone, so that a test can take either out of service; over
# HTTP and (self-signed) TLS. Swift over TLS: clients of S3 sign no body then, which Swift
# understands. Other services have back ends that are watched only.

HAPROXY_PACKAGES=(haproxy openssl)

haproxy_configure() {
    local etc=$ETC/haproxy
    mkdir -p "$etc" "$DATA/haproxy"
    if [ ! -s "$etc/tls.pem" ]; then
        openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=localhost \
            -addext "subjectAltName=DNS:localhost,IP:$IP" -keyout "$etc/tls.key" -out "$etc/tls.crt" 2>/dev/null
        (umask 077; cat "$etc/tls.crt" "$etc/tls.key" >"$etc/tls.pem")
    fi
    cat >"$etc/haproxy.cfg" <<C
global
    maxconn 500
    stats socket $DATA/haproxy/stats.sock mode 600 level admin
    stats timeout 30s
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    option httplog
frontend keystone
    bind $IP:$(port haproxy-keystone)
    bind $IP:$(port haproxy-tls) ssl crt $etc/tls.pem
    http-request set-header X-Forwarded-Proto https if { ssl_fc }
    default_backend keystone
backend keystone
    balance roundrobin
    option httpchk GET /v3
    server keystone-1 $IP:$(port keystone) check inter 5s
    server keystone-2 $IP:$(port keystone) check inter 5s
frontend swift
    bind $IP:$(port haproxy-swift-tls) ssl crt $etc/tls.pem
    default_backend swift
backend swift
    option httpchk GET /healthcheck
    server swift-1 $IP:$(port swift) check inter 10s
$(for service in nova neutron cinder glance placement; do haproxy_backend $service; done)
listen stats
    bind $IP:$(port haproxy-stats)
    stats enable
    stats uri /
    stats admin if TRUE
C
}
haproxy_backend() {
    cat <<C
backend $1
    option httpchk GET /
    http-check expect status 200-399
    server $1-1 $IP:$(port "$1") check inter 10s
C
}

# What stands before the replicas of each API of `roll` (lib/roll.sh). It tries a connection that was refused on the
# other one; an answer that fails is the client's.
balancer_packages() { echo "${HAPROXY_PACKAGES[0]}"; }
balancer_start() {
    mkdir -p "$ETC/haproxy" "$DATA/haproxy"
    cat >"$ETC/haproxy/balancer.cfg" <<C
global
    maxconn 500
    stats socket $DATA/haproxy/stats.sock mode 600 level admin
    stats timeout 30s
defaults
    mode http
    timeout connect 5s
    timeout client 120s
    timeout server 120s
    timeout check 10s
    option redispatch
    retries 3
$(for service in keystone placement nova neutron cinder; do balancer_backend $service; done)
C
    start "$PLANE.balancer" haproxy -db -f "$ETC/haproxy/balancer.cfg"
}
balancer_backend() {
    local host path=/
    [ "$1" != keystone ] || path=/v3
    cat <<C
frontend $1
    bind $IP:$(port "$1")
    default_backend $1
backend $1
    balance roundrobin
    option httpchk GET $path
    http-check expect status 200-399
C
    for host in "${CONTROLLERS[@]}"; do
        echo "    server $host $IP:$(replica_port "$1" "$host") check inter 2s fall 3 rise 1"
    done
}

haproxy_start() { start "$PLANE.haproxy" haproxy -db -f "$ETC/haproxy/haproxy.cfg"; }
