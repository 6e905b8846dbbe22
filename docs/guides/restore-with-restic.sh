#!/bin/bash
# Brings the streams of a recovery point back with restic and python3 alone, without Groundcrew.
#
#   restore-with-restic.sh                        lists the points
#   restore-with-restic.sh POINT FOLDER [FILE…]   writes the streams of a point into a folder, or some of them
#
# RESTIC_REPOSITORY and RESTIC_PASSWORD_FILE, or whatever else restic takes, say where they are. Each stream becomes a file that is
# named as in the repository: `volume%2Fdb` is the stream `volume/db`. A file whose size or SHA-256 is not that of the manifest is
# left with `.damaged` at the end of its name, and the exit code is 1.
set -euo pipefail

# Of each manifest: the snapshot that holds it, its path there, and the id of its point.
manifests() {
    restic snapshots --json --tag groundcrew=1,kind=manifest | python3 -c '
import json, sys, urllib.parse
for snapshot in json.load(sys.stdin) or []:
    tags = dict(tag.split("=", 1) for tag in snapshot["tags"] if "=" in tag)
    print(snapshot["id"], snapshot["paths"][0], urllib.parse.unquote(tags["point"]))'
}

# Of each stream in a manifest: its snapshot, its path there, its size and its SHA-256.
streams() {
    python3 -c '
import json, sys
for stream in json.load(sys.stdin)["streams"]:
    print(stream["id"], stream["path"], stream["size"], stream["sha256"])'
}

if [ $# -lt 2 ]; then
    manifests | while read -r snapshot path point; do
        restic dump "$snapshot" "$path" </dev/null | python3 -c '
import json, sys
point = json.load(sys.stdin)
print(point["point"], point["at"], point["completeness"], len(point["streams"]), "streams", json.dumps(point["labels"]))'
    done
    exit
fi

wanted=$1 folder=$2
shift 2
read -r snapshot path _ < <(manifests | awk -v point="$wanted" '$3 == point') || { echo "no point $wanted" >&2; exit 1; }
manifest=$(restic dump "$snapshot" "$path")
mkdir -p -- "$folder"
failed=0
while read -r snapshot path size sha256; do
    file=${path#/}
    [ $# -eq 0 ] || case " $* " in *" $file "*) ;; *) continue ;; esac
    # Restic keeps no file without bytes: of an empty stream it has one byte.
    restic dump "$snapshot" "$path" </dev/null | head -c "$size" >"$folder/$file" || true
    if [ "$(stat -c %s -- "$folder/$file")" = "$size" ] && [ "$(sha256sum <"$folder/$file")" = "$sha256  -" ]; then
        echo "$file: $size bytes, as stored"
    else
        mv -- "$folder/$file" "$folder/$file.damaged"
        echo "$file: not as stored" >&2
        failed=1
    fi
done < <(streams <<<"$manifest")
exit $failed
