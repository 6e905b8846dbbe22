import { z } from 'zod';
import { EndpointError } from '../errors/errors.ts';
import { officialType, typesToTry } from '../services/service-types.ts';
import { tolerant } from '../record/tolerant.ts';

const CatalogEndpoint = tolerant({
  id: z.string().optional(),
  /** `public`, `internal` or `admin`. */
  interface: z.string(),
  /** Null or absent if the endpoint belongs to no region. */
  region_id: z.string().nullish(),
  region: z.string().nullish(),
  url: z.string().min(1),
});
/** An endpoint of a service in the catalogue. */
export type CatalogEndpoint = z.output<typeof CatalogEndpoint>;

/** A service in the catalogue, with its endpoints. */
export interface CatalogService {
  readonly id: string | undefined;
  /** As registered: the official type, or an alias of it (`volumev3`). */
  readonly type: string;
  readonly name: string | undefined;
  /** Empty where the URL has the project's id in it and the token has no project. */
  readonly endpoints: readonly CatalogEndpoint[];
}

/** The services of a cloud and where they are, as Keystone gives them with a token. */
export type Catalog = readonly CatalogService[];

/** The endpoint that is looked for. */
export interface EndpointQuery {
  /** Official type, or an alias. */
  readonly type: string;
  readonly interface: string;
  /** @default any region */
  readonly region?: string | undefined;
}

/** An endpoint that was found, with the type that its service is registered under. */
export interface FoundEndpoint {
  readonly type: string;
  readonly interface: string;
  readonly region: string | undefined;
  readonly url: string;
}

/**
 * Reads the `catalog` of a token. Services and endpoints that are not of a catalogue's form are left out: one
 * broken registration must not take the others away.
 */
export function readCatalog(value: unknown): Catalog {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const service = CatalogItem.safeParse(item);
    if (!service.success) return [];
    const { id, type, name, endpoints } = service.data;
    const good = endpoints.flatMap((endpoint) => {
      const parsed = CatalogEndpoint.safeParse(endpoint);
      return parsed.success ? [parsed.data] : [];
    });
    return [{ id: id ?? undefined, type, name: name ?? undefined, endpoints: good }];
  });
}

const CatalogItem = tolerant({
  id: z.string().nullish(),
  type: z.string(),
  name: z.string().nullish(),
  endpoints: z.array(z.unknown()).catch([]),
});

/**
 * The endpoint of a service, in exactly this interface and region; there is no falling back to another, since a
 * network that was meant to be avoided is worse than an error.
 *
 * A service that is registered under several types is taken under its official one, else under the alias that
 * comes first in the service-types authority, as keystoneauth does (`access/service_catalog.py`,
 * `_endpoints_by_type`). Keystone's order of endpoints is no promise: of several that fit, the first by region,
 * then by id is taken.
 *
 * @throws EndpointError, listing the services, interfaces and regions that there are.
 */
export function endpointFor(catalog: Catalog, query: EndpointQuery): FoundEndpoint {
  const types = typesToTry(query.type);
  for (const type of types) {
    const [first] = catalog
      .filter((service) => service.type === type)
      .flatMap((service) => service.endpoints)
      .filter((endpoint) => endpoint.interface === query.interface)
      .filter((endpoint) => query.region === undefined || regionOf(endpoint) === query.region)
      .toSorted((a, b) => compare(regionOf(a), regionOf(b)) || compare(a.id, b.id));
    if (first !== undefined)
      return { type, interface: first.interface, region: regionOf(first), url: first.url };
  }
  throw missing(catalog, query, types);
}

const regionOf = (endpoint: CatalogEndpoint): string | undefined =>
  endpoint.region_id ?? endpoint.region ?? undefined;

/** Nothing sorts last. */
const compare = (a: string | undefined, b: string | undefined): number =>
  a === b ? 0 : a === undefined ? 1 : b === undefined || a < b ? -1 : 1;

function missing(catalog: Catalog, query: EndpointQuery, types: readonly string[]): EndpointError {
  const service = officialType(query.type);
  const where = query.region === undefined ? '' : ` in region ${query.region}`;
  const message = `no ${query.interface} endpoint of ${service}${where} in the catalogue`;
  const registered = catalog.filter(({ type }) => types.includes(type));
  const endpoints = registered.flatMap((item) => item.endpoints);
  if (catalog.length === 0) {
    return new EndpointError(`${message}, which is empty`, {
      service,
      reason: 'no-catalog',
      remedy:
        'An unscoped token has no catalogue: give a project, a domain or system_scope, or an endpoint_override.',
    });
  }
  if (registered.length === 0) {
    return new EndpointError(`${message}; it has ${list(catalog.map(({ type }) => type))}`, {
      service,
      reason: 'no-service',
      remedy: `Either this cloud does not run ${service}, or it is registered under an unknown type: then give its URL as an endpoint_override.`,
    });
  }
  if (endpoints.length === 0) {
    return new EndpointError(
      `${message}: ${list(registered.map(({ type }) => type))} is registered without any`,
      {
        service,
        reason: 'elsewhere',
        remedy:
          'Keystone leaves out URLs with a project id in them when the token is of no project: use one that is.',
      },
    );
  }
  const there = endpoints.map((endpoint) => `${endpoint.interface} in ${regionOf(endpoint) ?? 'no region'}`);
  return new EndpointError(`${message}; there is ${list(there)}`, {
    service,
    reason: 'elsewhere',
    remedy: 'Set region_name and interface to one of these, or register the endpoint.',
  });
}

const list = (words: readonly string[]): string => [...new Set(words)].toSorted().join(', ');
