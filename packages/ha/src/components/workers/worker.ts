import type { ComponentFacts, Mode, Need, StateKind } from '../component-facts.ts';
import { type Component, defineComponent, type UnsafeMove } from '../define-component.ts';
import { workerReplicas } from './worker-replicas.ts';

export const need = (component: string, kind: Need['kind'], why: string): Need => ({ component, kind, why });
export const database = need('mariadb', 'hard', 'keeps its state');
export const bus = need('rabbitmq', 'hard', 'is told by it what to do');
export const images = need('glance-api', 'soft', 'reads images');

/** The interval of a worker's reports, and the time without a report after which it counts as down, in milliseconds. */
export interface Heartbeat {
  readonly every: number;
  readonly down: number;
  readonly where: string;
}

/** The properties in which one kind of worker differs from the others. */
export interface WorkerSpec {
  readonly title: string;
  readonly mode?: Mode;
  readonly state?: StateKind;
  readonly stops: string;
  readonly wanted?: number;
  readonly essential?: boolean;
  readonly needs: readonly Need[];
  readonly unsafe?: readonly UnsafeMove[];
  readonly worker?: ComponentFacts['worker'];
  readonly heartbeat?: Heartbeat;
}

/** A component whose state is what OpenStack's APIs report of its heartbeats. */
export function worker<const Name extends string>(
  name: Name,
  spec: WorkerSpec,
): Component<Name, never, never, never> {
  const {
    mode = 'active-active',
    state = 'stateless',
    wanted = 2,
    essential = false,
    unsafe = [],
    heartbeat,
    ...rest
  } = spec;
  return defineComponent({
    ...rest,
    name,
    mode,
    state,
    wanted,
    essential,
    unsafe,
    checks:
      heartbeat === undefined
        ? []
        : [
            {
              id: 'heartbeat',
              expects: `a heartbeat within ${heartbeat.down / 1_000} s`,
              every: heartbeat.every,
              timeout: heartbeat.down,
              source: { kind: 'upstream', where: heartbeat.where },
            },
          ],
    replicas: (_, { heartbeats }) =>
      workerReplicas(heartbeats, { worker: spec.worker, wanted, stops: spec.stops }),
  });
}
