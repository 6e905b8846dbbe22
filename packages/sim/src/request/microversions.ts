import { compareMicroversions, isMicroversion, type ServiceSpec } from '@groundcrew/core';
import { badRequest, ServiceFault } from '../fault.ts';

/** The microversion that a request asks for; the service's lowest if it says nothing. */
export function negotiate(spec: ServiceSpec, max: string, headers: Headers): string {
  const known = spec.microversion;
  if (known === undefined) return '0.0';
  const asked = askedFor(known.name, known.legacy, headers);
  if (asked === undefined) return known.floor;
  if (asked === 'latest') return max;
  if (!isMicroversion(asked)) {
    throw badRequest(
      `API Version String ${asked} is of invalid format. Must be of format MajorNum.MinorNum.`,
    );
  }
  if (compareMicroversions(asked, known.floor) < 0 || compareMicroversions(asked, max) > 0) {
    throw new UnsupportedVersion(asked, known.floor, max);
  }
  return asked;
}

/** The version is well-formed, but this release does not have it: 406. */
export class UnsupportedVersion extends ServiceFault {
  readonly asked: string;
  readonly min: string;
  readonly max: string;

  constructor(asked: string, min: string, max: string) {
    super(406, `Version ${asked} is not supported by the API. Minimum is ${min} and maximum is ${max}.`, {
      type: 'computeFault',
    });
    this.asked = asked;
    this.min = min;
    this.max = max;
  }
}

/** `OpenStack-API-Version: compute 2.1, volume 3.0` names several services; the older header only a version. */
function askedFor(name: string, legacy: string | undefined, headers: Headers): string | undefined {
  for (const part of (headers.get('OpenStack-API-Version') ?? '').split(',')) {
    const [service, version] = part.trim().split(/\s+/);
    if (service === name && version !== undefined) return version;
  }
  return (legacy === undefined ? undefined : headers.get(legacy)) ?? undefined;
}
