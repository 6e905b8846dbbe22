/** A database of a service: the section of the configuration that names it, and what it is called by default. */
export interface ServiceDatabase {
  /** `undefined`: it is not in the configuration, but in another database (Nova's cell0). */
  readonly section: string | undefined;
  readonly database: string;
}

/** The services whose migrations can be rehearsed, with their databases by role. */
export const SERVICE_DATABASES = {
  keystone: { main: { section: 'database', database: 'keystone' } },
  glance: { main: { section: 'database', database: 'glance' } },
  placement: { main: { section: 'placement_database', database: 'placement' } },
  cinder: { main: { section: 'database', database: 'cinder' } },
  nova: {
    main: { section: 'database', database: 'nova' },
    api: { section: 'api_database', database: 'nova_api' },
    cell0: { section: undefined, database: 'nova_cell0' },
  },
  neutron: { main: { section: 'database', database: 'neutron' } },
} as const satisfies { readonly [service: string]: { readonly [role: string]: ServiceDatabase } };

export type RehearsedService = keyof typeof SERVICE_DATABASES;

/** Of a service its databases by role, as the caller names them or as they are called. */
export function databasesOf(
  service: RehearsedService,
  names: { readonly [role: string]: string } | undefined,
): readonly (ServiceDatabase & { readonly role: string })[] {
  return Object.entries<ServiceDatabase>(SERVICE_DATABASES[service]).map(([role, known]) => ({
    role,
    section: known.section,
    database: names?.[role] ?? known.database,
  }));
}
