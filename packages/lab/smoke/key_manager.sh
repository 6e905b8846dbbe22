# shellcheck shell=bash disable=SC2086  # $T is one word
offers key-manager || return 0
note 'key manager'
step 'secret store' member secret store --name $T --payload smoke -c 'Secret href' -f value
step 'secret get' member secret get --payload "$(member secret list --name $T -c 'Secret href' -f value | head -1)" -c Payload -f value
