import type { Clock, Secret } from '@groundcrew/ground';
import { redactUrl } from '../wire/curl.ts';
import { type Asked, askForVersions } from './document-request.ts';
import {
  type EndpointUrl,
  parseVersion,
  satisfies,
  splitEndpoint,
  type VersionNumber,
} from './endpoint-url.ts';
import { type ApiVersion, pickVersion } from './version-document.ts';
import { isGroundcrewError } from '../errors/guards.ts';
import { EndpointError, InputError } from '../errors/errors.ts';
import type { Exchange } from '../wire/exchange.ts';
import type { ServiceSpec } from '../record/operation.ts';
import { SharedWork } from '../wire/shared-work.ts';
import { withoutTrailingSlashes } from './trailing-slashes.ts';

export interface DiscoveryOptions {
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Milliseconds for one attempt. @default that of the exchange */
  readonly timeout?: number | undefined;
  /** For the few services that show their versions only with a token. Without it they are not asked again. */
  readonly token?:
    | ((signal: AbortSignal | undefined) => Promise<{ readonly value: Secret } | undefined>)
    | undefined;
}

/** An endpoint as the catalogue or the configuration has it, and who is thought to be there. */
export interface ServiceEndpoint {
  readonly service: Pick<ServiceSpec, 'name' | 'type' | 'major'>;
  readonly url: string;
  /** `override`: set in the configuration, and believed before any document. @default 'catalog' */
  readonly from?: 'catalog' | 'override' | undefined;
  /** Id of the token's project: some endpoints end with it. */
  readonly projectId?: string | undefined;
}

/** The URL of a service after discovery, and the versions that it has. */
export interface ResolvedEndpoint {
  /** The base to which the paths of records are appended, after a slash. Has the project's id where the catalogue has it. */
  readonly base: string;
  /** Oldest and newest microversion of the record's major; `undefined` if it has none, or nobody asked. */
  readonly min: string | undefined;
  readonly max: string | undefined;
  /** All versions that the service publishes; empty if it was not asked, or publishes none. */
  readonly versions: readonly ApiVersion[];
  /**
   * The evidence for the base: the service's version document, an answer at the path where that version usually is, the URL as
   * the catalogue has it, or the configuration.
   */
  readonly source: 'document' | 'probe' | 'url' | 'override';
  /**
   * A version document or an answer to a probe showed that the service is there. Below a base that nothing confirmed, a 404
   * says that the URL is wrong as well as that a thing is gone.
   */
  readonly confirmed: boolean;
  /** A deviation from what discovery expects, in words. */
  readonly note: string | undefined;
}

/** Options of a question for a service's versions. */
export interface VersionsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Asks again even if the answer is known: an upgrade may have changed it. @default false */
  readonly fresh?: boolean | undefined;
}

