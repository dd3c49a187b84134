#!/usr/bin/env python3
"""Compares `batch` with curl --parallel and a Python thread pool that shares one session.

usage: benches/batch.py [BINARY] [--pairs N] [--size BYTES] [--runs N]

A loopback server takes 20 ms per pair; each program in turn sends it the same pairs, with 32 and
then 8 jobs. The ideal time is pairs x 20 ms / jobs. Prints each program's median elapsed time, CPU
time and peak memory. Needs curl, and a C compiler for a server that uses little CPU itself. Skips
the Python row if `requests` is not installed.
"""
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
POOL = """
import csv, os, sys, threading, requests
from concurrent.futures import ThreadPoolExecutor
session = requests.Session()
session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=int(sys.argv[2])))
def judge(row):
    with open(row["user_image"], "rb") as user, open(row["ref_image"], "rb") as reference:
        answer = session.post(os.environ["DIDIT_API_URL"] + "/v3/face-match/", headers={"x-api-key": "bench"},
            files={"user_image": user, "ref_image": reference}, data={"face_match_score_decline_threshold": "30"})
    return answer.json()["face_match"]["status"]
with ThreadPoolExecutor(int(sys.argv[2])) as pool:
    assert all(status == "Approved" for status in pool.map(judge, csv.DictReader(open(sys.argv[1]))))
"""
# One thread per connection; reads each body into the same buffer, waits, answers.
SERVER = r"""
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static const char body[] = "{\"request_id\":\"bench\",\"face_match\":{\"status\":\"Approved\",\"score\":80,"
  "\"user_image\":{\"entities\":[]},\"ref_image\":{\"entities\":[]},\"warnings\":[]}}";
static long wait_us;
static void *serve(void *argument) {
  int fd = (int)(long)argument, one = 1;
  size_t size = 1 << 20, have = 0;
  char *buffer = malloc(size + 1), answer[1024];
  int length = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  for (;;) {
    char *end;
    for (;;) {
      buffer[have] = 0;
      if ((end = strstr(buffer, "\r\n\r\n"))) break;
      ssize_t n = read(fd, buffer + have, 65536);
      if (n <= 0) goto done;
      have += n;
    }
    end[2] = 0;
    char *field = strcasestr(buffer, "\r\ncontent-length:");
    long left = (field ? atol(field + 17) : 0) - (long)(have - (end + 4 - buffer));
    if (strcasestr(buffer, "100-continue")) write(fd, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    while (left > 0) {
      ssize_t n = read(fd, buffer, left < (long)size ? (size_t)left : size);
      if (n <= 0) goto done;
      left -= n;
    }
    have = 0;
    usleep(wait_us);
    if (write(fd, answer, length) != length) break;
  }
done:
  free(buffer);
  close(fd);
  return 0;
}
int main(int count, char **arguments) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  wait_us = count > 1 ? atol(arguments[1]) : 20000;
  if (bind(listener, (void *)&address, length) || listen(listener, 256)) return 1;
  getsockname(listener, (void *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    pthread_t thread;
    int fd = accept(listener, 0, 0);
    if (fd >= 0 && !pthread_create(&thread, 0, serve, (void *)(long)fd)) pthread_detach(thread);
  }
}
"""


def server(folder):
    """Compiles and starts the server on a free port; returns its process and port."""
    (folder / "server.c").write_text(SERVER)
    subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-w", "-pthread", "-o", folder / "server", folder / "server.c"],
                   check=True)
    process = subprocess.Popen([folder / "server"], stdout=subprocess.PIPE, text=True)
    return process, int(process.stdout.readline())


def photos(folder, pairs, size):
    """Writes pairs of files with a JPEG signature followed by noise; returns their manifest."""
    noise = os.urandom(size + pairs + 1)
    lines = ["user_image,ref_image"]
    for i in range(pairs):
        names = [folder / f"{name}{i}.jpg" for name in ("user", "ref")]
        for name in names:
            name.write_bytes(b"\xff\xd8\xff\xe0" + noise[i:i + size - 4])
        lines.append(",".join(map(str, names)))
    manifest = folder / "pairs.csv"
    manifest.write_text("\n".join(lines) + "\n")
    return manifest


def curl_config(folder, manifest, url):
    """Writes the pairs as a curl config file."""
    blocks = []
    for line in manifest.read_text().splitlines()[1:]:
        user, reference = line.split(",")
        blocks.append(f'url = "{url}/v3/face-match/"\nheader = "x-api-key: bench"\noutput = "/dev/null"\nfail\nsilent\n'
                      f'form = "user_image=@{user}"\nform = "ref_image=@{reference}"\n'
                      'form = "face_match_score_decline_threshold=30"\n')
    config = folder / "curl.txt"
    config.write_text("next\n".join(blocks))
    return config


def run(command, env):
    """Returns elapsed, user and system seconds, and peak memory in MB."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, stderr = process.stderr.read(), None
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{command[0]}: exit {os.waitstatus_to_exitcode(status)}: {_.decode(errors='replace')}")
    return time.perf_counter() - start, usage.ru_utime, usage.ru_stime, usage.ru_maxrss / 1024


def main():
    arguments = sys.argv[1:]
    option = lambda name, default: int(arguments[arguments.index(name) + 1]) if name in arguments else default
    pairs, size, runs = option("--pairs", 1000), option("--size", 200_000), option("--runs", 5)
    given = arguments[0] if arguments and not arguments[0].startswith("--") else str(ROOT / "target/release/didit-face")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        process, port = server(folder)
        url, manifest, journal = f"http://127.0.0.1:{port}", photos(folder, pairs, size), folder / "results.jsonl"
        env = {"PATH": os.environ["PATH"], "DIDIT_API_KEY": "bench", "DIDIT_API_URL": url}
        has_requests = subprocess.run([sys.executable, "-c", "import requests"], capture_output=True).returncode == 0
        for jobs in (32, 8):
            ideal = pairs * 0.02 / jobs
            commands = {
                "didit-face": [given, "batch", manifest, "-o", journal, "--jobs", str(jobs), "--rate", "10000000"],
                "curl": ["curl", "--parallel", "--parallel-max", str(jobs), "--config",
                         curl_config(folder, manifest, url)],
            }
            if has_requests:
                commands["python"] = [sys.executable, "-c", POOL, manifest, str(jobs)]
            print(f"{pairs} pairs of 2 x {size} bytes, {jobs} jobs; ideal {ideal:.3f} s")
            results = {name: [] for name in commands}
            for turn in range(runs):
                for name, command in commands.items():
                    journal.unlink(missing_ok=True)
                    results[name].append(run(list(map(str, command)), env))
            for name, rows in results.items():
                elapsed, user, system, memory = (statistics.median(column) for column in zip(*rows))
                print(f"  {name:11} {elapsed:6.3f} s ({elapsed / ideal:.2f} x the ideal; best {min(r[0] for r in rows):.3f}), "
                      f"CPU {user:.2f} + {system:.2f} s, {memory:.0f} MB")
        process.kill()


main()
