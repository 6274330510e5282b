import { join } from 'node:path';
import { type ComposeFile, serviceOf } from './compose-file.ts';
import { imageExec, imageVariables, instructionsOfImage, type Stage } from './dockerfile.ts';

/** The parts of a stack that are commands of the image, and what the compose file calls them. */
const SERVICES = { bwp: 'bwp-sandbox', oms: 'reference-oms', ingress: 'ingress', worker: 'worker' } as const;
type ImagePart = keyof typeof SERVICES;

/** Where a container is reached is decided by whoever starts it: a stack has ports of its own. */
const ADDRESS = /_(HOST|PORT)$/;

/** What the image starts, for plain processes in a folder that stands for its WORKDIR. */
export type ImagePrograms = {
  readonly folder: string;
  /** Node's arguments of each part: the entry point and the command of its service. */
  readonly args: Readonly<Record<ImagePart, readonly string[]>>;
  /** Variables that the image sets, and those of a service that are its own and not about the other parts. */
  readonly environment: Readonly<Record<ImagePart, Readonly<Record<string, string>>>>;
  readonly workflowBundle: string;
  /** Node's arguments of the image's health check. */
  readonly healthCommand: readonly string[];
};

/** @throws Error when Dockerfile or compose file do not say how a part is started */
export function imagePrograms(stages: readonly Stage[], compose: ComposeFile, folder: string): ImagePrograms {
  const workdir = instructionsOfImage(stages).findLast(({ keyword }) => keyword === 'WORKDIR')?.text ?? '/';
  const here = (value: string): string => (value.startsWith(`${workdir}/`) ? join(folder, value.slice(workdir.length)) : value);
  const image = Object.fromEntries(
    Object.entries(imageVariables(stages)).flatMap(([name, value]) => (ADDRESS.test(name) ? [] : [[name, here(value)]])),
  );
  const entryPoint = nodeArguments(imageExec(stages, 'ENTRYPOINT'));
  const argsOf = (part: ImagePart): readonly string[] => [...entryPoint, ...(serviceOf(compose, SERVICES[part]).command ?? imageExec(stages, 'CMD'))];
  const environmentOf = (part: ImagePart): Readonly<Record<string, string>> => {
    const options = serviceOf(compose, SERVICES[part]).environment?.['NODE_OPTIONS'];
    return { ...image, ...(options !== undefined && { NODE_OPTIONS: options }) };
  };
  return {
    folder,
    args: { bwp: argsOf('bwp'), oms: argsOf('oms'), ingress: argsOf('ingress'), worker: argsOf('worker') },
    environment: {
      ...{ bwp: environmentOf('bwp'), oms: environmentOf('oms') },
      ...{ ingress: environmentOf('ingress'), worker: environmentOf('worker') },
    },
    workflowBundle: image['WORKER_WORKFLOW_BUNDLE'] ?? '',
    healthCommand: nodeArguments(imageExec(stages, 'HEALTHCHECK')),
  };
}

function nodeArguments([program, ...args]: readonly string[]): readonly string[] {
  if (program !== 'node') throw new Error(`Dockerfile: expected node as the program, found ${program}`);
  return args;
}