/**
 * Finds the version of an API behind the URL that a catalogue has for it, as keystoneauth does (`discover.py`),
 * asking as seldom as possible: once per endpoint, and not at all if the URL says enough.
 */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #known = new Map<string, { readonly resolved: ResolvedEndpoint; readonly until: number }>();
  readonly #pending = new Map<string, SharedWork<ResolvedEndpoint>>();
  /** Whether a service answers, by endpoint, where no version is known. */
  readonly #answering = new Map<string, { readonly answers: boolean; readonly until: number }>();

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  /**
   * The URL that the paths of the service's records are below. A URL that carries the right version
   * (`…/v2.1`, `…/v3/PROJECT`) is taken as it is, without a request; one without any is asked for its versions.
   *
   * @throws EndpointError if the service is there, but has no version that the records are of.
   * @throws ConnectionError, TimeoutError or HttpError (5xx) if it had to be asked and is out of order: guessing
   * its URL could turn an outage into a 404, and that into "it does not exist".
   */
  async resolve(endpoint: ServiceEndpoint, options: VersionsOptions = {}): Promise<ResolvedEndpoint> {
    const parts = split(endpoint);
    const isEnough =
      endpoint.from === 'override' ? parts.version !== undefined : carries(parts, majorOf(endpoint));
    return isEnough ? asItIs(endpoint, parts, undefined) : this.versions(endpoint, options);
  }

  /**
   * Reads the versions that the service publishes, with the range of microversions. Asked once; a service that tells
   * nothing (401, 404, a web page) is asked again after a minute, and `note` says why until then.
   *
   * @throws what `resolve` throws.
   */
  async versions(endpoint: ServiceEndpoint, options: VersionsOptions = {}): Promise<ResolvedEndpoint> {
    const { signal, fresh = false } = options;
    signal?.throwIfAborted();
    const { service, url, from = 'catalog', projectId = '' } = endpoint;
    const key = JSON.stringify([service.type, service.major, url, from, projectId]);
    const known = this.#known.get(key);
    if (known !== undefined && !fresh && this.#options.clock.now() < known.until) return known.resolved;
    let pending = this.#pending.get(key);
    if (pending === undefined || pending.isOver) {
      pending = new SharedWork(async (whileWanted) => {
        const resolved = await this.#ask(endpoint, whileWanted);
        const until =
          resolved.versions.length > 0 ? Number.POSITIVE_INFINITY : this.#options.clock.now() + SILENCE;
        this.#known.set(key, { resolved, until });
        return resolved;
      });
      this.#pending.set(key, pending);
    }
    return pending.join(signal);
  }

  /** Whether any service answers at an endpoint of which no version is known. */
  async #answers(endpoint: ServiceEndpoint, signal: AbortSignal | undefined): Promise<boolean> {
    const now = this.#options.clock.now();
    const known = this.#answering.get(endpoint.url);
    if (known !== undefined && now < known.until) return known.answers;
    const { whole, root } = split(endpoint);
    let answers = false;
    for (const url of new Set([`${whole}/`, root])) {
      const outcome = await this.#askOne(endpoint, url, undefined, signal ?? new AbortController().signal);
      answers = outcome.kind === 'document' || isServed(outcome);
      if (answers) break;
    }
    this.#answering.set(endpoint.url, { answers, until: answers ? Number.POSITIVE_INFINITY : now + SILENCE });
    return answers;
  }

  async #ask(endpoint: ServiceEndpoint, signal: AbortSignal): Promise<ResolvedEndpoint> {
    const parts = split(endpoint);
    const need = majorOf(endpoint);
    const urls = documentUrls(parts);
    const asked = new Map<string, Asked>();
    for (const url of urls) {
      const outcome = await this.#askOne(endpoint, url, undefined, signal);
      asked.set(url, outcome);
      const resolved = conclude(endpoint, parts, need, url, outcome);
      if (resolved !== undefined) return resolved;
    }
    const closed = urls.filter((url) => asked.get(url)?.kind === 'closed');
    const token = closed.length === 0 ? undefined : await this.#options.token?.(signal);
    for (const url of token === undefined ? [] : closed) {
      const outcome = await this.#askOne(endpoint, url, token, signal);
      asked.set(url, outcome);
      const resolved = conclude(endpoint, parts, need, url, outcome);
      if (resolved !== undefined) return resolved;
    }
    // Swift and radosgw have no version document. They tell of themselves at `info` (`swift/proxy/controllers/info.py`).
    if (endpoint.service.type === 'object-store' && isUsable(endpoint, parts)) {
      const info = `${parts.root}info`;
      asked.set(info, await this.#askOne(endpoint, info, undefined, signal));
      if (isServed(asked.get(info))) return { ...asItIs(endpoint, parts, undefined), confirmed: true };
    }
    const usual = isUsable(endpoint, parts) ? undefined : usualUrl(parts, endpoint.service.major);
    // No document at all, and nothing out of order: the version may be where every deployment has it.
    if (
      usual !== undefined &&
      [...asked.values()].every(({ kind }) => kind === 'none' || kind === 'closed')
    ) {
      const outcome = await this.#askOne(endpoint, usual, undefined, signal);
      asked.set(usual, outcome);
      const probed = probedAt(endpoint, parts, usual, outcome);
      if (probed !== undefined) return probed;
    }
    return withoutDocument(endpoint, parts, asked);
  }

  /**
   * Whether the service is known to be at the base that was used, by its version document or by an answer to a probe; asked
   * once, and after a minute again where the answer was no. An outage is a no. So is another base: what was confirmed after a
   * guess is not what was guessed.
   */
  async confirms(endpoint: ServiceEndpoint, base: string, options: VersionsOptions = {}): Promise<boolean> {
    try {
      if (endpoint.service.major === '') return await this.#answers(endpoint, options.signal);
      const resolved = await this.versions(endpoint, options);
      return resolved.confirmed && resolved.base === base;
    } catch (error) {
      if (!isGroundcrewError(error)) throw error;
      return false;
    }
  }

  #askOne(
    endpoint: ServiceEndpoint,
    url: string,
    token: { readonly value: Secret } | undefined,
    signal: AbortSignal,
  ): Promise<Asked> {
    const { exchange, clock, timeout } = this.#options;
    return askForVersions({
      exchange,
      clock,
      timeout,
      service: endpoint.service.name,
      url,
      token: token?.value,
      signal,
    });
  }
}

