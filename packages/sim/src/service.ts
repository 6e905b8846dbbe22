import type { OperationSpec, ServiceSpec } from '@groundcrew/core';
import type { Answer } from './answer.ts';
import type { Call, Routes } from './call.ts';
import type { ServiceFault } from './fault.ts';
import type { Release } from './releases.ts';
import type { Problem } from './strict.ts';

export interface PathManners {
  /** A slash at the end: taken as if it were not there (Neutron, Keystone), or no such path (Nova, Cinder, Glance). */
  readonly trailingSlash: 'ignored' | 'unknown';
  /** Slashes beside each other: one (whatever routes by WebOb), or a redirect to the path with one (Keystone, by Flask). */
  readonly manySlashes: 'one' | 'redirect';
  /** `networks.json` is `networks` (Neutron, Cinder). */
  readonly json: boolean;
}

/** A simulated service: its record, its handlers, and its manners. */
export interface SimulatedService {
  readonly spec: ServiceSpec;
  /** Below the cloud's origin: `/compute`. */
  readonly prefix: string;
  /** Of the version, below the prefix: `/v2.1`; empty for Placement. */
  readonly version: string;
  readonly routes: Routes;
  /** The path that another name of it stands for. */
  readonly alias?: (path: string) => string;
  /** What it makes of a path that is not written as the API reference writes it. */
  readonly paths: PathManners;
  readonly maxMicroversion?: (release: Release) => string;
  /** Answers the root, and the version's own document; `undefined` if it has none or wants a token first. */
  readonly versions: (root: string, path: string, release: Release) => Answer | undefined;
  /** A refusal as this service writes it. */
  readonly fault: (fault: ServiceFault, requestId: string, origin: string, microversion: string) => Answer;
  /** No such path, or no such method. */
  readonly unknown: (
    method: string,
    path: string,
    allow: readonly string[] | undefined,
  ) => ServiceFault | Answer;
  /** What it says to a body that its schema does not allow; `undefined` lets it pass. */
  readonly complain: (problem: Problem, route: string) => ServiceFault | undefined;
  /** What it says to query parameters that it does not know. */
  readonly complainQuery?: (
    names: readonly string[],
    call: Call,
    route: string,
    spec: OperationSpec,
  ) => ServiceFault | undefined;
  readonly headers: (requestId: string, microversion: string) => Readonly<Record<string, string>>;
}
