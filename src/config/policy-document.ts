import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';

/** Where in a file: names of settings and places in lists, outermost first. */
export type Path = readonly (string | number)[];

/** A YAML file as a plain value, and what is needed to say what is wrong with it. */
export type PolicyDocument = {
  readonly value: unknown;
  /** A number or text as it is written in the file, without quotes: what a number looks like before it becomes binary. */
  readonly writtenAt: (path: Path) => string;
  /** `file:line:column: setting: expected …, found …`, at the value that `path` leads to. */
  readonly problemAt: (path: Path, expected: string) => string;
  /** As `problemAt`, at the name of the setting. */
  readonly problemAtName: (path: Path, expected: string) => string;
};

/**
 * Reads a text as one YAML document of texts, numbers, lists and mappings whose keys are texts, each given once. `source` names it.
 * Problems are added to `problems`; null when there is one.
 */
export function readDocument(text: string, source: string, problems: string[]): PolicyDocument | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${source}:${line}:${col}`;
  };
  const found = [...document.errors, ...document.warnings].map(({ pos, message }) => `${at(pos[0])}: expected YAML, found: ${message.trim()}`);
  if (found.length === 0) {
    visit(document, {
      Pair: (_, { key }) => {
        if (isScalar(key) && typeof key.value === 'string' && key.value !== '__proto__') return;
        found.push(`${at(startOf(key))}: expected a text for a name, found ${described(key)}`);
      },
    });
  }
  problems.push(...found);
  if (found.length > 0) return null;
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    const say = (node: unknown, path: Path, expected: string, what: string): string =>
      `${at(startOf(node))}: ${path.length === 0 ? 'the whole file' : path.join('.')}: expected ${expected}, found ${what}`;
    return {
      value: value ?? {},
      writtenAt: (path) => writtenAs(nodeAt(document, path)),
      problemAt: (path, expected) => {
        const node = nodeAt(document, path);
        return say(node, path, expected, described(node));
      },
      problemAtName: (path, expected) => say(keyAt(document, path), path, expected, JSON.stringify(path.at(-1))),
    };
  } catch (error) {
    // An alias of nothing, or aliases of aliases that would fill the memory.
    problems.push(`${at(0)}: expected YAML, found: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** The node that a path leads to, aliases followed. */
function nodeAt(document: Document, path: Path): unknown {
  return path.reduce<unknown>((node, part) => {
    if (isMap(node)) return followed(document, node.items.find(({ key }) => isScalar(key) && key.value === part)?.value);
    return isSeq(node) ? followed(document, node.items[Number(part)]) : undefined;
  }, document.contents);
}

const followed = (document: Document, node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);

function keyAt(document: Document, path: Path): unknown {
  const map = nodeAt(document, path.slice(0, -1));
  return isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))?.key : undefined;
}

const startOf = (node: unknown): number => (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0] ?? 0;

const writtenAs = (node: unknown): string => {
  if (!isScalar(node)) return '';
  return typeof node.value === 'number' ? (node.source ?? '') : String(node.value);
};

function described(node: unknown): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  return typeof node.value === 'number' ? writtenAs(node) : JSON.stringify(node.value);
}
