import { describe, expect, it } from '@jest/globals';
import { startHealthServer, type WorkerState } from '../../src/workers/health-server.ts';

describe('the probes of a worker', () => {
  it.each<{ state: WorkerState; alive: number; ready: number }>([
    { state: null, alive: 200, ready: 503 },
    { state: 'INITIALIZED', alive: 200, ready: 503 },
    { state: 'RUNNING', alive: 200, ready: 200 },
    { state: 'STOPPING', alive: 200, ready: 503 },
    { state: 'DRAINING', alive: 200, ready: 503 },
    { state: 'STOPPED', alive: 503, ready: 503 },
    { state: 'FAILED', alive: 503, ready: 503 },
  ])('answer $alive and $ready while it is $state', async ({ state, alive, ready }) => {
    const server = await startHealthServer({ host: '127.0.0.1', port: 0 }, () => state);
    try {
      expect((await fetch(`${server.url}/healthz`)).status).toBe(alive);
      expect((await fetch(`${server.url}/readyz?x=1`)).status).toBe(ready);
    } finally {
      await server.close();
    }
  });

  it('are all there is on their port', async () => {
    const server = await startHealthServer({ host: '127.0.0.1', port: 0 }, () => 'RUNNING');
    try {
      expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
      expect((await fetch(`${server.url}/healthz`, { method: 'POST' })).status).toBe(404);
    } finally {
      await server.close();
    }
  });

  it('say at once when the port is taken', async () => {
    const first = await startHealthServer({ host: '127.0.0.1', port: 0 }, () => null);
    try {
      const port = Number(new URL(first.url).port);
      await expect(startHealthServer({ host: '127.0.0.1', port }, () => null)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    } finally {
      await first.close();
    }
  });
});
