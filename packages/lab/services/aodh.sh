# shellcheck shell=bash
# Aodh: alarms.

AODH_PACKAGES=(aodh-api aodh-evaluator aodh-notifier aodh-listener python3-aodhclient)

aodh_configure() {
    conf aodh <<C
$(default_section aodh)
[evaluator]
evaluation_interval = 10
workers = 1
[listener]
workers = 1
[notifier]
workers = 1
[coordination]
backend_url = file://$DATA/aodh/coordination
[api]
paste_config = $ETC/aodh/api-paste.ini
$(database_section database aodh)
$(credentials service_credentials aodh)
interface = publicURL
$(shared_sections aodh | sed 's/,audit$//')
C
    mkdir -p "$DATA/aodh/coordination"
    copy_config aodh api-paste.ini
}

aodh_sync() { make_database aodh && tool aodh-dbsync; }

aodh_start() {
    local name
    wsgi aodh-api aodh "$(first /usr/share/aodh-common/app.wsgi aodh.wsgi.api)"
    for name in aodh-evaluator aodh-listener aodh-notifier; do
        daemon $name $name --config-file "$ETC/aodh/aodh.conf"
    done
}
