#!/usr/bin/env python3
"""A small service that counts paid requests: stand_in.py FOLDER SECONDS

Takes SECONDS per match. Records it before answering, and serves it like the sessions API, by
vendor_data or id. Writes its port to FOLDER/port, and a line per paid request to FOLDER/paid. Declines
every tenth request.
"""
import datetime
import email.parser
import email.policy
import http.server
import json
import pathlib
import sys
import threading
import time
import urllib.parse
import uuid

FOLDER, SECONDS = pathlib.Path(sys.argv[1]), float(sys.argv[2])
LOCK, SESSIONS = threading.Lock(), {}


def fields(content_type, body):
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    return {part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
            for part in message.iter_parts()}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass  # the client is gone, but has paid

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # truncated: neither processed nor paid
        vendor = fields(self.headers["Content-Type"], body)["vendor_data"].decode()
        session = {"session_id": str(uuid.uuid4()), "session_kind": "user", "vendor_data": vendor,
                   "created_at": datetime.datetime.now(datetime.timezone.utc).isoformat()}
        with LOCK:
            session["status"] = "Declined" if len(SESSIONS) % 10 == 9 else "Approved"
            SESSIONS[session["session_id"]] = session
            with open(FOLDER / "paid", "a") as paid:
                paid.write(vendor + "\n")
        time.sleep(SECONDS)
        score = 80 if session["status"] == "Approved" else 20
        self.answer({"request_id": session["session_id"], "vendor_data": vendor, "created_at": session["created_at"],
                     "face_match": {"status": session["status"], "score": score, "warnings": [],
                                    "user_image": {"entities": []}, "ref_image": {"entities": []}}})

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/v3/sessions/":
            vendor = urllib.parse.parse_qs(url.query).get("vendor_data", [""])[0]
            with LOCK:
                found = [session for session in SESSIONS.values() if session["vendor_data"] == vendor]
            return self.answer({"count": len(found), "next": None, "previous": None, "results": found})
        session = SESSIONS.get(url.path.split("/")[3])
        if session is None:
            return self.send_error(404)
        score = 80 if session["status"] == "Approved" else 20
        return self.answer(session | {"face_matches": [
            {"node_id": "feature_face_match", "status": session["status"], "score": score, "warnings": []}]})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
(FOLDER / "paid").touch()
(FOLDER / "port").write_text(str(server.server_port))
server.serve_forever()
