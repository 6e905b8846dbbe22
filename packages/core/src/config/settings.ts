import { z } from 'zod';
import { isMicroversion } from '../record/microversion.ts';
import { Secret } from '@groundcrew/ground';
import type { Interface } from './cloud-entry.ts';
import { complaint, isUnset, type Located, type LocatedMap } from './located.ts';

// Messages continue `clouds.prod.verify …`. They quote no value: which of them is a secret is not theirs to know.
const Text = z.string({ error: 'must be a single value' });
const Hidden = z.instanceof(Secret, { error: 'must be a single value' });
const Url = Text.refine(isHttpUrl, { error: 'must be a URL that begins with http:// or https://' });

/** PyYAML's booleans, quoted or not, and 1 and 0. */
const Flag = Text.transform((text, context) => {
  if (/^(true|yes|on|1)$/i.test(text)) return true;
  if (/^(false|no|off|0)$/i.test(text)) return false;
  const path = text.includes('/') ? '; the path of a certificate goes into `cacert`' : '';
  context.addIssue({ code: 'custom', message: `must be true or false${path}` });
  return z.NEVER;
});

const Seconds = Text.transform(Number).refine((seconds) => seconds > 0 && Number.isFinite(seconds), {
  error: 'must be a number of seconds greater than 0',
});

const interfaceError = 'must be one of public, internal, admin (a list of them is not supported)';
const InterfaceName = z
  .string({ error: interfaceError })
  .transform((text) => text.replace(/URL$/, ''))
  .refine((text): text is Interface => text === 'public' || text === 'internal' || text === 'admin', {
    error: interfaceError,
  });

/** A microversion of `<service>_default_microversion`. */
export const Microversion = Text.refine(isMicroversion, {
  error: 'must be a microversion such as 2.90; `latest` is none, since what it means changes with the cloud',
});
/** A URL of `<service>_endpoint_override`. */
export const EndpointUrl = Url;

const Auth = z.looseObject({
  auth_url: Url.optional(),
  endpoint: Url.optional(),
  username: Text.optional(),
  user_id: Text.optional(),
  password: Hidden.optional(),
  user_domain_name: Text.optional(),
  user_domain_id: Text.optional(),
  project_name: Text.optional(),
  project_id: Text.optional(),
  project_domain_name: Text.optional(),
  project_domain_id: Text.optional(),
  domain_name: Text.optional(),
  domain_id: Text.optional(),
  system_scope: Text.refine((scope) => scope === 'all', {
    error: 'must be all, the only value that Keystone has',
  }).optional(),
  trust_id: Text.optional(),
  token: Hidden.optional(),
  application_credential_id: Text.optional(),
  application_credential_name: Text.optional(),
  application_credential_secret: Hidden.optional(),
});

/** The keys of an entry that are read, and what their text means. Others pass: files are shared with other tools. */
const Settings = z.looseObject({
  auth: Auth.default({}),
  interface: InterfaceName.default('public'),
  verify: Flag.default(true),
  insecure: Flag.default(false),
  cacert: Text.optional(),
  cert: Text.optional(),
  key: Text.optional(),
  proxy: Url.optional(),
  no_proxy: Text.optional(),
  api_timeout: Seconds.optional(),
});

/** Reads the settings of a merged entry. @throws ConfigError with the place of the first that does not fit. */
export const readSettings = (entry: LocatedMap): z.output<typeof Settings> => parseAt(Settings, entry);

/** Parses a value; an error names where it was written. */
export function parseAt<T extends z.ZodType>(schema: T, node: Located): z.output<T> {
  const result = schema.safeParse(valueOf(node));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw complaint(originAt(node, issue?.path ?? []), issue?.message ?? 'does not fit');
}

/** The value of a node; what is unset is left out. */
function valueOf(node: Located): unknown {
  if (node.kind === 'text') return node.value ?? undefined;
  if (node.kind === 'list') return node.items.map(valueOf);
  const given = [...node.entries].filter(([, value]) => !isUnset(value));
  return Object.fromEntries(given.map(([key, value]) => [key, valueOf(value)]));
}

function originAt(node: Located, path: readonly PropertyKey[]): Located['origin'] {
  const [first, ...rest] = path;
  const below = node.kind === 'map' ? node.entries.get(String(first)) : undefined;
  return first === undefined || below === undefined ? node.origin : originAt(below, rest);
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
