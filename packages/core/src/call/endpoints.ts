import type { Session } from '../auth/session.ts';
import { endpointFor } from '../auth/catalog.ts';
import type { CloudEntry } from '../config/cloud-entry.ts';
import type { ServiceFacts } from '../services/service-facts.ts';
import type {
  Discovery,
  ResolvedEndpoint,
  ServiceEndpoint,
  VersionsOptions,
} from '../discovery/discovery.ts';
import { EndpointError } from '../errors/errors.ts';
import { officialType } from '../services/service-types.ts';
import { withoutTrailingSlashes } from '../discovery/trailing-slashes.ts';

/** Finds the services of one cloud, from its configuration, its catalogue and their version documents. */
export class Endpoints {
  readonly #entry: CloudEntry;
  readonly #session: Session;
  readonly #discovery: Discovery;
  /** URLs that are known; of an old token they are kept no longer than it is. */
  readonly #known = new Map<string, { readonly generation: number; readonly base: string }>();

  constructor(entry: CloudEntry, session: Session, discovery: Discovery) {
    this.#entry = entry;
    this.#session = session;
    this.#discovery = discovery;
  }

  /** The URL that the paths of a service's records are below. */
  async base(service: ServiceFacts, signal: AbortSignal | undefined): Promise<string> {
    const generation = (await this.#session.token(signal))?.generation ?? 0;
    const known = this.#known.get(service.type);
    if (known?.generation === generation) return known.base;
    const { base, confirmed, note } = await this.#discovery.resolve(await this.#registered(service, signal), {
      signal,
    });
    // A guess is not kept: discovery asks again after a minute, and may find the service elsewhere.
    if (confirmed || note === undefined) this.#known.set(service.type, { generation, base });
    return base;
  }

  /** Whether the service is known to be at the base URL of a call. */
  async confirms(service: ServiceFacts, base: string, signal: AbortSignal | undefined): Promise<boolean> {
    return this.#discovery.confirms(await this.#registered(service, signal), base, { signal });
  }

  /** The versions that a service publishes. */
  async versions(service: ServiceFacts, options: VersionsOptions = {}): Promise<ResolvedEndpoint> {
    return this.#discovery.versions(await this.#registered(service, options.signal), options);
  }

  /** The URL of a service of which nothing is known, as it is registered. */
  async registered(type: string, signal: AbortSignal | undefined): Promise<string> {
    const { url } = await this.#registered(unknownService(type), signal);
    return withoutTrailingSlashes(url);
  }

  /** Whether any service answers at the registered URL of an unknown service type. */
  confirmsRegistered(type: string, base: string, signal: AbortSignal | undefined): Promise<boolean> {
    return this.confirms(unknownService(type), base, signal);
  }

  async #registered(service: ServiceFacts, signal: AbortSignal | undefined): Promise<ServiceEndpoint> {
    const { endpoint_override: override, auth, region_name: region } = this.#entry;
    const configured =
      override[service.type] ?? (this.#entry.auth_type === 'none' ? auth.endpoint : undefined);
    const token = await this.#session.token(signal);
    const projectId = token?.project?.id ?? auth.project_id;
    if (configured !== undefined) return { service, url: configured, from: 'override', projectId };
    if (token === undefined) {
      throw new EndpointError(`no endpoint of ${service.type}: without Keystone there is no catalogue`, {
        service: service.type,
        reason: 'no-catalog',
        remedy: `Give its URL as endpoint_override['${service.type}'], or as auth.endpoint for all services.`,
      });
    }
    const { url } = endpointFor(token.catalog, {
      type: service.type,
      interface: this.#entry.interface,
      region,
    });
    return { service, url, projectId };
  }
}

const unknownService = (type: string): ServiceFacts => ({ name: type, type: officialType(type), major: '' });
