"""Runs a batch from Python for at most so many seconds: with_limit.py SECONDS

subprocess.run(..., timeout=) kills with SIGKILL, and the pairs in progress become unknown. SIGTERM lets
them end and be recorded.
"""
import subprocess
import sys

batch = subprocess.Popen(["didit-face", "batch", "pairs.csv", "-o", "results.jsonl", "--exit-zero-on-verdicts"])
try:
    code = batch.wait(timeout=float(sys.argv[1]))
except subprocess.TimeoutExpired:
    batch.terminate()
    # As long as a request may take (--timeout).
    code = batch.wait(timeout=75)
sys.exit(code)
