"""A pipeline for Luigi: luigi --local-scheduler --module faces Report

A journal that exists is not complete, so it is no target. Only a run that succeeded makes the stamp. The
same holds for sensors in Airflow and the like.
"""
import pathlib
import subprocess

import luigi


class Judge(luigi.Task):
    def output(self):
        return luigi.LocalTarget("judged")

    def run(self):
        command = ["didit-face", "batch", "pairs.csv", "-o", "results.jsonl", "--exit-zero-on-verdicts"]
        batch = subprocess.Popen(command)
        try:
            code = batch.wait()
        except KeyboardInterrupt:
            # Ctrl-C reaches the batch, too, which finishes the pairs in progress. subprocess.run() would kill it after
            # a quarter of a second, and they would become unknown.
            batch.wait()
            raise
        if code:
            raise subprocess.CalledProcessError(code, command)
        pathlib.Path(self.output().path).touch()


class Report(luigi.Task):
    def requires(self):
        return Judge()

    def output(self):
        return luigi.LocalTarget("report.html")

    def run(self):
        subprocess.run(["didit-face", "report", "results.jsonl", "-o", self.output().path, "--force"], check=True)
