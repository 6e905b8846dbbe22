import type { LocatedMap, LocatedText } from './located.ts';
import { textOf } from './located.ts';

/**
 * Official service types to their aliases, the strongest first, as far as files use them
 * (https://service-types.openstack.org/).
 */
const aliases: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    'block-storage': ['volumev3', 'volumev2', 'volume', 'block-store'],
    'shared-file-system': ['sharev2', 'share'],
    baremetal: ['bare-metal'],
    'container-infrastructure-management': ['container-infrastructure', 'container-infra'],
    'application-container': ['container'],
    'resource-optimization': ['infra-optim'],
    'instance-ha': ['ha'],
    clustering: ['resource-cluster', 'cluster'],
    workflow: ['workflowv2'],
    message: ['messaging'],
    alarm: ['alarming'],
    meter: ['metering', 'telemetry'],
    event: ['events'],
    'root-cause-analysis': ['rca'],
  }),
);

const official: ReadonlyMap<string, string> = new Map(
  [...aliases].flatMap(([type, others]) => others.map((alias): [string, string] => [alias, type])),
);

/**
 * The settings of an entry that are of one service: `<service>_<suffix>`, by official type.
 *
 * Of several for one service, the official type's wins, then the aliases in their order (openstacksdk
 * `config/cloud_region.py`, `_get_config`).
 */
export function serviceTexts(entry: LocatedMap, suffix: string): Map<string, LocatedText> {
  const best = new Map<string, { readonly rank: number; readonly text: LocatedText }>();
  for (const key of entry.entries.keys()) {
    if (!key.endsWith(`_${suffix}`)) continue;
    const text = textOf(entry, key);
    if (text === undefined) continue;
    const written = key.slice(0, -suffix.length - 1).replaceAll('_', '-');
    const type = official.get(written) ?? written;
    const rank = type === written ? -1 : (aliases.get(type) ?? []).indexOf(written);
    const other = best.get(type);
    if (other === undefined || rank < other.rank) best.set(type, { rank, text });
  }
  return new Map([...best].map(([type, { text }]) => [type, text]));
}
