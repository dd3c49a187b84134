#!/usr/bin/env bash
# Rehearses everything against `didit-face serve`: register, log in on another machine, match, look up
# the decision, delete it. Nothing leaves this machine.
#
#   examples/rehearsal.sh [USER_IMAGE REF_IMAGE]
set -euo pipefail

face=${DIDIT_FACE:-didit-face}
samples=$(cd "$(dirname "$0")/../assets/samples" && pwd)
user=${1:-$samples/astronaut.png} reference=${2:-$samples/astronaut_id_card.jpg}
email=you@mail.example
export DIDIT_PASSWORD='MyStr0ng!Pass'
unset DIDIT_API_KEY DIDIT_API_KEY_FILE

work=$(mktemp -d)
"$face" serve --listen 127.0.0.1:0 --credits 3 >"$work/exports" 2>"$work/log" &
serve=$!
trap 'kill "$serve" 2>/dev/null || true; rm -r "$work"' EXIT
# Ignores the key that serve prints, to show how to obtain one.
until grep -qs AUTH_URL "$work/exports"; do
  kill -0 "$serve" || { cat "$work/log" >&2; exit 1; }
  sleep 0.1
done
source <(grep -v DIDIT_API_KEY "$work/exports")

echo '## Register, then verify with the emailed code'
"$face" register "$email"
code=$(sed -n 's/^mail: .* code is //p' "$work/log")
"$face" verify "$email" "$code" --save "$work/first-machine.key"

echo '## On another machine: log in'
"$face" login "$email" --save "$work/second-machine.key"
cmp "$work/first-machine.key" "$work/second-machine.key"
export DIDIT_API_KEY_FILE=$work/second-machine.key

echo '## Match, then look up the request'
"$face" balance --at-least 3
answer=$("$face" match "$user" "$reference" --vendor-data rehearsal --json)
id=$(sed -n 's/.*"request_id":"\([^"]*\)".*/\1/p' <<<"$answer")
"$face" decision "$id"

echo '## Delete it, and check that it is gone'
"$face" delete "$id" --yes
"$face" delete "$id" --yes
code=0
"$face" decision "$id" || code=$?
[ "$code" -eq 8 ] || { echo "the decision is still there (exit $code)" >&2; exit 1; }
echo '## Done'
