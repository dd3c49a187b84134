#!/usr/bin/env bash
# Varnish 7.1.1 (Debian 12), built-in VCL: a POST whose backend processed it completely and then closed the
# connection is answered with `503 Backend fetch failed` and `Retry-After: 5`.
# Expected: `Retry-After` on a 503 means that the server was not ready and that trying again later is safe (RFC 9110
# 15.6.4), so clients repeat it, POSTs too (urllib3's Retry(allowed_methods=None), many SDKs). Here each repeat is
# processed again; a 502 without Retry-After, as nginx and HAProxy answer, would not invite it.
# Exits with 0 while Varnish behaves so. Needs Debian 12 and root.
set -euo pipefail
varnishd -V 2>&1 | grep -q 'varnish-7\.1\.1 ' ||
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends 'varnish=7.1.1-*' python3; } >/dev/null
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$work"' EXIT

# Reads each POST whole, writes a line for it, and hangs up.
cat >"$work/backend.py" <<'PY'
import http.server, sys
class Backend(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        print(f"processed {len(body)} bytes", file=open(sys.argv[1], "a"))
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backend)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 "$work/backend.py" "$work/processed" >"$work/port" 2>/dev/null &
until [ -s "$work/port" ]; do sleep 0.1; done
port=$((20000 + RANDOM % 10000))
varnishd -F -j none -n "$work/varnish" -s malloc,16m -a "127.0.0.1:$port" -b "127.0.0.1:$(cat "$work/port")" >"$work/log" 2>&1 &
until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done

python3 - "$port" <<'PY' | tee "$work/answer"
import http.client, sys
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
connection.request("POST", "/pay", b"x" * 1000)
answer = connection.getresponse()
print(answer.status, answer.reason, "| Retry-After:", answer.getheader("Retry-After"))
PY
cat "$work/processed"
# Seen: 503 Backend fetch failed | Retry-After: 5
#       processed 1000 bytes
[ "$(cat "$work/answer")" = '503 Backend fetch failed | Retry-After: 5' ] && [ "$(cat "$work/processed")" = 'processed 1000 bytes' ]
