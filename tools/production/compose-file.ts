import { parse } from 'yaml';

export type Service = {
  readonly image: string;
  readonly build?: unknown;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly [further: string]: unknown;
};

export type ComposeFile = { readonly services: Readonly<Record<string, Service>>; readonly volumes?: Readonly<Record<string, unknown>> };

/** A compose file with its anchors merged and its variables replaced: by `env`, else by their defaults. */
export function readComposeFile(text: string, env: Readonly<Record<string, string>> = {}): ComposeFile {
  return interpolated(parse(text, { merge: true }), env) as ComposeFile;
}

function interpolated(value: unknown, env: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, fallback?: string) => env[name] || (fallback ?? ''));
  }
  if (Array.isArray(value)) return value.map((item) => interpolated(item, env));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolated(item, env)]));
  }
  return value;
}

/** The service of the stack that is `name`. @throws Error when there is none */
export function serviceOf(compose: ComposeFile, name: string): Service {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`docker-compose.yml: expected a service ${name}, found ${Object.keys(compose.services).join(', ')}`);
  return service;
}
