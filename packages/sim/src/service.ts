import type { OperationSpec, ServiceSpec } from '@groundcrew/core';
import type { Answer } from './answer.ts';
import type { Call, Routes } from './call.ts';
import type { ServiceFault } from './fault.ts';
import type { Release } from './releases.ts';
import type { ArgumentProblem } from './request/arguments.ts';

export interface PathRules {
  /** A slash at the end: taken as if it were not there (Neutron, Keystone), or no such path (Nova, Cinder, Glance). */
  readonly trailingSlash: 'ignored' | 'unknown';
  /** Slashes beside each other: one (whatever routes by WebOb), or a redirect to the path with one (Keystone, by Flask). */
  readonly manySlashes: 'one' | 'redirect';
  /** `networks.json` is `networks` (Neutron, Cinder). */
  readonly json: boolean;
  /** HEAD of what can be got: an answer without its body (Keystone), or a method that the path has not. */
  readonly head: 'get' | 'unknown';
}

/** What a refusal is written with besides its own words. */
export interface FaultContext {
  readonly requestId: string;
  readonly origin: string;
  readonly microversion: string;
  readonly accept: string | null;
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
  readonly paths: PathRules;
  readonly maxMicroversion?: (release: Release) => string;
  /** Answers the root, and the version's own document; `undefined` if it has none or wants a token first. */
  readonly versions: (root: string, path: string, release: Release) => Answer | undefined;
  /** A refusal as this service writes it. */
  readonly fault: (fault: ServiceFault, facts: FaultContext) => Answer;
  /** No such path, or no such method. */
  readonly unknown: (asked: {
    readonly method: string;
    /** The methods that the path has; `undefined` where there is no such path. */
    readonly allow: readonly string[] | undefined;
    readonly accept: string | null;
  }) => ServiceFault | Answer;
  /** Whether a request may be answered in JSON only, and is refused if its `Accept` has no room for it (406). */
  readonly onlyJson?: (method: string, path: string) => boolean;
  /** What it says to a body that is no JSON. */
  readonly malformed: string;
  /** The type that it gives an answer without a body. */
  readonly emptyType?: (status: number) => string | undefined;
  /** What it says to a body that its schema does not allow; `undefined` lets it pass. */
  readonly argumentFault: (problem: ArgumentProblem, route: string) => ServiceFault | undefined;
  /** What it says to query parameters that it does not know. */
  readonly queryFault?: (
    names: readonly string[],
    call: Call,
    route: string,
    spec: OperationSpec,
  ) => ServiceFault | undefined;
  readonly headers: (requestId: string, microversion: string) => Readonly<Record<string, string>>;
}
