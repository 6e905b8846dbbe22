# shellcheck shell=bash
note 'identity'
step 'token (password)' member token issue -c expires -f value
step 'token (application credential)' env OS_CLOUD="$PLANE-appcred" openstack token issue -c project_id -f value
step 'token (system scope)' env OS_CLOUD="$PLANE-system" openstack token issue -c user_id -f value
