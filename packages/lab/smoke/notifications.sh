# shellcheck shell=bash
note 'notifications'
audit_messages() { rabbitmqctl_ list_queues -p "$PLANE" name messages | awk '$1 ~ /^audit\./ {s += $2} END {print s + 0}'; }
EVENTS=$(audit_messages)
step 'audit events are on the bus' test "$EVENTS" -gt 0
note "$EVENTS messages in the audit.* queues of vhost $PLANE"
