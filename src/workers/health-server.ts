import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a worker stands, as the SDK names it; null before there is one. */
export type WorkerState = string | null;

export type HealthServer = { readonly url: string; close(): Promise<void> };

/**
 * Answers probes on a port of its own: `/readyz` while the worker takes tasks, `/healthz` until it has failed or stopped. Neither asks
 * Temporal: a worker outlives an outage of the server, and a restart would only make it worse.
 */
export async function startHealthServer(at: { readonly host: string; readonly port: number }, state: () => WorkerState): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const now = state();
    const probes: Readonly<Record<string, boolean>> = { '/healthz': now !== 'FAILED' && now !== 'STOPPED', '/readyz': now === 'RUNNING' };
    const good = request.method === 'GET' || request.method === 'HEAD' ? probes[(request.url ?? '').split('?')[0] ?? ''] : undefined;
    response.writeHead(good === undefined ? 404 : good ? 200 : 503, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(good === undefined ? { error: { code: 'NOT_FOUND', message: 'expected GET /healthz or GET /readyz' } } : { state: now }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
