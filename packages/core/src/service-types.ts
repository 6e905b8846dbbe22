/**
 * The official types of OpenStack's services, each with the aliases under which clouds have registered them, newest
 * first.
 *
 * @see https://service-types.openstack.org (openstack/service-types-authority)
 */
const aliasesOf: Readonly<Record<string, readonly string[]>> = {
  accelerator: [],
  'admin-logic': [],
  alarm: ['alarming'],
  'application-catalog': ['application-catalogue'],
  'application-deployment': [],
  'application-container': ['container'],
  'artifact-repository': [],
  backup: [],
  baremetal: ['bare-metal'],
  'baremetal-introspection': [],
  'block-storage': ['block-store', 'volume', 'volumev3', 'volumev2'],
  clustering: ['resource-cluster', 'cluster'],
  compute: [],
  'container-infrastructure-management': ['container-infrastructure', 'container-infra'],
  'data-processing': [],
  'data-protection-orchestration': [],
  database: [],
  dns: [],
  event: ['events'],
  'function-engine': [],
  identity: [],
  image: [],
  'instance-ha': ['ha'],
  'key-manager': [],
  'load-balancer': [],
  messaging: ['message'],
  meter: ['metering', 'telemetry'],
  'meter-rating': ['rating'],
  metric: ['metrics'],
  monitoring: [],
  'monitoring-events': [],
  'monitoring-log-api': [],
  'multi-region-network-automation': ['tricircle'],
  network: [],
  'nfv-orchestration': [],
  'object-store': ['object-storage'],
  'operator-policy': ['policy'],
  orchestration: [],
  placement: [],
  registration: [],
  reservation: [],
  'resource-optimization': ['infra-optim'],
  'root-cause-analysis': ['rca'],
  search: [],
  'shared-file-system': ['sharev2', 'share'],
  workflow: ['workflowv2'],
};

const officialOf = new Map(
  Object.entries(aliasesOf)
    .flatMap(([type, aliases]) => aliases.map((alias): [string, string] => [alias, type]))
    .toReversed(),
);

/** The official type behind a type or alias; a type that nobody knows is its own. */
export function officialType(typeOrAlias: string): string {
  const name = typeOrAlias.toLowerCase().replaceAll('_', '-');
  return name in aliasesOf ? name : (officialOf.get(name) ?? name);
}

/** What a service may be registered as, the official type first. */
export function typesToTry(typeOrAlias: string): readonly string[] {
  const official = officialType(typeOrAlias);
  return [official, ...(aliasesOf[official] ?? [])];
}
