import { readFileSync } from 'node:fs';
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { bugIn, wireErrorFrom } from './errors.ts';
import { type Call, type OrderArguments, readOrder, type UpdateOrderArguments, updateOrder } from './order-calls.ts';
import type { Sandbox } from './sandbox.ts';

type Context = { readonly call: Call };

const schemaText = readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8');

/** The GraphQL half of the API: `fetch(url, request, { call })` answers one request, errors in Buy with Prime's shape. */
export function createGraphql(sandbox: Sandbox) {
  const schema = createSchema<Context>({
    typeDefs: schemaText,
    resolvers: {
      Decimal: decimal,
      ReturnStateInput: returnState,
      Query: { order: (_root, args: OrderArguments, { call }) => readOrder(sandbox, call, args) },
      Mutation: { updateOrder: (_root, args: UpdateOrderArguments, { call }) => updateOrder(sandbox, call, args) },
    },
  });
  return createYoga<Context>({
    schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    logging: false,
    maskedErrors: false,
    multipart: false,
    cors: false,
    plugins: [answerPlugin(sandbox)],
  });
}

/** Writes each answer as Buy with Prime does: HTTP 200 also for failures, `data` always there, the error type beside the message. */
function answerPlugin(sandbox: Sandbox): Plugin<object, Context> {
  return {
    onResultProcess({ result, setResultProcessor, serverContext: { call } }) {
      const { data, errors } = 'data' in result || 'errors' in result ? result : {};
      for (const error of errors ?? []) {
        const bug = bugIn(error);
        if (bug) sandbox.onBug(bug);
      }
      const wireErrors = errors?.map((error) => wireErrorFrom(error, sandbox.switches.errorCodeAt));
      const first = wireErrors?.[0];
      call.outcome = first ? [first.errorType ?? 'malformed request', errors?.[0] && codeOf(errors[0])].filter(Boolean).join('/') : 'ok';
      const status = wireErrors ? sandbox.switches.faultStatus : 200;
      setResultProcessor(
        (_result, { Response }) =>
          new Response(JSON.stringify({ data: data ?? null, ...(wireErrors ? { errors: wireErrors } : {}) }), {
            status,
            headers: { 'content-type': 'application/json' },
          }),
        'application/json',
      );
    },
  };
}

const codeOf = ({ originalError }: GraphQLError): unknown => originalError && 'code' in originalError && originalError.code;

/** Amounts and quantities: a JSON number or numeric text comes in and is kept as exact decimal text; a number goes out. */
const decimal = new GraphQLScalarType<string, number>({
  name: 'Decimal',
  parseValue: (value) => decimalText(value),
  parseLiteral: (node) => decimalText(node.kind === Kind.INT || node.kind === Kind.FLOAT || node.kind === Kind.STRING ? node.value : node.kind),
  serialize: (value) => Number(value),
});

function decimalText(value: unknown): string {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : typeof value;
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new GraphQLError(`Decimal: expected a number or numeric text, got ${JSON.stringify(value)}`);
  return text;
}

const RETURN_STATES: readonly string[] = ['CREATED', 'CANCELLED', 'COMPLETED'];

/** A return state, as a bare word or as text: Buy with Prime publishes an enum and shows it quoted. */
const returnState = new GraphQLScalarType<string, string>({
  name: 'ReturnStateInput',
  parseValue: (value) => returnStateText(value),
  parseLiteral: (node: ValueNode) => returnStateText(node.kind === Kind.ENUM || node.kind === Kind.STRING ? node.value : node.kind),
});

function returnStateText(value: unknown): string {
  if (typeof value === 'string' && RETURN_STATES.includes(value)) return value;
  throw new GraphQLError(`ReturnStateInput: expected one of ${RETURN_STATES.join(', ')}, got ${JSON.stringify(value)}`);
}
