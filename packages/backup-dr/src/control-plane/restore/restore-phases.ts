import type { RecoveryPoint } from '../../repository/point.ts';
import {
  checkDatabase,
  type ComponentInput,
  importDefinitions,
  restoreDatabase,
  restoreFiles,
  restoreOvsdb,
  startComponent,
  stopComponent,
  type StoredInput,
} from './control-plane-actions.ts';
import type { ControlPlaneTarget } from './control-plane-target.ts';
import type { PhasedStep, PhasedSteps } from './phased-steps.ts';
import { ovsdbFactsOf, pathsOf, provenFactsOf, type StoredPart } from './read-contents.ts';

/** Steps that stop a layer, all at once. */
export const stopSteps = (layer: readonly string[], target: ControlPlaneTarget): readonly PhasedStep[] =>
  componentSteps(layer, target, 'stop').map(({ id, input }) => ({
    id,
    make: (needs) => stopComponent.step({ id, input, needs }),
  }));

/** Steps that start what is not started yet of a layer, all at once; on one host alone if it is named. */
export const startSteps = (
  steps: PhasedSteps,
  layer: readonly string[],
  target: ControlPlaneTarget,
  host?: string,
): readonly PhasedStep[] =>
  componentSteps(layer, target, 'start')
    .filter(({ id, input }) => !steps.has(id) && (host === undefined || input.host === host))
    .map(({ id, input }) => ({ id, make: (needs) => startComponent.step({ id, input, needs }) }));

const componentSteps = (
  layer: readonly string[],
  { components }: ControlPlaneTarget,
  word: 'stop' | 'start',
): readonly { readonly id: string; readonly input: ComponentInput }[] =>
  layer.flatMap((component) =>
    (components[component] ?? []).map(({ host, stop, start, ready }, at) => ({
      id: `${word}-${component}-${at + 1}`,
      input: {
        component,
        host,
        stop: [...stop],
        start: [...start],
        ready: ready === undefined ? null : [...ready],
      },
    })),
  );

interface Whence {
  readonly point: RecoveryPoint;
  readonly target: ControlPlaneTarget;
}

/**
 * Adds what brings a part back. Of a cluster only the node that gets the copy is started here: the others join it when their layer
 * starts.
 */
export function restoreSteps(steps: PhasedSteps, part: StoredPart, { point, target }: Whence): void {
  const id = `restore-${part.name}`;
  const [stream = ''] = part.streams;
  const stored = (host: string): StoredInput => ({ point: point.id, part: part.name, stream, host });
  const database = part.kind === 'database' ? target.databases?.[part.name] : undefined;
  if (database !== undefined) {
    const {
      host,
      component,
      datadir = '/var/lib/mysql',
      socket = '/run/mysqld/mysqld.sock',
      owner,
    } = database;
    const input = { ...stored(host), datadir, socket, owner: owner ?? null };
    steps.next([{ id, make: (needs) => restoreDatabase.step({ id, input, needs, timeout: '1d' }) }]);
    steps.next(startSteps(steps, [component], target, host));
    const checksums = provenFactsOf(part)?.checksums;
    if (checksums !== undefined) {
      const check = `check-${part.name}`;
      const compared = { part: part.name, host, socket, checksums };
      const make: PhasedStep['make'] = (needs) =>
        checkDatabase.step({ id: check, input: compared, needs, timeout: '4h' });
      steps.next([{ id: check, make }]);
    }
    return;
  }
  const definitions = part.kind === 'definitions' ? target.definitions?.[part.name] : undefined;
  if (definitions !== undefined) {
    const { host, component, command = ['rabbitmqctl'] } = definitions;
    const input = { ...stored(host), command: [...command] as [string, ...string[]] };
    steps.next(startSteps(steps, [component], target, host));
    steps.next([{ id, make: (needs) => importDefinitions.step({ id, input, needs }) }]);
    return;
  }
  const ovsdb = part.kind === 'ovsdb' ? target.ovsdb?.[part.name] : undefined;
  const facts = ovsdbFactsOf(part);
  if (ovsdb !== undefined && facts !== undefined) {
    const { host, component, server = 'unix:/run/ovn/ovnnb_db.sock', aside = '/var/lib/ovn' } = ovsdb;
    const [program = 'ovsdb-client', ...words] = ovsdb.command ?? [];
    const input = { ...stored(host), ...facts, server, aside };
    steps.next(startSteps(steps, [component], target, host));
    steps.next([
      {
        id,
        make: (needs) =>
          restoreOvsdb.step({ id, input: { ...input, command: [program, ...words] }, needs, timeout: '2h' }),
      },
    ]);
    return;
  }
  const paths = pathsOf(part) ?? [];
  if (paths.length === 0) return;
  const input = { ...stored(target.files?.[part.name]?.host ?? part.host), paths: [...paths] };
  steps.next([{ id, make: (needs) => restoreFiles.step({ id, input, needs, timeout: '4h' }) }]);
}
