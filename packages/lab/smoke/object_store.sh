# shellcheck shell=bash disable=SC2086  # $T is one word
offers object-store || return 0
note 'object store'
step 'container create' member container create $T -f value -c container
step 'object create' member object create $T "$TMP/image" --name zeros -f value -c etag
step 'object save' member object save $T zeros --file "$TMP/back"
step 'the same bytes' cmp "$TMP/image" "$TMP/back"
step 'container delete' member container delete --recursive $T
