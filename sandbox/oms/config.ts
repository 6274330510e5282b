import { z } from 'zod';
import type { ReferenceOmsOptions } from './server.ts';

const text = z.string().min(1).optional();

const environment = z.object({
  OMS_HOST: z.string().min(1).default('127.0.0.1'),
  OMS_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  OMS_DATABASE: z.string().min(1).default('memory'),
  OMS_TOKEN: text,
  OMS_NOTICE_URL: z.url().optional(),
  OMS_NOTICE_AUTH: text,
  OMS_BUSINESS_PRODUCT_ID: z.string().min(1).default('business-product-1'),
});

/** The server's options as the environment gives them; an empty variable counts as not given. @throws Error naming each variable that is wrong */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ReferenceOmsOptions {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) throw new Error(`reference OMS: ${z.prettifyError(parsed.error)}`);
  const { OMS_HOST, OMS_PORT, OMS_DATABASE, OMS_TOKEN, OMS_NOTICE_URL, OMS_NOTICE_AUTH, OMS_BUSINESS_PRODUCT_ID } = parsed.data;
  return {
    host: OMS_HOST,
    port: OMS_PORT,
    database: OMS_DATABASE,
    token: OMS_TOKEN,
    notices: OMS_NOTICE_URL === undefined ? undefined : { url: OMS_NOTICE_URL, auth: OMS_NOTICE_AUTH, businessProductId: OMS_BUSINESS_PRODUCT_ID },
  };
}
