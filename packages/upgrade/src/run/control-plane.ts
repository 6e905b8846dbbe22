import type { PlanDraft, StepChain } from './plan-draft.ts';
import { running, type StepWriter } from './step-writer.ts';
import type { TopologyHost } from './topology.ts';
import type { UpgradePart } from './upgrade-parts.ts';

/** The control plane of one service: old and new code at once, or down for as long as it takes. */
export function writeControlPlane(draft: PlanDraft, writer: StepWriter, part: UpgradePart): void {
  if (part.control.length === 0) return;
  const { online } = part.recipe;
  // Before the outage, and before the old tools are gone.
  if (online !== undefined) draft.block((chain) => writer.online(chain, part, { online, by: 'old' }));
  draft.block((chain) => (part.outage ? writeOutage(chain, writer, part) : writeRoll(chain, writer, part)));
}

/**
 * The first host gets the new files and migrates, the others go on with the old code; then each rank of components is restarted on all
 * hosts before the next.
 *
 * A service of one rank is stopped on the first host before its files change, if other hosts serve. One of several is not: its API would
 * be down there until the API's turn, while the next host is upgraded; so its processes go on from memory.
 */
function writeRoll(chain: StepChain, writer: StepWriter, part: UpgradePart): void {
  const { recipe, control } = part;
  const [first, ...others] = control;
  if (first === undefined) return;
  const here = running(first, recipe.control.flat());
  const isAlone =
    recipe.control.length === 1 && here.every((name) => others.some(({ runs }) => runs.includes(name)));
  const prepare = (): void => {
    if (isAlone)
      writer.stop(chain, part, first, 'Another host serves; code that changes under a process breaks it.');
    writer.install(chain, part, first);
    for (const migration of recipe.migrations) writer.migrate(chain, part, migration, false);
    writer.check(chain, part);
  };
  const [rank = []] = recipe.control;
  if (isAlone)
    writer.without(chain, { kind: 'api', service: recipe.service, host: first }, () => {
      prepare();
      restart(chain, writer, part, first, rank);
    });
  else prepare();
  for (const components of recipe.control)
    for (const host of isAlone ? others : control) {
      const next = running(host, components);
      if (next.length === 0) continue;
      const roll = (): void => {
        writer.install(chain, part, host);
        restart(chain, writer, part, host, components);
      };
      if (next.some((name) => recipe.apis.includes(name)))
        writer.without(chain, { kind: 'api', service: recipe.service, host }, roll);
      else roll();
    }
}

function writeOutage(chain: StepChain, writer: StepWriter, part: UpgradePart): void {
  const { recipe, control, oldCodeGoesOn } = part;
  for (const host of control)
    writer.stop(chain, part, host, 'The outage begins: no old code may see the new schema.');
  for (const host of control) writer.install(chain, part, host);
  for (const migration of recipe.migrations) writer.migrate(chain, part, migration, !oldCodeGoesOn);
  // Nothing of it runs: what would have to wait for the last old process need not.
  for (const migration of recipe.contract) writer.migrate(chain, part, migration, true);
  writer.check(chain, part);
  for (const components of recipe.control)
    for (const host of control) restart(chain, writer, part, host, components);
}

function restart(
  chain: StepChain,
  writer: StepWriter,
  part: UpgradePart,
  host: TopologyHost,
  components: readonly string[],
): void {
  const here = running(host, components);
  if (here.length > 0) writer.restart(chain, part, host, here);
}
