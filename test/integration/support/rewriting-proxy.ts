import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type RewritingProxy = { readonly url: string; close(): Promise<void> };

/** Stands in front of a server and changes the text of its answers: for values that the server behind it would never send. */
export async function startRewritingProxy(target: string, rewrite: (answer: string) => string): Promise<RewritingProxy> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      fetch(`${target}${request.url}`, { method: request.method ?? 'POST', headers: headers as Record<string, string>, body: Buffer.concat(parts) })
        .then(async (answer) => {
          const text = await answer.text();
          response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' }).end(rewrite(text));
        })
        .catch(() => response.destroy());
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
