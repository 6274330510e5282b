/** One instruction of a Dockerfile, continuation lines joined and comments left out. */
export type Instruction = {
  /** In capitals: COPY, RUN, … */
  readonly keyword: string;
  /** `--from=build` is { from: 'build' }. */
  readonly flags: Readonly<Record<string, string>>;
  /** What follows keyword and flags. */
  readonly text: string;
  /** The exec form (a JSON array) where `text` is one. */
  readonly exec: readonly string[] | null;
  /** Its first line, counted from 1. */
  readonly line: number;
};

export type Stage = {
  readonly name: string;
  /** Another stage or an image. */
  readonly base: string;
  readonly instructions: readonly Instruction[];
};

/** The stages of a Dockerfile, in order; the last one is the image. @throws Error naming the line that cannot be read */
export function readDockerfile(text: string): Stage[] {
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const instruction of instructionsOf(text)) {
    if (instruction.keyword === 'FROM') {
      const [, base = '', name = `${stages.length}`] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(instruction.text) ?? [];
      if (base === '') throw new Error(`Dockerfile:${instruction.line}: expected FROM image [AS name], found FROM ${instruction.text}`);
      stages.push({ name, base, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (stage === undefined) throw new Error(`Dockerfile:${instruction.line}: expected FROM first, found ${instruction.keyword}`);
    stage.instructions.push(instruction);
  }
  return stages;
}

/** The stage and those it is made from, the outermost base first. */
export function lineageOf(stages: readonly Stage[], name: string): Stage[] {
  const stage = stages.find((candidate) => candidate.name === name);
  return stage === undefined ? [] : [...lineageOf(stages, stage.base), stage];
}

/** Variables that ENV sets in the image, those of its base stages included. */
export function imageVariables(stages: readonly Stage[]): Record<string, string> {
  const settings = instructionsOfImage(stages).filter(({ keyword }) => keyword === 'ENV');
  return Object.fromEntries(settings.flatMap(({ text }) => [...text.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value])));
}

/** The last exec form of an instruction that the image has, such as ENTRYPOINT. @throws Error when there is none */
export function imageExec(stages: readonly Stage[], keyword: string): readonly string[] {
  const { exec } = instructionsOfImage(stages).findLast((instruction) => instruction.keyword === keyword) ?? {};
  if (exec === undefined || exec === null) throw new Error(`Dockerfile: expected ${keyword} in exec form (a JSON array), found none`);
  return exec;
}

/** All instructions that make the image, without other stages. */
export function instructionsOfImage(stages: readonly Stage[]): Instruction[] {
  const image = stages.at(-1);
  if (image === undefined) throw new Error('Dockerfile: expected a stage, found none');
  return lineageOf(stages, image.name).flatMap(({ instructions }) => instructions);
}

function instructionsOf(text: string): Instruction[] {
  const found: Instruction[] = [];
  let joined = '';
  let start = 0;
  text.split('\n').forEach((line, index) => {
    if (/^\s*(#|$)/.test(line)) return;
    if (joined === '') start = index + 1;
    joined += line.replace(/\\\s*$/, ' ');
    if (/\\\s*$/.test(line)) return;
    found.push(readInstruction(joined.trim(), start));
    joined = '';
  });
  if (joined !== '') throw new Error(`Dockerfile:${start}: expected the instruction to end, found the end of the file`);
  return found;
}

function readInstruction(joined: string, line: number): Instruction {
  const [, keyword = '', flagText = '', text = ''] = /^(\w+)\s+((?:--\S+\s+)*)(.*)$/s.exec(joined) ?? [];
  if (keyword === '') throw new Error(`Dockerfile:${line}: expected an instruction, found ${joined}`);
  const flags = Object.fromEntries([...flagText.matchAll(/--([\w-]+)(?:=(\S+))?/g)].map(([, name = '', value = '']) => [name, value]));
  // HEALTHCHECK has its command behind the word CMD.
  const command = keyword.toUpperCase() === 'HEALTHCHECK' ? text.replace(/^CMD\s+/, '') : text;
  return { keyword: keyword.toUpperCase(), flags, text: text.trim(), exec: execForm(command), line };
}

function execForm(text: string): readonly string[] | null {
  if (!text.startsWith('[')) return null;
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) && parsed.every((word) => typeof word === 'string') ? parsed : null;
}
