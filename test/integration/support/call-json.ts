/**
 * One call with a JSON body, on a connection of its own: one that was idle for long may be closed by the server just as it is used again.
 * Answers the parsed body.
 * @throws Error with status and text when the answer is no success
 */
export async function callJson(method: string, url: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: { connection: 'close', ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
