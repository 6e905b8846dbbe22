import type { OperationSpec, ServiceSpec } from '@groundcrew/core';
import type { Answer } from './answer.ts';
import type { Call, Routes } from './call.ts';
import type { ServiceFault } from './fault.ts';
import type { Release } from './releases.ts';
import type { ArgumentProblem } from './request/arguments.ts';

/** How a service treats a path that is not written as in the API reference. */
export interface PathRules {
  /**
   * A slash at the end is ignored (Neutron, Keystone), makes a path that is unknown (Nova, Cinder, Glance), or is part of a name
   * (Swift).
   */
  readonly trailingSlash: 'ignored' | 'unknown' | 'kept';
  /**
   * Several slashes count as one (services that route by WebOb), lead to a redirect (Keystone, by Flask), or are part of a name
   * (Swift).
   */
  readonly manySlashes: 'one' | 'redirect' | 'kept';
  /** Whether `networks.json` is `networks` (Neutron, Cinder). */
  readonly json: boolean;
  /** HEAD is answered like GET without the body (Keystone), or is a method that the path does not have. */
  readonly head: 'get' | 'unknown';
}

/** The facts of a request that a refusal is written with. */
export interface FaultContext {
  readonly requestId: string;
  readonly origin: string;
  readonly microversion: string;
  readonly accept: string | null;
}

/** A simulated service: its record, its handlers, and the formats of its answers. */
export interface SimulatedService {
  readonly spec: ServiceSpec;
  /** The path of the service below the cloud's origin: `/compute`. */
  readonly prefix: string;
  /** The path of the API version below the prefix: `/v2.1`; empty for Placement. */
  readonly version: string;
  readonly routes: Routes;
  /** Translates another name of a path. */
  readonly alias?: (path: string) => string;
  /** How the service treats a path that is not written as in the API reference. */
  readonly paths: PathRules;
  /** Whether no body is JSON: handlers read them. */
  readonly rawBodies?: true;
  /** The path below the root of a document that needs no token, besides that of the versions. */
  readonly document?: string;
  readonly maxMicroversion?: (release: Release) => string;
  /** Answers the root and the version's document; `undefined` if there is none, or if it needs a token. */
  readonly versions: (root: string, path: string, release: Release) => Answer | undefined;
  /** Writes a refusal in the service's format. */
  readonly fault: (fault: ServiceFault, facts: FaultContext) => Answer;
  /** The answer to an unknown path or an unknown method. */
  readonly unknown: (asked: {
    readonly method: string;
    /** The methods that the path has; `undefined` if there is no such path. */
    readonly allow: readonly string[] | undefined;
    readonly accept: string | null;
  }) => ServiceFault | Answer;
  /** Tells whether the answer to a request is always JSON, so that an `Accept` without JSON is refused (406). */
  readonly onlyJson?: (method: string, path: string) => boolean;
  /** The message of the refusal of a body that is no JSON. */
  readonly malformed: string;
  /** The content type of an answer without a body. */
  readonly emptyType?: (status: number) => string | undefined;
  /** The refusal of a body that the schema does not allow; `undefined` accepts the body. */
  readonly argumentFault: (problem: ArgumentProblem, route: string) => ServiceFault | undefined;
  /** The refusal of query parameters that the record does not have; `undefined` accepts them. */
  readonly queryFault?: (
    names: readonly string[],
    call: Call,
    route: string,
    spec: OperationSpec,
  ) => ServiceFault | undefined;
  readonly headers: (requestId: string, microversion: string) => Readonly<Record<string, string>>;
}
