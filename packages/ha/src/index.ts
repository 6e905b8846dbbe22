export { assess } from './assess.ts';
export {
  type CarriedServer,
  type HaSnapshot,
  observe,
  type ObserveHaOptions,
  type VirtualRouter,
  type Worker,
} from './observe.ts';
