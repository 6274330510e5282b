import { isMainThread } from 'node:worker_threads';

// Preloaded by run.mjs. The channel to run.mjs closes when that process is gone for any reason, SIGKILL included: the script then gets
// the SIGTERM that run.mjs could not pass on, and can end what it started.
if (isMainThread && process.channel !== undefined && process.env.BWP_SAGA_RUN_PID === String(process.ppid)) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
delete process.env.BWP_SAGA_RUN_PID;
