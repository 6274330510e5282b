import { readConfig } from './config.ts';
import { startReferenceOms } from './server.ts';

const oms = await startReferenceOms({
  ...readConfig(process.env),
  onError: (error) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
});
process.stdout.write(`${JSON.stringify({ ready: true, service: 'reference-oms', url: oms.url })}\n`);

let closing = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (closing) return;
    closing = true;
    void oms.close().then(() => process.exit(0));
  });
}
