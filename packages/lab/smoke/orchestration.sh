# shellcheck shell=bash disable=SC2086  # $T is one word
offers orchestration || return 0
note 'orchestration'
cat >"$TMP/stack.yaml" <<'C'
heat_template_version: 2018-08-31
resources:
  net: {type: OS::Neutron::Net}
  value: {type: OS::Heat::RandomString}
C
step 'stack create --wait' member stack create --wait -t "$TMP/stack.yaml" $T -c stack_status -f value
step 'stack delete --wait' member stack delete --wait --yes $T
