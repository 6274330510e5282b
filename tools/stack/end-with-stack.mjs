import { isMainThread } from 'node:worker_threads';

// Preloaded into every Node process of a stack. Its channel closes when the process that started the stack is gone for any reason, SIGKILL
// included: then it ends itself, as if it had been asked to, and hard when that takes too long.
const TIME_TO_END_MS = 10_000;

if (isMainThread && process.channel !== undefined) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), TIME_TO_END_MS).unref();
  });
  process.channel.unref();
}
