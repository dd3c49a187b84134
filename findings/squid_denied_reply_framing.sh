#!/usr/bin/env bash
# squid 5.7 (Debian 12): when `http_reply_access deny` refuses a reply that the origin sent in chunks, squid sends its
# page with `Content-Length` and without `Transfer-Encoding`, but the body is framed in chunks: it begins with
# the chunk's size, and ends 12 bytes after Content-Length. These stay on the kept-alive connection, before the next answer.
# Expected: one framing, as for a reply that the origin sent with Content-Length. A client that reuses the connection reads
# the end of the page, `0` and blank lines where the next status line should be.
# Exits with 0 while squid behaves so. Needs Debian 12 and root.
set -euo pipefail
squid -v 2>/dev/null | grep -q 'Version 5\.7$' ||
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends 'squid=5.7-*' python3; } >/dev/null
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$work"' EXIT
chmod 755 "$work"

cat >"$work/origin.py" <<'PY'
import http.server
class Origin(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header(*(("Transfer-Encoding", "chunked") if self.path == "/chunked" else ("Content-Length", "2")))
        self.end_headers()
        self.wfile.write(b"2\r\n{}\r\n0\r\n\r\n" if self.path == "/chunked" else b"{}")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 "$work/origin.py" >"$work/port" 2>/dev/null &
until [ -s "$work/port" ]; do sleep 0.1; done
port=$((20000 + RANDOM % 10000))
cat >"$work/squid.conf" <<CONF
http_port 127.0.0.1:$port accel defaultsite=origin.test
cache_peer 127.0.0.1 parent $(cat "$work/port") 0 no-query originserver
http_access allow all
acl all_posts method POST
http_reply_access deny all_posts
pid_filename none
cache_log /dev/null
access_log none
visible_hostname squid.test
pinger_enable off
shutdown_lifetime 0 seconds
CONF
squid -N -f "$work/squid.conf" 2>/dev/null &
until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done

python3 - "$port" <<'PY' | tee "$work/answers"
import re, socket, sys
for path in ("/length", "/chunked"):
    connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    connection.settimeout(2)
    connection.sendall(f"POST {path} HTTP/1.1\r\nHost: origin.test\r\nContent-Length: 2\r\n\r\n{{}}".encode())
    data = b""
    try:
        while piece := connection.recv(65536):
            data += piece
    except TimeoutError:
        pass  # The connection is kept alive.
    head, body = data.split(b"\r\n\r\n", 1)
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
    first = re.sub(rb"^[0-9A-F]+\r\n", b"SIZE\r\n", body)[:15]
    print(path, "chunked" if b"transfer-encoding" in head.lower() else "Content-Length", first, "and beyond its length", body[length:])
PY
# Seen: /length Content-Length b'<!DOCTYPE html ' and beyond its length b''
#       /chunked Content-Length b'SIZE\r\n<!DOCTYPE' and beyond its length b'tml>\n\r\n0\r\n\r\n'
grep -q "^/length Content-Length b'<!DOCTYPE html ' and beyond its length b''$" "$work/answers"
grep -q "^/chunked Content-Length b'SIZE.r.n<!DOCTYPE' and beyond its length b'.*0.r.n.r.n'$" "$work/answers"
