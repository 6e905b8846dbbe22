/**
 * Microversions: how Nova, Cinder and Placement change shape without a new major version.
 *
 * The rules are those of the API SIG's microversion specification: `MAJOR.MINOR`, both decimal integers, minor
 * compared as a number (2.9 is older than 2.10).
 *
 * @see https://specs.openstack.org/openstack/api-wg/guidelines/microversion_specification.html
 */
import { InputError } from '@groundcrew/ground';

/**
 * Negative if `a` is older than `b`, positive if newer, 0 if equal.
 *
 * @throws InputError if one of them has not the form of a microversion
 */
export function compareMicroversions(a: string, b: string): number {
  const [majorA, minorA] = parse(a, 'a');
  const [majorB, minorB] = parse(b, 'b');
  return majorA - majorB || minorA - minorB;
}

/** Whether `text` has the form of a microversion. */
export const isMicroversion = (text: string): boolean => typeof text === 'string' && /^\d+\.\d+$/.test(text);

/**
 * Refuses what is no microversion where the caller gives it: the calls that would compare it come later, or never.
 *
 * @throws InputError with the field `microversion`
 */
export function assertMicroversion(version: string, operation: string): void {
  if (!isMicroversion(version)) throw notMicroversion(version, 'microversion', operation);
}

function parse(version: string, field: string): [number, number] {
  if (!isMicroversion(version)) throw notMicroversion(version, field, 'compareMicroversions');
  const [major, minor] = version.split('.');
  return [Number(major), Number(minor)];
}

/** `latest` has a remedy of its own: it is a word of the API, and what it means changes with the cloud. */
const notMicroversion = (version: unknown, field: string, operation: string): InputError =>
  new InputError(
    `${operation}: ${field}: must be a microversion such as '2.90', and is ${typeof version === 'string' ? JSON.stringify(version) : `of the type ${typeof version}`}`,
    {
      field,
      operation,
      ...(version === 'latest' && {
        remedy: "Ask for a version by its number: `cloud.versions('compute')` shows the newest one.",
      }),
    },
  );

/**
 * `true` if microversion `A` is `B` or newer, decided by the compiler; `boolean` if either is not known to it.
 *
 * Majors are taken as equal: no OpenStack service has microversions of two majors.
 */
export type AtLeast<A extends string, B extends string> = string extends A
  ? boolean
  : string extends B
    ? boolean
    : A extends `${string}.${infer MinorA}`
      ? B extends `${string}.${infer MinorB}`
        ? NumberAtLeast<MinorA, MinorB>
        : boolean
      : boolean;

type NumberAtLeast<A extends string, B extends string> = A extends B
  ? true
  : Length<A> extends Length<B>
    ? DigitsAtLeast<A, B>
    : Longer<Length<A>, Length<B>>;

type Length<S extends string> = S extends `${infer _}${infer Rest}` ? [unknown, ...Length<Rest>] : [];
type Longer<A extends unknown[], B extends unknown[]> = A extends [...B, ...unknown[]] ? true : false;

type DigitsAtLeast<A extends string, B extends string> = A extends `${infer DigitA}${infer RestA}`
  ? B extends `${infer DigitB}${infer RestB}`
    ? DigitA extends DigitB
      ? DigitsAtLeast<RestA, RestB>
      : '0123456789' extends `${string}${DigitB}${string}${DigitA}${string}`
        ? true
        : false
    : true
  : true;
