import type { ConnectionLike } from '@temporalio/client';
import { SearchAttributeType } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';

/** Numbers of Temporal's `IndexedValueType`, and the names its command line takes. */
const WIRE_TYPES: Readonly<Record<SearchAttributeType, { readonly number: number; readonly name: string }>> = {
  [SearchAttributeType.TEXT]: { number: 1, name: 'Text' },
  [SearchAttributeType.KEYWORD]: { number: 2, name: 'Keyword' },
  [SearchAttributeType.INT]: { number: 3, name: 'Int' },
  [SearchAttributeType.DOUBLE]: { number: 4, name: 'Double' },
  [SearchAttributeType.BOOL]: { number: 5, name: 'Bool' },
  [SearchAttributeType.DATETIME]: { number: 6, name: 'Datetime' },
  [SearchAttributeType.KEYWORD_LIST]: { number: 7, name: 'KeywordList' },
};

const TIME_LIMIT_MS = 10_000;

/**
 * Makes sure that the namespace knows every search attribute that workflows set, and registers those that are missing: a workflow that sets
 * an unknown one fails its task again and again, without an end. Returns the names of those it registered.
 * @throws Error naming what is missing or of another type, and the command that mends it.
 */
export async function ensureSearchAttributes(connection: ConnectionLike, namespace: string): Promise<string[]> {
  const known = await withLimit(connection, () => connection.operatorService.listSearchAttributes({ namespace })).catch((error: unknown) => {
    throw new Error(`namespace ${namespace}: expected its search attributes to be listed, found: ${messageOf(error)}`, { cause: error });
  });
  const registered = { ...known.systemAttributes, ...known.customAttributes };
  const wrong = SEARCH_ATTRIBUTES.filter(({ name, type }) => registered[name] !== undefined && registered[name] !== WIRE_TYPES[type].number);
  if (wrong.length > 0) {
    const list = wrong.map(({ name, type }) => `${name} (expected ${WIRE_TYPES[type].name}, found ${nameOf(registered[name])})`);
    throw new Error(`namespace ${namespace}: search attributes of another type: ${list.join(', ')}; remove them, or use another namespace`);
  }
  const missing = SEARCH_ATTRIBUTES.filter(({ name }) => registered[name] === undefined);
  if (missing.length === 0) return [];
  const searchAttributes = Object.fromEntries(missing.map(({ name, type }) => [name, WIRE_TYPES[type].number]));
  await withLimit(connection, () => connection.operatorService.addSearchAttributes({ namespace, searchAttributes })).catch((error: unknown) => {
    const options = missing.map(({ name, type }) => `--name ${name} --type ${WIRE_TYPES[type].name}`).join(' ');
    throw new Error(
      `namespace ${namespace}: search attributes are missing (${missing.map(({ name }) => name).join(', ')}) and could not be registered: ` +
        `${messageOf(error)}. Register them with: temporal operator search-attribute create --namespace ${namespace} ${options}`,
      { cause: error },
    );
  });
  return missing.map(({ name }) => name);
}

const withLimit = <Answer>(connection: ConnectionLike, call: () => Promise<Answer>): Promise<Answer> =>
  connection.withDeadline(Date.now() + TIME_LIMIT_MS, call);

const nameOf = (wire: number | null | undefined): string => Object.values(WIRE_TYPES).find(({ number }) => number === wire)?.name ?? `type ${wire}`;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
