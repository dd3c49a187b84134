// Runs a batch from Node for at most so many seconds: node with_limit.mjs SECONDS
//
// `timeout` sends SIGTERM, which lets the pairs in progress end and be recorded. An AbortController would
// report an error at once, without waiting for them.
import { spawn } from "node:child_process";

const command = ["batch", "pairs.csv", "-o", "results.jsonl", "--exit-zero-on-verdicts"];
const batch = spawn("didit-face", command, { stdio: "inherit", timeout: 1000 * Number(process.argv[2]), killSignal: "SIGTERM" });
batch.on("error", (error) => { console.error(error.message); process.exitCode = 127; });
batch.on("close", (code) => { process.exitCode = code ?? 1; });
