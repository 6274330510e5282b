import { readBwpSandboxConfig } from './config.ts';
import { startBwpSandbox } from './server.ts';

const sandbox = await startBwpSandbox({
  ...readBwpSandboxConfig(process.env),
  onBug: (error) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void sandbox.close().then(() => process.exit(0));
  });
}

process.stdout.write(`${JSON.stringify({ ready: true, service: 'bwp-sandbox', url: sandbox.url })}\n`);
