/**
 * Operations that the records have and the simulation has not: they answer 501, which none of these six services
 * says by itself, with a body that says so. Operations are grouped as the client groups them.
 *
 * The contract test fails if an operation is in neither place, or in both, so that this list is neither short nor
 * stale.
 */
export const notSimulated: { readonly [service: string]: { readonly [resource: string]: readonly string[] } } = {
  compute: {
    servers: ['injectNetworkInfo', 'addFloatingIp', 'removeFloatingIp', 'addFixedIp', 'removeFixedIp', 'getSpiceConsole', 'getSerialConsole', 'getRdpConsole'],
    serverShares: ['get', 'list', 'create', 'delete'],
    consoleAuthTokens: ['get'],
    aggregates: ['cacheImages'],
    quotaClassSets: ['update'],
    serverExternalEvents: ['create'],
  },
  network: {
    ports: ['addAllowedAddressPairs', 'removeAllowedAddressPairs'],
    routers: ['addExternalGateways', 'updateExternalGateways', 'removeExternalGateways'],
  },
  blockStorage: {
    capabilities: ['get'],
    cgsnapshots: ['get', 'list', 'listBrief', 'create', 'delete'],
    clusters: ['get', 'enable', 'disable'],
    consistencyGroups: ['get', 'list', 'listBrief', 'create', 'createFromSrc', 'update', 'delete'],
    defaultTypes: ['get', 'list', 'set', 'delete'],
    groupSnapshots: ['get', 'create', 'delete', 'resetStatus'],
    groupTypeSpecs: ['show', 'merge', 'get', 'update', 'delete'],
    groupTypes: ['get', 'list', 'create', 'update', 'delete'],
    groups: ['get', 'create', 'update', 'createFromSrc', 'delete', 'resetStatus', 'enableReplication', 'disableReplication', 'failoverReplication', 'listReplicationTargets'],
    hosts: ['get', 'update'],
    manageableSnapshots: ['list', 'listBrief', 'manage'],
    manageableVolumes: ['list', 'listBrief', 'manage'],
    messages: ['get', 'delete'],
    qosSpecs: ['get', 'create', 'update', 'deleteKeys', 'delete', 'listAssociations', 'associate', 'disassociate', 'disassociateAll'],
    quotaClassSets: ['update'],
    resourceFilters: ['list'],
    services: ['failoverHost'],
    transfers: ['get', 'create', 'accept', 'delete'],
    volumeTransfers: ['get', 'list', 'listBrief', 'create', 'accept', 'delete'],
    volumeTypes: ['createEncryption', 'updateEncryption', 'deleteEncryption'],
    volumes: ['completeExtend', 'completeMigration'],
    workers: ['cleanup'],
  },
  image: {
    cache: ['queue', 'delete', 'clear', 'clean', 'prune', 'listNodes'],
    images: ['deleteFromStore'],
    locations: ['list', 'add'],
    metadefNamespaces: ['get', 'list', 'create', 'update', 'delete', 'deleteObjects', 'deleteProperties', 'deleteTags'],
    metadefObjects: ['get', 'list', 'create', 'update', 'delete'],
    metadefProperties: ['get', 'show', 'create', 'update', 'delete'],
    metadefResourceTypes: ['list', 'listAssociations', 'associate', 'dissociate'],
    metadefTags: ['get', 'list', 'create', 'replace', 'update', 'delete'],
    schemas: ['get', 'getMetadef'],
    tasks: ['get', 'create'],
  },
};

/** Whether an operation, `servers.get`, is known not to be simulated. */
export function isNotSimulated(service: string, operation: string): boolean {
  const [resource = '', name = ''] = operation.split('.', 2);
  return notSimulated[service]?.[resource]?.includes(name) ?? false;
}
