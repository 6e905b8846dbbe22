export type { CapacityHost } from './capacity/capacity-hosts.ts';
export { type FreeSlots, freeSlots, type SlotBounds } from './capacity/free-slots.ts';
export { forecast, type Forecast, type ForecastOptions, type UsedPoint } from './capacity/forecast.ts';
export {
  type CapacityDisagreement,
  type CapacityFlavor,
  type CapacitySnapshot,
  observeCapacity,
  type ObserveCapacityOptions,
} from './capacity/observe-capacity.ts';
export { type ServerCount, serverHistory, type ServerHistoryOptions } from './capacity/server-history.ts';
export type { ZoneHosts, ZoneRoom } from './capacity/zone-count.ts';
export type { QuestionRoom } from './capacity/zone-room.ts';
