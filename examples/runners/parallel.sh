#!/bin/sh
# GNU parallel: a shard for each job. On Ctrl-C or --halt, it sends SIGTERM and waits a minute.
#
# Don't use its --retries with `match`: Declined exits with 1, so each try pays again.
exec parallel --termseq TERM,60000,KILL --halt soon,fail=1 \
  'didit-face batch pairs.csv -o results-{}.jsonl --shard {}/4 --rate 75 --exit-zero-on-verdicts' ::: 1 2 3 4
