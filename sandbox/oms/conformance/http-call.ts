import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** An answer as it came: `body` is null where it is no JSON. */
export type Got = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Wire | null; readonly text: string };
export type Wire = { readonly [field: string]: unknown };
export type Call = { method: string; path: string; body?: unknown; ifMatch?: string | undefined; headers?: Record<string, string> };

/** A call whose body is only half sent: it reaches the facade when `finish` is called. */
export type HeldCall = { finish(): Promise<Got>; abandon(): void };

const ANSWER_WITHIN_MS = 30_000;

export type Connection = {
  send(call: Call): Promise<Got>;
  /** Sends headers and half of the body, and waits. */
  hold(call: Call): HeldCall;
  /** Sends the whole call, then breaks the connection `afterMs` later without reading the answer. */
  sendAndLeave(call: Call, afterMs: number): Promise<void>;
};

/** Calls to one base URL, one connection per call: what a test does to one must not reach another. */
export function connectTo(baseUrl: string, token: string | undefined): Connection {
  const open = ({ method, path, body, ifMatch, headers = {} }: Call): { request: ClientRequest; payload: Buffer } => {
    const payload = Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
    const url = new URL(baseUrl.replace(/\/$/, '') + path);
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method,
      agent: false,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': payload.length }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    request.setTimeout(ANSWER_WITHIN_MS, () => request.destroy(new Error(`${method} ${path}: no answer within ${ANSWER_WITHIN_MS} ms`)));
    return { request, payload };
  };

  return {
    send: async (call) => {
      const { request, payload } = open(call);
      const answer = answerTo(request);
      request.end(payload);
      return answer;
    },
    hold: (call) => {
      const { request, payload } = open(call);
      const answer = answerTo(request);
      answer.catch(() => {}); // read in finish; an abandoned call fails with nobody waiting
      const half = Math.floor(payload.length / 2);
      request.write(payload.subarray(0, half));
      return {
        finish: () => {
          request.end(payload.subarray(half));
          return answer;
        },
        abandon: () => void request.destroy(),
      };
    },
    sendAndLeave: (call, afterMs) =>
      new Promise((resolve) => {
        const { request, payload } = open(call);
        request.on('error', () => {});
        request.on('close', resolve);
        request.on('finish', () => setTimeout(() => request.destroy(), afterMs));
        request.end(payload);
      }),
  };
}

function answerTo(request: ClientRequest): Promise<Got> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      readAnswer(response).then(resolve, reject);
    });
  });
}

async function readAnswer(response: IncomingMessage): Promise<Got> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  return { status: response.statusCode ?? 0, headers, body: parseJson(text), text };
}

function parseJson(text: string): Wire | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Wire) : null;
  } catch {
    return null;
  }
}
