# shellcheck shell=bash
# RabbitMQ: one broker, shared by all control planes; each has a vhost of its own name.

RABBITMQ_PACKAGES=(rabbitmq-server)
RABBITMQ_PROGRAMS=/usr/lib/rabbitmq/bin

# Erlang runs from its own directory: Debian's wrapper wants a system user and a system
# service.
rabbitmq_environment() {
    local d=$LAB_DIR/infra/rabbitmq
    RABBITMQ_ENVIRONMENT=("HOME=$d" RABBITMQ_NODENAME=lab@localhost
        "RABBITMQ_MNESIA_BASE=$d/db" "RABBITMQ_LOG_BASE=$LAB_DIR/logs/infra"
        "RABBITMQ_CONFIG_FILE=$d/rabbitmq.conf" RABBITMQ_CONF_ENV_FILE=/dev/null
        "RABBITMQ_ENABLED_PLUGINS_FILE=$d/enabled_plugins"
        "RABBITMQ_DIST_PORT=$(port rabbitmq-dist)" "ERL_EPMD_PORT=$(port epmd)" "ERL_EPMD_ADDRESS=$IP"
        # No busy waiting: idle schedulers would take the processor from the services. And its
        # distribution protocol would listen on all addresses.
        'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+sbwt none +sbwtdcpu none +sbwtdio none +S 2:2 -kernel inet_dist_use_interface {127,0,0,1}'
        'RABBITMQ_CTL_ERL_ARGS=+sbwt none +S 1:1')
}
rabbitmqctl_() {
    rabbitmq_environment
    env "${RABBITMQ_ENVIRONMENT[@]}" "$RABBITMQ_PROGRAMS/rabbitmqctl" -q "$@"
}

rabbitmq_start() {
    local d=$LAB_DIR/infra/rabbitmq
    mkdir -p "$d"
    cat >"$d/rabbitmq.conf" <<C
listeners.tcp.1 = $IP:$(port rabbitmq)
management.tcp.ip = $IP
management.tcp.port = $(port rabbitmq-mgmt)
default_user = lab
default_pass = $PASSWORD
loopback_users = none
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 50MB
log.file = rabbitmq.log
collect_statistics_interval = 30000
C
    echo '[rabbitmq_management].' >"$d/enabled_plugins"
    rabbitmq_environment
    start infra.epmd epmd -address "$IP" -port "$(port epmd)"
    start infra.rabbitmq env "${RABBITMQ_ENVIRONMENT[@]}" "$RABBITMQ_PROGRAMS/rabbitmq-server"
    wait_for 90 RabbitMQ listening "$(port rabbitmq)"
}

# Nobody may be reading the notifications: their queues are bounded.
rabbitmq_vhost() {
    wait_for 60 "RabbitMQ's user" rabbitmqctl_ list_users
    rabbitmqctl_ add_vhost "$PLANE" 2>/dev/null || true
    rabbitmqctl_ set_permissions -p "$PLANE" lab '.*' '.*' '.*' &&
        rabbitmqctl_ set_user_tags lab administrator &&
        rabbitmqctl_ set_policy -p "$PLANE" bounded '^(notifications|audit|versioned_notifications)\.' \
            '{"max-length":5000}' --apply-to queues
}
