import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived, body and all. */
export type Received = { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };

/** What the server does with a request. */
export type Reply = (response: ServerResponse, received: Received) => unknown;

export type Loopback = {
  readonly url: string;
  /** All requests so far. */
  readonly received: Received[];
  /** The reply to every request that `next` has none for. */
  always(reply: Reply): void;
  /** Replies to the coming requests, one each. */
  next(...replies: Reply[]): void;
  close(): Promise<void>;
};

/** A real HTTP server on a free loopback port, told by the test what to answer. */
export async function startLoopback(): Promise<Loopback> {
  const received: Received[] = [];
  let queue: Reply[] = [];
  let fallback: Reply = reply(500, 'no reply was set');
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const arrived = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') };
    received.push(arrived);
    await (queue.shift() ?? fallback)(response, arrived);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    always: (reply) => {
      fallback = reply;
    },
    next: (...replies) => {
      queue = [...queue, ...replies];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with exactly this text. */
export const reply =
  (status: number, text: string | Buffer, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);

export const replyJson = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => reply(status, JSON.stringify(body), headers);

/** Takes the request and never answers. */
export const silence: Reply = () => undefined;

/** Takes the request and cuts the connection. */
export const reset: Reply = (response) => response.socket?.resetAndDestroy();

/** Begins an answer and cuts the connection in the middle of it. */
export const cutShort: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"half":', () => response.socket?.destroy());
};

/** A port of 127.0.0.1 on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
