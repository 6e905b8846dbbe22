import { type Cloud, observeList } from '@groundcrew/core';
import { NOVA } from '../cloud-view.ts';
import { whyUnknown } from '../down-cell.ts';
import { readMarker } from '../marker.ts';
import type { Observation, Observer } from '../observation.ts';
import type { HostStatus } from './per-host-observer.ts';

/** Nova's `service_down_time`, in milliseconds, by default: a heartbeat that is older is stale. */
const SILENCE = 60_000;

/**
 * Makes an observer of the heartbeats of nova-compute, as Nova judges them (`service_down_time`, 60 seconds by
 * default). A service that was forced down is `unknown`, unless this controller did it: then its last heartbeat is
 * compared with the newest of the others. A row without a state, and one in a cell that does not respond, is `unknown`.
 */
export const novaServiceObserver = (cloud: Cloud, id = 'nova-service'): Observer => ({
  id,
  async observe(hosts, { signal } = {}) {
    const services = await observeList(
      'compute services',
      cloud.compute.at(NOVA).services.list({ binary: 'nova-compute' }, { signal }),
    );
    const at = cloud.clock.now();
    const byHost = new Map(services.value.map((service) => [service.host, service]));
    // By Nova's own clock: ours may go wrong.
    const newest = Math.max(
      ...services.value.flatMap((service) =>
        service.state === 'up' && !Number.isNaN(heardOf(service)) ? [heardOf(service)] : [],
      ),
    );
    return hosts.map((host): Observation => {
      const service = byHost.get(host);
      const look = { host, observer: id, at };
      if (service === undefined) {
        const statement = services.gaps[0]?.why ?? 'Nova has no compute service of that name';
        return { ...look, state: 'unknown', statement };
      }
      return { ...look, ...wordOf(service, newest) };
    });
  },
});

/** The fields of a row that matter here; Nova leaves most out of one in a cell that does not respond. */
interface Row {
  readonly status: string;
  readonly state?: string | undefined;
  readonly forced_down?: boolean | undefined;
  readonly disabled_reason?: string | null | undefined;
  readonly updated_at?: string | null | undefined;
}

function wordOf(service: Row, newest: number): HostStatus {
  const unknown = whyUnknown(service);
  if (unknown !== undefined) return { state: 'unknown', statement: unknown };
  // A service that was forced down is `down`, too: without the mark it is not known whether its heartbeat says so.
  if (service.forced_down === undefined && service.state !== 'up')
    return { state: 'unknown', statement: 'Nova does not tell whether it was forced down' };
  if (service.forced_down !== true) {
    const statement = `Nova counts it as ${service.state}, last heard of ${service.updated_at ?? 'never'}`;
    return { state: service.state === 'up' ? 'up' : 'down', statement };
  }
  if (readMarker(service.disabled_reason ?? undefined) === undefined)
    return { state: 'unknown', statement: 'it was forced down: its heartbeat does not show' };
  const silence = newest - heardOf(service);
  // Our own mark is a change of the row, too, and counts as a sign of life until it has aged.
  if (!(silence > SILENCE))
    return { state: 'unknown', statement: 'we forced it down, and it was heard of, or marked, a moment ago' };
  const seconds = Math.round(silence / 1000);
  return {
    state: 'down',
    statement: `we forced it down, and it was last heard of ${seconds} s before the others`,
  };
}

const heardOf = ({ updated_at }: Pick<Row, 'updated_at'>): number => Date.parse(updated_at ?? '');
