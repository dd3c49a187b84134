"""The stage of a meeting: the service, gateways before it, and our program, whose every word is compared with what was paid."""
import contextlib
import csv
import io
import json
import os
import pathlib
import random
import re
import shutil
import socket
import struct
import subprocess
import sys
import time
import zlib

HERE = pathlib.Path(__file__).resolve().parent
KEY = "gateways-key"
VERDICTS = {"Approved": 0, "Declined": 1}


class Stage:
    def __init__(self, program, folder):
        self.program, self.folder, self.started, self.photos = program, folder, [], 0
        folder.chmod(0o711)
        self.reset()
        for command in ["req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=Gateways",
                        "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=service.test",
                        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem"]:
            (folder / "names").write_text("subjectAltName=DNS:service.test,IP:127.0.0.1\n")
            subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
        (folder / "both.pem").write_text((folder / "server.pem").read_text() + (folder / "server.key").read_text())

    # What is started, and what is left of it.

    def reset(self, **fault):
        """Begins a meeting: nothing was paid yet, and the service has this fault."""
        self.wrong, self.counts = {}, []
        (self.folder / "paid").write_text("")
        self.fault(**fault)

    def fault(self, **fault):
        (self.folder / "fault.new").write_text(json.dumps(fault))
        (self.folder / "fault.new").rename(self.folder / "fault")

    def start(self, port, *command, **environment):
        """Starts a process that listens on the port, until `stop`."""
        log = open(self.folder / f"{pathlib.Path(command[0]).name}-{port}.log", "wb")
        process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                   env={"PATH": os.environ["PATH"] + ":/usr/sbin", "HOME": str(self.folder), **environment})
        self.started.append(process)
        end = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return port
            time.sleep(0.05)
        raise RuntimeError(f"{command[0]} doesn't listen: {pathlib.Path(log.name).read_text(errors='replace')[-2000:]}")

    def stop(self):
        for process in reversed(self.started):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.started.clear()

    def service(self, *options):
        port = free_port()
        return self.start(port, sys.executable, "-m", "gunicorn", "--chdir", str(HERE), "--workers", "4", "--preload",
                          "--bind", f"127.0.0.1:{port}", *options, "service:application",
                          FOLDER=str(self.folder), KEY=KEY, PYTHONDONTWRITEBYTECODE="1")

    def paid(self):
        """The requests that the service judged, not those of a foreign program."""
        lines = (self.folder / "paid").read_text().splitlines()
        return [session for session in map(json.loads, lines) if not session.get("foreign")]

    # Our program, and what it may never say.

    def expect(self, right, what, done=None):
        if not right:
            self.wrong.setdefault(what, done.stderr if done else "")

    def photo(self, size=30_000):
        """A PNG of noise that no other meeting has."""
        self.photos += 1
        rows = b"".join(b"\0" + random.randbytes(600) for _ in range(size // 601))

        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        file = self.folder / f"{self.photos}.png"
        file.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 200, size // 601, 8, 2, 0, 0, 0))
                         + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b""))
        return file.name

    def run(self, url, *arguments, **environment):
        before = len(self.paid())
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "DIDIT_API_KEY": KEY, "DIDIT_API_URL": url,
                       "SSL_CERT_FILE": str(self.folder / "ca.pem"), **environment}
        try:
            done = subprocess.run([self.program, *arguments], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True,
                                  encoding="utf-8", timeout=60, env=environment)
        except subprocess.TimeoutExpired:
            done = subprocess.CompletedProcess(arguments, None, "", "(no end after a minute)")
        done.paid = self.paid()[before:]
        done.free = re.search("nothing was (charged|sent)", done.stderr) is not None or '"charged":"no"' in done.stderr.replace(" ", "")
        self.expect(not (done.free and done.paid), f"{arguments[0]} says `nothing was charged` and {len(done.paid)} were paid", done)
        self.expect(done.returncode != 70 and "panicked" not in done.stderr, "no panic", done)
        return done

    def match(self, url, *options, photos=None, counted=True, **environment):
        """Judges one pair, with --json; `said` is the error that it writes, or {}."""
        photos = photos or (self.photo(), self.photo())
        done = self.run(url, "match", *photos, "--json", *options, **environment)
        last = (done.stderr.strip().splitlines() or [""])[-1]
        done.said = json.loads(last)["error"] if last.startswith('{"error"') else {}
        done.maybe = "may have been" in done.stderr or done.said.get("charged") == "maybe"
        self.expect(len(done.paid) <= 1, f"match paid {len(done.paid)} times", done)
        if done.returncode in (0, 1, 3):
            judged = [VERDICTS[session["status"]] for session in done.paid]
            self.expect(judged == [done.returncode], f"match exits with {done.returncode}, and the service judged {judged or 'nothing'}")
        if counted:
            self.counts.append(f"match exit {done.returncode}, paid {len(done.paid)}")
        return done

    def batch(self, url, pairs, *options, command="batch", **environment):
        """Runs `batch` (or `decision`) with these pairs [(id, user, ref, vendor_data)]; `rows` is what `report` makes of the journal."""
        with open(self.folder / "pairs.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("id", "user_image", "ref_image", "vendor_data"), *pairs])
        arguments = ["batch", "pairs.csv", "-o", "results.jsonl"] if command == "batch" else ["decision", "--journal", "results.jsonl"]
        done = self.run(url, *arguments, *options, **environment)
        report = subprocess.run([self.program, "report", "results.jsonl", "--format", "csv"], cwd=self.folder,
                                capture_output=True, encoding="utf-8")
        done.rows = list(csv.DictReader(io.StringIO(report.stdout, newline="")))
        done.verdicts = [row["verdict"] for row in done.rows]
        judged = {}
        for session in self.paid():
            judged.setdefault(tuple(session["hashes"]), []).append(session["status"])
        for row in done.rows:
            paid = judged.get((row["user_sha256"], row["ref_sha256"]), [])
            self.expect(len(paid) <= 1, f"{row['id']} was paid {len(paid)} times")
            if row["verdict"] != "Unknown":
                wanted = [row["verdict"]] if row["verdict"] in VERDICTS else []
                self.expect(paid == wanted, f"{row['id']} is {row['verdict']}, and the service judged {paid or 'nothing'}")
        kinds = ", ".join(f"{done.verdicts.count(kind)} {kind}" for kind in sorted(set(done.verdicts)))
        self.counts.append(f"{command} exit {done.returncode}, paid {len(done.paid)}, {kinds or 'no records'}")
        return done

    def squid_answers(self, status):
        time.sleep(1)  # squid logs an answer when its connection is closed.
        return sum(f"/{status} " in line for line in (self.squid_folder / "access").read_text().splitlines())

    def haproxy_status(self, gateway):
        """The status of the last answer that HAProxy passed on, or -1."""
        time.sleep(0.5)
        return (self.folder / f"haproxy-{gateway.rsplit(':')[-1]}.log").read_text().split()[-1]

    def nginx_connections(self, method):
        return [connection for connection, name in map(str.split, self.nginx_log.read_text().splitlines()) if name == method]

    def pairs(self, count, vendor_data="customer-{}"):
        (self.folder / "results.jsonl").unlink(missing_ok=True)
        return [(f"p{n}", self.photo(), self.photo(), vendor_data.format(n)) for n in range(count)]

    # Gateways: each before the service (or another port), as small as it can be.

    def file(self, name, text):
        (self.folder / name).write_text(text)
        return str(self.folder / name)

    def nginx(self, backend, server="", http="", tls=False):
        port, here = free_port(), self.folder
        self.nginx_log = here / f"nginx-{port}.access"
        temporary = "".join(f"{name}_temp_path {here}/nginx-{port}-{name};" for name in "client_body proxy fastcgi uwsgi scgi".split())
        certificate = f"ssl_certificate {here}/server.pem; ssl_certificate_key {here}/server.key;" if tls else ""
        config = self.file(f"nginx-{port}.conf", f"""
            daemon off; {user('user root;')} pid {here}/nginx-{port}.pid; error_log {here}/nginx-{port}.errors;
            events {{}}
            http {{ {temporary} {http} client_max_body_size 20m; 
              log_format connections "$connection $request_method"; access_log {self.nginx_log} connections;
              server {{ listen 127.0.0.1:{port} {'ssl' * tls}; {certificate} {server}
                location / {{ proxy_pass http://127.0.0.1:{backend}; }} }} }}""")
        self.start(port, "nginx", "-c", config, "-e", f"{here}/nginx-{port}.errors")
        return url(port, tls)

    def haproxy(self, backend, frontend="", tls=False, bind=""):
        port = free_port()
        certificate = f"ssl crt {self.folder}/both.pem" if tls else ""
        self.start(port, "haproxy", "-db", "-f", self.file(f"haproxy-{port}.cfg", f"""
defaults
  mode http
  log stdout format raw local0
  log-format %ST
  option logasap
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen gateway
  bind 127.0.0.1:{port} {certificate} {bind}
  {frontend}
  server service 127.0.0.1:{backend}
"""))
        return url(port, tls)

    def varnish(self, backend):
        port = free_port()
        config = self.file(f"{port}.vcl", f'vcl 4.1; backend default {{ .host = "127.0.0.1"; .port = "{backend}"; }}')
        self.start(port, "varnishd", "-F", "-j", "none", "-n", str(self.folder / f"varnish-{port}"), "-a", f"127.0.0.1:{port}", "-s", "malloc,16m",
                   "-f", config)
        return url(port)

    def apache(self, backend, modules, lines):
        port, here = free_port(), self.folder
        modules = ["mpm_event", "authz_core", "unique_id", "proxy", "proxy_http", *modules]
        load = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in modules)
        self.start(port, "apache2", "-D", "FOREGROUND", "-f", self.file(f"apache-{port}.conf", f"""
ServerRoot {here}
ServerName gateway.test
Listen 127.0.0.1:{port}
DefaultRuntimeDir {here}
PidFile {here}/apache-{port}.pid
ErrorLog {here}/apache-{port}.errors
{load}
{user('User www-data')}
{user('Group www-data')}
ProxyPass / http://127.0.0.1:{backend}/
{lines}
"""))
        return url(port)

    def squid(self, lines, port_options=""):
        port, here = free_port(), self.folder / f"squid-{free_port()}"
        here.mkdir()
        self.squid_folder = here
        if not os.getuid():
            shutil.chown(here, "proxy")
        (here / "hosts").write_text("127.0.0.1 service.test\n")
        self.start(port, "squid", "-N", "-f", self.file(f"squid-{port}.conf", f"""
http_port 127.0.0.1:{port} {port_options}
pid_filename none
cache_log {here}/log
access_log stdio:{here}/access
hosts_file {here}/hosts
visible_hostname squid.test
pinger_enable off
shutdown_lifetime 0 seconds
cache deny all
{lines}
"""))
        return url(port)

    def caddy(self, backend, tls):
        port, here = free_port(), self.folder
        self.start(port, "caddy", "run", "--adapter", "caddyfile", "--config", self.file(f"Caddyfile-{port}", f"""
{{
  admin off
  auto_https off
}}
https://:{port} {{
  bind 127.0.0.1
  tls {here}/server.pem {here}/server.key {{
    {tls}
  }}
  reverse_proxy 127.0.0.1:{backend}
}}
"""))
        return url(port, True)


def url(port, tls=False):
    return f"http{'s' * tls}://127.0.0.1:{port}"


def user(line):
    """A line that only root may have."""
    return "" if os.getuid() else line


def free_port():
    """A port that no connection of ours can have in the meantime: below the ephemeral ones."""
    while True:
        port = random.randrange(20_000, 30_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
