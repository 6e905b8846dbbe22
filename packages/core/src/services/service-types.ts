/**
 * The official types of OpenStack's services, each with its aliases, in the order of the service-types authority: the
 * one to be preferred first, so that a cloud which still registers `volume` beside `volumev3` is asked for the newer.
 *
 * @see https://service-types.openstack.org (openstack/service-types-authority, `service-types.yaml`)
 */
const aliasesOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['accelerator', []],
  ['admin-logic', ['registration']],
  ['alarm', ['alarming']],
  ['application-catalog', []],
  ['application-container', ['container']],
  ['application-deployment', ['application_deployment']],
  ['backup', []],
  ['baremetal', ['bare-metal']],
  ['baremetal-introspection', []],
  ['block-storage', ['volumev3', 'volumev2', 'volume', 'block-store']],
  ['clustering', ['resource-cluster', 'cluster']],
  ['compute', []],
  ['container-infrastructure-management', ['container-infrastructure', 'container-infra']],
  ['data-processing', []],
  ['data-protection-orchestration', []],
  ['database', []],
  ['dns', []],
  ['ec2-api', []],
  ['event', ['events']],
  ['function-engine', []],
  ['identity', []],
  ['image', []],
  ['instance-ha', ['ha']],
  ['key-manager', []],
  ['load-balancer', []],
  ['log-management', []],
  ['message', ['messaging']],
  ['meter', ['metering', 'telemetry']],
  // Gnocchi left OpenStack, and so the authority: it is registered under the type that it had.
  ['metric', ['metrics']],
  ['monitoring', []],
  ['monitoring-events', []],
  ['monitoring-logging', ['monitoring-log-api']],
  ['multi-region-network-automation', ['tricircle']],
  ['network', []],
  ['nfv-orchestration', []],
  ['object-store', []],
  ['operator-policy', ['policy']],
  ['orchestration', []],
  ['placement', []],
  ['rating', []],
  ['reservation', []],
  ['resource-optimization', ['infra-optim']],
  ['root-cause-analysis', ['rca']],
  ['search', []],
  ['shared-file-system', ['sharev2', 'share']],
  ['workflow', ['workflowv2']],
]);

const officialOf = new Map(
  [...aliasesOf].flatMap(([type, aliases]) => aliases.map((alias) => [normalized(alias), type] as const)),
);

/**
 * The official type behind a type or alias, however it is written (`block_storage`, `VolumeV3`). A type that the
 * authority does not know is its own.
 */
export function officialType(typeOrAlias: string): string {
  const name = normalized(typeOrAlias);
  return aliasesOf.has(name) ? name : (officialOf.get(name) ?? name);
}

/**
 * The types that a service may be registered under, in the order in which a catalogue is to be searched: the official type,
 * then its aliases.
 * @example typesToTry('volume'); // ['block-storage', 'volumev3', 'volumev2', 'volume', 'block-store']
 */
export function typesToTry(typeOrAlias: string): readonly string[] {
  const official = officialType(typeOrAlias);
  return [official, ...(aliasesOf.get(official) ?? [])];
}

/** Clouds and configurations write types with underscores and capitals, too. */
function normalized(type: string): string {
  return type.toLowerCase().replaceAll('_', '-');
}
