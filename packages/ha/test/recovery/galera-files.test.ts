import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseRecoveredPosition,
  parseSavedState,
  parseSavedView,
  UnreadableStateError,
  withSafeToBootstrap,
} from '../../src/components/galera/galera-files.ts';

const UUID = '848fb2c4-e709-11f1-bebe-ba8793860f06';
// As MariaDB 10.11 with Galera 26.4 wrote them.
const STATE = [
  '# GALERA saved state',
  'version: 2.1',
  `uuid:    ${UUID}`,
  'seqno:   1234',
  'safe_to_bootstrap: 0',
  '',
].join('\n');
const VIEW = [
  'my_uuid: 848f29ab-e709-11f1-a5cc-6e809ed26d7e',
  '#vwbeg',
  'view_id: 3 848f29ab-e709-11f1-a5cc-6e809ed26d7e 3',
  'bootstrap: 0',
  'member: 848f29ab-e709-11f1-a5cc-6e809ed26d7e 0',
  'member: 84ba8d2b-e709-11f1-b8a4-33a7ca9d0dda 0',
  'member: 875b757e-e709-11f1-8026-f3ffb73e7025 0',
  '#vwend',
  '',
].join('\n');
const LOG = [
  '2026-11-23  6:50:23 0 [Note] InnoDB: log sequence number 56789; transaction id 41',
  `2026-11-23  6:50:23 0 [Note] WSREP: Recovered position: ${UUID}:9`,
  '',
].join('\n');

describe('grastate.dat', () => {
  test('is read', () => {
    expect(parseSavedState(STATE)).toEqual({ uuid: UUID, seqno: 1234, safeToBootstrap: false });
    expect(parseSavedState(STATE.replaceAll('\n', '\r\n'))).toEqual(parseSavedState(STATE));
  });

  test('cut anywhere, it is the whole or nothing', () => {
    for (let length = 0; length < STATE.length - 2; length += 1)
      expect(() => parseSavedState(STATE.slice(0, length)), `${length} characters`).toThrow(
        UnreadableStateError,
      );
  });

  test('of before Galera 3.19 has no flag', () => {
    const old = `version: 2.0\nuuid: ${UUID}\nseqno: 5\n`;
    expect(parseSavedState(old)).toEqual({ uuid: UUID, seqno: 5, safeToBootstrap: false });
    expect(parseSavedState(withSafeToBootstrap(old, true)).safeToBootstrap).toBe(true);
  });

  test.each([
    ['a seqno that no number holds', STATE.replace('1234', '9223372036854775807')],
    ['a seqno below -1', STATE.replace('1234', '-2')],
    ['a seqno that is none', STATE.replace('1234', '12x')],
    ['a flag that is neither', STATE.replace('bootstrap: 0', 'bootstrap: 2')],
    ['two flags that differ', `${STATE}safe_to_bootstrap: 1\n`],
    ['a uuid that is none', STATE.replace(UUID, 'undefined')],
    ['zeroes, as after a power cut', '\0'.repeat(113)],
    ['something huge', `${STATE}${'x'.repeat(100_000)}`],
  ])('%s is no answer', (_, text) => {
    expect(() => parseSavedState(text)).toThrow(UnreadableStateError);
  });

  test('the flag is written, and nothing else', () => {
    const marked = withSafeToBootstrap(STATE, true);
    expect(marked).toBe(STATE.replace('bootstrap: 0', 'bootstrap: 1'));
    expect(withSafeToBootstrap(marked, false)).toBe(STATE);
    expect(() => withSafeToBootstrap(STATE.slice(0, 50), true)).toThrow(UnreadableStateError);
  });
});

describe('gvwstate.dat', () => {
  test('is read', () => {
    expect(parseSavedView(VIEW).members).toHaveLength(3);
  });

  test('cut anywhere, it is the whole or nothing', () => {
    for (let length = 0; length < VIEW.length - 1; length += 1)
      expect(() => parseSavedView(VIEW.slice(0, length)), `${length} characters`).toThrow(
        UnreadableStateError,
      );
  });
});

describe('a recovered position', () => {
  test('is found in the log, of MariaDB and of MySQL', () => {
    expect(parseRecoveredPosition(LOG)).toEqual({ uuid: UUID, seqno: 9 });
    expect(parseRecoveredPosition(LOG.replace('position:', 'position'))).toEqual({ uuid: UUID, seqno: 9 });
    expect(parseRecoveredPosition(LOG + LOG)).toEqual({ uuid: UUID, seqno: 9 });
  });

  test('that is not there, cut in its middle, or there twice, is no answer', () => {
    expect(() => parseRecoveredPosition('[ERROR] InnoDB: Unable to lock ./ibdata1')).toThrow(
      /Unable to lock/,
    );
    expect(() => parseRecoveredPosition(LOG.slice(0, LOG.indexOf(':9')))).toThrow(UnreadableStateError);
    expect(() => parseRecoveredPosition(LOG + LOG.replace(':9', ':10'))).toThrow(/several/);
    expect(() => parseRecoveredPosition(LOG.replace(':9', ':99999999999999999999'))).toThrow(
      UnreadableStateError,
    );
  });
});

test('of rubbish no parser makes an answer, or another error', () => {
  const rubbish = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc
      .tuple(fc.nat(STATE.length), fc.string(), fc.nat(40))
      .map(([at, text, cut]) => STATE.slice(0, at) + text + STATE.slice(at + cut)),
  );
  fc.assert(
    fc.property(rubbish, (text) => {
      expect(positionIn(parseSavedState, text)?.seqno ?? 0).toBeGreaterThanOrEqual(-1);
      expect(positionIn(parseRecoveredPosition, text)?.seqno ?? 0).toBeGreaterThanOrEqual(-1);
    }),
    { numRuns: 300 },
  );
});

/** Nothing of what is refused in the right way. */
function positionIn<T>(parse: (text: string) => T, text: string): T | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof UnreadableStateError) return undefined;
    throw error;
  }
}
