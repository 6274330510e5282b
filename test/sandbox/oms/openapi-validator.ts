import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

type Schema = { [name: string]: unknown };
type Response = { $ref?: string; headers?: Record<string, unknown>; content?: { 'application/json': { schema: Schema } } };
type Document = {
  paths: Record<string, Record<string, { operationId?: string; responses?: Record<string, Response> }>>;
  components: { responses: Record<string, Response>; schemas: Record<string, Schema> };
};

const document = parse(readFileSync(new URL('../../../sandbox/oms/openapi.yaml', import.meta.url), 'utf8')) as Document;
const closed = closeObjects(document) as Document;
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat('date-time', (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text)));
ajv.addSchema(closed, 'oms');

/** Every operation and status that the document names, as "putRefund 201". */
export function documentedAnswers(): string[] {
  return operations().flatMap(({ operationId, responses }) => Object.keys(responses).map((status) => `${operationId} ${status}`));
}

/** The operation that a call belongs to. @throws Error when the document has none */
export function operationOf(method: string, path: string): string {
  const parts = path.replace(/\?.*$/, '').split('/');
  for (const operation of operations()) {
    const template = operation.path.split('/');
    const fits = template.length === parts.length && template.every((part, index) => part.startsWith('{') || part === parts[index]);
    if (fits && operation.method === method.toLowerCase()) return operation.operationId;
  }
  throw new Error(`no operation for ${method} ${path}`);
}

/** What is wrong with an answer by the document, whose objects are read as complete: a field that it does not name is wrong too. */
export function faultsOfAnswer(operationId: string, status: number, headers: Headers, body: unknown): string[] {
  const operation = operations().find((candidate) => candidate.operationId === operationId);
  const response = operation?.responses[String(status)];
  if (response === undefined) return [`${operationId} ${status} is not documented`];
  const { pointer, value } = resolve(response, `/paths/${pointerPart(operation?.path ?? '')}/${operation?.method}/responses/${status}`);
  const missing = Object.keys(value.headers ?? {}).filter((name) => !headers.has(name));
  const check = validator(`oms#${pointer}/content/application~1json/schema`);
  const wrong = check(body) ? [] : (check.errors ?? []).map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
  return [...missing.map((name) => `header ${name} is missing`), ...wrong];
}

/** What is wrong with a value by a schema of the document, for example a notice. */
export function faultsOfSchema(name: string, value: unknown): string[] {
  const check = validator(`oms#/components/schemas/${name}`);
  return check(value) ? [] : (check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

function operations() {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { operationId, responses }]) =>
      operationId && responses ? [{ path, method, operationId, responses }] : [],
    ),
  );
}

function resolve(response: Response, pointer: string): { pointer: string; value: Response } {
  if (response.$ref === undefined) return { pointer, value: response };
  const name = response.$ref.split('/').at(-1) ?? '';
  return { pointer: `/components/responses/${name}`, value: document.components.responses[name] ?? {} };
}

function validator(ref: string): ValidateFunction {
  const found = ajv.getSchema(ref);
  if (found === undefined) throw new Error(`no schema ${ref}`);
  return found;
}

const pointerPart = (path: string): string => encodeURI(path.replaceAll('~', '~0').replaceAll('/', '~1'));

function closeObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closeObjects);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, closeObjects(part)]));
  return 'properties' in copy && copy['type'] === 'object' ? { ...copy, additionalProperties: false } : copy;
}
