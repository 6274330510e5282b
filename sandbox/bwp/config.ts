import { z } from 'zod';

const configSchema = z
  .object({
    BWP_SANDBOX_HOST: z.string().min(1).default('127.0.0.1'),
    BWP_SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
    BWP_SANDBOX_CLIENT_ID: z.string().min(1).default('sandbox-client'),
    BWP_SANDBOX_CLIENT_SECRET: z.string().min(1).default('sandbox-secret'),
    BWP_SANDBOX_BUSINESS_PRODUCT_IDS: z
      .string()
      .default('bp-sandbox')
      .transform((list) => list.split(',').map((id) => id.trim()))
      .pipe(z.array(z.string().min(1)).min(1)),
    BWP_SANDBOX_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
    BWP_SANDBOX_WEBHOOK_AUTH: z.string().min(1).optional(),
  })
  .transform((env) => ({
    host: env.BWP_SANDBOX_HOST,
    port: env.BWP_SANDBOX_PORT,
    clientId: env.BWP_SANDBOX_CLIENT_ID,
    clientSecret: env.BWP_SANDBOX_CLIENT_SECRET,
    /** Business products whose orders may be called for; the first one is the default of new orders. */
    businessProductIds: env.BWP_SANDBOX_BUSINESS_PRODUCT_IDS,
    webhookUrl: env.BWP_SANDBOX_WEBHOOK_URL,
    /** Value of the Authorization header sent with each event. */
    webhookAuth: env.BWP_SANDBOX_WEBHOOK_AUTH,
  }));

export type BwpSandboxConfig = z.infer<typeof configSchema>;

/**
 * The sandbox's settings from environment variables; a variable set to nothing counts as absent.
 * @throws Error naming each variable that is wrong.
 */
export function readBwpSandboxConfig(env: Readonly<Record<string, string | undefined>>): BwpSandboxConfig {
  const parsed = configSchema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!parsed.success) throw new Error(`BwP sandbox configuration:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
