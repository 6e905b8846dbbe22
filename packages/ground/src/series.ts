// What tells the releases of OpenStack apart: one table, from which `upgrade` detects and `sim` simulates.

export { broughtBy } from './series/neutron-extensions.ts';
export {
  asOf,
  type DetectableService,
  madeFrom,
  type SeriesName,
  type SeriesRow,
  type SeriesStatus,
  table,
} from './series/table.ts';
