import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

type Node = { readonly [name: string]: unknown };
type Response = { readonly headers?: Node; readonly content: { readonly 'application/json': { readonly schema: Node } } };
type Operation = { readonly operationId: string; readonly responses: Readonly<Record<string, Node>> };
type Document = Node & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>>; readonly schemas: Node };
};

const METHODS = ['get', 'post'];

export const ingressDocument = parse(readFileSync(new URL('../../../src/starters/http/openapi.yaml', import.meta.url), 'utf8')) as Document;

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat('date-time', (text: string) => new Date(text).toISOString() === text);
ajv.addSchema(complete(ingressDocument) as Node, 'ingress');

/** Every operation of the document as `GET /v1/products/{businessProductId}/orders/{orderId}`. */
export const documentedRoutes = (): string[] => operations().map(({ method, path }) => `${method.toUpperCase()} ${path}`);

/** Every answer that the document names, as `getOrder 404`. */
export const documentedAnswers = (): string[] =>
  operations().flatMap(({ operationId, responses }) => Object.keys(responses).map((status) => `${operationId} ${status}`));

export type Got<Body = Node> = { readonly status: number; readonly headers: Headers; readonly body: Body; readonly answer: string };

/**
 * One call of an ingress; `answer` says which one of the document it was (`getOrder 200`).
 * @throws Error when the document does not name the answer, or the answer has a field too much, too few or of another kind
 */
export async function callIngress<Body = Node>(url: string, path: string, init: RequestInit = {}): Promise<Got<Body>> {
  const response = await fetch(`${url}${path}`, init);
  const body = (await response.json()) as Body;
  const operation = operationOf(init.method ?? 'GET', path.replace(/\?.*$/, ''));
  const answer = `${operation.operationId} ${response.status}`;
  const faults = faultsOf(operation, response, body);
  if (faults.length > 0) throw new Error(`${answer}: ${faults.join('; ')}\n${JSON.stringify(body, null, 1)}`);
  return { status: response.status, headers: response.headers, body, answer };
}

/** What is wrong with a value by a schema of the document. */
export function faultsOfSchema(name: string, value: unknown): string[] {
  const check = validator(['components', 'schemas', name]);
  return check(value) ? [] : faultsFoundBy(check);
}

/** The closed lists of values in a schema of the document, in its order. */
export function enumsOf(name: string): readonly (readonly string[])[] {
  const found = (value: unknown): (readonly string[])[] => {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, part]) => (key === 'enum' ? [part as string[]] : found(part)));
  };
  return found(ingressDocument.components.schemas[name]);
}

function operations() {
  return Object.entries(ingressDocument.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) => (METHODS.includes(method) ? [{ path, method, ...operation }] : [])),
  );
}

function operationOf(method: string, path: string) {
  const parts = path.split('/');
  const fits = (template: string[]): boolean =>
    template.length === parts.length && template.every((part, index) => part.startsWith('{') || part === parts[index]);
  const found = operations().find((operation) => operation.method === method.toLowerCase() && fits(operation.path.split('/')));
  if (found === undefined) throw new Error(`the document has no ${method} ${path}`);
  return found;
}

function faultsOf({ path, method, responses }: ReturnType<typeof operationOf>, { status, headers }: globalThis.Response, body: unknown): string[] {
  const described = responses[String(status)];
  if (described === undefined) return ['not in the document'];
  const name = typeof described['$ref'] === 'string' ? described['$ref'].split('/').at(-1) : undefined;
  const response = (name === undefined ? described : ingressDocument.components.responses[name]) as Response;
  const parts = name === undefined ? ['paths', path, method, 'responses', String(status)] : ['components', 'responses', name];
  const check = validator([...parts, 'content', 'application/json', 'schema']);
  const missing = Object.keys(response.headers ?? {}).filter((header) => !headers.has(header));
  return check(body) ? missing.map((header) => `header ${header} is missing`) : faultsFoundBy(check);
}

const faultsFoundBy = ({ errors }: ValidateFunction): string[] =>
  (errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);

function validator(parts: readonly string[]): ValidateFunction {
  const pointer = parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const found = ajv.getSchema(`ingress#/${pointer}`);
  if (found === undefined) throw new Error(`the document has no schema at ${pointer}`);
  return found;
}

/** Objects with named fields have no others here: a field that the document does not know is a fault, for us and not for its readers. */
function complete(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(complete);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, complete(part)]));
  return copy['type'] === 'object' && 'properties' in copy ? { ...copy, additionalProperties: false } : copy;
}
