# shellcheck shell=bash
# What the lab says, and how it ends: 0 done, 1 failed, 2 cannot run here (lib/check.sh) or called wrongly.

# Standard output is for answers (tables, JSON, exports); progress goes to standard error.
say() { printf '%s %s\n' "$(date +%H:%M:%S)" "$*" >&2; }
die() { say "error: $*"; exit 1; }

json_string() {
    local s=${1//\\/\\\\}
    s=${s//\"/\\\"}
    s=${s//$'\n'/\\n}
    printf '"%s"' "${s//$'\t'/\\t}"
}

# json_list ITEM... : items that are JSON already
json_list() { local IFS=,; printf '[%s]' "$*"; }
