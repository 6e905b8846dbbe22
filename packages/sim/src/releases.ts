/**
 * What each release speaks: the newest microversion of each service, and what else tells releases apart.
 *
 * Facts from the services' own code at the last tag of each series (`nova/api/openstack/api_version_request.py` and
 * its like). `upgrade` has a table of the same facts; the test `releases` of `readiness` holds the two together.
 */
export interface Release {
  readonly name: string;
  /** `2025.1`; the old ones were numbered so by distributions only. */
  readonly number: string;
  readonly compute: string;
  readonly blockStorage: string;
  readonly placement: string;
  readonly instanceHa: string;
  readonly identity: string;
  /** The newest version that Glance reports, as `v2.N`. */
  readonly image: number;
  /** What nova's services register in the database: 53 for Victoria. */
  readonly novaServiceVersion: number;
  /** Members that are only readers may change nothing (`[oslo_policy] enforce_new_defaults`, on since 2023.2). */
  readonly readersOnlyRead: boolean;
}

const release = (
  name: string,
  number: string,
  compute: string,
  blockStorage: string,
  placement: string,
  image: number,
  novaServiceVersion: number,
): Release => ({
  name,
  number,
  compute,
  blockStorage,
  placement,
  // 1.2 came with Wallaby, 1.3 with 2023.1 (`masakari/api/api_version_request.py`).
  instanceHa: number >= '2023.1' ? '1.3' : number >= '2021.1' ? '1.2' : '1.1',
  identity: 'v3.14',
  image,
  novaServiceVersion,
  readersOnlyRead: number >= '2023.2',
});

export const releases: readonly Release[] = [
  release('ussuri', '2020.1', '2.87', '3.60', '1.36', 10, 51),
  release('victoria', '2020.2', '2.87', '3.62', '1.36', 11, 53),
  release('wallaby', '2021.1', '2.88', '3.64', '1.36', 12, 54),
  release('xena', '2021.2', '2.90', '3.66', '1.38', 12, 57),
  release('yoga', '2022.1', '2.90', '3.68', '1.39', 16, 61),
  release('zed', '2022.2', '2.93', '3.70', '1.39', 16, 64),
  release('antelope', '2023.1', '2.95', '3.70', '1.39', 16, 66),
  release('bobcat', '2023.2', '2.95', '3.70', '1.39', 16, 66),
  release('caracal', '2024.1', '2.96', '3.71', '1.39', 16, 66),
  release('dalmatian', '2024.2', '2.96', '3.71', '1.39', 17, 67),
  release('epoxy', '2025.1', '2.100', '3.71', '1.39', 17, 68),
  release('flamingo', '2025.2', '2.100', '3.71', '1.39', 17, 70),
  release('gazpacho', '2026.1', '2.103', '3.71', '1.39', 17, 72),
  release('hibiscus', '2026.2', '2.104', '3.71', '1.39', 18, 72),
];

/** By name or number: `zed`, `2022.2`, `2026.1`. */
export function releaseOf(nameOrNumber: string): Release {
  const wanted = nameOrNumber.toLowerCase();
  const found = releases.find((one) => one.name === wanted || one.number === wanted);
  if (found !== undefined) return found;
  throw new TypeError(
    `no such release: ${nameOrNumber}; there are ${releases.map((one) => one.name).join(', ')}`,
  );
}
