# shellcheck shell=bash
# Ceilometer: turns notifications, and what it polls, into measures for Gnocchi.

CEILOMETER_PACKAGES=(ceilometer-agent-central ceilometer-agent-notification)

ceilometer_configure() {
    # It reads the topic `notifications`; `audit` is for tests.
    conf ceilometer <<C
$(default_section ceilometer)
[oslo_messaging_notifications]
topics = notifications
[polling]
cfg_file = $ETC/ceilometer/polling.yaml
[notification]
workers = 1
[coordination]
backend_url = file://$DATA/ceilometer/coordination
$(credentials service_credentials ceilometer)
interface = publicURL
$(credentials keystone_authtoken ceilometer)
C
    if [ "$LAB_POLLING" = debian ]; then
        copy_config ceilometer polling.yaml  # names no `volume.*`, and polls every 5 minutes
    else
        conf ceilometer polling.yaml <<'C'
sources:
  - name: lab
    interval: 60
    meters: [ip.floating, network, network.*, port, router, subnet, image.size, volume.*, storage.*]
C
    fi
    mkdir -p "$DATA/ceilometer/coordination"
}

ceilometer_sync() { tool ceilometer-upgrade; }

ceilometer_start() {
    daemon ceilometer-notification ceilometer-agent-notification --config-file "$ETC/ceilometer/ceilometer.conf"
    daemon ceilometer-central ceilometer-polling --polling-namespaces central --config-file "$ETC/ceilometer/ceilometer.conf"
}