/** Resolves an endpoint by a version document; `undefined` if the document does not describe it. */
function conclude(
  endpoint: ServiceEndpoint,
  parts: EndpointUrl,
  need: VersionNumber,
  url: string,
  asked: Asked,
): ResolvedEndpoint | undefined {
  if (asked.kind !== 'document') return undefined;
  const { versions } = asked;
  const version = pickVersion(versions, need);
  if (version === undefined) return undefined;
  const range = { min: version.min, max: version.max, versions };
  if (carries(parts, need)) {
    // Where services share a host by path, its root may belong to another of them.
    const isSame =
      version.url === undefined || version.url === withoutSlash(parts.versioned) || url === parts.versioned;
    return isSame ? { ...asItIs(endpoint, parts, undefined, 'document'), ...range } : undefined;
  }
  if (endpoint.from === 'override' && parts.version !== undefined) return undefined;
  if (version.url === undefined) return undefined;
  const base = parts.suffix === '' ? version.url : `${version.url}/${parts.suffix}`;
  const source = endpoint.from === 'override' ? 'override' : 'document';
  return { base, ...range, source, confirmed: true, note: undefined };
}

/** The base that an answer at the usual place of a version shows. */
function probedAt(
  endpoint: ServiceEndpoint,
  parts: EndpointUrl,
  url: string,
  asked: Asked,
): ResolvedEndpoint | undefined {
  const fromDocument = conclude(endpoint, parts, majorOf(endpoint), url, asked);
  if (fromDocument !== undefined) return fromDocument;
  if (!isServed(asked)) return undefined;
  const { service } = endpoint;
  const base = withoutSlash(url) ?? url;
  return {
    ...asItIs(endpoint, parts, `${service.type}: its root tells no versions; ${base} answers`),
    base: parts.suffix === '' ? base : `${base}/${parts.suffix}`,
    source: 'probe',
    confirmed: true,
  };
}

const isServed = (asked: Asked | undefined): boolean =>
  asked !== undefined && 'served' in asked && asked.served;

/** Whether a service is there. For an override that has another version on purpose, that version's own document shows it. */
const isThere = (asked: Asked | undefined): boolean => asked?.kind === 'document' || isServed(asked);

