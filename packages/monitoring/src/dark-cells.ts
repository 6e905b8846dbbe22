import { type Cloud, type Gap, observeList, type Observed } from '@groundcrew/core';
import type { ReadOptions } from '@groundcrew/ground';

const WHAT = 'servers in cells that do not respond';
const REMEDY = 'Look at the database and the message bus of the cell.';

/**
 * Compute hosts in cells that do not respond. Before 2.69 Nova leaves servers of such a cell out of its lists without a word;
 * from 2.69 on it answers `UNKNOWN` for the compute services in it (nova `doc/source/admin/cells.rst`, "Handling cell
 * failures"; `api/openstack/compute/services.py`). The servers are listed at the floor, whose flavors have ids: so it is the
 * services that tell. A Nova older than 2.69 cannot be asked.
 */
export const readDarkHosts = async (cloud: Cloud, options: ReadOptions): Promise<Observed<string[]>> => {
  const services = await observeList(
    'compute services',
    cloud.compute.at('2.69').services.list({ binary: 'nova-compute' }, options),
    { now: () => cloud.clock.now() },
  );
  const dark = services.value.filter(({ status }) => status === 'UNKNOWN').map(({ host }) => host);
  return { ...services, value: dark };
};

/**
 * A list of servers with the gap that a dark cell makes in it, or that it is not known whether there is one.
 *
 * @param dark - what `readDarkHosts` told; `undefined` of a user who is not told
 */
export function withDarkCells<T extends { readonly status: string }>(
  servers: Observed<T[]>,
  dark: Observed<readonly string[]> | undefined,
): Observed<T[]> {
  const stubs = servers.value.filter(isStub).length;
  const gaps = darkCellGaps(stubs, dark);
  if (gaps.length === 0 || (servers.completeness !== 'complete' && servers.completeness !== 'partial'))
    return servers;
  return { ...servers, completeness: 'partial', gaps: [...servers.gaps, ...gaps] };
}

/** A stub of a server: `UNKNOWN` is also what Nova says of a state that it does not know itself. */
export const isStub = ({ status }: { readonly status: string }): boolean => status === 'UNKNOWN';

/**
 * What dark cells leave out of a list of servers.
 *
 * @param stubs - servers of the list that are one
 */
export function darkCellGaps(stubs: number, dark: Observed<readonly string[]> | undefined): Gap[] {
  const gaps: Gap[] = [];
  const [host] = dark?.value ?? [];
  if (stubs > 0) gaps.push(gapOf(`Nova answered UNKNOWN for ${stubs} of them`));
  else if (host !== undefined)
    gaps.push(
      gapOf(`Nova answered UNKNOWN for ${dark?.value.length} of its compute services, ${host} among them`),
    );
  if (dark !== undefined && dark.completeness !== 'complete' && dark.completeness !== 'unsupported')
    gaps.push(...dark.gaps.map(({ why, remedy, ...gap }) => ({ ...gap, what: WHAT, why, remedy })));
  return gaps;
}

const gapOf = (why: string): Gap => ({ what: WHAT, kind: 'failed', why, remedy: REMEDY, requestIds: [] });
