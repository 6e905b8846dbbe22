import type { Engine } from '../repository/engine.ts';
import type { PointGap } from '../repository/point.ts';
import type { PointWriter } from '../repository/repository.ts';

/** A part of a control plane that is backed up: databases, keys, configurations, definitions. */
export interface ControlPlanePart {
  /** `mariadb`, `keystone-keys`: the beginning of its streams' names. Each once. */
  readonly name: string;
  readonly kind: 'database' | 'definitions' | 'files' | 'ovsdb';
  /** The name of the host that it is read from. */
  readonly host: string;
  /** Stores it, and tells what is known of it. What it throws makes a gap of the point. */
  readonly store: (to: PartTarget) => Promise<PartFacts>;
}

export interface PartTarget {
  readonly writer: PointWriter;
  /** For reading back what was stored, before anybody believes it. */
  readonly engine: Engine;
  readonly progress: (message: string) => void;
}

export interface PartFacts {
  /** As JSON. No secrets: it is in the manifest. */
  readonly facts: unknown;
  /** What is missing of it, or was not proven. */
  readonly gaps: readonly PointGap[];
}

/** What the manifest of a control plane's point has beside its streams. */
export interface ControlPlaneContents {
  readonly kind: 'control-plane';
  readonly parts: readonly {
    readonly name: string;
    readonly kind: ControlPlanePart['kind'];
    readonly host: string;
    readonly streams: readonly string[];
    readonly facts: unknown;
  }[];
}