/** Resolves an endpoint for which no document has the version that is needed. */
function withoutDocument(
  endpoint: ServiceEndpoint,
  parts: EndpointUrl,
  asked: ReadonlyMap<string, Asked>,
): ResolvedEndpoint {
  const outcomes = [...asked.values()];
  const published = outcomes.flatMap((outcome) => (outcome.kind === 'document' ? outcome.versions : []));
  const failed = outcomes.find((outcome) => outcome.kind === 'failed');
  const why = outcomes.flatMap((outcome) => ('why' in outcome ? [outcome.why] : []));
  const { service } = endpoint;
  const ids = [...new Set(published.map(({ id }) => id))].join(', ');
  const lacks = published.length > 0 && pickVersion(published, majorOf(endpoint)) === undefined;
  if (!isUsable(endpoint, parts) && lacks) {
    throw new EndpointError(`${service.type} at ${parts.whole} has ${ids}, not ${service.major}`, {
      service: service.type,
      reason: 'no-version',
      remedy: `Is this URL that of ${service.type}? If the version is elsewhere, give its URL as an endpoint_override.`,
    });
  }
  if (failed !== undefined) throw failed.error;
  const trouble =
    published.length > 0 ? [`its versions (${ids}) do not tell where ${service.major} is`, ...why] : why;
  return {
    ...asItIs(endpoint, parts, `${service.type}: ${trouble.join('; ')}; ${parts.whole} is used as it is`),
    confirmed: parts.versioned !== undefined && isThere(asked.get(parts.versioned)),
  };
}

/** Whether the URL can be used without any document: whoever wrote it said which version is there. */
const isUsable = (endpoint: ServiceEndpoint, parts: EndpointUrl): boolean =>
  endpoint.from === 'override' || carries(parts, majorOf(endpoint));

/** The usual URL of a version below a root that publishes none: `…/v2.0/`. */
const usualUrl = (parts: EndpointUrl, major: string): string =>
  `${parts.root}${major.startsWith('v') ? major : `v${major}`}/`;

const asItIs = (
  endpoint: ServiceEndpoint,
  parts: EndpointUrl,
  note: string | undefined,
  source: 'url' | 'document' = 'url',
): ResolvedEndpoint => ({
  base: parts.whole,
  min: undefined,
  max: undefined,
  versions: [],
  source: endpoint.from === 'override' ? 'override' : source,
  confirmed: source === 'document',
  note,
});

/**
 * The URLs at which a version document may be. The root is asked first: most services answer there without a token, and with
 * all their versions; Cinder and Glance answer nowhere else.
 */
const documentUrls = (parts: EndpointUrl): string[] =>
  parts.versioned !== undefined
    ? [parts.root, parts.versioned]
    : parts.suffix === '' && new URL(parts.whole).href !== parts.root
      ? [parts.whole, parts.root]
      : [parts.root];

/** Whether the URL itself says that it is of the version that is needed. */
const carries = (parts: EndpointUrl, need: VersionNumber): boolean =>
  parts.version !== undefined && satisfies(parts.version, need);

function split({ service, url, projectId, from }: ServiceEndpoint): EndpointUrl {
  if (URL.canParse(url) && /^https?:/i.test(url)) return splitEndpoint(url, projectId);
  throw new EndpointError(`${service.type}: ${JSON.stringify(redactUrl(url))} is not an http(s) URL`, {
    service: service.type,
    reason: 'unusable',
    remedy:
      from === 'override'
        ? 'Correct its endpoint_override.'
        : 'Correct the endpoint in Keystone: `openstack endpoint set --url`.',
  });
}

function majorOf({ service }: ServiceEndpoint): VersionNumber {
  const version = parseVersion(service.major);
  if (version === undefined)
    throw new InputError(`${service.type}: major: is no version: ${JSON.stringify(service.major)}`, {
      field: 'major',
      operation: service.type,
    });
  return version;
}

const withoutSlash = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : withoutTrailingSlashes(url);

/** Milliseconds for which a service that tells nothing of its versions is not asked again. */
const SILENCE = 60_000;
