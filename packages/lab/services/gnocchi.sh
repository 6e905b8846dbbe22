# shellcheck shell=bash
# Gnocchi: measures.

GNOCCHI_PACKAGES=(gnocchi-api gnocchi-metricd python3-gnocchiclient)

gnocchi_configure() {
    # Gnocchi refuses to start with use_journal, which it does not know.
    conf gnocchi <<C
$(default_section gnocchi | grep -v '^use_journal')
coordination_url = file://$DATA/gnocchi/coordination
[api]
auth_mode = keystone
[indexer]
url = $(database_url gnocchi)
[storage]
driver = file
file_basepath = $DATA/gnocchi
[metricd]
workers = 1
metric_processing_delay = 5
[archive_policy]
default_aggregation_methods = mean,min,max,sum,std,count
$(shared_sections gnocchi)
C
    mkdir -p "$DATA/gnocchi/coordination"
}

gnocchi_sync() { make_database gnocchi && tool gnocchi-upgrade; }

gnocchi_start() {
    wsgi gnocchi-api gnocchi gnocchi.rest.wsgi
    daemon gnocchi-metricd gnocchi-metricd --config-file "$ETC/gnocchi/gnocchi.conf"
}
