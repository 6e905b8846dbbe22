# shellcheck shell=bash
# Placement: what resources there are, and who holds them.

PLACEMENT_PACKAGES=(placement-api)

placement_configure() {
    conf placement <<C
$(default_section placement)
[placement_database]
connection = $(database_url placement)
[api]
auth_strategy = keystone
$(shared_sections placement)
C
}

placement_sync() { make_database placement && tool placement-manage db sync; }

placement_start() { wsgi placement placement "$(first /usr/bin/placement-api placement.wsgi.api)"; }
