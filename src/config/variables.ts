import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the settings of a process, one line each: variable, what was expected, what was found. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `${problems.length === 1 ? 'a setting is' : `${problems.length} settings are`} wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** Their values never stand in a message. */
const SECRET = /(SECRET|TOKEN|API_KEY|PASSWORD)$/;

/**
 * Reads variables by a shape whose issues say what was expected. A variable set to nothing counts as absent.
 * Adds one problem per wrong variable to `problems` and returns null when there is one.
 */
export function readVariables<Shape extends z.ZodRawShape>(env: Environment, shape: Shape, problems: string[]): z.infer<z.ZodObject<Shape>> | null {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = z.object(shape).safeParse(set);
  if (parsed.success) return parsed.data;
  const wrong = new Map<string, string>();
  for (const { path, message } of parsed.error.issues) {
    const name = String(path[0]);
    if (!wrong.has(name)) wrong.set(name, `${name}: expected ${message}, found ${shown(name, set[name])}`);
  }
  problems.push(...wrong.values());
  return null;
}

function shown(name: string, value: string | undefined): string {
  if (value === undefined) return 'nothing';
  if (SECRET.test(name)) return 'a value that is not shown';
  return JSON.stringify(value.replace(/\/\/[^/@\s]*@/g, '//***@'));
}

const DIGITS = /^\d{1,15}$/;
const TENTHS = /^\d{1,15}(\.\d)?$/;

/** The kinds of values that variables hold; each message completes "expected …". */
export const text = (expected: string) => z.string({ error: expected }).refine((value) => value === value.trim(), { error: expected });
export const wholeNumber = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}`;
  return z.string({ error }).regex(DIGITS, { error, abort: true }).transform(Number).pipe(z.number().min(min, { error }).max(max, { error }));
};
/** With at most one digit behind the point. */
export const tenths = (min: number, max: number) => {
  const error = `a number from ${min} to ${max}, in tenths`;
  return z.string({ error }).regex(TENTHS, { error, abort: true }).transform(Number).pipe(z.number().min(min, { error }).max(max, { error }));
};
export const httpUrl = () => z.url({ protocol: /^https?$/, error: 'an http or https URL' });
export const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `one of ${values.join(', ')}` });
