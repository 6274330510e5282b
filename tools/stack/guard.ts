// node guard.ts FILE ARGS…: runs an executable that knows nothing of its stack, tells its pid over the channel, and ends it when the process
// that started the stack is gone. Ends as the executable ends.
import { type ChildProcess, spawn } from 'node:child_process';

const TIME_TO_END_MS = 5000;

const [file = '', ...args] = process.argv.slice(2);
let child: ChildProcess | undefined;

// Before the executable runs: a signal in between would end this process alone.
process.once('disconnect', end);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);

child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.once('spawn', () => process.send?.({ pid: child?.pid }));
child.once('error', (error) => {
  process.stderr.write(`${file} could not be started: ${error.message}\n`);
  process.exit(1);
});
child.once('exit', (code, signal) => {
  process.removeListener('disconnect', end);
  process.exitCode = code ?? 1;
  if (signal !== null) process.stderr.write(`ended by ${signal}\n`);
  if (process.connected) process.disconnect();
});

function end(): void {
  child?.kill('SIGTERM');
  setTimeout(() => child?.kill('SIGKILL'), TIME_TO_END_MS).unref();
}
