import { spreadDomains } from './auth.ts';
import { authTypeOf } from './auth-type.ts';
import type { AuthEntry, AuthType, CloudEntry } from './cloud-entry.ts';
import { environmentBundle, environmentProxy } from './environment.ts';
import {
  asMap,
  complaint,
  type Located,
  type LocatedMap,
  type LocatedText,
  mapOf,
  plain,
  textOf,
} from './located.ts';
import { missing, requireCredentials } from './requirements.ts';
import { expandHome, type ResolvedSources } from './search.ts';
import { serviceTexts } from './service-keys.ts';
import { EndpointUrl, Microversion, parseAt, readSettings } from './settings.ts';

/** The parts of an entry, after all sources have been merged. */
export interface Merged {
  readonly name: string;
  /** Its settings, `auth` folded. */
  readonly settings: LocatedMap;
  readonly region: string;
  /** The settings that came from code. */
  readonly explicit: LocatedMap;
  /** The entry before anything was laid over it: where what is missing belongs. */
  readonly home: LocatedMap;
}

/** Makes the entry: old names, defaults, checks. */
export function toEntry(
  { name, settings, region, explicit, home }: Merged,
  sources: ResolvedSources,
): CloudEntry {
  const type = authTypeOf(settings, explicit);
  const prepared = prepare(settings, region, home);
  requireCredentials(type, prepared, home);
  const read = readSettings(prepared);
  const endpoint_override = endpointsOf(prepared);
  const { auth_url, endpoint } = read.auth;
  const url = auth_url ?? endpoint ?? Object.values(endpoint_override)[0];
  if (url === undefined) throw missing(['endpoint'], home, type);
  const fromEnvironment = environmentProxy(sources.env, url);
  const verify = read.verify && !read.insecure;
  // Only where a certificate is looked at: a bundle that is not there any more then hinders nobody.
  const bundle = verify && url.startsWith('https:') ? environmentBundle(sources.env) : undefined;
  return {
    name,
    auth_type: type,
    auth: authOf(read.auth, type),
    region_name: region === '' ? undefined : region,
    interface: read.interface,
    verify,
    cacert: pathOf(read.cacert ?? bundle, sources),
    cert: pathOf(read.cert, sources),
    key: pathOf(read.key, sources),
    proxy: read.proxy ?? fromEnvironment.proxy,
    no_proxy: read.no_proxy ?? fromEnvironment.no_proxy,
    api_timeout: read.api_timeout,
    endpoint_override,
    default_microversion: microversionsOf(prepared),
  };
}

/** Gives old names their new ones, and fills in references. */
function prepare(settings: LocatedMap, region: string, home: LocatedMap): LocatedMap {
  const entries = new Map(settings.entries);
  entries.set('region_name', {
    kind: 'text',
    value: region,
    origin: entries.get('region_name')?.origin ?? home.origin,
  });
  // Each client once had a timeout of its own; the last of them wins (openstacksdk `_fix_backwards_api_timeout`).
  for (const [key, value] of settings.entries) {
    if (key.endsWith('timeout') && key !== 'timeout' && key !== 'api_timeout')
      entries.set('api_timeout', value);
  }
  const endpointType = textOf(settings, 'endpoint_type');
  if (endpointType !== undefined) entries.set('interface', endpointType);
  const outer = mapOf(entries, home.origin);
  const auth = new Map(spreadDomains(asMap(entries.get('auth'), home.origin)).entries);
  const authUrl = auth.get('auth_url');
  if (authUrl?.kind === 'text') auth.set('auth_url', filledIn(authUrl, outer));
  entries.set('auth', mapOf(auth, asMap(entries.get('auth'), home.origin).origin));
  return mapOf(entries, home.origin);
}

/** Replaces `{region_name}` and the like by other settings of the entry. */
function filledIn(node: LocatedText, settings: LocatedMap): LocatedText {
  const value = plain(node).replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    const setting: Located | undefined = settings.entries.get(key);
    if (setting?.kind === 'text' && typeof setting.value === 'string') return setting.value;
    throw complaint(node.origin, `refers to {${key}}, which the entry does not have`);
  });
  return { ...node, value };
}

/** `<service>_endpoint_override`, and `<service>_endpoint` where there is no override. */
function endpointsOf(settings: LocatedMap): Readonly<Record<string, string>> {
  const texts = new Map([
    ...serviceTexts(settings, 'endpoint'),
    ...serviceTexts(settings, 'endpoint_override'),
  ]);
  return byType([...texts].map(([type, text]) => [type, parseAt(EndpointUrl, filledIn(text, settings))]));
}

/**
 * `<service>_default_microversion`, or a microversion given as `<service>_api_version` (`2.79`; `2.0` is only how
 * an API is called that has none). Two that differ are an error, as in openstacksdk `_get_version_request`.
 */
function microversionsOf(settings: LocatedMap): Readonly<Record<string, string>> {
  const found = byType([]);
  for (const [type, text] of serviceTexts(settings, 'default_microversion'))
    found[type] = parseAt(Microversion, text);
  for (const [type, text] of serviceTexts(settings, 'api_version')) {
    const version = plain(text);
    if (!/^\d+\.\d+$/.test(version) || version.endsWith('.0')) continue;
    const given = found[type];
    if (given !== undefined && given !== version) {
      throw complaint(
        text.origin,
        `is ${version}, but the default microversion is ${given}`,
        'Keep one of them.',
      );
    }
    found[type] = version;
  }
  return found;
}

/** Texts by service type. A plain object would have a text for the type `constructor`, too: that of its prototype. */
const byType = (texts: readonly (readonly [type: string, text: string])[]): Record<string, string> =>
  Object.assign(Object.create(null), Object.fromEntries(texts));

const pathOf = (path: string | undefined, sources: ResolvedSources): string | undefined =>
  path === undefined ? undefined : expandHome(path, sources.home);

/** The keys that `AuthEntry` has, and of those the given ones. */
function authOf(auth: ReturnType<typeof readSettings>['auth'], type: AuthType): AuthEntry {
  const { endpoint, ...others } = auth;
  const all: AuthEntry = {
    auth_url: others.auth_url,
    ...(type === 'none' ? { endpoint } : {}),
    username: others.username,
    user_id: others.user_id,
    password: others.password,
    user_domain_name: others.user_domain_name,
    user_domain_id: others.user_domain_id,
    project_name: others.project_name,
    project_id: others.project_id,
    project_domain_name: others.project_domain_name,
    project_domain_id: others.project_domain_id,
    domain_name: others.domain_name,
    domain_id: others.domain_id,
    system_scope: others.system_scope,
    trust_id: others.trust_id,
    token: others.token,
    application_credential_id: others.application_credential_id,
    application_credential_name: others.application_credential_name,
    application_credential_secret: others.application_credential_secret,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
