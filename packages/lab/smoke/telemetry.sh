# shellcheck shell=bash disable=SC2086  # $T is one word
offers alarming || return 0
note 'telemetry'
step 'metric resource types' member metric resource-type list -f value -c name
step 'metric create' member metric create $T --archive-policy-name low -c id -f value
step 'alarm list' member alarm list
step 'alarm create' member alarm create --name $T --type gnocchi_resources_threshold --metric cpu --threshold 1 \
    --resource-id "$(member server show $T -c id -f value)" --resource-type instance --aggregation-method mean -c state -f value
measured() { admin metric resource list --type instance -f value -c display_name | grep -x "$T" | head -1; }
step 'ceilometer made the instance in gnocchi' becomes "$T" 120 measured
member alarm delete --name $T 2>/dev/null
